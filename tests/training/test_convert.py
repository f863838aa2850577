"""Training files written as another vendor takes them: nothing lost, or each loss named."""

import json

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.cli import main
from advisor.training.convert import convert
from advisor.training.formats import read_row
from advisor.training.formats.write import TARGETS, CannotCarry, write_row
from tests.training.files import chat, jsonl, pair

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20)
NAME = st.sampled_from(["weather", "look_up", "refund"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)


@st.composite
def conversations(draw, system=True, turns=3, tools=True, parallel=True, beside=True, parts=True):
    """OpenAI's chat rows of the kinds a format carries."""
    messages = []
    if system and draw(st.booleans()):
        messages.append({"role": "system", "content": draw(TEXT)})
    made, called = 0, False
    for _ in range(draw(st.integers(1, turns))):
        said = draw(TEXT)
        if parts and draw(st.booleans()):
            said = [{"type": "text", "text": said}, {"type": "text", "text": draw(TEXT)}]
        messages.append({"role": "user", "content": said})
        if tools and draw(st.booleans()):
            calls = []
            for _each in range(draw(st.integers(1, 2 if parallel else 1))):
                made += 1
                function = {
                    "name": draw(NAME),
                    "arguments": json.dumps(draw(st.dictionaries(TEXT, JSON, max_size=2))),
                }
                calls.append({"id": f"call_{made}", "type": "function", "function": function})
            text = draw(TEXT) if beside and draw(st.booleans()) else None
            messages.append({"role": "assistant", "content": text, "tool_calls": calls})
            called = True
            messages += [
                {"role": "tool", "tool_call_id": call["id"], "content": draw(TEXT)}
                for call in calls
            ]
        messages.append({"role": "assistant", "content": draw(TEXT)})
    row = {"messages": messages}
    if called:
        row["tools"] = [
            {"type": "function", "function": {"name": name, "parameters": {"type": "object"}}}
            for name in ("weather", "look_up", "refund")
        ]
    return row


def normal(row):
    """A row without what does not differ: calls by their order, arguments as values."""
    row = json.loads(json.dumps(row))
    ids = {}
    for message in row["messages"]:
        for call in message.get("tool_calls") or ():
            ids[call["id"]] = call["id"] = f"call_{len(ids) + 1}"
            call["function"]["arguments"] = json.loads(call["function"]["arguments"])
        if message["role"] == "tool":
            message["tool_call_id"] = ids[message["tool_call_id"]]
        content = message.get("content")
        if isinstance(content, list) and len(content) == 1 and content[0]["type"] == "text":
            message["content"] = content[0]["text"]
        if message.get("content") is None:
            message.pop("content", None)
    return row


def there_and_back(row, to):
    written = json.loads(json.dumps(write_row(read_row(row, 1), to)))
    return read_row(written, 1).as_chat()


@given(conversations())
@settings(max_examples=60)
def test_to_openai_and_together_nothing_changes(row):
    assert write_row(read_row(row, 1), "openai") == row
    assert there_and_back(row, "together") == row


@given(conversations())
@settings(max_examples=100)
def test_gemini_and_bedrock_lose_nothing_of_what_they_carry(row):
    for to in ("gemini", "bedrock"):
        assert normal(there_and_back(row, to)) == normal(row)


@given(conversations(parallel=False, beside=False, parts=False))
@settings(max_examples=100)
def test_sharegpt_loses_nothing_of_what_it_carries(row):
    assert normal(there_and_back(row, "sharegpt")) == normal(row)


@given(conversations(tools=False, parts=False))
@settings(max_examples=60)
def test_alpaca_loses_nothing_of_what_it_carries(row):
    assert there_and_back(row, "alpaca") == row


@given(conversations(system=False, tools=False, turns=1, parts=False))
@settings(max_examples=40)
def test_prompt_and_completion_lose_nothing_of_what_they_carry(row):
    assert there_and_back(row, "prompt_completion") == row


@given(st.dictionaries(TEXT, JSON, max_size=3), st.sampled_from(TARGETS))
@settings(max_examples=60)
def test_a_field_beside_the_messages_is_carried_or_named(more, to):
    row = {**chat("Hello", "Hi"), **{f"x_{key}": value for key, value in more.items()}}
    if not more:
        assert write_row(read_row(row, 1), to)
        return
    with pytest.raises(CannotCarry, match="the field"):
        write_row(read_row(row, 1), to)


WEIGHT = {
    "messages": [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b", "weight": 0},
        {"role": "user", "content": "c"},
        {"role": "assistant", "content": "d"},
    ]
}
IMAGE = {
    "messages": [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Which?"},
                {"type": "image_url", "image_url": {"url": "https://x.example/1.jpg"}},
            ],
        },
        {"role": "assistant", "content": "The hinge."},
    ]
}
PAIR = {"prompt": "a", "chosen": "b", "rejected": "c"}
GRADED = {"messages": [{"role": "user", "content": "a"}], "reference_answer": "b"}


@pytest.mark.parametrize(
    ("row", "to", "lost"),
    [
        pytest.param(WEIGHT, "gemini", "an answer of weight 0", id="weight"),
        pytest.param(WEIGHT, "bedrock", "an answer of weight 0", id="weight, Bedrock"),
        pytest.param(chat("a", "b", "c"), "prompt_completion", "an instruction", id="system"),
        pytest.param(IMAGE, "bedrock", "put it in, or into S3", id="image at an address"),
        pytest.param(IMAGE, "alpaca", "a message in parts", id="image in Alpaca"),
        pytest.param(PAIR, "bedrock", "a preference", id="preference"),
        pytest.param(PAIR, "alpaca", "no example with an answer", id="preference in Alpaca"),
        pytest.param(GRADED, "gemini", "a prompt for a grader", id="graded"),
        pytest.param({"text": "a"}, "openai", "a plain text", id="text"),
        pytest.param(
            {"messages": [{"role": "user", "content": "z"}, *chat("c", "d")["messages"]]},
            "gemini",
            "two messages in a row",
            id="two in a row",
        ),
        pytest.param(
            {**chat("a", "b"), "parallel_tool_calls": False},
            "gemini",
            'the field "parallel_tool_calls"',
            id="a setting",
        ),
    ],
)
def test_what_a_format_cannot_carry_is_said_with_its_line(row, to, lost):
    found = convert(jsonl(chat("Hello", "Hi"), row), "f.jsonl", to)
    (sentence,) = found.lost
    assert sentence.startswith("Line 2: ")
    assert lost in sentence


def test_an_image_goes_where_images_are_taken():
    written = write_row(read_row(IMAGE, 1), "gemini")
    assert written["contents"][0]["parts"][1] == {
        "fileData": {"mimeType": "image/jpeg", "fileUri": "https://x.example/1.jpg"}
    }
    held = json.loads(
        json.dumps(IMAGE).replace("https://x.example/1.jpg", "data:image/png;base64,AAAA")
    )
    block = write_row(read_row(held, 1), "bedrock")["messages"][0]["content"][1]
    assert block == {"image": {"format": "png", "source": {"bytes": "AAAA"}}}
    for to in ("gemini", "bedrock"):
        assert there_and_back(held, to) == held


def test_a_preference_goes_where_preferences_are_taken():
    openai = write_row(read_row(PAIR, 1), "openai")
    assert openai == {
        "input": {"messages": [{"role": "user", "content": "a"}]},
        "preferred_output": [{"role": "assistant", "content": "b"}],
        "non_preferred_output": [{"role": "assistant", "content": "c"}],
    }
    gemini = write_row(read_row(openai, 1), "gemini")
    assert [one["score"] for one in gemini["completions"]] == [1, 0]
    assert write_row(read_row(gemini, 1), "openai") == openai


def test_the_command_writes_whole_or_not_at_all(tmp_path):
    source, out = tmp_path / "train.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(jsonl(pair("a", "b"), chat("c", "d", "e")))

    def run(*more):
        return CliRunner().invoke(main, ["convert", str(source), *more])

    refused = run("--to", "prompt_completion", "--out", str(out))
    assert refused.exit_code == 2
    assert not out.exists()
    assert refused.stderr.splitlines() == [
        "Line 2: a prompt and its completion has no place for an instruction (system message).",
        "Nothing is written: 1 line can't be carried whole. --leave-out writes the other 1.",
    ]
    assert run("--to", "prompt_completion", "--out", str(out), "--leave-out").exit_code == 0
    assert out.read_bytes() == jsonl(pair("a", "b"))
    whole = run("--to", "gemini")
    assert whole.exit_code == 0
    assert whole.stderr == "2 lines written.\n"
    assert len(whole.stdout.splitlines()) == 2
