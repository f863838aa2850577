"""The cheaper steps in the same test: the base option with examples, and with passages."""

import json

import pytest

from .reader import Reader

TEXTS = "\n".join(
    json.dumps({"prompt": f"Sort letter {i}", "reference": f"box {i % 3}"}) for i in range(12)
)


@pytest.fixture
def reader() -> Reader:
    case = Reader("use_case").pick("What should the model do?", "classification").go("texts")
    case.upload("letters.jsonl", TEXTS.encode())
    reader = case.go("options").compete("base")
    return reader.fill("text_input", "Model address", "http://localhost:9/v1", nth=0)


def test_examples_leave_the_test_and_come_back(reader):
    reader.act("base", "Try it with examples")
    assert (len(reader.case.prompts), len(reader.case.examples)) == (7, 5)
    reader.change("base_examples")
    shown = [line for line in reader.says.splitlines() if line.startswith("Sort letter")]
    assert sorted(shown) == sorted(prompt.text for prompt in reader.case.examples)
    reader.act("base_examples", "Remove")
    assert (len(reader.case.prompts), len(reader.case.examples)) == (12, 0)
    assert "base_examples" not in reader.case.arms


def test_examples_taken_out_are_no_change_of_the_texts(reader):
    reader.go("texts")
    pairs = "\n".join(
        json.dumps({"prompt": f"Quite else {i}", "completion": "x"}) for i in range(9)
    )
    reader.at.file_uploader[-1].upload("train.jsonl", pairs.encode()).run()
    assert reader.case.training is not None
    reader.go("options")
    reader.act("base", "Try it with examples")
    again = Reader("texts", case_id=reader.case_id)
    assert "train.jsonl, checked before." in again.says
    assert "when the training file was checked" not in again.says
    assert "7 texts, each with an approved answer." in reader.go("texts").says


def test_a_variant_is_asked_where_its_base_is(reader):
    reader.act("base", "Try it with look-up").change("base_retrieval")
    reader.fill("text_input", "Model name", "small-one", nth=0)
    assert reader.case.arms["base_retrieval"].model == "small-one"
    assert "0 of 12 texts have passages." in reader.says


def test_passages_are_kept_with_their_text(reader):
    reader.go("texts").fill("text_area", "Passages looked up for it", "Box 0 is for bills.")
    assert reader.case.prompts[0].passages == "Box 0 is for bills."
    again = Reader("texts", case_id=reader.case_id)
    assert again.field("text_area", "Passages looked up for it").value == "Box 0 is for bills."


def test_too_few_texts_for_examples_is_a_sentence(reader):
    reader.go("texts").upload("few.jsonl", "\n".join(TEXTS.splitlines()[:8]).encode())
    assert len(reader.case.prompts) == 8
    reader.go("options")
    reader.act("base", "Try it with examples")
    assert any("Bring 11 or more" in error for error in reader.errors)
    assert len(reader.case.prompts) == 8
