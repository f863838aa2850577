"""Conversations and tool calls: equal where they say the same, and sent as endpoints take them."""

import pytest

from advisor.case.conversation import (
    ChatMessage,
    ToolCall,
    as_sent,
    calls_as_text,
    calls_in_text,
    same_call,
    transcript,
)
from advisor.case.texts import Prompt

LOOK_UP = ToolCall(name="order_status", arguments='{"order": "812", "full": true}')
CHAT = (
    ChatMessage(role="system", content="You are a shop."),
    ChatMessage(role="user", content="Where is 812?"),
    ChatMessage(role="assistant", calls=(LOOK_UP,)),
    ChatMessage(role="tool", content="on its way"),
    ChatMessage(role="assistant", content="On its way."),
    ChatMessage(role="user", content="When?"),
)


def test_calls_with_the_same_arguments_are_equal_however_they_are_written():
    assert ToolCall(name="order_status", arguments={"full": True, "order": "812"}) == LOOK_UP
    assert ToolCall(name="order_status", arguments={"full": True, "order": 812}) != LOOK_UP
    assert (
        ToolCall(name="a", arguments="") == ToolCall(name="a") == ToolCall(name="a", arguments={})
    )


def test_a_transcript_says_who_said_what_calls_included():
    assert transcript(CHAT) == (
        "System: You are a shop.\n\nUser: Where is 812?\n\n"
        'Assistant: order_status(full=true, order="812")\n\nTool: on its way\n\n'
        "Assistant: On its way.\n\nUser: When?"
    )


def test_a_conversation_is_sent_with_each_result_under_the_call_it_answers():
    call, result = as_sent(CHAT)[2:4]
    assert call["tool_calls"] == [
        {
            "id": "call_1",
            "type": "function",
            "function": {"name": "order_status", "arguments": '{"full":true,"order":"812"}'},
        }
    ]
    assert result == {"role": "tool", "content": "on its way", "tool_call_id": "call_1"}
    assert [m["role"] for m in as_sent(CHAT)] == [m.role for m in CHAT]


def test_calls_are_read_back_from_the_answer_they_are():
    assert calls_in_text(calls_as_text([LOOK_UP])) == (LOOK_UP,)
    assert calls_in_text(calls_as_text([])) == ()


@pytest.mark.parametrize(
    "words",
    ["", "Yes.", '{"order": 1}', "[1]", '[{"name": 1}]', "[" * 5_000, '[{"name": "a", "x": 1}]'],
)
def test_an_answer_in_words_holds_no_calls(words):
    assert calls_in_text(words) is None


def test_the_text_of_a_conversation_is_the_conversation():
    prompt = Prompt.model_validate({"id": "1", "messages": [m.model_dump() for m in CHAT]})
    assert prompt.text == transcript(CHAT)
    assert prompt.messages == CHAT


def test_every_approved_answer_is_listed_the_first_one_first():
    prompt = Prompt(id="1", text="Colour of snow?", reference="white", other_references=("White",))
    assert prompt.references == ("white", "White")
    assert Prompt(id="1", text="x").references == ()


def test_calls_are_the_same_by_name_and_by_the_values_of_their_arguments():
    one = ToolCall(name="look", arguments='{"order": 812, "full": true}')
    assert same_call(one, ToolCall(name="look", arguments='{"full": true, "order": 812.0}'))
    assert not same_call(one, ToolCall(name="look", arguments='{"full": 1, "order": 812}'))
    assert not same_call(one, ToolCall(name="look", arguments='{"full": true, "order": "812"}'))
    assert not same_call(one, ToolCall(name="find", arguments=one.arguments))
