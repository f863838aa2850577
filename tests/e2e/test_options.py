"""Five options over sixty texts, in a real browser, from Start to the PDF."""

import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.fault_server import FaultServer

from .server import TITLES, VERDICT, settled

pytestmark = pytest.mark.e2e

SCHEMA = '{"type": "object", "properties": {"box": {"type": "string"}}}'
SHEET = "Text,Approved answer\n" + "".join(f"Sort letter {i},box {i % 3}\n" for i in range(65))
"""Sixty texts to compare on, and five that are shown as examples."""


def fill(page: Page, label: str, value: str, row: Locator) -> None:
    field = row.get_by_label(label, exact=True)
    field.fill(value)
    field.press("Control+Enter")  # takes in a field of several lines too
    expect(field).to_have_value(value)
    settled(page)


def row(page: Page, option: str) -> Locator:
    return page.locator(f".st-key-option-{option}")


def add(page: Page, button: str) -> None:
    page.get_by_role("button", name="Add an option").click()
    page.get_by_role("button", name=button, exact=True).click()
    settled(page)
    page.keyboard.press("Escape")


def act(page: Page, of: Locator, what: str) -> None:
    of.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name=what, exact=True).click()
    settled(page)


def flip(page: Page, of: Locator, button: str) -> None:
    """Open or close the form of an option."""
    of.get_by_role("button", name=button, exact=True).click()
    settled(page)


def bring_texts(page: Page, url: str) -> str:
    """From Start to Options with sixty-five texts; gives the id of the case."""
    page.goto(url)
    settled(page, TITLES[""])
    page.get_by_role("button", name="Start my case").click()
    settled(page, "Use case")
    page.get_by_text("Write in our voice", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?case="))
    case_id = page.url.partition("case=")[2]
    page.get_by_role("link", name="Texts").click()
    settled(page, "Texts")
    page.get_by_text("File", exact=True).click()
    files = page.locator('input[type="file"]')
    expect(files).to_have_count(2)  # the last one takes a training file, and is always there
    files.first.set_input_files(
        {"name": "letters.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    )
    page.get_by_role("button", name="Use this file").click()
    settled(page)
    expect(page.get_by_text("65 texts, each with an approved answer.")).to_be_visible()
    page.get_by_role("button", name="Continue to Options").click()
    settled(page, "Options")
    return case_id


def choose_options(page: Page, address: str) -> None:
    """A base model as it is, with examples and with a fixed form; and two fine-tuned ones."""
    add(page, "A base model at your own address")
    base = row(page, "base")
    fill(page, "Model address", address, base)
    fill(page, "Model name", "m-base", base)
    flip(page, base, "Close")
    act(page, base, "Try it with examples")
    expect(row(page, "base_examples")).to_be_visible()
    act(page, base, "Duplicate")
    formed = row(page, "base_2")
    expect(formed.get_by_text("It is asked just as “Base” is.")).to_be_visible()
    flip(page, formed, "Change")
    formed.get_by_text("More: instruction and parameters").click()
    fill(page, "Fixed form of the answer (JSON Schema)", SCHEMA, formed)
    expect(formed.get_by_text("It is asked just as")).to_have_count(0)
    flip(page, formed, "Close")
    for option, model in (("tuned", "m-tuned"), ("tuned_2", "m-tuned-2")):
        add(page, "A fine-tuned model")
        fill(page, "Model address", address, row(page, option))
        fill(page, "Model name", model, row(page, option))
        flip(page, row(page, option), "Close")


def downloaded(page: Page) -> str:
    """The words of the PDF of the Verdict."""
    with page.expect_download() as started:
        page.get_by_role("button", name="Download the PDF").click()
    sheets = PdfReader(io.BytesIO(Path(started.value.path()).read_bytes())).pages
    return " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())


def test_five_options_compete_from_start_to_the_pdf(page: Page, url: str):
    page.set_viewport_size({"width": 1280, "height": 900})
    with FaultServer().running() as server:
        case_id = bring_texts(page, url)
        choose_options(page, server.url)
        tuned = row(page, "tuned_2")
        tuned.get_by_role("button", name="Test", exact=True).click()
        expect(tuned.get_by_text("m-tuned-2 answered")).to_be_visible()
        assert {asked["model"] for asked in server.requests} == {"m-tuned-2"}
        server.requests.clear()
        onward = page.get_by_role("button", name="Continue to Compare")
        page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
        expect(onward).to_be_in_viewport()
        onward.click()
        settled(page, "Compare")
        page.get_by_role("button", name="Start the comparison").click()
        expect(page.get_by_text("300 of 300 answers in.")).to_be_visible()
        settled(page)
        page.get_by_role("button", name="Continue to Costs").click()
        settled(page, "Costs")
        page.get_by_role("button", name="Continue to Verdict").click()
        settled(page, VERDICT)
    asked = [(asked["model"], "response_format" in asked) for asked in server.requests]
    assert {one: asked.count(one) for one in asked} == {
        ("m-base", False): 120,
        ("m-base", True): 60,
        ("m-tuned", False): 60,
        ("m-tuned-2", False): 60,
    }
    words = downloaded(page)
    for name in ("Base with examples", "Base, copy", "Fine-tuned (m-tuned-2)"):
        assert name in words
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("options", "costs"):
        page.goto(f"{url}/{path}?case={case_id}")
        settled(page, TITLES[path])
        widths = page.evaluate(
            """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
                     .map(element => element.scrollWidth)"""
        )
        assert max(widths) <= 390
