"""First-page values: what director, finance and legal are told, as plain text and numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

LEAST_TOLD = 0.02
"""Of the largest amount: where another one is below that, a sentence says more than a chart, and
so it does where all of them are within that of each other."""


@dataclass(frozen=True, slots=True)
class Line:
    """One question a reader of the first page has, and the answer."""

    topic: str
    text: str
    """ "" = nobody has said: it is filled in by hand."""


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One option's money over the months of use, for a budget; text in the case's currency."""

    arm: str
    option: str
    """ "Base as it is", "Base with examples", "Fine-tuned"."""
    one_off: str
    """One training job and people's one-off days; "none" where there is nothing of it."""
    month: str
    """Everything else a month: one-off + month x months = total."""
    total: str
    low: str
    high: str
    """The total with a fifth fewer and a fifth more texts, within the usage measured."""
    people: str
    """People's time over the same months, part of the total; "not counted". In reports frozen before
    `model` was said it is in none of the amounts."""
    terms: str
    """Whose price it is, and what of it can be ended."""
    low_month_usd: float | None = None
    """Low total / months, for the bars."""
    high_month_usd: float | None = None
    model: str = ""
    """The total without people's time; "" where that is not counted."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something not known that the decision hangs on, what would settle it, and at what cost."""

    question: str
    settled_by: str
    cost: str


@dataclass(frozen=True, slots=True)
class SpendLine:
    """What one option has cost by the end of each month, and at the start."""

    arm: str
    option: str
    months: tuple[float, ...]
    """From 0; the last one possibly a part of a month."""
    amounts: tuple[float, ...]
    """In the currency of the picture, as many as months."""
    shown: str
    """The last amount as text."""


@dataclass(frozen=True, slots=True)
class SpendPicture:
    """Spend in all over the months of use, and the day the tuned model stops."""

    currency: str
    lines: tuple[SpendLine, ...]
    ticks: tuple[tuple[float, str], ...]
    """Amounts to mark, and how each is written; 0 first."""
    stop: str
    """ "The tuned model stops on 14 Oct 2027", at the last month; "" = it does not stop within."""
    said: str

    def tells_more(self) -> bool:
        """Whether the lines can be told apart, from the axis and from each other."""
        return told_apart([line.amounts[-1] for line in self.lines])


def told_apart(amounts: Sequence[float]) -> bool:
    """Whether a drawing of these amounts, from 0 on, says more than a sentence."""
    if len(amounts) < 2:
        return False
    least, most = min(amounts), max(amounts)
    return LEAST_TOLD * most <= least < (1 - LEAST_TOLD) * most


@dataclass(frozen=True, slots=True)
class FirstPage:
    """What the page says that a manager forwards.

    `ask`: something to approve. `plan`: too little is known to ask for more than to find out.
    """

    kind: Literal["ask", "plan"] = "plan"
    request: str = ""
    """ "I ask you to approve …", one sentence."""
    director: tuple[Line, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    """Of a plan: at most three, what matters most first."""
    signed: tuple[Line, ...] = ()
    """Who decided, and when it is looked at again."""
    money: tuple[MoneyLine, ...] = ()
    money_notes: tuple[str, ...] = ()
    """Pay-back beside the stop date, what low and high mean, people, currency."""
    legal: tuple[Line, ...] = ()
    not_advice: str = ""
    spend: SpendPicture | None = None
    """None: no option's total is known."""
