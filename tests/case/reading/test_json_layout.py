"""JSON however it is arranged: a list, in an envelope, by column, as lists of cells."""

import json

import pandas
import pytest

from advisor.case.reading.read import read_file, read_texts
from advisor.errors import BadImport

ROWS = [{"prompt": "a", "reference": "x"}, {"prompt": "b", "reference": "y"}]
BOTH = [("a", "x"), ("b", "y")]


def pairs(found):
    return [(prompt.text, prompt.reference) for prompt in found.prompts]


@pytest.mark.parametrize("name", ["data", "rows", "items", "examples", "results", "records"])
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_an_envelope_is_opened_and_what_stands_beside_it_is_named(name, indent, ending):
    content = json.dumps({name: ROWS, "total": 2}, indent=indent).encode()
    found = read_texts(content, f"t.{ending}")
    assert pairs(found) == BOTH
    assert found.remarks == (f"Read from “{name}”; total beside it left out.",)


def test_an_envelope_within_an_envelope_is_opened():
    content = json.dumps({"results": {"items": ROWS}, "meta": {"page": 1}}).encode()
    found = read_texts(content, "t.json")
    assert (pairs(found), found.remarks) == (
        BOTH,
        ("Read from “results.items”; meta beside it left out.",),
    )


@pytest.mark.parametrize("orient", ["records", "columns", "index", "split", "table"])
def test_json_of_pandas_is_read_in_each_of_its_arrangements(orient):
    table = pandas.DataFrame({"prompt": ["a", "b"], "reference": ["x", None]})
    found = read_texts(table.to_json(orient=orient).encode(), "t.json")
    assert pairs(found) == [("a", "x"), ("b", None)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param([["prompt", "reference"], ["a", "x"], ["b", "y"]], BOTH, id="lists of cells"),
        pytest.param({"prompt": ["a", "b"], "reference": ["x", "y"]}, BOTH, id="a list a column"),
        pytest.param(["a", "b"], [("a", None), ("b", None)], id="a list of texts"),
        pytest.param(
            [{"role": "user", "content": "a"}, {"role": "assistant", "content": "x"}],
            [("a", "x")],
            id="one conversation",
        ),
        pytest.param(
            [
                [{"role": "user", "content": "a"}, {"role": "assistant", "content": "x"}],
                [{"role": "user", "content": "b"}],
            ],
            [("a", "x"), ("b", None)],
            id="a list of conversations",
        ),
        pytest.param({"prompt": "a", "contexts": [{"text": "x"}]}, [("a", None)], id="one text"),
        pytest.param({"input": [{"role": "user", "content": "a"}], "ideal": ["x"]}, [("a", "x")],
                     id="one text with messages"),
    ],
)  # fmt: skip
def test_other_arrangements(value, expected):
    assert pairs(read_texts(json.dumps(value).encode(), "t.json")) == expected


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([["a", "x"], ["b", "y"]], "t.json names no columns: write “prompt”"),
        ({"data": []}, "No text found"),
        ([1, 2], "Entry 1 of t.json is a number, not an object"),
    ],
)
def test_what_holds_no_text_is_refused_with_what_was_found(value, said):
    with pytest.raises(BadImport, match=said):
        read_texts(json.dumps(value).encode(), "t.json")


def test_the_last_line_end_of_a_text_file_is_no_empty_text():
    found = read_texts(b"one\n\ntwo\n", "t.txt")
    assert (len(found.prompts), found.empty_skipped) == (2, 1)


@pytest.mark.parametrize(
    ("part", "held"),
    [
        ({"type": "image_url", "image_url": {"url": "https://a.example/1.png"}}, "images"),
        ({"type": "input_audio", "input_audio": {"data": "UklG", "format": "wav"}}, "audio"),
        ({"type": "image", "source": {"type": "base64", "data": "iVBO"}}, "images"),
        ({"type": "file", "file": {"file_id": "f1"}}, "files"),
    ],
)
def test_a_chat_with_images_is_called_a_training_file_or_refused_with_its_line(part, held):
    asked = {"role": "user", "content": [{"type": "text", "text": "What is it?"}, part]}
    said = {"role": "assistant", "content": "A cat."}
    with pytest.raises(BadImport, match=f"is a training file .chat with {held}."):
        read_texts(json.dumps({"messages": [asked, said]}).encode(), "t.jsonl")
    with pytest.raises(BadImport) as refused:
        read_texts(json.dumps({"messages": [said, asked]}).encode(), "t.jsonl")
    assert str(refused.value).startswith("Line 1: a message holds a")
    assert "only texts can be compared. Leave it out" in str(refused.value)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("0,5", 0.5),
        ("0.5", 0.5),
        ("20 %", 20),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1,234", 1234),
        ("1.234.567", 1234567),
        ("1 234,5", 1234.5),
    ],
)
def test_a_number_is_read_as_people_write_it_in_any_country(words, number):
    content = f"prompt;weight\na;{words}\n".encode()
    assert read_texts(content, "t.csv").prompts[0].weight == number


def test_seconds_of_a_given_answer_keep_their_decimal_comma():
    content = b"prompt_id;arm;text;seconds;output_tokens\nt1;base;a;0,5;1,200\n"
    (answer,) = read_file(content, "a.csv").answers
    assert (answer.seconds, answer.output_tokens) == (0.5, 1200)


def test_blocks_of_claude_are_calls_and_results_of_a_conversation():
    messages = [
        {"role": "user", "content": [{"type": "text", "text": "Where is order 2?"}]},
        {"role": "assistant", "content": [
            {"type": "text", "text": "I look."},
            {"type": "tool_use", "id": "t1", "name": "track", "input": {"order": 2}}]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "t1", "content": "on the way"},
            {"type": "text", "text": "And when?"}]},
    ]  # fmt: skip
    (text,) = read_texts(json.dumps({"messages": messages}).encode(), "t.jsonl").prompts
    assert [(m.role, m.content) for m in text.messages] == [
        ("user", "Where is order 2?"),
        ("assistant", "I look."),
        ("tool", "on the way"),
        ("user", "And when?"),
    ]
    assert text.messages[1].calls[0].words == "track(order=2)"


def test_a_text_that_is_an_object_is_one_text_and_no_table():
    asked = json.dumps({"prompt": {"system": "Be brief.", "user": "Who signs?"}}).encode()
    for name in ("t.json", "t.jsonl"):
        (text,) = read_texts(asked, name).prompts
        assert [(m.role, m.content) for m in text.messages] == [
            ("system", "Be brief."),
            ("user", "Who signs?"),
        ]


def test_a_label_is_approved_where_nothing_else_is_and_a_winner_is_a_vote():
    assert pairs(read_texts(b"text,label\na,x\n", "t.csv")) == [("a", "x")]
    (vote,) = read_file(b"text id,rater,winner\n1,Ann,tuned\n", "v.csv").votes
    assert (vote.prompt_id, vote.voter, vote.preference) == ("1", "Ann", "tuned")
