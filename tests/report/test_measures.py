"""Every measure in words, those that may decide first."""

from advisor.evidence.metrics import METRICS
from advisor.report.measures import every_measure
from tests.pages.reader import Reader

ROWS = every_measure()


def test_every_measure_is_a_row_once_and_those_that_may_decide_come_first():
    assert sorted(row.measure for row in ROWS) == sorted(m.title for m in METRICS.values())
    decide = [row.may_decide for row in ROWS]
    assert decide == sorted(decide, reverse=True)
    assert 0 < sum(decide) < len(ROWS)


def test_what_a_measure_needs_is_said_in_the_readers_words():
    needs = {row.measure: row.needs for row in ROWS}
    assert needs["Label right"] == "an approved answer and your labels"
    assert needs["Readability (LIX)"] == "nothing"
    assert not {"reference", "json_schema", "facts"} & set(" ".join(needs.values()).split())


def test_the_method_page_lists_them_all():
    page = Reader("method")
    cells = {str(cell) for table in page.at.table for cell in table.value.values.flatten()}
    for row in ROWS:
        assert any(row.measure in cell.replace("\\", "") for cell in cells), row.measure
