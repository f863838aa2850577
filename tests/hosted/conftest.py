"""A stack for all tests that need one, and the Chromium that is there."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.server import CHROMIUM_ARGS, chromium
from tests.hosted.hosted import Hosted, from_a_checkout
from tests.hosted.stack import missing


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """What pytest-playwright starts it with."""
    return {**browser_type_launch_args, "executable_path": chromium(), "args": CHROMIUM_ARGS}


@pytest.fixture(scope="session")
def hosted(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    """The stack, started by the guide, and a user who has signed in."""
    if reason := missing():
        pytest.skip(f"no stack can be started here: {reason}")
    with from_a_checkout(browser, tmp_path_factory.mktemp("stack") / "checkout") as started:
        yield started
