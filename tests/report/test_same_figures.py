"""PDF and JSON carry the figures of the Report: every one of them, in the same digits."""

import io
import json
import re
from dataclasses import fields, is_dataclass

import pytest
from pypdf import PdfReader

from advisor.report.as_json import decision_json
from advisor.report.model import Report
from advisor.report.pdf.render import BREAK, render_pdf
from advisor.report.report import write_report
from tests.report.whole_cases import WHOLE

NOT_DRAWN = {
    "made_at", "today", "recommendation", "firmness", "line", "score", "evidence", "moves",
    "turning", "current_bases", "flips", "pictures", "own_figures", "agreement", "currency",
}  # fmt: skip
"""What the document leaves to page and JSON, draws as a sign, or is looked at by itself."""
PRINTED = [field.name for field in fields(Report) if field.name not in NOT_DRAWN]
"""Fields of the Report that the document prints; of charts it prints the words beside them."""
NOT_PRINTED = {
    "arm", "kind", "ticks", "currency", "months", "amounts", "prompt", "base", "tuned",
    "low_month_usd", "high_month_usd", "all_in_month_usd", "url", "checked", "note", "points",
    "signal", "base_chars", "tuned_chars", "source",
}  # fmt: skip
"""Keys and numbers that draw something, a source's address, and texts that may be cut."""


def texts_of(value):
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


def squeezed(text):
    return re.sub(r"[\s·]", "", text.replace(BREAK, ""))


@pytest.mark.parametrize("name", WHOLE)
def test_every_figure_of_the_report_is_in_the_pdf(name):
    report = write_report(WHOLE[name].decided(), show_texts=True)
    pages = PdfReader(io.BytesIO(render_pdf(report))).pages
    shown = squeezed(" ".join(page.extract_text() for page in pages))
    for field in PRINTED:
        for text in texts_of(getattr(report, field)):
            assert squeezed(text) in shown, (field, text)


@pytest.mark.parametrize("name", WHOLE)
def test_the_json_says_the_same(name):
    decision = WHOLE[name].decided()
    value, report = json.loads(decision_json(decision)), write_report(decision)
    assert value["first_page"]["request"] == report.first_page.request
    assert [row["total"] for row in value["first_page"]["money"]] == [
        row.total for row in report.first_page.money
    ]
    assert [row["text"] for row in value["reasons"]] == [row.text for row in report.reasons]
    for row in report.first_page.money:
        total = value["cost"]["arms"][row.arm]["total_usd"]
        assert decision.money.currency.show(total) == row.total
