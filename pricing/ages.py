"""Ages: after how many days a fact counts as ageing, by what it costs if it is stale."""

from datetime import date, timedelta
from typing import Literal

FactKind = Literal["dates", "list prices", "host prices"]
AGEING_AFTER: dict[FactKind, int] = {"dates": 14, "host prices": 30, "list prices": 60}
"""Days after which a fact counts as ageing: the last days of a vendor that closes move at short
notice, machines and hosts of open models change prices often, price lists seldom."""


def is_ageing(checked: date, today: date, kind: FactKind = "list prices") -> bool:
    """Whether a fact was read too long ago, for its kind, to be relied on."""
    return today > good_until(checked, kind)


def good_until(checked: date, kind: FactKind) -> date:
    """The last day on which a fact read on this day may be relied on."""
    return checked + timedelta(days=AGEING_AFTER[kind])
