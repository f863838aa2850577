"""Options: which there are, of which kind, in which order, and how each is asked."""

import pytest
from pydantic import ValidationError

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.options import Arm, OptionId, Parameters
from advisor.case.variants import free_id, in_step, leader_of, with_variant
from advisor.errors import AdvisorError

MINI = Arm(endpoint="https://host/v1", model="mini", system_prompt="Be brief.")


def case_of(**arms: Arm) -> Case:
    return Case(title="A test", brief=Brief(use_case="classification"), arms=arms)


def test_an_option_of_before_has_its_kind_and_variant_by_name_and_is_kept_as_it_was():
    case = case_of(tuned=Arm(), base_retrieval=Arm(), base_examples=Arm(), base=Arm())
    assert case.options == ("base", "base_examples", "base_retrieval", "tuned")
    assert (case.bases, case.tuned_options) == (case.options[:3], ("tuned",))
    assert [case.variant_of(i) for i in case.options] == ["plain", "examples", "passages", "plain"]
    kept = case.model_dump(mode="json", exclude_defaults=True)["arms"]
    assert kept == {"tuned": {}, "base_retrieval": {}, "base_examples": {}, "base": {}}


def test_options_stand_bases_first_and_else_as_they_were_given():
    tuned, base = Arm(kind="tuned"), Arm(kind="base")
    case = case_of(small=tuned, zeta=base, alpha=base, tuned=Arm(), base=Arm())
    assert case.options == ("base", "zeta", "alpha", "tuned", "small")
    assert Case.model_validate_json(case.model_dump_json()).options == case.options


def test_nine_options_are_refused_in_a_sentence():
    case = case_of(**{f"o{n}": Arm(kind="base") for n in range(8)})
    with pytest.raises(AdvisorError, match="8 options are as many as can be compared"):
        case.put("o8", Arm(kind="base"))
    assert case.put("o7", Arm(kind="tuned")).tuned_options == ("o7",)


@pytest.mark.parametrize("option", ["judge", "tie", "both_bad", "", "A", "1a", "a b", "a" * 41])
def test_an_id_that_could_mean_something_else_is_refused(option: OptionId):
    with pytest.raises(ValidationError):
        case_of(**{option: Arm(kind="base")})


def test_a_variant_of_another_option_follows_its_model_and_keeps_what_makes_it_one():
    case = with_variant(case_of(mini=MINI.model_copy(update={"kind": "base"})), "mini", "examples")
    case = with_variant(with_variant(case, "mini", "improved"), "mini", "plain")
    assert case.options == ("mini", "mini_examples", "mini_improved", "mini_plain")
    asked = Parameters(reasoning_effort="high")
    harder = case.arms["mini_plain"].model_copy(update={"parameters": asked})
    better = case.arms["mini_improved"].model_copy(update={"system_prompt": "Be kind."})
    before = case.put("mini_plain", harder).put("mini_improved", better)
    moved = MINI.model_copy(update={"kind": "base", "model": "maxi", "system_prompt": "Hm."})
    now = in_step(before.put("mini", moved), before)
    assert {arm.model for arm in now.arms.values()} == {"maxi"}
    instructions = {option: arm.system_prompt for option, arm in now.arms.items()}
    assert instructions["mini_examples"] == "Hm."
    assert instructions["mini_improved"] == "Be kind."
    assert instructions["mini_plain"] == "Be brief."
    assert now.arms["mini_plain"].parameters == asked


def test_a_variant_by_name_with_a_model_of_its_own_keeps_it():
    own = MINI.model_copy(update={"model": "another"})
    before = case_of(base=MINI, base_examples=own, base_retrieval=MINI)
    moved = before.put("base", MINI.model_copy(update={"model": "maxi"}))
    found = in_step(moved, before)
    assert [found.arms[i].model for i in found.options] == ["maxi", "another", "maxi"]


def test_options_that_follow_each_other_in_a_ring_stay_as_they_are():
    ring = case_of(a=Arm(kind="base", follows="b"), b=Arm(kind="base", follows="a", model="m"))
    assert in_step(ring, ring).arms["b"].model in ("", "m")
    assert leader_of(case_of(base=Arm(follows="base")), "base") is None


def test_taking_an_option_out_leaves_those_that_followed_it_their_model():
    case = with_variant(case_of(mini=MINI.model_copy(update={"kind": "base"})), "mini", "passages")
    left = case.without("mini")
    assert left.options == ("mini_passages",)
    assert left.arms["mini_passages"].model == "mini"
    assert left.arms["mini_passages"].follows is None


def test_a_new_id_is_free_and_never_too_long():
    case = case_of(base=Arm(), base_2=Arm(kind="base"))
    assert free_id(case, "base") == "base_3"
    assert free_id(case, "judge") == "judge_2"
    long = case_of(**{"a" * 40: Arm(kind="base")})
    assert free_id(long, "a" * 50) == "a" * 38 + "_2"


def test_options_of_one_label_are_told_apart_as_those_without_are():
    arms = {
        "a": Arm(kind="base", label="Mini", model="m-1"),
        "b": Arm(kind="base", label=" mini\n", model="m-2"),
        "c": Arm(kind="base", label="Fine-tuned", model="m-3"),
        "tuned": Arm(model="m-3"),
        "other": Arm(kind="base", label="The\nother"),
    }
    case = Case(title="A case", brief=Brief(use_case="brand_voice"), arms=arms)
    assert case.names == {
        "a": "Mini (m-1)",
        "b": "mini (m-2)",
        "c": "Fine-tuned (c)",
        "tuned": "Fine-tuned (tuned)",
        "other": "The other",
    }
