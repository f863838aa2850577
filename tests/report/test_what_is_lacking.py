"""A test that would have come to a word says what it lacks, and not that it is too small."""

from dataclasses import replace

import pytest

from advisor.case.case import Case
from advisor.evidence.model import Tally
from advisor.report.report import write_report
from advisor.report.sentences import quality
from tests.make import FULL, Whole, arm, case, preferred, voted

PRICED = {"base": arm(None, input=1, output=4), "tuned": arm(None, input=1, output=4)}
ANSWERS = FULL | {"error_cost": "low"}


def shown(votes: list, case_: Case | None = None, **answers: object):
    asked = case_ or case("brand_voice", PRICED, texts=len(votes), **ANSWERS | answers)
    return voted(asked, votes).decided()


def of(found, topic: str) -> str:
    return next(r.text for r in write_report(found).reasons if r.topic == topic)


@pytest.mark.parametrize(
    ("together", "asks"),
    [
        (None, "Say on Compare whether several of your texts come from one document"),
        (True, "Say on Texts which case each text belongs to"),
    ],
)
def test_a_level_test_waits_for_how_its_texts_belong_together(together, asks):
    found = shown(preferred(2, 2, 36), together=together)
    assert "It is not known which texts come from one document" in of(found, "Quality")
    assert "too few" not in of(found, "Quality")
    assert write_report(found).next_step.startswith(asks)
    assert found.verdict.firmness != "decided"
    assert shown(preferred(2, 2, 36)).verdict.rule == "level"


def test_a_side_ahead_under_30_texts_is_said_to_lack_texts():
    assert "It takes at least 30 compared texts to decide; there are 29." in of(
        shown(preferred(29, 0)), "Quality"
    )


def test_where_texts_have_cases_it_is_cases_that_are_too_few():
    texts = case("brand_voice", PRICED, texts=64, **ANSWERS)
    prompts = tuple(
        p.model_copy(update={"cluster": f"c{n % 8}"}) for n, p in enumerate(texts.prompts)
    )
    found = shown(preferred(40, 24), texts.model_copy(update={"prompts": prompts}))
    assert "Too few cases to tell" in of(found, "Quality")
    assert "cases" in write_report(found).next_step


def test_answers_that_are_all_bad_are_not_called_as_good():
    whole = voted(case("brand_voice", PRICED, texts=60, **ANSWERS), preferred(0, 0, 60))
    votes = tuple(replace(vote, preference="both_bad") for vote in whole.record.votes)
    report = write_report(Whole(whole.case, replace(whole.record, votes=votes)).decided())
    assert "neither is good enough" in report.headline
    assert "as good" not in report.headline
    assert report.next_step.startswith("Read on Compare what the answers get wrong")


def test_a_chance_that_is_high_is_not_said_to_lean_neither_way():
    dear = {"base": arm(None, input=1, output=4), "tuned": arm(None, input=200, output=800)}
    report = write_report(shown(preferred(14, 8), case("brand_voice", dear, texts=22, **ANSWERS)))
    assert report.firmness == "open"
    assert "no test has shown that it is worth that. Base stays until one does." in report.summary
    assert "lean neither way" not in report.summary


def test_a_test_against_all_answers_leans_and_says_why():
    against = {
        "training_pairs": 20,
        "gap": "good_enough",
        "fact_change": "weekly",
        "strictness": "loose",
        "task_change": "monthly",
        "tried": ("prompt", "few_shot", "retrieval"),
    }
    asked = case("rapid_prototyping", PRICED, texts=6, **ANSWERS | against)
    found = shown(preferred(6, 0), asked)
    assert 0.35 < found.verdict.likelihood.after < 0.65
    assert (found.verdict.recommendation, found.verdict.firmness) == ("tuned", "leaning")
    assert "took a clear side, and your answers and practice take the other" in (
        write_report(found).summary
    )


def test_a_first_vote_says_what_it_stands_in_place_of():
    evidence = shown(preferred(1, 0, 0)).evidence
    measured = replace(evidence, beside=(("metric", Tally(30, 10, 0)),))
    said = quality(shown(preferred(1, 0, 0)).case, measured)
    assert "In 1 text, readers who did not know which was which chose fine-tuned once, " in said
    assert (
        "People's votes come first, so from the first one on only the 1 text voted on counts. Overlap "
        "of words with the approved answers is set aside: by it fine-tuned was ahead 30 times, base 10 "
        "times."
    ) in said
    few = replace(evidence, beside=(("metric", Tally(1, 0, 0)),))
    assert "is set aside" not in quality(shown(preferred(1, 0, 0)).case, few)
