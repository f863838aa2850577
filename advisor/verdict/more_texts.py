"""More texts: what it takes to settle the question by a test, and what rests on it."""

from dataclasses import dataclass
from decimal import Decimal

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.evidence.model import Evidence
from advisor.evidence.rules import EvidenceRules
from advisor.evidence.statistics import clear_choices_needed
from advisor.verdict.costs import Costs, request_usd

CHARS_PER_MINUTE = 238 * 6
"""238 words a minute, silent reading of English non-fiction (Brysbaert 2019), a blank included."""
LEAST_MINUTES = 0.5
"""To vote on a text, however short the answers."""

SEEN_BY = 0.7
"""The difference a test is planned for: of ten readers with a preference, seven have the same."""
UNDECIDED = 0.2
"""More texts than clear choices are planned, as some come out level."""


@dataclass(frozen=True, slots=True)
class MoreTexts:
    """More texts, what they cost, and what the answer is worth; None = not known."""

    texts: int
    """Still to bring, for the power planned for, by the rule that decides."""
    usd: Decimal | None
    """Answers of both options to them, without hosting that is paid by the hour anyway."""
    minutes_per_reader: float | None
    """To read both answers to each, where people judge; the texts themselves come on top."""
    usd_per_month: Decimal | None
    """What rests on it: the difference of the two options a month, people's time included where
    it is counted."""
    people_included: bool = False
    """It is, in `usd_per_month`."""


def texts_to_bring(rules: EvidenceRules, costly_errors: bool = False) -> int:
    """About how many texts settle a difference that 7 of 10 readers would see, in tens."""
    e_needed = rules.e_needed_high if costly_errors else rules.e_needed
    clear = clear_choices_needed(SEEN_BY, e_needed, rules.power)
    if clear is None:
        raise ValueError("so much evidence is not reached by any number of texts")
    return 10 * round(clear * (1 + UNDECIDED) / 10)


def what_settles_it(case: Case, evidence: Evidence, money: Costs) -> MoreTexts | None:
    """What it takes to settle the question by more texts; None where no number of them would."""
    if not evidence.n_more:
        return None
    pair = (evidence.base_arm, evidence.tuned_arm)
    costs = [request_usd(money, arm) for arm in pair]
    known = [usd for usd in costs if usd is not None]
    texts = evidence.n_more
    usd = sum(known, Decimal(0)) * texts * case.run.samples if len(known) == len(costs) else None
    minutes = None
    if evidence.base_chars is not None and evidence.tuned_chars is not None:
        each = (evidence.base_chars + evidence.tuned_chars) / CHARS_PER_MINUTE
        minutes = texts * max(LEAST_MINUTES, each)
    return MoreTexts(texts, usd, minutes, _at_stake(money, pair), money.people_counted)


def _at_stake(money: Costs, pair: tuple[OptionId, OptionId]) -> Decimal | None:
    options = [money.cost.arms.get(arm) for arm in pair]
    base, tuned = (option.usd_per_month_all_in if option else None for option in options)
    if base is None or tuned is None:
        return None
    return abs(tuned - base)
