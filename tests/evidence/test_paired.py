"""Paired statistics against published tables and independent computations."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.evidence import paired

# Student 1908, "The probable error of a mean", table of Cushny and Peebles: extra hours of sleep of
# ten patients with two drugs. The difference is 1.58, t = 4.06.
DEXTRO = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
LAEVO = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

# Fisher 1935, "The design of experiments", section 21: Darwin's 15 pairs of plants, eighths of an
# inch. By all 2^15 patterns of signs the two-sided p is 0.05267.
DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]

differences = st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.25, 1.0]), min_size=2, max_size=12)


def test_the_paired_difference_of_student():
    found = paired.paired_difference(DEXTRO, LAEVO, 0.05)
    half = 1.58 / 4.0621 * 2.262157  # t(0.975, 9)
    assert found.value == pytest.approx(1.58)
    assert found.high - found.value == pytest.approx(half, abs=1e-3)
    assert found.value - found.low == pytest.approx(half, abs=1e-3)


def test_the_permutation_test_of_fisher_on_darwins_plants():
    assert paired.permutation_p(DARWIN, seed=1) == pytest.approx(0.05267, abs=1e-5)


@settings(max_examples=40)
@given(differences)
def test_the_permutation_test_goes_through_all_signs(d):
    total = abs(sum(d))
    signs = list(itertools.product([1, -1], repeat=len(d)))
    extreme = sum(abs(np.dot(s, d)) >= total - 1e-9 for s in signs)
    assert paired.permutation_p(d, seed=1) == pytest.approx(extreme / len(signs))


def test_random_flips_are_near_the_normal_approximation():
    d = np.random.default_rng(5).normal(0.1, 1, 400)
    z = d.sum() / math.sqrt((d**2).sum())
    expected = math.erfc(abs(z) / math.sqrt(2))
    assert paired.permutation_p(d, seed=1) == pytest.approx(expected, abs=0.02)
    assert paired.permutation_p(d, seed=1) == paired.permutation_p(d, seed=1)


def test_the_bootstrap_is_near_t_where_nothing_is_skewed():
    d = np.random.default_rng(7).normal(1, 2, 300)
    found, t = (
        paired.bca_interval(d, seed=1, alpha=0.05),
        paired.paired_difference(np.zeros(300), d, 0.05),
    )
    assert (found.low, found.high) == pytest.approx((t.low, t.high), abs=0.03)


def test_the_bootstrap_of_a_skewed_score_leans_to_the_tail():
    # Efron's point: above the mean there is more room than below where the right tail is long.
    d = np.random.default_rng(3).exponential(1, 60)
    found = paired.bca_interval(d, seed=1, alpha=0.05)
    assert found.high - found.value > 1.1 * (found.value - found.low)


def test_the_bootstrap_covers_the_mean_about_as_often_as_it_says():
    chance = np.random.default_rng(11)
    runs = [paired.bca_interval(chance.normal(0, 1, 25), seed=i, alpha=0.05) for i in range(150)]
    covered = sum(r.low <= 0 <= r.high for r in runs) / len(runs)
    assert 0.87 <= covered <= 0.99  # 95 % promised; two standard errors are 3.6 points


@given(differences, st.integers(0, 5))
@settings(max_examples=15)
def test_swapping_the_arms_mirrors_all_of_them(d, seed):
    zero, back = [0.0] * len(d), [-x for x in d]
    assert paired.permutation_p(d, seed) == pytest.approx(paired.permutation_p(back, seed))
    one, other = (
        paired.paired_difference(zero, d, 0.05),
        paired.paired_difference(d, zero, 0.05),
    )
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


@pytest.mark.parametrize("d", [[], [0.3]])
def test_no_interval_of_fewer_than_two_prompts(d):
    assert paired.paired_difference([0.0] * len(d), d, 0.05) is None
    assert paired.bca_interval(d, seed=1, alpha=0.05) is None


def test_one_prompt_proves_nothing():
    assert paired.permutation_p([], seed=1) is None
    assert paired.permutation_p([0.3], seed=1) == 1


@pytest.mark.parametrize("value", [0.0, 0.1, -2.0])
def test_without_spread_the_interval_is_a_point(value):
    d = [value] * 30
    for found in (
        paired.paired_difference([0.0] * 30, d, 0.05),
        paired.bca_interval(d, seed=1, alpha=0.05),
    ):
        assert (found.value, found.low, found.high) == pytest.approx((value, value, value))
    assert (paired.permutation_p(d, seed=1) == 1) == (value == 0)


def test_unequal_numbers_of_scores_are_a_mistake():
    with pytest.raises(ValueError, match="one score per prompt"):
        paired.paired_difference([1.0], [1.0, 2.0], 0.05)


def test_holm():
    # By hand: 0.01 x 4, 0.02 x 3, max(0.03 x 2, 0.06), 0.04 no less than the one before.
    assert paired.holm([0.01, 0.04, 0.03, 0.02]) == pytest.approx([0.04, 0.06, 0.06, 0.06])
    assert paired.holm([0.5]) == [0.5]
    assert paired.holm([]) == []
