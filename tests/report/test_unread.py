"""A test that nobody read: what word overlap may say, and what a measure of being right may."""

import pytest

from advisor.case.case import RunSettings
from advisor.case.checks import Checks
from advisor.case.options import Arm
from advisor.case.texts import Prompt
from advisor.evidence.model import Output, Vote
from advisor.evidence.record import Record
from advisor.report.report import write_card, write_report
from tests.make import LUNA, Whole, arm, case, tuned

UNREAD = "Nobody has read the answers yet."
LABELS = Checks(labels=("refund", "repair"))


def measured(metric, checks=None, votes=0, **brief):
    """40 texts: fine-tuned gives the approved answer, base another one of the same length."""
    whole = case("translation", {"base": arm(LUNA), "tuned": tuned()}, **brief)
    prompts = tuple(
        Prompt(id=f"t{n:03}", text=f"Text {n}", reference=("refund", "repair")[n % 2])
        for n in range(40)
    )
    whole = whole.model_copy(
        update={
            "prompts": prompts,
            "run": RunSettings(primary_metric=metric),
            "checks": checks or Checks(),
        }
    )
    outputs = [
        Output(p.id, name, 0, "answered", answer)
        for n, p in enumerate(prompts)
        for name, answer in (("tuned", p.reference), ("base", ("repair", "refund")[n % 2]))
    ]
    given = tuple(Vote(p.id, "tuned") for p in prompts[:votes])
    return Whole(whole, Record(tuple(outputs), given, complete=True, seed=7)).decided()


@pytest.mark.parametrize("metric", ["rouge1", "rouge_l", "rouge_lsum", "token_f1"])
def test_shared_words_alone_decide_nothing_and_the_first_line_says_so(metric):
    decision = measured(metric)
    assert decision.evidence.word == "decides"
    assert (decision.verdict.recommendation, decision.verdict.firmness) == ("base", "leaning")
    assert write_card(decision).headline == f"Base, for now. {UNREAD}"
    assert write_card(decision).firmness_label == "Leaning"
    report = write_report(decision)
    assert report.next_step.startswith("Have people read the answers")
    assert report.first_page.kind == "plan"
    assert report.first_page.unknowns[0].question == "Which answers people prefer"
    # 40 texts of a minute and a half
    assert report.first_page.unknowns[0].cost == "about 60 minutes a reader"


@pytest.mark.parametrize(
    ("metric", "checks"),
    [("exact_match", None), ("normalised_match", None), ("label_accuracy", LABELS)],
)
def test_being_right_may_decide(metric, checks):
    decision = measured(metric, checks)
    assert (decision.verdict.recommendation, decision.verdict.rule) == ("tuned", "tuned_wins")
    assert write_card(decision).headline == "Fine-tuned."


def test_what_a_few_people_read_counts_for_more_than_shared_words():
    headline = write_card(measured("rouge1", votes=5)).headline
    assert headline == "Base, for now."


def test_once_people_have_voted_shared_words_are_beside_the_point():
    decision = measured("rouge1", votes=40)
    assert (write_card(decision).headline, decision.evidence.by_overlap) == ("Fine-tuned.", False)


def test_a_run_is_not_offered_to_be_ended_by_shared_words():
    decision = measured("rouge1")
    whole = Whole(decision.case, Record(decision.record.outputs, (), complete=False, seed=7))
    assert whole.decided().evidence.would_decide is None
    assert measured("exact_match").evidence.by_overlap is False


def test_length_is_said_to_be_rewarded_only_by_a_measure_that_rewards_it():
    longer = [Prompt(id=f"t{n:03}", text=f"Text {n}", reference="refund") for n in range(40)]
    for metric, checks, rewarded in (("rouge1", Checks(), True), ("label_accuracy", LABELS, False)):
        whole = case("classification", {"base": arm(LUNA), "tuned": Arm()}).model_copy(
            update={
                "prompts": tuple(longer),
                "run": RunSettings(primary_metric=metric),
                "checks": checks,
            }
        )
        outputs = [
            Output(p.id, name, 0, "answered", answer)
            for p in longer
            for name, answer in (
                ("tuned", f"refund {p.id}"),
                ("base", f"refund or repair, who knows {p.id}"),
            )
        ]
        report = write_report(Whole(whole, Record(tuple(outputs), complete=True, seed=7)).decided())
        said = next(reason.text for reason in report.reasons if reason.topic == "Quality")
        assert ("times as much" in said) is rewarded  # of right answers, length says nothing
        assert ("which this measure rewards" in said) is rewarded


def test_one_option_that_is_steadily_shorter_is_decided_on_without_a_traceback(capfd, recwarn):
    """48 letters, of which one option copies the first words; every turn of the verdict is tried."""
    prompts = tuple(
        Prompt(id=f"p{n}", text=f"Note {n}", reference=f"Summary of the note: Note {n}: it leaks.")
        for n in range(48)
    )
    whole = case("domain_summarization", stage="tuned_on_trial").model_copy(
        update={"prompts": prompts}
    )
    outputs = [
        Output(p.id, name, 0, "answered", answer)
        for p in prompts
        for name, answer in (("base", p.reference), ("tuned", f"{p.text} it leaks."))
    ]
    decision = Whole(whole, Record(tuple(outputs), complete=True, seed=7)).decided()
    assert write_report(decision).headline.endswith(UNREAD)
    evidence = decision.evidence
    assert (evidence.word, evidence.favours, evidence.length_doubt) == ("trade_off", "base", True)
    assert "Win rate at equal length" not in dict(write_report(decision).evidence.analyst)
    assert not recwarn.list
    assert capfd.readouterr() == ("", "")
