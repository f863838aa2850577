"""Seen: what of a test moves the chance that fine-tuning is right, and which side it favours."""

from typing import Literal

from advisor.evidence.model import Evidence, Joined, OneModel
from advisor.verdict.likelihood import Seen
from advisor.verdict.rules import Rules


def seen_by(evidence: Evidence, rules: Rules) -> Seen | None:
    """Clear choices of a test; texts of one case count for less than as many single ones.

    None where no test counts: too few clear choices, shared words only, a winner that may have won
    by its length, a trade-off, texts that stand in the training file, or one model behind both options.
    """
    one_model = any(isinstance(barrier, OneModel) for barrier in evidence.barriers)
    void = evidence.leaked or evidence.by_overlap or evidence.length_doubt or one_model
    if evidence.word in ("none", "trade_off") or void:
        return None
    if isinstance(evidence.joined, Joined):
        return Seen(evidence.joined.wins, evidence.joined.losses)
    tally = evidence.tally
    if tally.decisive < rules.evidence.clear_choices:
        return None
    return Seen.of_cases(tally.wins, tally.losses, evidence.design_effect)


def clear_side(seen: Seen, alpha: float) -> Literal["base", "tuned"] | None:
    """The side a test clearly favours by itself (sign test, two-sided); None = neither."""
    from scipy.special import betainc  # a third of a second to load

    most, least = max(seen.wins, seen.losses), min(seen.wins, seen.losses)
    # The upper tail of a binomial, as a beta's, which also takes choices worth part of a text.
    if most == least or 2 * float(betainc(most, least + 1, 0.5)) >= alpha:
        return None
    return "tuned" if seen.wins > seen.losses else "base"
