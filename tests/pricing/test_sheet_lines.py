"""A day written in a sheet: that line is another, and no other is."""

from datetime import date
from pathlib import Path

import pytest

from pricing.checking import asked_facts, check_facts
from pricing.compared import Fetched
from pricing.errors import PricingError
from pricing.offers import DATA
from pricing.sheet_lines import DayWritten, EntryPlace, line_of, lines_of, with_days
from tests.pricing.copies import copy_of

TODAY = date(2026, 12, 5)
SHEET = """# a comment that stays
provider = "acme"

[[offers]]
base_model = "a" # one

[[offers.entries]]
since = 2026-01-01
checked = 2026-01-01

[[offers.entries]]
since = 2026-03-01
training_per_1m = 3.00
checked = 2026-03-01 # by hand
checked_precision = "month"
expect = [
  { of = ["training_per_1m"], words = "a {$3.00}" },
  { of = ["min_fee"], words = "least {$1}", at = "https://b.example", checked = 2026-02-02 },
]

[[offers]]
base_model = "b"

[[offers.entries]]
since = 2026-01-01
checked = 2026-01-01
"""


def changed(old: str, new: str) -> list[str]:
    before = old.splitlines()
    return [line for line in new.splitlines() if line not in before]


def test_an_entry_is_found_by_its_number_within_its_offer():
    place = EntryPlace("offers.entries", 1, within=0)
    assert SHEET.splitlines()[lines_of(SHEET, place).start] == "since = 2026-03-01"
    assert line_of(SHEET, place, "training_per_1m") == 13
    with pytest.raises(LookupError):
        lines_of(SHEET, EntryPlace("offers.entries", 1, within=1))


def test_only_the_day_is_another():
    new = with_days(SHEET, [DayWritten(EntryPlace("offers.entries", 1, 0), "checked")], TODAY)
    assert changed(SHEET, new) == ["checked = 2026-12-05 # by hand"]
    assert "checked_precision" not in new  # the day is known now
    assert new.count("\n") == SHEET.count("\n") - 1


def test_the_day_of_another_page_is_its_own():
    new = with_days(SHEET, [DayWritten(EntryPlace("offers.entries", 1, 0), "checked", 1)], TODAY)
    assert changed(SHEET, new) == [
        '  { of = ["min_fee"], words = "least {$1}", at = "https://b.example", checked = 2026-12-05 },'
    ]


def test_a_sheet_in_another_form_stays_as_it_is():
    odd = SHEET.replace("checked = 2026-03-01", "'checked' = 2026-03-01")
    with pytest.raises(PricingError, match="write 2026-12-05 in the sheet by hand"):
        with_days(odd, [DayWritten(EntryPlace("offers.entries", 1, 0), "checked")], TODAY)


def test_every_day_that_can_be_renewed_is_found_in_the_sheets_that_ship():
    fetched = {
        one.address: copy_of(one.address) or Fetched(404) for one in asked_facts(DATA, TODAY)
    }
    checked = check_facts(DATA, TODAY, fetched)
    assert len(checked.renewed) > 20
    for file in {file for file, _ in checked.renewed}:
        days = [day for name, day in checked.renewed if name == file]
        text = Path(DATA / file).read_text("utf-8")
        written = changed(text, with_days(text, days, TODAY))
        assert all(str(TODAY) in line for line in written)
        assert len(written) > 0
