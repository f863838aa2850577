import pytest
from hypothesis import given
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from advisor.errors import AdvisorError
from advisor.evidence.metrics import METRICS, Metric, find_metric, metric
from advisor.evidence.metrics.overlap import exact_match, rouge1

WORDS = ["the", "cats", "sitting", "12", "ran,", "Running", "mats;", "a", "x-ray"]
english = st.lists(st.sampled_from(WORDS))


@pytest.mark.parametrize(
    ("answer", "reference", "score"),
    [
        pytest.param("the cat sat", "the cat ran", 2 / 3, id="two of three words"),
        pytest.param("cat", "the cat sat down", 2 * 1 * 0.25 / 1.25, id="precise, not complete"),
        pytest.param("visited", "visits", 1.0, id="one stem"),
        pytest.param("cats", "cat", 1.0, id="four letters have a stem"),
        pytest.param("", "the cat", 0.0, id="an empty answer"),
        pytest.param("größer", "größe", 0.0, id="an accent is part of its word"),
        pytest.param("病人发热", "病人咳嗽", 0.5, id="signs without spaces"),
    ],
)
def test_rouge1(answer, reference, score):
    assert rouge1(answer, reference) == pytest.approx(score)


@given(english, english)
def test_rouge1_is_rouge_score_with_stems_on_english(answer, reference):
    scorer = RougeScorer(["rouge1"], use_stemmer=True)
    expected = scorer.score(" ".join(reference), " ".join(answer))["rouge1"].fmeasure
    assert rouge1(" ".join(answer), " ".join(reference)) == pytest.approx(expected)


def test_exact_match_looks_past_case_and_spacing():
    assert exact_match(" Refund\n", "refund") == 1
    assert exact_match("refunds", "refund") == 0


@pytest.mark.parametrize(
    ("base", "tuned", "preference"),
    [(0.50, 0.52, "tuned"), (0.52, 0.50, "base"), (0.5, 0.5, "tie"), (0.0, 0.01, "tie")],
)
def test_a_win_is_more_than_the_margin(base, tuned, preference):
    assert METRICS["rouge1"].preference(base, tuned) == preference


def test_a_decorated_function_is_listed_by_its_name(monkeypatch):
    monkeypatch.setattr("advisor.evidence.metrics.registry.METRICS", listed := {})

    @metric("Same length", "Whether both are as long.", win_by=0.5)
    def same_length(answer: str, reference: str) -> float:
        return float(len(answer) == len(reference))

    said = "Whether both are as long."
    assert listed == {"same_length": Metric("same_length", "Same length", 0.5, same_length, said)}


def test_an_unknown_metric_is_answered_with_the_known_ones():
    with pytest.raises(AdvisorError, match="rouge1, rouge2"):
        find_metric("bleurt")
