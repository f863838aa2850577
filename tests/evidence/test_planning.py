import math
import random
from itertools import product

import pytest

from advisor.evidence import over_cases, planning
from advisor.evidence.planning import SettledWhen, Stood

RULE = SettledWhen(20.0, 30)
EASY = SettledWhen(3.9, 1)
"""Settled from 5 of 5 on: 2^5 / 6 = 5.3, and 4 of 4 is 3.2."""


def test_a_chance_by_hand():
    # 5 of 5, either way: 0.8^5 + 0.2^5; from 3 : 0 on, two more wins.
    assert planning.chance_of_texts(Stood(), 5, 0.8, 0.0, EASY) == pytest.approx(0.8**5 + 0.2**5)
    assert planning.chance_of_texts(Stood(3, 0, 3), 2, 0.8, 0.0, EASY) == pytest.approx(0.64)
    # With a fifth ties, both must be clear choices.
    assert planning.chance_of_texts(Stood(3, 0, 3), 2, 0.8, 0.2, EASY) == pytest.approx(0.64**2)


def test_every_outcome_counted_one_by_one():
    stood, more, rate, ties = Stood(4, 1, 6), 4, 0.7, 0.25
    share = {1: rate * (1 - ties), -1: (1 - rate) * (1 - ties), 0: ties}
    chance = 0.0
    for said in product(share, repeat=more):
        w, lost = stood.wins + said.count(1), stood.losses + said.count(-1)
        if over_cases.single_texts(w, lost) >= EASY.e_needed:
            chance += math.prod(share[s] for s in said)
    assert planning.chance_of_texts(stood, more, rate, ties, EASY) == pytest.approx(chance)


def test_fewer_texts_than_may_decide_settle_nothing():
    assert planning.chance_of_texts(Stood(), 29, 1.0, 0.0, RULE) == 0
    assert planning.chance_of_texts(Stood(), 30, 1.0, 0.0, RULE) == 1


def test_a_hundred_single_texts():
    assert planning.chance_of_texts(Stood(), 100, 0.7, 0.0, RULE) == pytest.approx(0.837, abs=1e-3)
    assert planning.chance_of_texts(Stood(), 100, 0.8, 0.0, RULE) > 0.99


def test_bring_cases_rather_than_texts_of_the_same():
    few = planning.chance_of_cases((), 12, 8, 0.7, 0.0, RULE)
    many = planning.chance_of_cases((), 40, 8, 0.7, 0.0, RULE)
    single = planning.chance_of_texts(Stood(), 96, 0.7, 0.0, RULE)
    assert few < 0.15 < 0.79 < single
    assert many == pytest.approx(0.86, abs=0.03)
    assert planning.chance_of_cases((), 20, 4, 0.8, 0.0, RULE) == pytest.approx(0.83, abs=0.04)


def test_cases_of_one_text_are_texts():
    by_cases = planning.chance_of_cases((1.0, -1.0, 0.0), 60, 1, 0.7, 0.2, RULE)
    assert by_cases == planning.chance_of_texts(Stood(1, 1, 3), 60, 0.7, 0.2, RULE)


@pytest.mark.parametrize("icc", [0.0, 1.0])
def test_texts_that_go_together_fully_are_as_good_as_one(icc):
    found = planning.chance_of_cases((), 40, 4, 0.75, 0.0, RULE, icc)
    alone = planning.chance_of_texts(
        Stood(), 160 if icc == 0 else 40, 0.75, 0.0, SettledWhen(20.0, 1)
    )
    # Texts of a case are averaged, so independent ones lose a little; alike ones lose nothing.
    assert found == pytest.approx(alone, abs=0.03)


def test_how_far_cases_go_together_is_taken_from_what_was_seen():
    alike = [1] * 5 + [-1] * 5
    cases = [str(i // 5) for i in range(50)]
    assert planning.icc_of(alike * 5, cases, 8) == 1.0
    chance = random.Random(4)
    apart = [chance.choice([1, -1]) for _ in range(400)]
    assert planning.icc_of(apart, [str(i // 10) for i in range(400)], 8) < 0.1
    assert planning.icc_of(alike, ["a"] * 5 + ["b"] * 5, 8) == planning.ICC


def test_texts_for_a_chance_of_80_percent():
    needed = planning.texts_for(0.7, 0.0, 0.8, RULE)
    assert needed == 95
    assert planning.chance_of_texts(Stood(), needed, 0.7, 0.0, RULE) >= 0.8
    assert planning.texts_for(0.505, 0.0, 0.8, RULE) is None
    assert planning.texts_for(0.7, 0.0, 0.8, RULE, Stood(66, 34, 100)) == 0


def test_what_so_many_texts_settle():
    assert planning.rate_settled_by(29, 0.0, 0.8, RULE) is None
    assert planning.rate_settled_by(30, 0.0, 0.8, RULE) == 0.84
    assert planning.rate_settled_by(100, 0.0, 0.8, RULE) == 0.70


def test_texts_it_takes_to_call_two_options_level():
    table = {0.15: 305, 0.10: 686, 0.05: 2_741}
    assert {
        m: planning.texts_to_show_no_difference(m, power=0.80, alpha=0.05) for m in table
    } == table
