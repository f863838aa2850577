"""A button pressed while the page looks for another server: what it asks for is done, once."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from advisor.case.case_file import load_sample
from advisor.store.repository import Store

from .server import running, settled

pytestmark = pytest.mark.e2e


def test_the_comparison_starts_and_continue_goes_on_at_the_first_click(
    stranger: Page, tmp_path: Path, port: int
):
    store = Store.open(tmp_path / "cases.db")
    case_id = store.save_case(load_sample("clinic_notes"))
    page = stranger  # its console may say that the server is gone
    with running(tmp_path, port) as url:
        page.goto(f"{url}/compare?case={case_id}")
        settled(page, "Compare")
        start = page.get_by_role("button", name="Replay the recorded answers")
        expect(start).to_be_visible()
    expect(start).to_be_disabled()  # what can't be heard can't be pressed
    with running(tmp_path, port) as url:
        start.click()  # as soon as it can be
        expect(page.get_by_text("80 of 80 answers replayed.")).to_be_visible()
        assert len(store.runs(case_id)) == 1
        settled(page)
        page.goto(f"{url}/use-case?case={case_id}")
        settled(page, "Use case")
        expect(page.get_by_text("1 to 4 of 12")).to_be_visible()
    onward = page.get_by_role("button", name="Continue", exact=True)
    expect(onward).to_be_disabled()
    with running(tmp_path, port):
        onward.click()
        expect(page.get_by_text("5 to 8 of 12")).to_be_visible()
    store.close()
