"""Fast enough, too slow, or not to be told: by counts that can be worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.evidence.speed import speed_of


def times(over: int, of: int) -> list[float]:
    return [9.0] * over + [1.0] * (of - over)


@pytest.mark.parametrize(
    ("over", "of", "word"),
    [
        # P(5 or more of 30 | 5 %) = 0.016, of 4 or more 0.061.
        (5, 30, "out"),
        (4, 30, "open"),
        # P(10 or more of 100) = 0.028, of 9 or more 0.063.
        (10, 100, "out"),
        (9, 100, "open"),
        # 0.95^60 = 0.046, 0.95^58 = 0.051.
        (0, 60, "met"),
        (0, 58, "open"),
        # P(1 or none of 100) = 0.037, of 2 or fewer 0.118.
        (1, 100, "met"),
        (2, 100, "open"),
        (4, 4, "open"),
        (0, 0, "open"),
    ],
)
def test_the_word_by_the_counts(over, of, word):
    assert speed_of(times(over, of), 3.0, 8, alpha=0.05).word == word


def test_an_answer_at_the_limit_is_in_time():
    assert speed_of([3.0] * 60, 3.0, 8, alpha=0.05).word == "met"


def test_the_slowest_twentieth_with_its_range():
    found = speed_of([n / 100 for n in range(1, 101)], 3.0, 8, alpha=0.05)
    assert found.p95_s == pytest.approx(0.95)
    # Of 100 answers the 95th lies between the 90th and the 99th slowest in 95 of 100 such tests.
    assert found.low_s == pytest.approx(0.90, abs=0.011)
    assert found.high_s == pytest.approx(0.99, abs=0.011)
    few = speed_of([1.0, 2.0, 3.0], 3.0, 8, alpha=0.05)
    assert (few.p95_s, few.high_s) == (3.0, None)
    assert speed_of([], 3.0, 8, alpha=0.05).p95_s is None


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=150), st.floats(0.1, 50))
def test_no_order_and_no_scale_changes_the_word(seconds, limit):
    found = speed_of(seconds, limit, 8, alpha=0.05)
    assert speed_of(sorted(seconds, reverse=True), limit, 8, alpha=0.05) == found
    assert found.over == sum(took > limit for took in seconds)
    assert found.low_s is None or found.low_s <= found.p95_s
    assert found.high_s is None or found.p95_s <= found.high_s
