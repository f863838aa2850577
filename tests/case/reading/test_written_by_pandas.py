"""Any table that pandas writes comes back the same, numbers and dates as they are displayed."""

import io
from datetime import date

import pandas
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from advisor.case.reading.read import read_texts
from advisor.errors import BadImport

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from('",;\t|\n'),
    min_size=1,
    max_size=25,
).map(lambda text: f"x{text}x")
tables = st.lists(
    st.tuples(words, words | st.just(""), st.integers(0, 10**9), st.dates(date(1970, 1, 1))),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row[0].strip(),
)
CONTAINERS = [
    *(pytest.param("csv", {"sep": sep, "quoting": 1}, id=f"csv {sep!r}") for sep in ",;\t|"),
    *(pytest.param("csv", {"sep": sep}, id=f"csv {sep!r}, few quotes") for sep in ",;\t|"),
    pytest.param("xlsx", {"engine": "openpyxl"}, id="xlsx"),
    pytest.param("ods", {"engine": "odf"}, id="ods"),
    pytest.param("json", {"orient": "records"}, id="json"),
    pytest.param("jsonl", {"orient": "records", "lines": True}, id="jsonl"),
]


def written(table, ending, form):
    if ending == "csv":
        return table.to_csv(index=False, **form).encode()
    if ending in ("xlsx", "ods"):
        file = io.BytesIO()
        table.to_excel(file, index=False, **form)
        return file.getvalue()
    return table.assign(segment=table["segment"].astype(str)).to_json(**form).encode()


@pytest.mark.parametrize(("ending", "form"), CONTAINERS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(rows=tables)
@example(rows=[("x", "", 0, date(1970, 1, 1))])
def test_a_table_comes_back_as_it_was_written(ending, form, rows):
    table = pandas.DataFrame(rows, columns=["prompt", "reference", "case", "segment"])
    found = read_texts(written(table, ending, form), f"t.{ending}").prompts
    assert [(p.text, p.reference, p.cluster, p.segment) for p in found] == [
        (text.strip(), (ref.strip() or None), str(n), day.isoformat()) for text, ref, n, day in rows
    ]


def test_an_empty_cell_of_pandas_is_no_value():
    table = pandas.DataFrame({"prompt": ["a", "b"], "reference": [float("nan"), "yes"]})
    content = '{"prompt": "a", "reference": NaN}\n{"prompt": "b", "reference": "yes"}'
    for name, bytes_ in (("t.csv", table.to_csv(index=False)), ("t.ndjson", content)):
        assert [p.reference for p in read_texts(bytes_.encode(), name).prompts] == [None, "yes"]


def test_a_sheet_that_claims_a_billion_cells_is_refused():
    from openpyxl import Workbook

    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "prompt", "x"
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(BadImport, match=r"unpacks to more than the 120 MB or 5,000,000 cells"):
        read_texts(file.getvalue(), "t.xlsx")


def test_a_formula_without_a_value_is_said_to_be_read_as_empty():
    table = pandas.DataFrame({"prompt": ["a", "b"], "reference": ["yes", "=1+1"]})
    found = read_texts(written(table, "xlsx", {"engine": "openpyxl"}), "t.xlsx")
    assert [p.reference for p in found.prompts] == ["yes", None]
    assert found.remarks[0].startswith("1 cell holds a formula without a stored value")
