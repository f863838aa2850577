"""How firm a verdict is, on one scale of words, and how likely fine-tuning is the right call."""

from advisor.case.case import Case
from advisor.verdict.verdict import Firmness, Verdict
from advisor.words import chance

FIRMNESS_WORDS: dict[Firmness, str] = {
    "decided": "Decided",
    "likely": "Likely",
    "leaning": "Leaning",
    "open": "Too close to call",
    "try_first": "Try this first",
    "rule_of_thumb": "Rule of thumb",
    "blocked": "Not possible for you",
}
"""The scale, as it stands on screen, in the PDF and in the command's output."""


def whose_test(case: Case) -> str:
    """A sample's test is not the reader's own."""
    return "the sample's test" if case.recorded else "your test"


def firmness_label(case: Case, verdict: Verdict) -> str:
    """How firm, in the reader's words."""
    if verdict.by is not None:
        return f"Decided by {whose_test(case) if verdict.by == 'test' else 'cost'}"
    return FIRMNESS_WORDS[verdict.firmness]


def chance_words(verdict: Verdict) -> str:
    """The chance that fine-tuning is the right call, now: "8 in 10"; "" where it says nothing."""
    return chance(verdict.likelihood.after) if verdict.chance_counts else ""


def chance_sentence(case: Case, verdict: Verdict) -> str:
    """The chance before and after the test, in a sentence; "" where it says nothing."""
    if not verdict.chance_counts:
        return ""
    before, after = (chance(p) for p in (verdict.likelihood.before, verdict.likelihood.after))
    test = whose_test(case)
    if not verdict.likelihood.tested:
        return f"Chance that fine-tuning is right: {before}.{_test_left_out(case, verdict)}"
    said = f"Chance that fine-tuning is right: {before} before {test}, {after} after it"
    if before == after:
        said = f"Chance that fine-tuning is right: {after}, before {test} and after it"
    return f"{said}{_weighed(verdict)}."


def _test_left_out(case: Case, verdict: Verdict) -> str:
    """Why the counts beside the chance are not in it, in a sentence; "" = there are none."""
    evidence = verdict.evidence
    if not evidence.tally.scored:
        return ""
    why = "decides nothing yet"
    if evidence.by_overlap:
        why = "only counts shared words"
    elif evidence.word == "trade_off":
        why = "points both ways"
    elif evidence.length_doubt:
        why = "may have been won by length"
    elif evidence.tally.decisive < verdict.rules.evidence.clear_choices:
        why = "has too few clear choices"
    test = whose_test(case)
    return f" {test[0].upper()}{test[1:]} is not in it, as it {why}."


def outweighed(verdict: Verdict) -> bool:
    """The test points one way, and the chance with it in the other."""
    ahead = verdict.evidence.tally.wins - verdict.evidence.tally.losses
    return verdict.likelihood.tested and ahead * (verdict.likelihood.after - 0.5) < 0


def _weighed(verdict: Verdict) -> str:
    """Why the chance is not on the test's side, in a clause; "" = it is."""
    if not outweighed(verdict):
        return ""
    to_tuned = verdict.evidence.tally.wins > verdict.evidence.tally.losses
    test, rest = ("fine-tuned", "base") if to_tuned else ("base", "fine-tuned")
    return f"; the test speaks for {test}, practice and the questions answered more for {rest}"


def what_moved_it(verdict: Verdict, names: dict[str, str]) -> str:
    """The answers that moved the chance most, as a sentence; "" where none did.

    Args:
        verdict: its signals.
        names: of the signals, by key.
    """
    most = sorted(verdict.lean.signals, key=lambda s: -abs(s.points))[:2]
    said = [
        f"{names[s.key].lower()} ({s.points:+.0f} for {'fine-tuned' if s.points > 0 else 'base'})"
        for s in most
        if abs(s.points) >= 1
    ]
    if not said or not verdict.chance_counts:
        return ""
    return f"What counted most before the test: {' and '.join(said)}, of 100 points."


def on_one_scale(kept: object) -> object:
    """What was kept of a decision before there was one scale, with its firmness on that scale.

    "provisional" was both a rule of thumb and too close to call; its label tells which. The label
    itself stays as it was shown.
    """
    if not isinstance(kept, dict) or kept.get("firmness") != "provisional":
        return kept
    thumb = str(kept.get("firmness_label", "")).startswith("Rule of thumb")
    return kept | {"firmness": "rule_of_thumb" if thumb else "open"}
