"""How firm: one scale of words, and the chance before and after the test."""

from typing import get_args

import pytest

from advisor.report.firmness import (
    FIRMNESS_WORDS,
    chance_sentence,
    chance_words,
    firmness_label,
    on_one_scale,
)
from advisor.report.report import write_card, write_report
from advisor.report.snapshot import Snapshot
from advisor.report.summary import DecisionSummary
from advisor.verdict.verdict import Firmness
from tests.make import FULL, arm, case, preferred, voted
from tests.report.test_snapshot import OLD
from tests.report.whole_cases import WHOLE


def test_the_scale_has_a_word_for_each():
    assert set(FIRMNESS_WORDS) == set(get_args(Firmness))
    assert len(set(FIRMNESS_WORDS.values())) == len(FIRMNESS_WORDS)


@pytest.mark.parametrize("name", WHOLE)
def test_label_line_and_json_follow_the_scale(name):
    decision = WHOLE[name].decided()
    card, verdict = write_card(decision), decision.verdict
    assert card.firmness_label == firmness_label(decision.case, verdict)
    if verdict.rule != "none_fits":
        assert card.firmness_label.startswith(FIRMNESS_WORDS[verdict.firmness])
        assert card.line.startswith(card.firmness_label)
    assert (verdict.by is not None) is (verdict.firmness == "decided")


def lost_by_readers():
    """Every answer speaks for fine-tuned; 16 texts were read, and base was chosen in each."""
    return voted(
        case("brand_voice", {"base": arm(), "tuned": arm()}, texts=16, **FULL), preferred(0, 16)
    ).decided()


def test_readers_that_lost_every_text_turn_the_chance_and_the_card():
    decision = lost_by_readers()
    verdict = decision.verdict
    assert (verdict.recommendation, verdict.firmness, verdict.rule) == ("base", "likely", "likely")
    report = write_report(decision)
    assert report.headline == "Base."
    assert report.chance == (
        "Chance that fine-tuning is right: 9 in 10 before your test, less than 1 in 100 after it."
    )
    assert report.chance in report.summary
    assert "chance for fine-tuning less than 1 in 100" in report.rests_on


def test_before_a_test_there_is_one_chance():
    decision = WHOLE["6_only_the_use_case"].decided()
    assert chance_words(decision.verdict) == "7 in 10"
    assert chance_sentence(decision.case, decision.verdict) == (
        "Chance that fine-tuning is right: 7 in 10."
    )


@pytest.mark.parametrize(
    "name",
    [
        "1_no_permission",
        "2_nothing_left_to_gain",
        "3_cutting_cost_and_dearer",
        "5_level_and_base_is_cheaper",
    ],
)
def test_no_chance_is_named_where_the_verdict_rests_on_something_else(name):
    decision = WHOLE[name].decided()
    assert chance_words(decision.verdict) == ""
    assert "Chance that" not in write_report(decision).summary


# What was kept before there was one scale


@pytest.mark.parametrize(
    ("label", "firmness"),
    [("Rule of thumb only", "rule_of_thumb"), ("Not settled by your own test", "open")],
)
def test_what_was_kept_as_provisional_is_read_on_the_scale(label, firmness):
    kept = {
        "digest": "d",
        "decided_on": "2026-11-22",
        "recommendation": "base",
        "firmness": "provisional",
        "firmness_label": label,
        "headline": "Base, for now.",
    }
    summary = DecisionSummary.model_validate(kept)
    assert (summary.firmness, summary.firmness_label) == (firmness, label)
    old = OLD.replace('"firmness":"decided"', '"firmness":"provisional"')
    old = old.replace("Decided by your own test", label)
    assert Snapshot.from_json(old).report.firmness == firmness
    assert Snapshot.from_json(old).report.firmness_label == label


def test_what_is_on_the_scale_stays():
    assert on_one_scale({"firmness": "leaning"}) == {"firmness": "leaning"}
    assert on_one_scale(None) is None
