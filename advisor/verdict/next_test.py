"""Next test: what the test that would settle the question takes."""

from dataclasses import dataclass
from decimal import Decimal

from advisor.case.case import Case
from advisor.verdict.costs import Costs
from advisor.verdict.more_texts import MoreTexts, texts_to_bring
from advisor.verdict.verdict import Verdict

MINUTES_A_TEXT = 1.5
"""To read two answers, before their length is known."""


@dataclass(frozen=True, slots=True)
class NextTest:
    """What a test takes."""

    texts: int = 0
    """0 = more texts are no help."""
    usd: Decimal | None = None
    """Model use; None = not known."""
    minutes_per_reader: float | None = None


def find_next_test(
    case: Case, verdict: Verdict, money: Costs, more_texts: MoreTexts | None
) -> NextTest:
    """What the next test takes: more texts where some were compared, else the first ones.

    Args:
        case: what was asked.
        verdict: what follows so far.
        money: prices and costs.
        more_texts: what more texts take; None = they would not settle it.
    """
    evidence, rules = verdict.evidence, verdict.rules.evidence
    if more_texts is not None and more_texts.unlikely and evidence.tally.scored >= rules.scored:
        return NextTest()
    if more_texts is not None:
        return NextTest(more_texts.texts, more_texts.usd, more_texts.minutes_per_reader)
    if evidence.tally.scored or evidence.word == "trade_off":
        return NextTest()
    texts = max(texts_to_bring(rules), len(case.prompts))
    costs = [money.usd_per_request(arm) for arm in (evidence.base_arm, evidence.tuned_arm)]
    known = [usd for usd in costs if usd is not None]
    usd = sum(known, Decimal(0)) * texts if len(known) == len(costs) else None
    return NextTest(texts, usd, texts * MINUTES_A_TEXT)
