"""How far voters and judges agree, in rows and in plain words."""

from collections.abc import Sequence
from dataclasses import replace

from advisor.case import Case, Judgment
from advisor.evidence.answers import Answers
from advisor.evidence.blind import OWNER
from advisor.evidence.judged import heard, judged_by_prompt
from advisor.evidence.metrics import find_primary
from advisor.evidence.model import Evidence, Output, Vote
from advisor.evidence.raters import Pair, agreements
from advisor.report.model import AgreementRow, EvidenceBlock
from advisor.rules import EvidenceRules

WORDS = ((0.8, "almost complete"), (0.6, "substantial"), (0.4, "moderate"), (0.2, "fair"))
"""Kappa above this, in a word: Landis and Koch 1977, "almost perfect" put plainly."""
HARDLY = 0.2
"""Up to this two people hardly agree."""
SENTENCES = 3
"""Pairs said in the PDF; the page and the JSON have all."""


def agreement_rows(
    case: Case,
    evidence: Evidence,
    outputs: Sequence[Output],
    votes: Sequence[Vote],
    live: Sequence[Judgment],
    rules: EvidenceRules,
) -> tuple[AgreementRow, ...]:
    """One row for every two raters with a text in common.

    Args:
        case: its recorded judgments, and which judge is heard.
        evidence: which base arm is compared.
        outputs: the run's; judgments on other answers are left out.
        votes: people's; without any there is nobody to agree with.
        live: what a live judge said, one per order.
        rules: how many texts in common a kappa takes.
    """
    if not votes:
        return ()
    answers = Answers.of(case, outputs, find_primary(case.run.primary_metric), case.leaked)
    judged = judged_by_prompt(
        case,
        answers,
        [judgment for judgment in case.judgments if answers.shown_to(judgment)],
        [judgment for judgment in heard(case, live) if answers.shown_to(judgment)],
        evidence.base_arm,
        rules,
    )
    pairs = agreements(votes, judged.preferences, rules.clear_choices, evidence.base_arm)
    return tuple(_row(pair) for pair in pairs)


def with_agreement(block: EvidenceBlock, rows: Sequence[AgreementRow]) -> EvidenceBlock:
    """The test with how far its raters agree among its sentences, for the PDF."""
    said = [row.sentence for row in rows[:SENTENCES]]
    notes = dict.fromkeys(row.note for row in rows if row.note)
    return replace(block, sentences=(*block.sentences, *said, *notes))


def _row(pair: Pair) -> AgreementRow:
    one, other = ("you" if name == OWNER else name for name in (pair.one, pair.other))
    names = f"{one[0].upper()}{one[1:]} and {other}"
    same = f"{pair.same:,} of {pair.of:,}"
    sentence = f"{names} said the same on {same}"
    kappa = pair.kappa
    if kappa is None:
        return AgreementRow(names, same, "", "", f"{sentence}.")
    figure = f"{kappa.value:.2f} ({kappa.low:.2f} to {kappa.high:.2f})"
    value = round(kappa.value, 2)  # as it is shown
    word = next((word for above, word in WORDS if value > above), "hardly any")
    note = ""
    if value <= HARDLY:
        note = (
            f"{names} hardly agree: the texts may be a matter of taste. Agree on what counts first."
        )
    return AgreementRow(names, same, figure, word, f"{sentence}: kappa {figure}, {word}.", note)
