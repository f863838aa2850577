"""The notes of a test in words."""

from typing import get_args

import pytest

from advisor.evidence.notes import Guard, NoFit, Note, NoteKind, Side
from advisor.report.notes import note_words

SENTENCES = [
    (
        Note("in_training", (1_100,)),
        "Prompts left out because they stand in the training file: 1,100.",
    ),
    (
        Note("length_untold", (30,), why="few_choices"),
        "We can't tell whether longer answers won because they're longer: fewer than 30 clear "
        "choices.",
    ),
    (
        Note("length_untold", why="separated"),
        "We can't tell whether longer answers won because they're longer: length separates wins "
        "from losses completely.",
    ),
    (
        Note("no_answers", side="base", why="constant"),
        "Base gives the same answer to every text, so it doesn't really answer.",
    ),
    (
        Note("no_answers", side="tuned", why="copied"),
        "Fine-tuned gives the text itself back, so it doesn't really answer.",
    ),
    (
        Note("cut_off", (3, 48), "base"),
        "Base answers cut off at the limit of output tokens: 3 of 48.",
    ),
    (
        Note("worse_by_guard", (14, 0), "tuned", "invented"),
        "Fine-tuned answers better but names more people or numbers that nobody gave it: "
        "14 texts against 0.",
    ),
    (
        Note("worse_by_guard", (6, 1), "base", "refused"),
        "Base answers better but refuses more: 6 texts against 1.",
    ),
    (
        Note("level_but_worse", (28, 16, 80), "base", "left_out"),
        "Both are preferred about equally often, but base leaves out more of the facts that must "
        "be there: 28 against 16, of 80 facts.",
    ),
    (
        Note("level_but_worse", (6, 0), "tuned", "invented"),
        "Both are preferred about equally often, but fine-tuned names more people or numbers that "
        "nobody gave it: 6 against 0 texts.",
    ),
    (
        Note("longer_answers", side="base"),
        "Base is preferred, but its answers are longer. Where they are about as long it does not "
        "lead, so length may explain it: ask people.",
    ),
    (
        Note("judge_flips", (13, 40, 0.3)),
        "The judge changed its mind in 13 of 40 texts when the order was swapped, more than 30 %: "
        "it is not used.",
    ),
    (
        Note("invented_in_all", (1, 0)),
        "The fine-tuned answers hold 1 name or number that are in neither the text nor the "
        "approved answer; base holds 0.",
    ),
    (
        Note("left_out_in_all", (41, 9, 0)),
        "Of 41 facts that the answers must hold, fine-tuned leaves out 9, base 0.",
    ),
]


@pytest.mark.parametrize(("note", "sentence"), SENTENCES)
def test_a_note_in_words(note, sentence):
    assert note_words(note) == [sentence]


def whys(kind: NoteKind) -> tuple[str | None, ...]:
    by_kind = {"length_untold": NoFit, "worse_by_guard": Guard, "level_but_worse": Guard}
    return get_args(by_kind[kind]) if kind in by_kind else (None,)


@pytest.mark.parametrize("kind", get_args(NoteKind))
@pytest.mark.parametrize("side", get_args(Side))
def test_every_kind_of_note_has_one_sentence(kind, side):
    for why in whys(kind):
        (said,) = note_words(Note(kind, (3, 2, 1), side, why))
        assert said.endswith(".")
        assert said[0].isupper()
        assert "{" not in said
        assert "  " not in said
