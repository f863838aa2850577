"""Another file's texts, another case, another run: no field shows or keeps what was there before."""

import pytest

from pages.ui import session

from .reader import Reader

A = b"id,prompt,reference,passages\n1,Letter from Ada,Dear Ada,Ada pays late\n2,Letter from Bea,,\n"
B = b"id,prompt,reference,passages\n1,Letter from Cleo,Dear Cleo,\n2,Letter from Dora,Dear Dora,\n"
C = b"id,prompt\n1,Letter from Eve\n2,Letter from Fay\n"
ANSWER, PASSAGES = "Approved answer", "Passages looked up for it"


@pytest.fixture
def reader() -> Reader:
    case = Reader("use_case").pick("What should the model do?", "domain_summarization")
    return case.go("texts").upload("a.csv", A)


def kept(reader: Reader) -> list[tuple[str | None, str | None]]:
    """Approved answer and passages of each text, as the store has them."""
    return [(text.reference, text.passages) for text in reader.case.prompts]


@pytest.mark.parametrize(
    ("other", "shown", "expected"),
    [
        pytest.param(
            B, ("Dear Cleo", ""), [("Dear Cleo", None), ("Dear Dora", None)], id="its own answer"
        ),
        pytest.param(C, ("", ""), [(None, None), (None, None)], id="no answer at all"),
    ],
)
def test_the_first_text_of_another_file_has_what_that_file_says(reader, other, shown, expected):
    assert kept(reader) == [("Dear Ada", "Ada pays late"), (None, None)]
    reader.upload("b.csv", other)
    assert kept(reader) == expected
    fields = [reader.field("text_area", label).value for label in (ANSWER, PASSAGES)]
    assert tuple(fields) == shown
    reader.at.run()
    assert kept(reader) == expected


def test_what_was_typed_for_a_text_is_not_put_on_the_text_that_took_its_place(reader):
    reader.fill("text_area", ANSWER, "Typed for Ada")
    assert kept(reader)[0] == ("Typed for Ada", "Ada pays late")
    reader.paste("Letter from Gus\nLetter from Hal")
    assert kept(reader) == [(None, None), (None, None)]
    reader.upload("a.csv", A)
    assert kept(reader) == [("Dear Ada", "Ada pays late"), (None, None)]


def test_the_same_texts_with_their_answers_corrected_are_shown_corrected(reader):
    reader.upload("a.csv", A.replace(b"Dear Ada", b"Dear Mrs Ada"))
    assert kept(reader)[0] == ("Dear Mrs Ada", "Ada pays late")
    assert reader.field("text_area", ANSWER).value == "Dear Mrs Ada"


def test_a_shorter_file_is_looked_at_from_its_first_text(reader):
    many = "prompt,reference\n" + "".join(f"Letter {n},Answer {n}\n" for n in range(1, 41))
    reader.upload("many.csv", many.encode())
    reader.fill("number_input", "Text, 1 to 40", 40)
    assert reader.field("text_area", ANSWER).value == "Answer 40"
    reader.upload("b.csv", B)
    assert not reader.at.exception
    assert reader.field("text_area", ANSWER).value == "Dear Cleo"
    assert kept(reader) == [("Dear Cleo", None), ("Dear Dora", None)]


def test_what_was_understood_is_said_of_the_texts_there_are(reader):
    rows = "prompt,reference\n" + "".join(f"Letter {n},Answer {n}\n" for n in range(1, 21))
    reader.upload("many.csv", (rows + ",\n").encode())
    assert "20 texts, 1 empty skipped, each with an approved answer." in reader.says
    reader.go("options").compete("base").act("base", "Try it with examples")
    assert len(reader.case.prompts) == 15
    assert "15 texts, each with an approved answer." in reader.go("texts").says


def test_a_vote_on_one_run_leaves_the_same_text_of_another_open(replayed):
    """Texts of two runs go by the same ids; what would be sent is said of one run's answer."""
    first = {pill.key for pill in replayed.at.button_group if pill.key and ":send" in pill.key}
    shorter = replayed.case.model_copy(update={"prompts": replayed.case.prompts[:10]})
    session.store().save_case(shorter, replayed.case_id)
    again = Reader("compare", case_id=replayed.case_id).replay()
    second = {pill.key for pill in again.at.button_group if pill.key and ":send" in pill.key}
    assert first
    assert second
    assert not first & second
