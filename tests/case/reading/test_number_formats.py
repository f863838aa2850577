"""Numbers, dates and times as Excel displays them, by the codes of their cells."""

import io
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdsTable
from odf.table import TableCell as OdsCell
from odf.table import TableRow as OdsRow
from odf.text import P
from openpyxl import Workbook

from advisor.case.reading.number_formats import displayed
from advisor.case.reading.opening import open_table

AFTERNOON = datetime.combine(date(2024, 3, 1), time(14, 5, 9))
ACCOUNTS = '_-* #,##0.00\\ "€"_-;-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-'
"""What Excel calls accounting, in German."""


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.25, "0%", "25%"),
        (0.256, "0.0%", "25.6%"),
        (0, "0%", "0%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1234567, "#,##0", "1,234,567"),
        (1234.5, '"$"#,##0.00', "$1,234.50"),
        (-1234.5, '"$"#,##0.00', "-$1,234.50"),
        (1234.567, "#,##0.00 [$€-407]", "1,234.57 €"),
        (1234.5, ACCOUNTS, "1,234.50 €"),
        (0, ACCOUNTS, "- €"),
        (-5, "0;(0)", "(5)"),
        (-0.001, "0.0", "0.0"),
        (2.675, "0.00", "2.68"),
        (0, '0;-0;"none"', "none"),
        (7, "000", "007"),
        (0.5, "0.##", "0.5"),
        (0.5, "# ?/?", "1/2"),
        (1.5, "# ?/?", "1 1/2"),
        (3, "# ?/?", "3"),
        (12345678, "0.00E+00", "1.23E+07"),
        (0.00012, "0.00E+00", "1.20E-04"),
        (12345, "##0.0E+0", "12.3E+3"),
        (1_500_000, '0.0,,"M"', "1.5M"),
        (123456789, "000-00-0000", "123-45-6789"),
        (5, "[Red]0.0", "5.0"),
        (AFTERNOON, "dd.mm.yyyy", "01.03.2024"),
        (AFTERNOON, "dd/mm/yy hh:mm", "01/03/24 14:05"),
        (AFTERNOON, "h:mm AM/PM", "2:05 PM"),
        (AFTERNOON, "mm:ss", "05:09"),
        (AFTERNOON, "[$-409]d\\-mmm\\-yy;@", "1-Mar-24"),
        (AFTERNOON, "dddd, mmmm dd, yyyy", "Friday, March 01, 2024"),
        (date(2024, 3, 1), "yyyy-mm-dd", "2024-03-01"),
        (time(14, 5), "h:mm", "14:05"),
        (timedelta(hours=30, minutes=4), "[h]:mm", "30:04"),
    ],
)
def test_a_value_is_displayed_as_excel_does(value, code, shown):
    assert displayed(value, code) == shown


@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param(5, "General", id="general"),
        pytest.param(5, "@", id="text"),
        pytest.param(True, "0", id="true or false"),
        pytest.param(5, "[>3]0;0.0", id="a condition"),
        pytest.param(5, "", id="no code"),
        pytest.param(1e300, "0.00", id="beyond the figures a sheet keeps"),
        pytest.param(AFTERNOON, "[$-407]d. mmmm yyyy", id="months in German"),
        pytest.param(1 / 3, "0." + "0" * 250, id="more places than figures"),
    ],
)
def test_a_code_that_says_nothing_of_its_own_leaves_the_value_as_it_is(value, code):
    assert displayed(value, code) is None


@given(
    st.decimals(0, 10**9, places=4).map(float),
    st.integers(0, 3),
)
def test_figures_and_thousands_are_those_of_decimal_arithmetic(value, places):
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    code = "#,##0" + ("." + "0" * places if places else "")
    assert displayed(value, code) == f"{rounded:,.{places}f}"


@given(
    st.text(max_size=40) | st.text(st.sampled_from('0#?,.%E+-/;"[]\\_*@hmsyd AMP$€'), max_size=30)
)
def test_any_code_is_read_or_left_alone(code):
    for value in (0, -1.5, 12345.678, AFTERNOON, timedelta(hours=30), True):
        assert isinstance(displayed(value, code), str | None)


def workbook(*rows, prepare=lambda sheet: None):
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    prepare(sheet)
    file = io.BytesIO()
    book.save(file)
    return open_table(file.getvalue(), "t.xlsx").table


def test_cells_come_as_they_are_displayed_from_a_file_of_excel():
    def prepare(sheet):
        for cell, code in (("B2", "0%"), ("B3", '"$"#,##0.00'), ("B4", "dd.mm.yyyy")):
            sheet[cell].number_format = code

    table = workbook(
        ("prompt", "n"), ("a", 0.25), ("b", 1234.5), ("c", AFTERNOON), ("d", 1.50), ("e", "007"),
        prepare=prepare,
    )  # fmt: skip
    assert list(table.column("n")) == ["25%", "$1,234.50", "01.03.2024", "1.5", "007"]


def test_errors_hidden_cells_and_merged_cells_are_said():
    def prepare(sheet):
        sheet["B3"] = "#N/A"
        sheet["B3"].data_type = "e"
        sheet.merge_cells("A2:A3")
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True

    table = workbook(
        ("case", "reference", "more"), ("one", "x", "y"), (None, "y", "z"), prepare=prepare
    )
    assert [row.values for row in table.rows] == [
        {"case": "one", "reference": "x", "more": "y"},
        {"case": "one", "reference": "", "more": "z"},
    ]
    assert table.remarks == (
        "1 cell with an error (#N/A) read as empty.",
        "Hidden in the file, and read all the same: 1 row and 1 column.",
        "Merged cells: their value was taken for each row they span.",
    )


def test_numbers_of_an_opendocument_sheet_come_as_they_were_displayed_when_it_was_saved():
    sheet = OpenDocumentSpreadsheet()
    table = OdsTable(name="May")
    for cells in (
        [("prompt", {}), ("n", {}), ("m", {})],
        [("a", {}), ("25.00%", {"valuetype": "percentage", "value": 0.25}), ("x", {})],
        [("b", {}), ("€1,234.50", {"valuetype": "currency", "value": 1234.5}), ("x", {})],
        [("c", {}), ("1.50", {"valuetype": "float", "value": 1.5, "numbercolumnsrepeated": 2})],
    ):
        row = OdsRow()
        for words, form in cells:
            cell = OdsCell(**form) if form else OdsCell(valuetype="string")
            cell.addElement(P(text=words))
            row.addElement(cell)
        table.addElement(row)
    sheet.spreadsheet.addElement(table)
    file = io.BytesIO()
    sheet.write(file)
    found = open_table(file.getvalue(), "t.ods").table
    assert list(found.column("n")) == ["25.00%", "€1,234.50", "1.50"]
    assert list(found.column("prompt")) == ["a", "b", "c"]
