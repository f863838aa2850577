"""A decision is saved as a file, deleted, brought back, and brought in again, in a real browser."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .server import VERDICT, replayed, running, settled

pytestmark = pytest.mark.e2e


def test_a_decision_leaves_as_a_file_is_deleted_restored_and_comes_in_again(
    page: Page, tmp_path: Path, port: int
):
    folder = tmp_path / "server"
    folder.mkdir()
    replayed(folder)
    with running(folder, port) as url:
        page.goto(f"{url}/decisions")
        settled(page, "My decisions")
        page.get_by_role("button", name="More").click()
        settled(page)
        with page.expect_download() as started:
            page.get_by_role("button", name="Save as a file").click()
        file = tmp_path / "decision.json"
        started.value.save_as(file)
        first = json.loads(file.read_text("utf-8"))
        assert len(first["runs"][0]["outputs"]) == 80
        page.get_by_role("button", name="Answers and results").click()
        with page.expect_download() as started:
            page.get_by_role("button", name="Answers, CSV").click()
        sheet = Path(started.value.path()).read_bytes()
        assert sheet.startswith(b"\xef\xbb\xbfrun,prompt_id,arm")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Move to bin").click()
        expect(page.get_by_text("“Clinic visit notes” is deleted.")).to_be_visible()
        expect(page.get_by_text("Nothing here yet.")).to_be_visible()
        settled(page)
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("Clinic visit notes", exact=True)).to_be_visible()
        settled(page)
        page.get_by_role("button", name="Import").click()
        chooser = page.locator("input[type=file]")
        expect(chooser).to_be_attached()
        settled(page)
        chooser.set_input_files(file)
        keep = page.get_by_role("button", name="Keep it as a new decision")
        expect(keep).to_be_enabled()
        keep.click()
        expect(page.get_by_text("“Clinic visit notes” is here as a new decision.")).to_be_visible()
        settled(page)
        page.get_by_role("button", name="Open it").click()
        settled(page, VERDICT)
        expect(page.get_by_text("40 texts compared").first).to_be_visible()
        headline = "Base, for now. Nobody has read the answers yet."
        expect(page.get_by_role("heading", level=1)).to_have_text(headline)
        page.goto("about:blank")


def to_the_last_questions(window: Page) -> None:
    """Questions 9 to 12 of Use case."""
    for numbers in ("5 to 8 of 12", "9 to 12 of 12"):
        window.get_by_role("button", name="Continue", exact=True).click()
        expect(window.get_by_text(numbers)).to_be_visible()
        settled(window)


def test_two_windows_on_one_case_lose_nothing_of_each_other(page: Page, url: str):
    page.goto(f"{url}/use-case")
    settled(page, "Use case").get_by_text("Summarise our own documents", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?case="))
    settled(page)
    other = page.context.new_page()
    other.goto(page.url)
    settled(other, "Use case")
    for window in (page, other):
        to_the_last_questions(window)

    def enter(window: Page, label: str, value: str) -> None:
        field = window.get_by_label(label, exact=True)
        field.fill(value)
        field.press("Enter")
        settled(window)

    enter(page, "12 · How many texts a month?", "20000")
    enter(other, "Name of this case", "Letters of the claims desk")
    expect(other.get_by_label("12 · How many texts a month?", exact=True)).to_have_value("20000")
    months = "12b · For how many months?"
    enter(page, months, "24")
    expect(page.get_by_label("Name of this case")).to_have_value("Letters of the claims desk")
    enter(other, months, "36")
    asked = other.get_by_text("“Months you plan for” was changed in another window too.")
    expect(asked).to_be_visible()
    expect(other.get_by_label(months, exact=True)).to_have_value("24")
    other.get_by_role("button", name="Keep mine").click()
    expect(asked).to_have_count(0)
    expect(other.get_by_label(months, exact=True)).to_have_value("36")
    page.reload()
    settled(page, "Use case")
    to_the_last_questions(page)
    expect(page.get_by_label(months, exact=True)).to_have_value("36")
    expect(page.get_by_label("12 · How many texts a month?", exact=True)).to_have_value("20000")
    expect(page.get_by_label("Name of this case")).to_have_value("Letters of the claims desk")
