"""Raters: how far every two of those who chose between the compared options agree."""

from advisor.case.case import Case
from advisor.evidence.answers import Answers
from advisor.evidence.judge.judged import heard, judged_by_prompt
from advisor.evidence.metrics import find_primary
from advisor.evidence.model import Evidence
from advisor.evidence.people.agreement import RaterPair, agreements
from advisor.evidence.record import Record
from advisor.evidence.rules import EvidenceRules


def agreements_of(
    case: Case, evidence: Evidence, record: Record, rules: EvidenceRules
) -> tuple[RaterPair, ...]:
    """Every two voters, and each with the judge, that have a text in common.

    Args:
        case: its recorded judgments, and which judge is heard.
        evidence: which pair is compared.
        record: outputs, votes and live judgments; judgments on other answers are left out, and
            without any vote there is nobody to agree with.
        rules: how many texts in common a kappa takes.
    """
    if not record.votes:
        return ()
    metric = find_primary(case.run.primary_metric)
    answers = Answers.of(case, record.outputs, metric, case.leaked)
    pair = (evidence.base_arm, evidence.tuned_arm)
    judged = judged_by_prompt(
        case,
        answers,
        [judgment for judgment in case.judgments if answers.shown_to(judgment)],
        [judgment for judgment in heard(case, record.judgments) if answers.shown_to(judgment)],
        pair,
        rules,
    )
    return agreements(record.votes, judged.preferences, rules.clear_choices, pair)
