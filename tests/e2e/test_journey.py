"""The whole way through a real browser: sample, votes, verdict, PDF; deep links and reloads."""

import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from advisor.case.case_file import load_sample
from advisor.store.repository import Store

from .server import TITLES, VERDICT, replay_sample, replayed, running, settled

pytestmark = pytest.mark.e2e


def test_a_sample_leads_to_a_verdict_and_a_pdf_that_says_the_same(page: Page, url: str):
    replay_sample(page, url)
    page.get_by_role("link", name="See the verdict").click()
    settled(page, VERDICT)
    headline = "Fine-tuned."
    expect(page.get_by_role("heading", level=1)).to_have_text(headline)
    with page.expect_download() as started:
        page.get_by_role("button", name="Download the PDF").click()
    file = started.value
    assert re.fullmatch(r"[\w -]+-\d{4}-\d\d-\d\d\.pdf", file.suggested_filename)
    assert not file.suggested_filename.startswith("worth-tuning")
    content = Path(file.path()).read_bytes()
    assert content.startswith(b"%PDF-")
    first = " ".join(PdfReader(io.BytesIO(content)).pages[0].extract_text().split())
    assert headline in first
    assert "Which queue? Messages to a bike-subscription firm" in first
    assert "Sample, not your data" in first


@pytest.mark.parametrize("path", ["verdict", "prices", "costs"])
def test_a_deep_link_works_as_the_first_request_of_a_fresh_server(
    page: Page, path: str, tmp_path: Path, port: int
):
    with running(tmp_path, port) as fresh:
        page.goto(f"{fresh}/{path}")
        settled(page, TITLES[path])
        navigation = page.get_by_test_id("stTopNavLinkContainer")
        expect(navigation.first).to_be_visible()
        expect(page.locator("header")).to_contain_text("Use case")
        if path == "prices":
            expect(page.get_by_text(re.compile(r"^\d+ offers from \d+ providers"))).to_be_visible()
        else:
            expect(page.get_by_text("Nothing is filled in yet.")).to_be_visible()
            page.get_by_role("button", name="Go to Use case").click()
            settled(page, "Use case")
        page.goto("about:blank")


@pytest.mark.parametrize(("old", "now"), [("models", "options"), ("prompts", "texts")])
def test_an_old_address_leads_on_as_the_first_request_of_a_fresh_server(
    page: Page, old: str, now: str, tmp_path: Path, port: int
):
    with running(tmp_path, port) as fresh:
        store = Store.open(tmp_path / "cases.db")
        case_id = store.save_case(load_sample("clinic_notes"))
        store.close()
        page.goto(f"{fresh}/{old}?case={case_id}")
        settled(page, TITLES[now])
        expect(page).to_have_url(f"{fresh}/{now}?case={case_id}")
        expect(page.get_by_text("Clinic visit notes", exact=True)).to_be_visible()
        page.goto("about:blank")


def test_a_reload_and_a_change_of_page_lose_nothing(page: Page, url: str):
    page.goto(f"{url}/use-case")
    settled(page, "Use case")
    page.get_by_text("Summarise our own documents", exact=True).click()
    expect(page.get_by_text("Rule of thumb: fine-tuned")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?case="))
    settled(page)
    title = page.get_by_label("Name of this case")
    title.fill("Letters of the claims desk")
    title.press("Enter")
    frame = page.get_by_text("Letters of the claims desk", exact=True)
    expect(frame).to_be_visible()
    page.reload()
    settled(page, "Use case")
    expect(frame).to_be_visible()
    page.get_by_role("link", name="Texts").click()
    settled(page, "Texts")
    box = page.get_by_placeholder("Summarise the visit of")
    box.fill("first letter\nsecond letter\n\nthird letter")
    page.get_by_role("button", name="Use these texts").click()
    understood = page.get_by_text("3 texts, 1 empty skipped, no approved answers.")
    expect(understood).to_be_visible()
    page.get_by_role("button", name="Look up").click()
    page.get_by_role("menuitem", name="Matrix").click()
    settled(page, "Matrix")
    expect(page).to_have_url(re.compile(r"/matrix\?case="))
    page.get_by_role("link", name="Texts").click()
    settled(page, "Texts")
    page.reload()
    settled(page, "Texts")
    expect(page.get_by_text("3 texts, no approved answers.")).to_be_visible()
    expect(frame).to_be_visible()


def test_votes_are_given_by_keys_and_are_blind_until_then(page: Page, url: str, folder: Path):
    page.goto(f"{url}/compare?case={replayed(folder)}")
    settled(page, "Compare")
    names = page.get_by_text(re.compile(r"^Left: (Base|Fine-tuned)"))
    place = page.get_by_label("Text, 1 to 40")
    votes = {
        "1": re.compile("You chose the left one: (base|fine-tuned)."),
        "3": re.compile("You chose no difference."),
        "4": re.compile("You chose neither."),
    }
    for at, key in enumerate(votes, 1):
        expect(place).to_have_value(str(at))
        settled(page)  # else the key may meet the buttons of the text before
        page.get_by_role("heading", level=1).click()
        page.keyboard.press(key)
        expect(place).to_have_value(str(at + 1))
        expect(names).to_have_count(0)
    settled(page)
    page.get_by_role("button", name="Show names").click()
    page.get_by_role("button", name="Show the names of the 3 texts you voted on").click()
    for at, chosen in zip((3, 2, 1), reversed(votes.values()), strict=True):
        settled(page)
        page.get_by_role("button", name="Previous text").click()
        expect(place).to_have_value(str(at))
        expect(page.get_by_text(chosen)).to_be_visible()
        expect(names).to_be_visible()
    settled(page)


def test_a_hostile_title_stays_text(page: Page, url: str):
    hostile = "<img src=x onerror=alert(1)> **b** :red[x] $a$ [l](https://evil.example) <b>y</b>"
    page.goto(f"{url}/use-case")
    settled(page, "Use case")
    page.get_by_text("Try out an idea", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?case="))
    settled(page)
    title = page.get_by_label("Name of this case")
    title.fill(hostile)
    title.press("Enter")
    # A word joiner keeps the address in it from being made a link.
    shown = hostile.replace("https", "https\u2060")
    expect(page.get_by_text(shown, exact=True)).to_be_visible()
    for path in ("", "decisions", "verdict", "matrix"):
        page.goto(f"{url}/{path}?{page.url.partition('?')[2]}")
        settled(page, TITLES[path])
        expect(page.get_by_text(shown, exact=True).first).to_be_visible()
        assert page.locator("img[src='x'], a[href*='evil.example'], .katex").count() == 0


def test_another_file_s_texts_have_their_own_answers_whatever_stood_in_the_fields(
    page: Page, url: str
):
    page.goto(f"{url}/use-case")
    settled(page, "Use case")
    page.get_by_text("Summarise our own documents", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?case="))
    settled(page).get_by_role("link", name="Texts").click()
    settled(page, "Texts")
    page.get_by_text("File", exact=True).click()
    upload = page.locator("input[type=file]")
    expect(upload).to_have_count(2)  # of texts, and below it of a training file
    upload = upload.first
    column = page.get_by_test_id("stDataFrame").first
    for name, answers in {"a": ("Dear Ada", ""), "b": ("", "Dear Dora")}.items():
        rows = "".join(f"{n},Letter {n} of {name},{said}\n" for n, said in enumerate(answers, 1))
        file = {
            "name": f"{name}.csv",
            "mimeType": "text/csv",
            "buffer": f"id,prompt,reference\n{rows}".encode(),
        }
        upload.set_input_files(file)
        page.get_by_role("button", name="Use this file").click()
        expect(page.get_by_text("2 texts, 1 approved answer missing.")).to_be_visible()
        expect(column).to_be_visible()
        settled(page)
    page.get_by_text("Add an approved answer, or passages from your documents, to a text").click()
    answer = page.get_by_label("Approved answer", exact=True)
    expect(answer).to_have_value("")
    page.get_by_label("Text, 1 to 2").fill("2")
    page.get_by_label("Text, 1 to 2").press("Enter")
    expect(answer).to_have_value("Dear Dora")
    page.reload()
    settled(page, "Texts")
    expect(page.get_by_text("2 texts, 1 approved answer missing.")).to_be_visible()
    page.get_by_text("Add an approved answer, or passages from your documents, to a text").click()
    expect(answer).to_have_value("")
