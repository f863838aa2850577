"""A spreadsheet with texts, approved answers and both models' answers, brought in a browser."""

import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from advisor.case.use_cases import use_case
from tests.letters import as_xlsx, letters

from .server import VERDICT, settled

pytestmark = pytest.mark.e2e


def test_an_excel_file_with_both_answers_gives_a_verdict_and_a_pdf_without_an_address(
    page: Page, url: str
):
    page.goto(url)
    page.get_by_role("button", name="I already have the answers").click()
    settled(page, "Use case")
    page.get_by_text(use_case("general_chatbots").label, exact=True).first.click()
    page.get_by_role("link", name="Texts").click()
    settled(page, "Texts")
    table = letters().rename(columns={"Letter": "Question"})
    files = page.locator('input[type="file"]')
    expect(files).to_have_count(2)  # the last one takes a training file, and is always there
    files.first.set_input_files(
        {"name": "letters.xlsx", "mimeType": "application/octet-stream", "buffer": as_xlsx(table)}
    )
    said = (
        "40 texts from Excel, each with an approved answer, 40 answers of base, 40 answers of tuned; "
        "left out: Nr."
    )
    expect(page.get_by_text(said)).to_be_visible()
    page.get_by_role("button", name="Use this file").click()
    expect(page.get_by_text("80 answers came with them")).to_be_visible()
    page.get_by_role("link", name="Verdict").click()
    settled(page, VERDICT)
    with page.expect_download() as started:
        page.get_by_role("button", name="Download the PDF").click()
    content = Path(started.value.path()).read_bytes()
    words = " ".join(
        " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(content)).pages).split()
    )
    assert "The answers came with the texts; no model was asked here." in words
    assert re.search(r"40 of 40", words)
