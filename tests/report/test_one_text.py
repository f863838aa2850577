"""One text in full: the words that differ, the rules that are broken, and long or hostile answers."""

import time
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.case.checks import Checks, Glossary, Style
from advisor.case.texts import Prompt
from advisor.evidence.broken_rules import broken_rules
from advisor.evidence.model import Output
from advisor.evidence.record import Record
from advisor.report.one_text import broken_sentence, named, one_text
from advisor.report.word_differences import MOST_CHARS, MOST_WORDS, Piece, word_differences
from pages.ui.verdict.results import MARK, marked
from tests.make import FULL, Whole, case
from tests.test_repo import CONFIG, contrast


def only(pieces: tuple[Piece, ...]) -> list[str]:
    return [piece.text for piece in pieces if piece.kind == "only"]


@pytest.mark.parametrize(
    ("base", "tuned", "in_base", "in_tuned"),
    [
        ("the left knee", "the right knee", ["left "], ["right "]),
        ("Rest, twice.", "rest twice", [], []),  # case and punctuation at the edge
        ("a b", "a b c d", [], ["c d"]),
        ("a\n\nb", "a b", [], []),
        ("x", "", ["x"], []),
        ("", "", [], []),
        ("8.5 mg", "85 mg", ["8.5 "], ["85 "]),  # within a word punctuation counts
        ("!!", "??", ["!!"], ["??"]),
        ("患者は左膝", "患者は右膝", ["左"], ["右"]),
    ],
)
def test_the_words_that_only_one_has(base, tuned, in_base, in_tuned):
    found = word_differences(base, tuned)
    assert (only(found.base), only(found.tuned)) == (in_base, in_tuned)
    assert found.note == ""


@given(st.text(max_size=200), st.text(max_size=200))
@settings(max_examples=200)
def test_pieces_put_together_are_the_answer(base, tuned):
    found = word_differences(base, tuned)
    assert "".join(piece.text for piece in found.base) == base
    assert "".join(piece.text for piece in found.tuned) == tuned
    for pieces in (found.base, found.tuned):
        kinds = [piece.kind for piece in pieces]
        assert all(one != other for one, other in pairwise(kinds))


@pytest.mark.parametrize(
    ("base", "tuned"),
    [
        pytest.param("word " * 40_000, "word " * 40_000, id="one word"),
        pytest.param(
            " ".join(map(str, range(35_000))), " ".join(map(str, range(9, 35_009))), id="all differ"
        ),
        pytest.param("x" * 200_000, "y" * 200_000, id="no space"),
        pytest.param("a" + "!" * 199_998 + "b", "!" * 200_000, id="punctuation"),
        pytest.param(" " * 200_000, "\n" * 200_000, id="blanks"),
        pytest.param("膝" * 200_000, "患" * 200_000, id="signs"),
    ],
)
def test_a_long_answer_is_bounded_and_says_so(base, tuned):
    began = time.process_time()
    found = word_differences(base, tuned)
    assert time.process_time() - began < 2
    assert f"the first {MOST_CHARS:,} characters" in found.note
    assert "".join(piece.text for piece in found.base) == base[:MOST_CHARS]


def test_words_beyond_the_bound_are_not_marked():
    found = word_differences("a " * (MOST_WORDS + 10), "b")
    assert only(found.base) == ["a " * MOST_WORDS]
    assert found.note == "Compared are the first 4,000 words; after them none is marked."


CHECKS = Checks(
    must_have=("penicillin",),
    must_have_by_text={"t": ("HbA1c | hemoglobin A1c",)},
    labels=("red", "green"),
    json_schema='{"type": "object"}',
    pattern="[a-z]+",
    glossary=Glossary(required=("member",), forbidden=("customer",)),
    style=Style(banned=("very",), person="third", tense="past", longest_sentence=5),
)
PROMPT = Prompt(id="t", text="A text", reference="red")


def test_every_rule_that_is_broken_is_said_once():
    answer = "I am very sorry to hear that, dear customer."
    found = broken_rules(answer, PROMPT, CHECKS)
    assert tuple(broken_sentence(one, CHECKS.style) for one in found) == (
        "Left out: penicillin and HbA1c | hemoglobin A1c.",
        "House terms not used: member.",
        "Terms to avoid: customer.",
        "Banned words: very.",
        "Not written in the third person.",
        "Not written in the past tense.",
        "A sentence of 9 words; at most 5 are allowed.",
        "It does not fit your schema.",
        "It does not fit your pattern.",
        "It does not name the approved label.",
    )


def test_rules_that_are_kept_and_rules_that_are_not_there_say_nothing():
    assert broken_rules("red", PROMPT, Checks()) == ()
    kept = CHECKS.model_copy(update={"json_schema": "", "labels": (), "pattern": ""})
    answer = "The member had penicillin. HbA1c was high."
    assert broken_rules(answer, PROMPT, kept) == ()


def test_of_many_items_the_first_are_named():
    assert named(["a"]) == "a"
    assert named([str(n) for n in range(14)]).endswith("10, 11 and 2 more")


def whole(base: str | None, tuned: str | None, reference: str | None = "a b") -> Whole:
    asked = case("brand_voice", texts=1, **FULL)
    prompts = tuple(p.model_copy(update={"reference": reference}) for p in asked.prompts)
    outputs = [
        Output("t000", name, 0, "answered", text)
        for name, text in (("base", base), ("tuned", tuned))
        if text is not None
    ]
    return Whole(asked.model_copy(update={"prompts": prompts}), Record(tuple(outputs)))


def test_both_answers_with_what_was_invented():
    found = one_text(whole("a b", "a b, said Mr Quibble, 77").decided(), "t000")
    assert (found.text, found.approved) == ("Text number 0", "a b")
    assert (found.base.option, found.base.chars, found.base.invented) == ("Base", 3, ())
    assert set(found.tuned.invented) == {"Quibble", "77"}
    assert only(found.tuned.pieces) == ["said Mr Quibble, 77"]


def test_one_answer_alone_is_not_marked():
    decided = whole("a b", None).decided()
    found = one_text(decided, "t000")
    assert only(found.base.pieces) == []
    assert (found.tuned.pieces, found.tuned.instead) == ((), "no answer yet")
    refused = Output("t000", "tuned", 0, "refused", "No.")
    record = replace(decided.record, outputs=(*decided.record.outputs, refused))
    assert one_text(replace(decided, record=record), "t000").tuned.instead == "refused"


def test_without_an_approved_answer_nothing_counts_as_invented():
    found = one_text(whole("a", "Mr Quibble, 77", reference=None).decided(), "t000")
    assert (found.approved, found.tuned.invented) == ("", ())


def test_an_empty_answer_is_said():
    assert one_text(whole("a", " ").decided(), "t000").tuned.instead == "an empty answer"


# As HTML

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="alert(1)"> </mark></div>'
    "<style>*{display:none}</style> &lt;b&gt; \" ' <iframe src=javascript:alert(1)>"
)


class Tags(HTMLParser):
    """What a browser would make of it: its tags and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert set(dict(attrs)) <= {"style"}

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("theme", MARK)
@pytest.mark.parametrize("kind", ["both", "only"])
def test_a_hostile_answer_stays_text(theme, kind):
    seen = Tags()
    seen.feed(marked([Piece(kind, HOSTILE), Piece("both", HOSTILE)], theme))
    assert seen.tags <= {"div", "mark"}
    assert seen.text == HOSTILE * 2


@given(st.text(max_size=300))
@settings(max_examples=200)
def test_any_answer_stays_text(text):
    seen = Tags()
    found = word_differences(text, "")
    seen.feed(marked(found.base, "light"))
    seen.close()
    assert seen.tags <= {"div", "mark"}


@pytest.mark.parametrize(("theme", "colours"), MARK.items())
def test_a_mark_can_be_read_and_is_underlined_too(theme, colours):
    behind, ink = colours
    assert contrast(ink, behind) >= 4.5
    assert behind != CONFIG["theme"][theme]["backgroundColor"]
    assert "underline" in marked([Piece("only", "x")], theme)
