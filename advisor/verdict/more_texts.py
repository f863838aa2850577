"""More texts: what it takes to settle the question by a test, and what is at stake."""

import math
from dataclasses import dataclass
from decimal import Decimal

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.evidence import planning
from advisor.evidence.model import Evidence
from advisor.evidence.planning import Plan, SettledWhen, Stood
from advisor.evidence.rules import EvidenceRules
from advisor.evidence.weigh import plan_of, ties_of
from advisor.verdict.costing import request_usd
from advisor.verdict.costs import Costs

CHARS_PER_MINUTE = 238 * 6
"""238 words a minute, silent reading of English non-fiction (Brysbaert 2019), a blank included."""
UNLIKELY = 0.5
"""A smaller chance is said to be one."""
LEAST_MINUTES = 0.5
"""To vote on a text, however short the answers."""

SEEN_BY = 0.7
"""The difference a test is planned for: of ten readers with a preference, seven have the same."""


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
    chance_worth: float | None = None
    """That they settle it, if the difference is the one worth acting on; 0 to 1."""
    chance_as_seen: float | None = None
    """The same if the split stays as seen; None = nothing was seen yet."""
    cases: int | None = None
    """The same in cases, where texts belong to some."""

    @property
    def likely(self) -> float | None:
        """The chance that they settle it, as seen where something was seen."""
        return self.chance_worth if self.chance_as_seen is None else self.chance_as_seen

    @property
    def unlikely(self) -> bool:
        """Whether they settle it in fewer than half of such tests."""
        return self.likely is not None and self.likely < UNLIKELY


def texts_to_bring(rules: EvidenceRules, costly_errors: bool = False) -> int:
    """About how many texts settle a difference that 7 of 10 readers would see, in tens."""
    rule = SettledWhen(rules.e_needed_high if costly_errors else rules.e_needed, rules.scored)
    texts = planning.texts_for(SEEN_BY, planning.USUAL_TIES, rules.power, rule)
    if texts is None:
        raise ValueError("so much evidence is not reached by any number of texts")
    return 10 * math.ceil(texts / 10)


@dataclass(frozen=True, slots=True)
class PlannedTest:
    """What a test on so many texts can show, before it is run."""

    texts: int
    bring: int
    """Texts that settle a difference that 7 of 10 readers would see."""
    least: int
    """Fewer decide nothing."""
    rate: float | None
    """The smallest true win rate that the texts settle; None = none."""
    rate_of_least: float | None
    """The same of the fewest."""
    cases: int | None = None
    """That the texts come from; None = each stands alone."""
    chance: float | None = None
    """That so many cases settle a difference that 7 of 10 readers would see; None = too few."""
    is_powered: bool = False
    """They settle it as often as is planned for."""


def plan_test(
    rules: EvidenceRules, texts: int, costly_errors: bool, cases: int | None = None
) -> PlannedTest:
    """What a test on so many texts can show.

    Args:
        rules: for the evidence and the power asked for.
        texts: there are.
        costly_errors: a wrong answer harms somebody or concerns a regulator: more is asked for.
        cases: that the texts come from; None = each stands alone, or nobody said.
    """
    rule = SettledWhen(rules.e_needed_high if costly_errors else rules.e_needed, rules.scored)
    rate, rate_of_least = (
        planning.rate_settled_by(n, planning.USUAL_TIES, rules.power, rule)
        for n in (texts, rules.scored)
    )
    bring = texts_to_bring(rules, costly_errors)
    if cases is None or not 0 < cases < texts:
        return PlannedTest(texts, bring, rules.scored, rate, rate_of_least)
    likely = None
    if cases >= rules.cases:
        plan = Plan(size=max(1, round(texts / cases)))
        likely = planning.chance_of_plan(plan, cases, SEEN_BY, rule)
    powered = likely is not None and likely >= rules.power
    return PlannedTest(texts, bring, rules.scored, rate, rate_of_least, cases, likely, powered)


def what_settles_it(
    case: Case, evidence: Evidence, money: Costs, rules: EvidenceRules
) -> MoreTexts | None:
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
    worth, as_seen = _chances(case, evidence, rules)
    return MoreTexts(
        texts,
        usd,
        minutes,
        _at_stake(money, pair),
        money.people_counted,
        worth,
        as_seen,
        evidence.n_more_cases,
    )


def _chances(case: Case, evidence: Evidence, rules: EvidenceRules) -> tuple[float, float | None]:
    """The chance that they settle it: for a difference worth acting on, and for the one seen."""
    tally, rule = evidence.tally, SettledWhen(evidence.e_needed, rules.scored)
    ahead = tally.wins >= tally.losses
    worth = case.brief.win_rate_worth if ahead else 1 - case.brief.win_rate_worth
    seen = tally.wins / tally.decisive if tally.decisive else None
    if evidence.n_more_cases is not None:
        clusters = {p.id: p.cluster for p in case.prompts if p.cluster is not None}
        plan, cases = plan_of(evidence, clusters, rules), evidence.n_more_cases
        rates = [planning.chance_of_plan(plan, cases, r, rule) for r in (worth, seen or worth)]
    else:
        stood, more = Stood(tally.wins, tally.losses, tally.scored), evidence.n_more or 0
        ties = ties_of(tally)
        rates = [
            planning.chance_of_texts(stood, more, r, ties, rule) for r in (worth, seen or worth)
        ]
    return rates[0], None if seen is None else rates[1]


def _at_stake(money: Costs, pair: tuple[OptionId, OptionId]) -> Decimal | None:
    options = [money.cost.arms.get(arm) for arm in pair]
    base, tuned = (option.usd_per_month_all_in if option else None for option in options)
    if base is None or tuned is None:
        return None
    return abs(tuned - base)
