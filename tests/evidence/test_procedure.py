"""The whole procedure, simulated: how often it is wrong where nothing differs, and how often right.

`make evidence` draws 2,000 of each; here some hundreds, of what must never break.
"""

import numpy as np
import pytest

from tests.bench import evidence as bench
from tests.evidence.cases import RULES


def test_looking_after_every_vote_is_wrong_in_at_most_5_percent():
    rows = list(bench.false_alarms(150))
    assert len(rows) == 7
    assert all(float(measured.split()[0]) <= 5 for _, measured, *_ in rows)


def test_votes_in_the_order_of_a_grouped_file_would_be_wrong():
    # The first half is easy for fine-tuned, the second for base: what the kept order is for.
    chance = np.random.default_rng(1)
    halves = np.array([0.8] * 50 + [0.2] * 50)
    alarms = sum(
        bench.decided_at_any_look(bench.votes(chance, halves)) is not None for _ in range(60)
    )
    assert alarms > 50


def test_cases_that_nobody_declared_would_be_wrong_too_often():
    chance, alarms = np.random.default_rng(2), 0
    for _ in range(150):
        signs, _cases = bench.of_cases(chance, 25, 8, 0.5, 0.3)
        alarms += bench.decided_at_any_look(signs) is not None
    assert alarms / 150 > 0.15


def test_what_is_decided_early_is_decided_for_the_right_side():
    chance = np.random.default_rng(3)
    sides = [bench.decided_at_any_look(bench.votes(chance, np.full(100, 0.75))) for _ in range(150)]
    assert sides.count("tuned") >= 0.9 * 150
    assert sides.count("base") == 0


@pytest.mark.parametrize("seed", range(5))
def test_swapping_the_sides_mirrors_what_is_decided(seed):
    signs = bench.votes(np.random.default_rng(seed), np.full(60, 0.7), 0.1)
    mirrored = {"tuned": "base", "base": "tuned", None: None}
    assert bench.decided_at_any_look(-signs) == mirrored[bench.decided_at_any_look(signs)]


def test_neither_order_nor_a_tie_more_changes_a_word():
    chance = np.random.default_rng(4)
    for _ in range(40):
        signs = [int(s) for s in bench.votes(chance, np.full(45, 0.75), 0.2)]
        found = bench.weighed(signs)
        again = bench.weighed(sorted(signs))
        assert (again.word, again.favours, again.e_value) == (
            found.word,
            found.favours,
            found.e_value,
        )
        more = bench.weighed([*signs, 0])
        assert more.e_value == found.e_value
        if found.word in ("decides", "no_difference"):
            assert more.word == found.word


def test_no_bar_of_the_table_is_looser_than_what_the_rules_say():
    assert RULES.evidence.e_needed == 20
    assert RULES.evidence.cases == 8
