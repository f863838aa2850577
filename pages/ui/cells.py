"""Escape table cells against formula injection: the browser saves tables as CSV."""

from collections.abc import Mapping, Sequence

import pandas as pd
from pandas.api.types import is_numeric_dtype

from advisor.report.sheets import FORMULA

_BEFORE = "\u2060"
"""A word joiner: nothing is seen of it, and a spreadsheet takes what follows for a text."""


def inert(data: "pd.DataFrame | Mapping[str, Sequence[object]]") -> pd.DataFrame:
    """The table, each text that a spreadsheet would run begun with a sign that is not seen."""
    table = pd.DataFrame(data)
    for name, column in table.items():
        if not is_numeric_dtype(column) and any(map(_runs, column)):
            table[name] = [f"{_BEFORE}{cell}" if _runs(cell) else cell for cell in column]
    return table


def _runs(cell: object) -> bool:
    return isinstance(cell, str) and cell.startswith(FORMULA)
