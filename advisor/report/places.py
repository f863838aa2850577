"""Places to fine-tune that are open to the reader, the cheapest first, in words."""

from advisor.verdict.decision import Decision

SHOWN = 3
"""Places named in a sentence."""
OWN = "an open model on your own machines"


def cheapest_first(found: Decision) -> list[str]:
    """Names of the other places that are open, the cheapest first; one's own machines last."""
    access = found.verdict.access
    own = [OWN] if access is not None and access.own_machines else []
    return [*(place.name for place in found.open_elsewhere), *own]


def open_to_you(found: Decision) -> str:
    """Three of the places and how many more there are, in a sentence; "" where there is none."""
    names = cheapest_first(found)
    if not names:
        return ""
    priced = {place.name for place in found.open_elsewhere if place.is_priced}
    order = ", the cheapest first" if priced.issuperset(names[:SHOWN]) else ""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"Open to you{order}: {', '.join(names[:SHOWN])}{more}."


def cheaper_place(found: Decision) -> str:
    """The cheapest place open to the reader, where it undercuts the one priced; "" = none does."""
    place, show, priced = found.cheaper_place, found.money.currency.show, found.money.tuned_cost
    if place is None or priced is None:
        return ""
    return (
        f"Fine-tuned is priced at {show(priced.usd_per_month_all_in)} a month here. The cheapest "
        f"place open to you, {place.name}, would cost {show(place.usd_per_month_all_in)} a month; "
        "it was not tested."
    )
