"""Thousands stand apart wherever a reader meets a number: in the report and in the PDF."""

import io
import re
from dataclasses import asdict

import pytest
from pypdf import PdfReader

from advisor.report.pdf.render import render_pdf
from advisor.report.report import write_report
from tests.make import FULL, case, preferred, voted
from tests.report.test_one_total import strings

BARE = re.compile(r"(?<![\w.,:/-])(?!20\d\d\b|19\d\d\b|t\d)\d{4,}(?![\w.:/-])")
"""Four digits or more that no comma parts; neither a year nor part of a name or an address."""


@pytest.fixture(scope="module")
def report():
    """1,071 of 1,320 clear choices for fine-tuned, 1,180 texts without a difference."""
    texts = case("brand_voice", texts=2500, **FULL)
    return write_report(voted(texts, preferred(1071, 249, 1180)).decided(), show_texts=True)


def test_no_number_of_the_report_runs_its_thousands_together(report):
    for text in strings(asdict(report)):
        assert not BARE.search(text), text
    chosen = next(figure for figure in report.figures if figure.label == "Fine-tuned won")
    assert chosen.value == "1,071 of 1,320"


def test_nor_does_the_pdf(report):
    pages = PdfReader(io.BytesIO(render_pdf(report))).pages
    said = " ".join(page.extract_text() for page in pages)
    assert not BARE.search(said), BARE.search(said)
    assert "1,071" in said
    assert "1,180" in said
