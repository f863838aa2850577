"""A sample that is opened by a hasty reader: whatever is clicked next, no case lacks its run."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from advisor.store.repository import Store

from .server import TITLES, settled

pytestmark = pytest.mark.e2e


def test_a_click_right_after_opening_leaves_no_case_without_its_run(
    page: Page, url: str, folder: Path
):
    before = cases_of(folder)
    for wait_ms in (0, 20, 150):
        page.goto(url)
        settled(page, TITLES[""])
        page.get_by_role("button", name="Open the sample").click()
        page.wait_for_timeout(wait_ms)
        page.get_by_role("link", name="Texts").click()
        settled(page, "Texts")
    page.wait_for_timeout(1000)
    made = cases_of(folder).keys() - before.keys()
    store = Store.open(folder / "cases.db")
    assert made
    assert [case for case in made if store.latest_run(case) is None] == []
    store.close()


def cases_of(folder: Path) -> dict[str, str]:
    """Title of each case in the store, by id."""
    store = Store.open(folder / "cases.db")
    found = {row.id: row.title for row in store.recent_cases(100)}
    store.close()
    return found
