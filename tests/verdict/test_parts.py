"""The parts of a test, and what is said of them."""

from advisor.evidence.model import Output
from advisor.evidence.segments import SegmentRow
from advisor.evidence.switched import Switched
from advisor.report.parts import parts_sentences, segments_sentence
from advisor.verdict.parts import PartsOfTest
from tests.report.whole_cases import WHOLE

NAMES = {"base": "Base", "tuned": "Fine-tuned"}


def row(segment, wins, losses, differs):
    return SegmentRow(segment, wins, losses, 0, None, 0.01, differs)


def test_kinds_of_text_that_go_another_way():
    rows = (row("renewals", 14, 2, True), row("complaints", 3, 9, True), row("other", 5, 5, False))
    assert segments_sentence(rows) == (
        "Fine-tuned wins on renewals (14 of 16) and loses on complaints (3 of 12)."
    )
    assert segments_sentence(rows[2:]) == ""


def test_texts_that_turn_and_what_kind_they_are():
    turned = Switched(
        "base", "tuned", ("1", "2", "3", "4", "5", "6", "7"), ("8",), 20, 2, (("complaints", 5),)
    )
    said = parts_sentences(
        PartsOfTest((), None, turned, {}), WHOLE["2_test_for_base"].decided().evidence, NAMES
    )
    assert said == (
        "Base right, fine-tuned wrong: 7 texts, 5 of them complaints.",
        "Fine-tuned right, base wrong: 1 text.",
    )


def test_one_answer_a_text_tells_nothing_of_steadiness():
    decision = WHOLE["2_test_for_base"].decided()
    assert isinstance(decision.record.outputs[0], Output)
    assert set(decision.parts.steady.values()) == {None}
    said = parts_sentences(decision.parts, decision.evidence, NAMES)
    assert "Each text was asked once, so how steady the answers are is not known." in said
