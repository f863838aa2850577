"""What if in words: the figures a reader may move, and what moving them does to the verdict."""

from dataclasses import dataclass

from advisor.report.firmness import firmness_label
from advisor.report.gates import gate_words
from advisor.report.sentences import option
from advisor.verdict.decision import Decision
from advisor.verdict.rules import Rules, load_rules
from advisor.verdict.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Knob:
    """One figure of `data/verdict.toml` that a reader may move."""

    key: str
    """Its place in the file: "weights.use_case"."""
    words: str
    help: str = ""
    least: float = 0
    most: float = 100
    step: float = 1

    @property
    def shipped(self) -> float:
        """The figure as shipped, on the scale it is moved on."""
        section, _, name = self.key.partition(".")
        value = getattr(getattr(load_rules(), section), name)
        return int(value) if self.step == int(self.step) else float(value)


KNOBS: dict[str, tuple[Knob, ...]] = {
    "How much each answer counts, in points": (
        Knob("weights.use_case", "What practice says"),
        Knob("weights.training_pairs", "Approved answers"),
        Knob("weights.tried", "Tried and still short"),
        Knob("weights.facts", "How fast facts change"),
        Knob("weights.strictness", "How exact the result"),
        Knob("weights.cost", "Cost"),
        Knob("weights.stability", "How steady the task"),
    ),
    "When your answers are acted on": (
        Knob(
            "likelihood.leaning",
            "Chance from which it leans",
            "That fine-tuning is right, or that base is. Below this base stays, as the simpler one.",
            least=0.51,
            most=0.99,
            step=0.05,
        ),
        Knob(
            "likelihood.likely",
            "Chance from which it is likely",
            "Below this it is leaning.",
            least=0.51,
            most=0.99,
            step=0.05,
        ),
        Knob(
            "likelihood.slope",
            "What a point is worth",
            "The slope of the chance along the lean score.",
            most=0.2,
            step=0.005,
        ),
        Knob(
            "likelihood.thumb_below",
            "Questions answered, at least",
            "With fewer of the 12 and no test it is a rule of thumb only.",
            most=12,
        ),
        Knob("try_first.pairs_below", "Collect more first, answers below", most=100_000),
    ),
    "What stops fine-tuning": (
        Knob("gates.pairs", "Fewest answers to train on", most=100_000),
        Knob("gates.stop_months", "Months it must still run", most=120),
    ),
    "What a test must show": (
        Knob(
            "evidence.e_needed",
            "Proof needed",
            "The e-value: there is at most one false alarm in so many tests, however often one "
            "looks.",
            least=2,
            most=10_000,
        ),
        Knob(
            "evidence.e_needed_high",
            "Proof needed, costly errors",
            "The e-value where a wrong answer harms somebody or concerns a regulator.",
            least=2,
            most=10_000,
        ),
        Knob("evidence.scored", "Texts compared, at least", least=2, most=10_000),
        Knob(
            "evidence.no_difference",
            "As good, within",
            "The margin for (wins - losses) / texts.",
            least=0.01,
            most=0.99,
            step=0.05,
        ),
        Knob(
            "money.near",
            "As dear, within",
            "A share: where the answers are as good and the cost is this close, base stays.",
            most=1,
            step=0.05,
        ),
    ),
}
"""All that may be moved, under headings in the reader's words."""


def what_changed(decision: Decision, rules: Rules, found: Verdict) -> str:
    """What other rules do to the verdict, in one to three sentences.

    Args:
        decision: the real one.
        rules: the reader's own.
        found: the verdict under them.
    """
    real = decision.verdict
    if rules == decision.facts.rules:
        return f"With the shipped figures: {_said(decision, real)}."
    if found.recommendation != real.recommendation:
        parts = [
            f"The answer would change: {_said(decision, found)}, instead of {_said(decision, real)}."
        ]
    elif _said(decision, found) != _said(decision, real):
        parts = [f"Still {_said(decision, found)}, instead of {_said(decision, real)}."]
    else:
        parts = [f"It would stay as it is: {_said(decision, real)}."]
    gates = {gate.key: gate_words(gate).name for gate in real.gates}
    now = {gate.key: gate_words(gate).name for gate in found.gates}
    parts += [f"No longer a stopper: {gates[key]}." for key in gates.keys() - now.keys()]
    parts += [f"A stopper now: {now[key]}." for key in now.keys() - gates.keys()]
    if (before := round(real.lean.score, 1)) != (after := round(found.lean.score, 1)):
        parts.append(f"Your answers would suggest {after:+g} points instead of {before:+g}.")
    return " ".join(parts)


def _said(decision: Decision, verdict: Verdict) -> str:
    """The recommendation and how firm it is: "base (not settled by your own test)"."""
    firm = firmness_label(decision.case, verdict)
    return f"{option(verdict).lower()} ({firm[0].lower()}{firm[1:]})"
