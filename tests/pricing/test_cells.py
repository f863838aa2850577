"""Price cells are listed once: prices, costs, labels and forms all go by that list."""

from datetime import date
from decimal import Decimal

from advisor.report.labels import CELL_WORDS, PRICE_WORDS
from pages.ui.costs import price_form
from pricing import entries
from pricing.assumptions import Stated, assumptions
from pricing.cells import CELLS
from pricing.cost import Option, Tokens, Volume
from pricing.entries import PriceCells
from pricing.quotes import LIST_RATES

NAMES = [cell.name for cell in CELLS]


def test_the_list_has_every_cell_in_the_order_they_are_shown():
    assert list(entries.CELLS) == NAMES
    assert {cell.name for cell in CELLS if cell.whole} == {
        name for name, field in PriceCells.model_fields.items() if field.annotation == int | None
    }


def test_every_cell_has_words_and_every_price_a_place_in_a_sentence():
    assert list(CELL_WORDS) == NAMES
    assert CELL_WORDS["batch_output"] == "Output in batches, USD per 1M units billed"
    assert CELL_WORDS["min_fee"] == "Least fee of a training job, USD"
    assert CELL_WORDS["replicas"] == "Machines (replicas)"
    assert PRICE_WORDS["hosting_per_hour"] == ("a hosting price of", " an hour")
    assert all(lead for lead, _ in PRICE_WORDS.values())
    assert set(PRICE_WORDS) | {"min_fee"} == set(LIST_RATES)


def test_a_form_asks_for_known_cells_only():
    asked = (
        *(price_form.TOKEN_CELLS, price_form.HOSTING_CELLS),
        *(price_form.MACHINE_CELLS, price_form.TRAINING_CELLS),
    )
    named = [name for cells in asked for name in cells]
    assert len(named) == len(set(named))
    assert set(NAMES) - set(named) == {"cache_write"}


def test_every_known_cell_that_has_a_figure_is_moved_under_its_name():
    cells = PriceCells(**dict.fromkeys(NAMES, 2))
    option = Option(cells, Tokens(Decimal(1), Decimal(1), "given"))
    volume = Volume(requests_per_month=1)
    names = [one.name for one in assumptions(Stated(option, option, volume, date(2026, 11, 22)))]
    for cell in CELLS:
        assert names.count(f"tuned: {cell.figure}") == (
            sum(other.figure == cell.figure for other in CELLS) if cell.figure else 0
        )
