"""Every line is an example or has its fault in one sentence; what is no JSONL gets one sentence."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import BadTrainingFile
from advisor.training.read import read_training_file
from advisor.training.rules import load_training_rules
from pricing.tokens import count_tokens
from tests.training.files import DRONE, TOY, chat, jsonl, pair

LIMITS = load_training_rules().limits
MODEL = "gpt-4.1-mini"
GOOD = chat("Hello", "Hi")


def read(content: bytes):
    return read_training_file(content, "f.jsonl", MODEL, LIMITS)


def fault_of(row) -> str:
    """The sentence on a line between two good ones; both of these are read."""
    found = read(jsonl(GOOD, row, GOOD))
    assert [example.line for example in found.examples] == [1, 3]
    (fault,) = found.faults
    assert (fault.line, fault.fatal) == (2, True)
    assert fault.words.startswith("Line 2")
    assert fault.words.endswith(".")
    return fault.kind


def messages(*given):
    return {"messages": list(given)}


USER = {"role": "user", "content": "Hello"}
SAID = {"role": "assistant", "content": "Hi"}


def call(name="f", arguments="{}"):
    return {"type": "function", "function": {"name": name, "arguments": arguments}}


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        pytest.param("not json", "not JSON", id="text"),
        pytest.param('{"messages": [}', "not JSON", id="broken"),
        pytest.param("[" * 100_000 + "]" * 100_000, "not JSON", id="nested too deeply"),
        pytest.param("9" * 5_000, "not JSON", id="a number of 5,000 digits"),
        pytest.param("[1]", "not an object", id="list"),
        pytest.param("null", "not an object", id="null"),
        pytest.param(b'{"prompt": "a\x00", "completion": "b"}', "binary", id="NUL"),
        pytest.param(b'{"prompt": "\xff\xfe", "completion": "b"}', "not UTF-8", id="UTF-8"),
        pytest.param(b'{"prompt": "' + b"a" * 6 * 1024 * 1024 + b'"}', "too large", id="6 MB"),
        pytest.param({"question": "a"}, "unknown format", id="other fields"),
        pytest.param({}, "unknown format", id="no fields"),
        pytest.param({"prompt": "a"}, "no completion", id="no completion"),
        pytest.param({"completion": "a"}, "no prompt", id="no prompt"),
        pytest.param({"prompt": 1, "completion": "a"}, "no prompt", id="a number as prompt"),
        pytest.param({"messages": "a"}, "no messages", id="messages as a text"),
        pytest.param({"messages": []}, "no messages", id="no messages"),
        pytest.param(messages("a"), "no object", id="a message as a text"),
        pytest.param(messages({"content": "a"}, SAID), "unknown role", id="no role"),
        pytest.param(messages({"role": "bot", "content": "a"}, SAID), "unknown role", id="bot"),
        pytest.param(messages({"role": ["user"]}, SAID), "unknown role", id="a list as role"),
        pytest.param(messages(USER), "no assistant message", id="no assistant"),
        pytest.param(messages({"role": "user"}, SAID), "no content", id="no content"),
        pytest.param(messages({"role": "user", "content": 5}, SAID), "no content", id="number"),
        pytest.param(messages(USER, {"role": "assistant"}), "no content", id="silent assistant"),
        pytest.param(messages(USER, SAID | {"weight": 2}), "wrong weight", id="weight 2"),
        pytest.param(messages(USER, SAID | {"weight": True}), "wrong weight", id="weight true"),
        pytest.param(messages(USER, SAID | {"weight": "1"}), "wrong weight", id="weight as text"),
        pytest.param(messages(USER, SAID | {"weight": 0}), "no answer to learn", id="weight 0"),
        pytest.param(messages(USER | {"weight": 1}, SAID), "weight elsewhere", id="user's weight"),
        pytest.param(messages(USER, SAID | {"tool_calls": "f"}), "wrong call", id="calls as text"),
        pytest.param(messages(USER, SAID | {"tool_calls": [{}]}), "wrong call", id="empty call"),
        pytest.param(
            messages(USER, SAID | {"tool_calls": [call(arguments={})]}), "wrong call", id="object"
        ),
        pytest.param(
            messages(USER, SAID | {"tool_calls": [call(arguments="{x")]}), "wrong call", id="JSON"
        ),
        pytest.param(messages(USER | {"tool_calls": [call()]}, SAID), "wrong call", id="user's"),
    ],
)
def test_a_wrong_line_has_its_fault_and_the_others_are_read(row, kind):
    assert fault_of(row) == kind


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "f.jsonl is empty", id="empty"),
        pytest.param(b" \n\n\t\n", "f.jsonl is empty", id="blank"),
        pytest.param(b"\xef\xbb\xbf", "f.jsonl is empty", id="a byte order mark"),
        pytest.param(b"prompt,completion\na,b\n", "f.jsonl looks like a CSV table", id="CSV"),
        pytest.param(b"prompt;completion\na;b\n", "f.jsonl looks like a CSV table", id="semicolon"),
        pytest.param(b"prompt\tb\na\tb\n", "f.jsonl looks like a tab-separated", id="tabs"),
        pytest.param(b"Dear Sir\n", "f.jsonl holds no JSON", id="text"),
        pytest.param(b"PK\x03\x04", "f.jsonl is a zip or spreadsheet", id="zip"),
        pytest.param("{}".encode("utf-16"), "f.jsonl is UTF-16", id="UTF-16"),
        pytest.param(json.dumps([GOOD]).encode(), "f.jsonl is one JSON list", id="list"),
        pytest.param(
            json.dumps([GOOD, GOOD], indent=1).encode(), "f.jsonl is one JSON list", id="tall list"
        ),
        pytest.param(
            json.dumps(GOOD, indent=1).encode(), "f.jsonl spreads one JSON object", id="tall object"
        ),
    ],
)
def test_what_is_no_jsonl_gets_one_sentence_that_says_what_to_do(content, says):
    with pytest.raises(BadTrainingFile) as error:
        read(content)
    assert str(error.value).startswith(says)
    assert str(error.value).endswith(".")


def test_too_large_a_file_is_refused():
    limits = LIMITS.model_copy(update={"file_mb": 1})
    with pytest.raises(BadTrainingFile, match="has 2 MB, and at most 1 MB are read"):
        read_training_file(b" " * 2 * 1024 * 1024, "f.jsonl", MODEL, limits)


@given(st.binary(max_size=300))
def test_no_bytes_are_a_traceback(content):
    said = ""
    try:
        found = read(content)
    except BadTrainingFile as error:
        said = str(error)
    if said:
        assert said.endswith(".")
    else:
        assert found.lines == len(found.examples) + sum(fault.fatal for fault in found.faults)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["messages", "role", "content", "weight", "tool_calls", "function", "name", "tools"]
            ),
            inner | st.sampled_from(["user", "assistant", "tool"]),
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.lists(json_values, min_size=1, max_size=3), json_values)
def test_no_json_is_a_traceback(said, tools):
    row = {"messages": [SAID, *said], "tools": tools}
    found = read(jsonl(row))
    assert len(found.examples) + sum(fault.fatal for fault in found.faults) == 1


def test_lines_keep_their_numbers_over_parts_blank_lines_and_carriage_returns():
    long = pair("x " * 400_000, "y")  # two parts of a megabyte and more
    content = b"\xef\xbb\xbf" + jsonl(long, "", GOOD, long, "broken").replace(b"\n", b"\r\n")
    found = read(content)
    assert [example.line for example in found.examples] == [1, 3, 4]
    assert [fault.line for fault in found.faults] == [5]
    assert found.lines == 4


def test_the_last_line_needs_no_line_end():
    assert len(read(jsonl(GOOD, GOOD).rstrip()).examples) == 2


def test_the_answer_is_the_last_one_that_is_learned():
    row = messages(USER, SAID, USER, SAID | {"content": "Not this", "weight": 0})
    (example,) = read(jsonl(row)).examples
    assert example.answer == "Hi"
    assert example.asked == ("Hello", "Hello")


def test_a_call_of_a_tool_is_an_answer():
    tools = [{"type": "function", "function": {"name": "f", "parameters": {}}}]
    row = messages(USER, {"role": "assistant", "tool_calls": [call()]}) | {"tools": tools}
    found = read(jsonl(row))
    assert found.examples[0].answer == '[["f","{}"]]'
    assert found.faults == ()


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        pytest.param(messages(USER, SAID, USER), "ends elsewhere", id="ends with the user"),
        pytest.param(messages(USER, SAID | {"mood": "x"}), "unknown key", id="key"),
        pytest.param(messages(USER, SAID | {"tool_calls": [call()]}), "unknown tool", id="tool"),
    ],
)
def test_what_some_vendors_refuse_is_a_remark_and_the_line_is_used(row, kind):
    found = read(jsonl(row))
    assert len(found.examples) == 1
    assert [(fault.kind, fault.fatal) for fault in found.faults] == [(kind, False)]


def test_tokens_are_those_of_the_cookbook():
    # 3 for each message, 1 for its role, its text; 3 for the reply
    text = "Let's get the drone in the air"
    (example,) = read(jsonl(chat(text, "Up."))).examples
    assert example.tokens == 3 + 2 * 4 + count_tokens(text, MODEL) + count_tokens("Up.", MODEL)
    (bare,) = read(jsonl(pair(text, "Up."))).examples
    assert bare.tokens == count_tokens(text, MODEL) + count_tokens("Up.", MODEL)


def test_half_a_surrogate_is_no_traceback():
    (example,) = read(rb'{"prompt": "a\ud800", "completion": "b"}').examples
    assert example.asked == ("a?",)


def test_the_shipped_files_are_read_whole():
    assert len(read(TOY.read_bytes()).examples) == 5
    drone = read(DRONE.read_bytes())
    assert (len(drone.examples), drone.faults) == (103, ())
