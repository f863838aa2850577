"""Files as people brought them, each with what is right for it."""

from pathlib import Path

import pytest

from advisor.case.conversation import ChatMessage
from advisor.case.reading.read import Reading, read_file, read_texts
from advisor.errors import BadImport

CASES = Path(__file__).parent / "cases"


def of(name: str) -> Reading:
    return read_file((CASES / name).read_bytes(), name)


def pairs(found: Reading):
    return [(prompt.text, prompt.references) for prompt in found.prompts]


def test_a_row_with_more_cells_than_the_header_is_refused_with_its_line():
    with pytest.raises(BadImport) as refused:
        of("csv-unquoted-comma.csv")
    assert str(refused.value) == (
        "Line 3 of csv-unquoted-comma.csv has 5 cells and the first line 2; put texts that contain "
        "a comma in quotes."
    )


def test_a_space_before_a_quote_opens_a_quoted_cell():
    assert pairs(of("csv-space-before-quote.csv"))[0] == (
        "Refund for order 812, item damaged, what do we say?",
        ("We refund you in full, with apologies.",),
    )


def test_the_line_sep_says_what_parts_the_cells():
    assert pairs(of("csv-sep-line.csv")) == [
        ("Kündigung bestätigen, höflich", ("Wir bestätigen die Kündigung.",)),
        ("Rechnung erklären", ("Der Betrag ist für März.",)),
    ]


def test_what_a_model_once_said_is_no_approved_answer():
    found = of("output-beside-expected-output.csv")
    assert [p.references for p in found.prompts] == [
        ("Three months to the end of a quarter.",),
        ("The team lead signs it.",),
    ]
    assert found.unread == ("output", "metadata")
    assert found.remarks[0].startswith("output: read as what a model once answered")


def test_camel_case_is_the_same_name():
    assert pairs(of("camel-case.csv")) == [
        ("What is the notice period?", ("Three months.",)),
        ("Who signs?", ("The team lead.",)),
    ]


@pytest.mark.parametrize(
    ("name", "passages"),
    [
        ("ragas.jsonl", ("The warranty lasts 24 months.", "Batteries: 6 months.")),
        ("ragas.csv", ("The warranty lasts 24 months.",)),
    ],
)
def test_ground_truth_is_approved_and_contexts_are_passages(name, passages):
    found = of(name)
    assert found.prompts[0].references == ("24 months; 6 for batteries.",)
    assert found.passages[0] == passages
    assert "answer" in found.unread


def test_a_list_of_messages_is_a_conversation():
    first, second = of("evals-conversation.jsonl").prompts
    assert first.messages == (
        ChatMessage(role="system", content="Answer in one word."),
        ChatMessage(role="user", content="Colour of ripe tomatoes?"),
    )
    assert (first.references, second.references) == (("red",), ("white", "White"))


def test_a_list_of_ideals_is_several_approved_answers():
    assert pairs(of("evals-ideal-list.jsonl")) == [
        ("Colour of ripe tomatoes?", ("red",)),
        ("Colour of fresh snow?", ("white", "White")),
    ]


def test_turns_are_kept_and_a_single_message_is_a_plain_text():
    chat, single = of("chats.jsonl").prompts
    assert [m.role for m in chat.messages] == ["system", "user", "assistant", "user"]
    assert (single.text, single.messages) == ("Is breakfast in?", ())


def test_a_column_document_with_sentences_holds_passages_and_no_cases():
    found = of("rag-document-as-group.csv")
    assert found.prompts[0].passages == (
        "The warranty of the pump lasts 24 months from delivery; batteries have six months."
    )
    assert {p.cluster for p in found.prompts} == {None}
    assert found.unread == ("answer",)


def test_a_column_document_with_names_holds_cases():
    content = b"question,document\nWhere?,manual.pdf\nWhen?,manual.pdf\nWho?,terms.pdf\n"
    found = read_texts(content, "t.csv")
    assert [p.cluster for p in found.prompts] == ["manual.pdf", "manual.pdf", "terms.pdf"]
    long = "One sentence of the manual that says what it says. " * 5  # 255 characters
    found = read_texts(f'question,document\nWhere?,"{long}"\n'.encode(), "t.csv")
    assert (found.prompts[0].passages, found.prompts[0].cluster) == (long.strip(), None)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("preference-openai.jsonl", "preference pairs, OpenAI"),
        ("preference-trl.jsonl", "preference pairs, TRL"),
        ("gemini.jsonl", "Gemini"),
        ("system-beside-messages.jsonl", "messages with a system text beside them"),
    ],
)
def test_a_training_file_is_called_one_and_holds_no_texts(name, form):
    found = of(name)
    assert (found.kind, found.format, found.prompts) == ("training", form, ())
    with pytest.raises(BadImport, match="is a training file"):
        read_texts((CASES / name).read_bytes(), name)
