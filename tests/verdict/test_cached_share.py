"""The share of a run's input that was cached, as the endpoints said it."""

from decimal import Decimal

from advisor.evidence.model import Output
from advisor.verdict.tokens import measured_cached_share


def answer(given: int | None, cached: int | None, outcome="answered") -> Output:
    return Output("p", "base", 0, outcome, "Yes.", input_tokens=given, cached_tokens=cached)


def test_the_share_is_of_the_tokens_of_the_answers_that_tell():
    outputs = [answer(100, 80), answer(300, 20), answer(500, None), answer(100, 100, "failed")]
    assert measured_cached_share(outputs) == Decimal(100) / 400


def test_where_nothing_was_cached_nothing_is_offered():
    assert measured_cached_share([answer(100, 0), answer(100, None), answer(None, 5)]) is None
