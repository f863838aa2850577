"""The PDF of each whole case: all that its report says, and what is forwarded on one page."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import pytest
from pypdf import PageObject, PdfReader

from advisor.report.model import Report
from advisor.report.pdf.render import BREAK, render_pdf
from advisor.report.report import write_report
from tests.make import sample
from tests.report.whole_cases import WHOLE

NOT_DRAWN = {
    "made_at", "today", "recommendation", "firmness", "line", "score", "evidence", "moves",
    "turning", "current_bases", "flips", "pictures", "own_figures", "agreement", "currency",
    "prices_sha256",
}  # fmt: skip
"""What the document leaves to page and JSON, draws as a sign, or is looked at by itself."""
PRINTED = [field.name for field in fields(Report) if field.name not in NOT_DRAWN]
"""Fields of the Report that the document prints; of charts it prints the words beside them."""
NOT_PRINTED = {
    "arm", "kind", "ticks", "currency", "months", "amounts", "prompt", "base", "tuned",
    "low_month_usd", "high_month_usd", "all_in_month_usd", "url", "checked", "note", "points",
    "signal", "base_chars", "tuned_chars", "source", "stop",
}  # fmt: skip
"""Keys and numbers that draw something, a source's address, and texts that may be cut."""


def texts_of(value: Any) -> Iterator[str]:
    """Every text below a value, but for what is not printed."""
    match value:
        case str():
            yield value
        case tuple() | list():
            for item in value:
                yield from texts_of(item)
        case _ if is_dataclass(value):
            for field in fields(value):
                if field.name not in NOT_PRINTED:
                    yield from texts_of(getattr(value, field.name))


def squeezed(text: str) -> str:
    return re.sub(r"[\s·]", "", text.replace(BREAK, ""))


@pytest.fixture(scope="module", params=WHOLE)
def report(request: pytest.FixtureRequest) -> Report:
    """Of each case in turn: its tests follow one another, so that it is written once."""
    return write_report(WHOLE[request.param].decided(), show_texts=True)


@dataclass(frozen=True, slots=True)
class Printed:
    """A page as it is printed unless another paper is asked for."""

    text: str
    lowest: float
    """Where the last line above the foot stands, as a share of the page's height from below."""


def printed(page: PageObject) -> Printed:
    heights: list[float] = []

    def seen(text: str, page: list[float], line: list[float], *_: Any) -> None:
        if text.strip():
            heights.append(line[4] * page[1] + line[5] * page[3] + page[5])

    text = page.extract_text(visitor_text=seen)
    foot, whole = 48, float(page.mediabox.height)
    return Printed(text, min(height for height in heights if height > foot) / whole)


@pytest.fixture(scope="module")
def pages(report: Report) -> list[Printed]:
    return [printed(page) for page in PdfReader(io.BytesIO(render_pdf(report))).pages]


@pytest.fixture(scope="module")
def a4(pages: list[Printed]) -> list[str]:
    """The text of each page."""
    return [page.text for page in pages]


def test_every_figure_of_the_report_is_in_the_pdf(report, a4):
    shown = squeezed(" ".join(a4))
    for field in PRINTED:
        for text in texts_of(getattr(report, field)):
            # Where base stays although fine-tuning is likely right, the chance stands in the reason.
            parts = re.findall(r"\d+ in \d+", text) if field == "chance" else [text]
            assert parts or not text, (field, text)
            assert all(squeezed(part) in shown for part in parts), (field, text)


def test_what_is_forwarded_fits_on_one_page(report, a4):
    letter = PdfReader(io.BytesIO(render_pdf(report, "us-letter"))).pages
    for first, pages in ((a4[0], len(a4)), (letter[0].extract_text(), len(letter))):
        assert "Look again on" in first
        assert "This is not legal advice." in first
        assert 2 <= pages <= 4


def test_only_the_first_page_and_the_last_have_room_left(pages):
    assert all(page.lowest < 0.25 for page in pages[1:-1])


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_sources_never_stand_alone_on_a_page(report, paper):
    last = PdfReader(io.BytesIO(render_pdf(report, paper))).pages[-1].extract_text()
    assert "How this is computed" in last or "Sources" not in last


@pytest.mark.parametrize("name", ["tuned_tickets", "chatbot", "clinic_notes"])
@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_no_page_of_a_sample_is_less_than_half_full(name, paper, tmp_path):
    file = render_pdf(write_report(sample(name, tmp_path).decided()), paper)
    assert [page.lowest < 0.5 for page in map(printed, PdfReader(io.BytesIO(file)).pages)] == [
        True
    ] * 3
