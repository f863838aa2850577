"""One option's price: the list's, less a contract's discount, or the reader's own figures."""

from decimal import Decimal

import streamlit as st

from advisor.case.case import Case
from advisor.case.options import Arm, OptionId
from advisor.report.labels import CELL_WORDS
from pages.ui import errors, session, widgets
from pages.ui.options import price_lines
from pricing.cells import CELLS
from pricing.offers import PriceCells
from pricing.quotes import quote

TOKEN_CELLS = ("input", "cached_input", "output", "batch_input", "batch_output")
HOSTING_CELLS = ("hosting_per_hour", "hosting_hours_per_month", "replicas", "storage_per_month")
MACHINE_CELLS = ("machine_per_hour", "texts_per_hour")
TRAINING_CELLS = (
    "training_per_1m",
    "training_tokens",
    "epochs",
    "training_per_hour",
    "training_hours",
    "min_fee",
)
PLACEHOLDERS = {"machine_per_hour": "none", "texts_per_hour": "as your test measures"}
HELP = {
    "machine_per_hour": "What an hour of your own machine costs, power and all. A month costs the "
    "hours that its texts take, and nothing for the units. A machine that is paid for day and night "
    "belongs under hosting.",
    "texts_per_hour": "Leave it empty, and it is what your test measures, with as many answers at "
    "once as the test asks for.",
}
WHOLE = {cell.name for cell in CELLS if cell.whole}


def ask(case: Case, form: str, option: OptionId) -> Arm:
    """One option with its price as the reader has it now."""
    now, key, kind = case.arms[option], f"{form}:{option}", case.kind_of(option)
    with errors.expected_errors():
        found = quote(
            now.offer,
            now.price,
            kind,
            session.today(),
            discount_percent=now.discount_percent,
        )
        price_lines.quote_lines(found)
    discount = widgets.number(
        st,
        "Off every list price, %",
        None if now.discount_percent is None else float(now.discount_percent),
        f"{key}:discount",
        min_value=0.0,
        max_value=100.0,
        step=1.0,
        placeholder="none",
    )
    own = _ask_cells(now.price, key, trains=kind == "tuned")
    multiplier = widgets.number(
        st,
        "Billed units over written ones, where the model reasons first",
        None if now.reasoning_multiplier is None else float(now.reasoning_multiplier),
        f"{key}:reasoning",
        min_value=1.0,
        max_value=1000.0,
        step=0.5,
        placeholder="1, or as measured",
        help="Reasoning tokens are billed as output. A run measures them; before one, say it.",
    )
    return now.model_copy(
        update={
            "price": own,
            "discount_percent": _decimal(discount),
            "reasoning_multiplier": _decimal(multiplier),
        }
    )


def _ask_cells(now: PriceCells, key: str, *, trains: bool) -> PriceCells:
    """The reader's own figures; an empty field leaves the list price."""
    asked = (*TOKEN_CELLS, *HOSTING_CELLS, *MACHINE_CELLS, *(TRAINING_CELLS if trains else ()))
    cells = now.model_dump(exclude_none=True, exclude=set(asked))
    for cell in asked:
        value, whole = getattr(now, cell), cell in WHOLE
        least, most = PriceCells.bounds(cell)
        entered = widgets.number(
            st,
            CELL_WORDS[cell],
            None if value is None else int(value) if whole else float(value),
            f"{key}:price:{cell}",
            min_value=least if whole else float(least),
            max_value=most if whole else float(most),
            step=1 if whole else 0.01,
            format="%d" if whole else "%.4f",
            placeholder=PLACEHOLDERS.get(cell, "as listed"),
            help=HELP.get(cell),
        )
        if entered is not None:
            cells[cell] = int(entered) if whole else _decimal(entered)
    return PriceCells.model_validate(cells)


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
