"""The Chromium that is there, for a stack whose certificate no authority has signed."""

import pytest

from tests.e2e.server import CHROMIUM_ARGS, chromium


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """What pytest-playwright starts it with."""
    return {**browser_type_launch_args, "executable_path": chromium(), "args": CHROMIUM_ARGS}
