"""From a brief to a defended verdict, without a screen.

    from advisor import Case, compare, cost, decide, load_case

Each is imported when it is first used: deciding a case loads no database and no client of a model.
"""

from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from advisor.case.case import Case
    from advisor.runs.compare import compare
    from advisor.training.case_file import load_case
    from advisor.verdict.costing import price_case as cost
    from advisor.verdict.decision import decide_case as decide

__all__ = ["Case", "compare", "cost", "decide", "load_case"]

_BEHIND = {
    "Case": "advisor.case.case:Case",
    "compare": "advisor.runs.compare:compare",
    "cost": "advisor.verdict.costing:price_case",
    "decide": "advisor.verdict.decision:decide_case",
    "load_case": "advisor.training.case_file:load_case",
}


def __getattr__(name: str) -> Any:
    if name not in _BEHIND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return resolve_name(_BEHIND[name])


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
