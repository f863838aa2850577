"""Labels of a chart stand apart: as a function, and in the PDF."""

import io
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from advisor.report.chart_labels import apart
from advisor.report.first_page_values import SpendLine, SpendPicture
from advisor.report.pdf.render import render_pdf
from advisor.report.report import write_report
from tests.make import FULL, Whole, case


@pytest.mark.parametrize(
    ("wanted", "placed"),
    [
        pytest.param((), (), id="none"),
        pytest.param((0.5,), (0.5,), id="one"),
        pytest.param((0.2, 0.8), (0.2, 0.8), id="far enough"),
        pytest.param((0.5, 0.5), (0.5, 0.6), id="level"),
        pytest.param((0.55, 0.5), (0.6, 0.5), id="order kept"),
        pytest.param((1.0, 1.0, 0.95), (0.9, 1.0, 0.8), id="at the top"),
        pytest.param((0.0, -0.3), (0.1, 0.0), id="below the bottom"),
        pytest.param((0.5,) * 21, tuple(n / 20 for n in range(21)), id="no room for all"),
    ],
)
def test_where_labels_stand(wanted, placed):
    assert apart(wanted, 0.1, 0.0, 1.0) == pytest.approx(placed)


@given(st.lists(st.floats(-1, 2), max_size=10))
def test_no_two_come_closer_and_none_leaves_the_chart(wanted):
    placed = sorted(apart(wanted, 0.1, 0.0, 1.0))
    assert all(b - a >= 0.1 - 1e-9 for a, b in pairwise(placed))
    assert all(-1e-9 <= one <= 1 + 1e-9 for one in placed)


@pytest.mark.parametrize("ends", [(3.0, 3.0, 3.0, 1.0), (3.0, 2.9, 0.2, 0.1)])
def test_the_words_beside_lines_that_end_near_each_other_stand_apart_in_the_pdf(ends):
    arms = ("base", "base_examples", "base_retrieval", "tuned")
    lines = tuple(
        SpendLine(arm, f"Option{n}", (0.0, 12.0), (0.0, end), "$3")
        for n, (arm, end) in enumerate(zip(arms, ends, strict=True))
    )
    picture = SpendPicture("USD", lines, ((0.0, "$0"), (3.0, "$3")), "", "Level.")
    report = write_report(Whole(case("domain_summarization", **FULL)).decided())
    report = replace(report, first_page=replace(report.first_page, spend=picture))
    heights: dict[str, float] = {}

    def meet(text: str, page: list[float], where: list[float], *_: object) -> None:
        if found := re.search(r"Option\d|^month$", text.strip()):
            heights[found[0]] = where[4] * page[1] + where[5] * page[3] + page[5]

    for page in PdfReader(io.BytesIO(render_pdf(report))).pages:
        page.extract_text(visitor_text=meet)
    assert heights.keys() == {"month", "Option0", "Option1", "Option2", "Option3"}
    placed = sorted(heights.values())
    assert placed[0] == heights["month"]  # words below the axis, which no label comes down to
    # In points, of which a line of these words takes 10.
    assert all(b - a >= 10 for a, b in pairwise(placed))


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ((3.0, 3.0), False),
        ((3.0, 2.9), True),
        ((100.0, 1.9), False),
        ((0.0, 0.0), False),
        ((3.0,), False),
    ],
)
def test_spending_is_drawn_where_its_lines_can_be_told_apart(ends, told):
    lines = tuple(SpendLine("base", "Base", (0.0, 12.0), (0.0, end), "$3") for end in ends)
    assert SpendPicture("USD", lines, ((0.0, "$0"),), "", "Level.").tells_more() is told
