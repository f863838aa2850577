import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from advisor.verdict.likelihood import Seen, before_a_test, likelihood
from advisor.words import chance

scores = st.floats(-100, 100)
counts = st.integers(0, 60)


def after(score, wins, losses):
    return likelihood(score, Seen(wins, losses), 0.03, 5).after


@pytest.mark.parametrize(
    ("score", "expected"), [(0, 0.5), (25, 0.679), (-25, 0.321), (60, 0.858), (100, 0.953)]
)
def test_before_a_test(score, expected):
    assert before_a_test(score, 0.03) == pytest.approx(expected, abs=5e-4)


def test_a_test_by_hand():
    # 14 : 6 on five either way is a beta(19, 11); half of it above 1/2 is 0.933.
    above = beta(19, 11).sf(0.5)
    before = 1 / (1 + math.exp(-0.6))
    odds = before / (1 - before) * above / (1 - above)
    assert after(20, 14, 6) == pytest.approx(odds / (1 + odds))


def test_readers_that_lost_0_to_16_leave_nothing_standing():
    assert likelihood(60, Seen(0, 16), 0.03, 5).after < 0.01


def test_a_draw_or_no_test_changes_nothing():
    assert likelihood(40, None, 0.03, 5).after == before_a_test(40, 0.03)
    assert not likelihood(40, None, 0.03, 5).tested
    assert after(40, 12, 12) == pytest.approx(before_a_test(40, 0.03))
    assert after(40, 0, 0) == pytest.approx(before_a_test(40, 0.03))


@given(scores, counts, counts)
def test_the_two_options_are_mirrored(score, wins, losses):
    assert after(-score, losses, wins) == pytest.approx(1 - after(score, wins, losses), abs=1e-9)


@given(scores, counts, counts)
def test_a_win_more_never_lowers_it(score, wins, losses):
    assert after(score, wins + 1, losses) >= after(score, wins, losses) - 1e-12


@given(scores, counts, counts)
def test_it_is_never_0_nor_1_by_rounding_in_between(score, wins, losses):
    assert 0 < after(score, wins, losses) < 1


def test_texts_of_one_case_move_it_less():
    assert Seen.of_cases(30, 10, 4.0) == Seen(7.5, 2.5)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.5, "5 in 10"),
        (0.78, "8 in 10"),
        (0.06, "1 in 10"),
        (0.04, "4 in 100"),
        (0.949, "9 in 10"),
        (0.96, "96 in 100"),
        (0.9899, "99 in 100"),
        (0.995, "more than 99 in 100"),
        (0.002, "less than 1 in 100"),
    ],
)
def test_in_words(share, words):
    assert chance(share) == words


@given(st.floats(0, 1))
def test_nothing_is_ever_certain_in_words(share):
    assert chance(share) not in ("0 in 10", "10 in 10", "0 in 100", "100 in 100")
