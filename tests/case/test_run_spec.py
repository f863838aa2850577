import json

import pytest

from advisor.case.case import RunSettings
from advisor.case.options import Arm
from advisor.case.run_spec import SpecPrompt, shuffled, spec_of
from advisor.case.texts import Prompt
from tests.make import case_at

CASE = case_at("https://host/v1", prompts=2, system_prompt="Be brief.")


def changed(**run):
    return CASE.model_copy(update={"run": RunSettings(**{**CASE.run.model_dump(), **run})})


def with_arm(**arm):
    arms = CASE.arms | {"tuned": CASE.arms["tuned"].model_copy(update=arm)}
    return CASE.model_copy(update={"arms": arms})


@pytest.mark.parametrize(
    "same",
    [
        changed(cap_usd=1.0),
        changed(concurrency=50),
        changed(timeout_s=5.0),
        changed(primary_metric="chrf"),
        with_arm(offer="acme:small"),
        with_arm(api_key_env="KEY"),
        with_arm(endpoint="https://host/v1/"),
        CASE.model_copy(update={"title": "Other"}),
        CASE.model_copy(
            update={"arms": CASE.arms | {"base_examples": Arm(endpoint="https://host/v1")}}
        ),
    ],
)
def test_what_changes_no_answer_keeps_the_run(same):
    assert spec_of(same).spec_hash == spec_of(CASE).spec_hash


@pytest.mark.parametrize(
    "other",
    [
        changed(samples=2),
        changed(max_output_tokens=7),
        changed(temperature=0.7),
        changed(temperature=None),
        with_arm(endpoint="https://other/v1"),
        with_arm(model="m-3"),
        with_arm(system_prompt=""),
        CASE.model_copy(update={"prompts": CASE.prompts[:1]}),
    ],
)
def test_what_changes_an_answer_makes_another_run(other):
    assert spec_of(other).spec_hash != spec_of(CASE).spec_hash


def test_the_calls_of_a_spec_are_all_prompts_arms_and_samples():
    spec = spec_of(changed(samples=2))
    calls = list(spec.calls())
    assert spec.planned == len(calls) == 8
    assert len({call.key for call in calls}) == 8
    assert len({call.call_hash for call in calls}) == 8
    assert calls[0].messages == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "text 0"},
    ]


def test_an_empty_system_prompt_is_not_sent():
    call = next(spec_of(with_arm(system_prompt="")).calls())
    tuned = next(c for c in spec_of(with_arm(system_prompt="")).calls() if c.arm == "tuned")
    assert call.messages[0]["role"] == "system"
    assert tuned.messages == [{"role": "user", "content": "text 0"}]


def test_a_call_in_another_run_has_the_same_hash():
    fewer = CASE.model_copy(update={"prompts": CASE.prompts[1:]})
    hashes = {call.key: call.call_hash for call in spec_of(CASE).calls()}
    assert all(hashes[call.key] == call.call_hash for call in spec_of(fewer).calls())


def test_examples_go_before_the_prompt_and_passages_only_to_the_arm_that_looks_up():
    arm = Arm(endpoint="https://host/v1", model="m", system_prompt="Be brief.")
    case = CASE.model_copy(
        update={
            "prompts": (Prompt(id="1", text="3 + 3", passages="Sums end in digits."),),
            "examples": (Prompt(id="2", text="2 + 2", reference="4"),),
            "arms": {"base": arm, "base_examples": arm, "base_retrieval": arm},
        }
    )
    said = {
        call.arm: [(m["role"], m["content"]) for m in call.messages]
        for call in spec_of(case).calls()
    }
    system = ("system", "Be brief.")
    assert said == {
        "base": [system, ("user", "3 + 3")],
        "base_examples": [system, ("user", "2 + 2"), ("assistant", "4"), ("user", "3 + 3")],
        "base_retrieval": [
            system,
            ("user", "Passages:\nSums end in digits.\n\nText:\n3 + 3"),
        ],
    }


def test_passages_that_nobody_gets_change_nothing_that_is_bought():
    with_passages = tuple(p.model_copy(update={"passages": "x"}) for p in CASE.prompts)
    assert spec_of(CASE.model_copy(update={"prompts": with_passages})) == spec_of(CASE)


def test_the_hashes_of_what_was_bought_before_stay_what_they_are():
    # By these, votes and answers of earlier versions are found again.
    assert spec_of(CASE).spec_hash == (
        "4195fc4e24b00f8aea2e1107cd7659c4db6bc430fcbd36419cf20d8541a4b2c8"
    )
    assert [call.call_hash for call in spec_of(CASE).calls()] == [
        "6b0d67206bd794a05bfde3cfc2d48b6fa069695a8f82502d9142124f9c418b6e",
        "4a54771ce5509780877b418376c720e0096a7d502feaed1e9b1c8493dfa318ad",
        "ff6cc34207ccc9641cd12c4dae821ac42504acd82731c566a2283bc1a377592a",
        "32c051395b218c8173f32f6b732bbbf792a1005cd3cc17c454388d8fc01c8a72",
    ]


def test_the_prompts_of_a_group_are_asked_one_after_the_other():
    spec = spec_of(CASE)
    many = tuple(SpecPrompt(id=f"{n}", text="t", group=f"g{n % 7}") for n in range(42))
    order = shuffled(spec.model_copy(update={"prompts": many}).calls(), 3)
    groups = [call.group for call in order]
    assert len([g for g, before in zip(groups, [None, *groups], strict=False) if g != before]) == 7


CHAT = {
    "id": "chat",
    "messages": [
        {"role": "system", "content": "You are a hotel desk."},
        {"role": "user", "content": "Do you have a room?"},
        {"role": "assistant", "content": "For which night?"},
        {"role": "user", "content": "The 4th."},
    ],
    "passages": "One room is free.",
    "tools": '[{"type":"function","function":{"name":"book"}}]',
}


def conversation(**run):
    arms = {
        name: Arm(endpoint="http://localhost:1/v1", model=name, system_prompt="Be brief.")
        for name in ("base", "base_retrieval")
    }
    case = case_at("http://localhost:1/v1").model_copy(
        update={
            "prompts": (Prompt.model_validate(CHAT),),
            "arms": arms,
            "run": RunSettings(**run),
        }
    )
    return {call.arm: call for call in spec_of(case).calls()}


def test_a_conversation_is_sent_as_it_is_after_the_instruction():
    assert conversation()["base"].messages == [
        {"role": "system", "content": "Be brief.\n\nYou are a hotel desk."},
        {"role": "user", "content": "Do you have a room?"},
        {"role": "assistant", "content": "For which night?"},
        {"role": "user", "content": "The 4th."},
    ]
    assert conversation()["base"].further["tools"] == json.loads(CHAT["tools"])


def test_its_system_message_may_take_the_place_of_the_instruction():
    replaced = conversation(system_in_text="replaces")["base"]
    assert replaced.messages[0] == {"role": "system", "content": "You are a hotel desk."}
    assert replaced.call_hash != conversation()["base"].call_hash


def test_passages_stand_before_the_last_message_of_a_conversation():
    assert conversation()["base_retrieval"].messages[-1]["content"] == (
        "Passages:\nOne room is free.\n\nText:\nThe 4th."
    )
