"""From recorded answers to a verdict: the comparisons that ship as samples."""

from datetime import date

import pytest

from advisor.case.brief import Brief
from advisor.verdict.verdict import decide
from tests.evidence.cases import RULES, gather_evidence, judged, scored

TODAY = date(2026, 11, 22)
NOTES = Brief(
    use_case="domain_summarization",
    training_pairs=67,
    stage="tuned_on_trial",
    tried=("few_shot",),
)


def verdict(case, outputs, judgments=(), seed=1):
    evidence = gather_evidence(
        case, outputs, (), judgments, run_complete=True, rules=RULES.evidence, seed=seed
    )
    return decide(case.brief, evidence, None, None, TODAY, volume=case.volume, rules=RULES)


def test_clinic_notes_lean_to_fine_tuned_by_a_measure_that_may_decide(number):
    found = verdict(*scored("clinic_notes", NOTES))
    assert found.evidence.word == "not_enough"
    assert (found.recommendation, found.firmness, found.rule) == ("tuned", "leaning", "likely")
    # 25 for summaries, 67 pairs between 50 and 200: 20 x (ln(67 / 50) / ln 4 - 1) = -15.8
    assert found.lean.score == pytest.approx(25 - 15.78, abs=0.01)
    assert (found.answered, found.try_first) == (4, ())


@pytest.mark.parametrize("seed", range(5))
def test_a_chatbot_stays_base_by_its_own_test(seed):
    found = verdict(*judged("chatbot", Brief(use_case="general_chatbots")), seed)
    assert (found.recommendation, found.firmness, found.rule) == ("base", "decided", "base_wins")
    assert not found.overrules_matrix


@pytest.mark.parametrize("seed", range(5))
def test_against_a_raw_base_tuning_overrules_the_matrix(seed):
    brief = Brief(use_case="general_chatbots", base_kind="raw")
    found = verdict(*judged("chatbot_raw", brief), seed)
    assert (found.recommendation, found.firmness, found.rule) == ("tuned", "decided", "tuned_wins")
    assert found.overrules_matrix
