import itertools

from hypothesis import given
from hypothesis import strategies as st

from advisor.case.order import random_order, seed_of

IDS = [f"p{i}" for i in range(60)]
CLUSTER = {p: f"c{i // 5}" for i, p in enumerate(IDS[:50])}


def test_the_order_is_that_of_chance_and_not_of_the_file():
    found = random_order(IDS, 3)
    assert sorted(found) == sorted(IDS)
    assert found != IDS
    assert found == random_order(IDS[::-1], 3)
    assert found != random_order(IDS, 4)


def test_texts_of_a_case_go_together():
    found = [CLUSTER.get(p, p) for p in random_order(IDS, 3, CLUSTER)]
    changes = sum(one != other for one, other in itertools.pairwise(found))
    assert changes == 10 + 10 - 1  # ten cases of five and ten texts by themselves


def test_texts_added_later_go_last_shuffled_among_themselves():
    added = [f"n{i}" for i in range(20)]
    late = dict.fromkeys(added, 1)
    found = random_order([*added, *IDS], 3, CLUSTER, late)
    assert found[:60] == random_order(IDS, 3, CLUSTER)
    assert sorted(found[60:]) == sorted(added)
    assert found[60:] != added
    more = random_order([*IDS, *added, "z"], 3, CLUSTER, late | {"z": 2})
    assert more[:-1] == found


@given(st.sets(st.sampled_from(IDS), min_size=1), st.integers(0, 9))
def test_a_prompt_taken_away_moves_none_of_the_others(kept, seed):
    whole = random_order(IDS, seed, CLUSTER)
    assert random_order(kept, seed, CLUSTER) == [p for p in whole if p in kept]


def test_a_decision_keeps_its_seed():
    assert seed_of("a case") == seed_of("a case") != seed_of("another")
