"""A day that has passed, in the real server and the real browser: both clocks stand later."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .server import TITLES, at, running, settled

pytestmark = pytest.mark.e2e

LATER = datetime(2027, 1, 20, 9, tzinfo=UTC)
"""OpenAI's tuned models stopped six days before."""


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose clock stands at that day."""
    folder: Path = tmp_path_factory.mktemp("later")
    with running(folder, **at(LATER)) as address:
        yield address


def test_what_stopped_last_week_is_shown_as_ended(page: Page, later: str):
    page.clock.set_system_time(LATER)
    page.goto(f"{later}/prices")
    settled(page, TITLES["prices"])
    page.get_by_test_id("stSelectbox").locator("input").click()
    page.keyboard.type("gpt-4.1-mini-2025-04-14, SFT, Open")
    page.get_by_role("option", name="gpt-4.1-mini-2025-04-14, SFT, OpenAI").click()
    settled(page)
    expect(
        page.get_by_text("OpenAI shut models tuned this way down on 14 Jan 2027.")
    ).to_be_visible()
    expect(page.get_by_text("6 Jan 2027, past")).to_be_visible()
    assert page.evaluate("new Date().toISOString()").startswith("2027-01-20T09")
