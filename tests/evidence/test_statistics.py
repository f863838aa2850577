import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.weightstats import ttost_paired

from advisor.evidence import statistics
from advisor.evidence.model import Tally
from tests.evidence.cases import RULES

LIMITS = RULES.evidence
LOOKS = (LIMITS.e_needed, LIMITS.power)
PROOF = {"least_scored": 30, "e_needed": LIMITS.e_needed, "power": LIMITS.power}
counts = st.integers(0, 200)
words = st.lists(st.sampled_from(["tuned", "base", "tie", "both_bad"]), max_size=60)
SWAP = {"tuned": "base", "base": "tuned", "tie": "tie", "both_bad": "both_bad"}


def by_id(preferences):
    return {f"p{i}": said for i, said in enumerate(preferences)}


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
    interval = statistics.wilson(8, 10)
    assert (round(interval.low, 2), interval.value, round(interval.high, 2)) == (0.49, 0.8, 0.94)


@pytest.mark.parametrize(
    ("wins", "losses", "expected"),
    [
        pytest.param(0, 0, 1.0, id="nothing seen"),
        pytest.param(1, 0, 1.0, id="one choice proves nothing"),
        pytest.param(8, 0, 2**8 / 9, id="8 of 8: 2^8 / 9"),
        pytest.param(9, 1, 2**10 / 110, id="9 of 10: 2^10 / (11 x 10)"),
    ],
)
def test_e_value(wins, losses, expected):
    assert statistics.e_value(wins, losses) == pytest.approx(expected)


def test_an_enormous_e_value_is_still_a_number():
    assert math.isfinite(statistics.e_value(100_000, 0))


@given(counts, counts)
def test_e_value_is_fair_under_no_difference(wins, losses):
    after = (statistics.e_value(wins + 1, losses) + statistics.e_value(wins, losses + 1)) / 2
    assert after == pytest.approx(statistics.e_value(wins, losses), rel=1e-9)


@given(words, st.integers(0, 9))
def test_running_e_max_ignores_sides_and_the_order_given(preferences, seed):
    forward = by_id(preferences)
    backward = dict(reversed(forward.items()))
    swapped = {p: SWAP[said] for p, said in forward.items()}
    expected = statistics.running_e_max(forward, seed)
    assert statistics.running_e_max(backward, seed) == expected
    assert statistics.running_e_max(swapped, seed) == pytest.approx(expected)


def test_a_prompt_added_later_does_not_reshuffle_the_others():
    ids = [f"p{i}" for i in range(50)]
    longer = statistics.random_order([*ids, "new"], seed=3)
    assert [p for p in longer if p != "new"] == statistics.random_order(ids, seed=3) != ids


def test_looking_after_every_prompt_gives_at_most_5_percent_false_alarms():
    chance = random.Random(20261122)
    runs, alarms = 1_000, 0
    for seed in range(runs):
        tossed = by_id(chance.choices(["tuned", "base", "tie"], [0.4, 0.4, 0.2], k=150))
        alarms += statistics.running_e_max(tossed, seed) >= LIMITS.e_needed
    assert alarms / runs <= 0.05


def test_least_wins_for_one_look():
    table = {6: 6, 8: 8, 10: 9, 12: 10, 15: 12, 20: 15, 30: 21, 50: 33, 100: 61}
    assert {n: statistics.least_wins(n) for n in table} == table
    assert statistics.least_wins(5) is None


def test_least_wins_however_often_one_looks():
    table = {8: 8, 10: 10, 12: 11, 15: 14, 20: 17, 30: 24, 50: 36, 100: 66}
    assert {n: statistics.least_wins_any_look(n, LIMITS.e_needed) for n in table} == table
    assert statistics.least_wins_any_look(7, LIMITS.e_needed) is None


def test_clear_choices_for_80_percent_power():
    table = {0.60: 376, 0.65: 155, 0.70: 83, 0.75: 50, 0.80: 34, 0.90: 16}
    assert {rate: statistics.clear_choices_needed(rate, *LOOKS) for rate in table} == table


def test_settling_for_the_wrong_side_does_not_count():
    # E = 2 at 3 of 3, either way: 0.6^3 = 0.216 for the right side, and 0.4^3 = 0.064 wrong.
    assert statistics.clear_choices_needed(0.6, 1.99, power=0.21) == 3
    assert statistics.clear_choices_needed(0.6, 1.99, power=0.25) > 3


def test_a_win_rate_next_to_a_draw_needs_more_than_one_can_bring():
    assert statistics.clear_choices_needed(0.505, *LOOKS) is None


@pytest.mark.parametrize(
    ("texts", "tie_rate", "win_rate"),
    [
        pytest.param(7, 0.0, None, id="7 of 7 is an e-value of 16"),
        pytest.param(29, 0.0, None, id="fewer than may decide, whatever they show"),
        pytest.param(83, 0.0, 0.70, id="the table read backwards"),
        pytest.param(82, 0.0, 0.71, id="one too few"),
        pytest.param(104, 0.2, 0.70, id="a fifth are ties"),
        pytest.param(30, 0.2, 0.85, id="24 clear choices: 0.84 settles 77 in 100 times"),
    ],
)
def test_what_texts_can_prove(texts, tie_rate, win_rate):
    assert statistics.what_texts_can_prove(texts, tie_rate, **PROOF) == win_rate


@pytest.mark.parametrize(
    ("tally", "more"),
    [
        pytest.param(Tally(14, 10, 6), 74, id="83 / 0.8, less the 30 done"),
        pytest.param(Tally(0, 0, 0), 83, id="nothing done"),
        pytest.param(Tally(60, 40, 0), 0, id="enough"),
        pytest.param(Tally(0, 0, 40), None, id="nothing but ties"),
    ],
)
def test_n_more(tally, more):
    assert statistics.n_more(0.70, tally, **PROOF) == more


def test_n_more_asks_for_the_least_number_that_may_decide():
    assert statistics.n_more(0.95, Tally(8, 0, 0), **PROOF) == 30 - 8


def test_mean_interval_of_single_prompts_is_the_paired_t_interval():
    interval = statistics.mean_interval([1, 0, 0, -1])
    half = 3.182446 * math.sqrt(2 / 3) / 2  # t(0.975, 3) x s / sqrt(4)
    assert (interval.value, interval.low, interval.high) == pytest.approx((0, -half, half))


def test_two_clusters_that_agree_within_themselves_say_almost_nothing():
    # Residual sums 2 and -2: se^2 = (4 + 4) / 4^2 x G / (G - 1) = 1; t(0.975, 1) = 12.706
    interval = statistics.mean_interval([1, 1, -1, -1], ["a", "a", "b", "b"])
    assert interval.high == pytest.approx(12.7062, abs=1e-4)


def test_prompts_that_are_each_their_own_cluster_are_just_prompts():
    d = [1, 0, -1, 1, 1]
    assert statistics.mean_interval(d, list("abcde")) == statistics.mean_interval(d)


@pytest.mark.parametrize(("d", "clusters"), [([], None), ([1], None), ([1, 0, 1], ["a"] * 3)])
def test_no_interval_from_a_single_unit(d, clusters):
    assert statistics.mean_interval(d, clusters) is None


@given(st.lists(st.sampled_from([-1, 0, 1]), min_size=3, max_size=80), st.floats(0.05, 0.6))
def test_inside_the_margin_is_what_tost_calls_no_difference(d, margin):
    if len(set(d)) == 1:
        return  # no spread, no t test
    interval = statistics.tost_interval(d)
    p = ttost_paired(np.array(d), np.zeros(len(d)), -margin, margin)[0]
    if abs(p - 0.05) > 1e-9:
        assert (-margin < interval.low and interval.high < margin) == (p < 0.05)
