import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from advisor.evidence import over_cases

means = st.lists(st.fractions(-1, 1, max_denominator=8).map(float), min_size=1, max_size=40)


def by_quadrature(found):
    return math.exp(over_cases.log_e(over_cases.log_growth(np.array(found)).sum(axis=0)))


@pytest.mark.parametrize(
    ("wins", "losses", "expected"),
    [
        pytest.param(66, 34, 21.613, id="66 of 100 is just enough"),
        pytest.param(8, 0, 2**8 / 9, id="8 of 8: 2^8 / 9"),
        pytest.param(9, 1, 2**10 / 110, id="9 of 10: 2^10 / (11 x 10)"),
    ],
)
def test_single_texts_are_worth_the_same_by_both_ways(wins, losses, expected):
    found = [1.0] * wins + [-1.0] * losses + [0.0] * 5
    assert over_cases.e_value(found) == pytest.approx(expected, abs=5e-4)
    assert by_quadrature(found) == pytest.approx(over_cases.e_value(found), rel=1e-9)


def test_two_cases_of_half_a_win_by_hand():
    # 1/2 x the integral of (1 + l/2)^2 over -1..1 = 1/2 x (2 + 2/12) = 13/12
    assert over_cases.e_value([0.5, 0.5]) == pytest.approx(13 / 12)
    assert over_cases.e_value([0.5, -0.5]) == pytest.approx(11 / 12)


@given(means)
def test_neither_order_nor_side_matters(found):
    e = over_cases.e_value(found)
    assert over_cases.e_value(found[::-1]) == e
    assert over_cases.e_value([-mean for mean in found]) == pytest.approx(e, rel=1e-9)
    assert over_cases.e_value([*found, 0.0]) == pytest.approx(e, rel=1e-9)


@given(means, st.fractions(0, 1, max_denominator=8).map(float))
def test_it_is_fair_under_no_difference(found, next_one):
    up, down = (over_cases.e_value([*found, sign * next_one]) for sign in (1, -1))
    assert (up + down) / 2 == pytest.approx(over_cases.e_value(found), rel=1e-9)


def test_very_much_evidence_is_still_a_number():
    assert math.isfinite(over_cases.e_value([1.0] * 50_000))
    assert math.isfinite(over_cases.e_value([0.9] * 50_000))


def test_a_case_counts_once_however_many_texts_it_has():
    signs = {"1": 1, "2": 1, "3": 0, "4": -1}
    case_of = over_cases.case_of_each({"1": "a", "2": "a", "3": "a"}, signs)
    found = over_cases.case_means(signs, case_of)
    assert sorted(found.values()) == [-1, pytest.approx(2 / 3)]


def test_a_case_and_a_text_of_one_name_are_two():
    case_of = over_cases.case_of_each({"1": "2"}, ["1", "2"])
    assert len(set(case_of.values())) == 2


def test_the_two_means_may_point_apart():
    # One large case for tuned, three small ones for base: texts 4 : 3, cases 1 : 3.
    signs = {str(i): 1 for i in range(4)} | {f"b{i}": -1 for i in range(3)}
    case_of = over_cases.case_of_each({str(i): "large" for i in range(4)}, signs)
    assert not over_cases.point_the_same_way(signs, case_of)
    assert over_cases.point_the_same_way(signs, {p: p for p in signs})


@given(st.lists(st.tuples(st.sampled_from([-1, 0, 1]), st.integers(0, 5)), min_size=4, max_size=60))
def test_the_design_effect_is_the_cluster_robust_variance_over_the_plain_one(rows):
    d, groups = np.array([r[0] for r in rows], float), np.array([r[1] for r in rows])
    found = over_cases.design_effect(list(d), [str(g) for g in groups])
    if len(set(groups)) == 1:
        assert found == len(d)  # however many texts, one case is worth one
        return
    if len(set(groups)) == len(d) or not d.var():
        assert found == 1
        return
    fit = sm.OLS(d, np.ones(len(d))).fit(cov_type="cluster", cov_kwds={"groups": groups})
    assert found == pytest.approx(max(1, fit.bse[0] ** 2 / (d.var(ddof=1) / len(d))))


def test_texts_that_say_the_same_within_their_case_are_worth_about_one_each():
    # 4 cases of 5 alike texts, 2 for each side: 5 x (19/20) x (4/3) = 6.33 by hand.
    d = [1] * 10 + [-1] * 10
    cases = [str(i // 5) for i in range(20)]
    assert over_cases.design_effect(d, cases) == pytest.approx(5 * 19 / 20 * 4 / 3)
