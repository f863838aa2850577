import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.weightstats import ttost_paired

from advisor.evidence import statistics
from tests.evidence.cases import RULES

LIMITS = RULES.evidence


@pytest.mark.parametrize(
    ("wins", "losses", "p"),
    [
        pytest.param(9, 1, 2 * (1 + 10) / 2**10, id="9 of 10"),
        pytest.param(8, 2, 2 * (1 + 10 + 45) / 2**10, id="8 of 10"),
        pytest.param(6, 0, 2 / 2**6, id="6 of 6"),
        pytest.param(5, 5, 1.0, id="even"),
    ],
)
def test_sign_test(wins, losses, p):
    assert statistics.sign_test(wins, losses) == pytest.approx(p)


def test_eight_of_ten_is_anything_from_49_to_94_percent():
    interval = statistics.wilson(8, 10, alpha=0.05)
    assert (round(interval.low, 2), interval.value, round(interval.high, 2)) == (0.49, 0.8, 0.94)


def test_mean_interval_of_single_prompts_is_the_paired_t_interval():
    interval = statistics.mean_interval([1, 0, 0, -1], alpha=0.05)
    half = 3.182446 * math.sqrt(2 / 3) / 2  # t(0.975, 3) x s / sqrt(4)
    assert (interval.value, interval.low, interval.high) == pytest.approx((0, -half, half))


def test_two_clusters_that_agree_within_themselves_say_almost_nothing():
    # Residual sums 2 and -2: se^2 = (4 + 4) / 4^2 x G / (G - 1) = 1; t(0.975, 1) = 12.706
    interval = statistics.mean_interval([1, 1, -1, -1], 0.05, ["a", "a", "b", "b"])
    assert interval.high == pytest.approx(12.7062, abs=1e-4)


def test_prompts_that_are_each_their_own_cluster_are_just_prompts():
    d = [1, 0, -1, 1, 1]
    assert statistics.mean_interval(d, 0.05, list("abcde")) == statistics.mean_interval(
        d, alpha=0.05
    )


@pytest.mark.parametrize(("d", "clusters"), [([], None), ([1], None), ([1, 0, 1], ["a"] * 3)])
def test_no_interval_from_a_single_unit(d, clusters):
    assert statistics.mean_interval(d, 0.05, clusters) is None


@given(st.lists(st.sampled_from([-1, 0, 1]), min_size=3, max_size=80), st.floats(0.05, 0.6))
def test_inside_the_margin_is_what_tost_calls_no_difference(d, margin):
    """With one win and one loss more, so that a row of ties still has a spread."""
    interval = statistics.tost_interval(d, alpha=0.05)
    more = np.array([*d, 1, -1])
    p = ttost_paired(more, np.zeros(len(more)), -margin, margin)[0]
    if abs(p - 0.05) > 1e-9:
        assert (-margin < interval.low and interval.high < margin) == (p < 0.05)
    assert interval.value == pytest.approx(sum(d) / len(d))


def test_nothing_but_ties_still_leaves_a_range():
    # 30 ties, a win and a loss: s^2 = 2 / 31, so t(0.95, 31) x sqrt(2 / 31 / 32) = 0.0761
    interval = statistics.tost_interval([0] * 30, alpha=0.05)
    assert (interval.low, interval.high) == pytest.approx((-0.0761, 0.0761), abs=1e-4)


def test_no_text_has_no_range():
    assert statistics.tost_interval([], alpha=0.05) is None
