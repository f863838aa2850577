"""Places to fine-tune that are open to the reader, the cheapest first, in words."""

from datetime import date

from advisor.case.case import Case
from advisor.verdict.costs import Costs
from advisor.verdict.gates import TuningAccess
from advisor.verdict.verdict import Verdict
from advisor.verdict.where_to_tune import Place, where_to_tune

SHOWN = 3
"""Places named in a sentence."""


OWN = "an open model on your own machines"


def cheapest_first(case: Case, money: Costs, today: date, access: TuningAccess | None) -> list[str]:
    """Names of the other places that are open, by a month's cost, all in; those unpriced last."""
    if access is None:
        return []
    names = (*access.open_elsewhere, *([OWN] if access.own_machines else []))
    places = where_to_tune(case, money, today)
    order = {name_of(place): n for n, place in reversed(list(enumerate(places)))}
    return sorted(names, key=lambda name: order.get(name, len(order)))


def open_to_you(case: Case, money: Costs, today: date, access: TuningAccess) -> str:
    """Three of the places and how many more there are, in a sentence; "" where there is none."""
    found = cheapest_first(case, money, today, access)
    if not found:
        return ""
    priced = {name_of(place) for place in where_to_tune(case, money, today) if _is_open(place)}
    order = ", the cheapest first" if set(found[:SHOWN]) <= priced else ""
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"Open to you{order}: {', '.join(found[:SHOWN])}{more}."


def cheaper_place(case: Case, verdict: Verdict, money: Costs, today: date) -> str:
    """The cheapest place open to the reader, where it undercuts the one priced; "" = none does.

    Of a difference as small as counts for nothing in the lean nothing is said, nor where what
    fine-tuning costs is no question.
    """
    if verdict.rule in ("blocked", "base_wins", "none_fits", "what_is_left"):
        return ""
    priced, counts = money.tuned_cost, verdict.rules.signals.cost
    now = priced.usd_per_month_all_in if priced else None
    places = (p for p in where_to_tune(case, money, today) if _is_open(p) and not p.chosen)
    found = next(places, None)
    if now is None or found is None or found.usd_per_month_all_in is None:
        return ""
    there = found.usd_per_month_all_in
    if float(now - there) < counts.least_usd or float(there) > counts.cheaper * float(now):
        return ""
    show = money.currency.show
    return (
        f"Fine-tuned is priced at {show(now)} a month here. The cheapest place open to you, "
        f"{name_of(found)}, would cost {show(there)} a month; it was not tested."
    )


def name_of(place: Place) -> str:
    """What is trained, and where."""
    return f"{place.model} {place.where}"


def _is_open(place: Place) -> bool:
    return place.standing == "open" and place.usd_per_month_all_in is not None
