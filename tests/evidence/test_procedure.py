"""The whole procedure, simulated: how often it is wrong where nothing differs, and how often right.

Prompts come in the random order of the case's seed; the evidence is gathered after each of them from
the 10th to the last, and the first "decides" ends the test. Seeded: the same every time.
"""

import random
from functools import cache

import pytest

from advisor.case.brief import Brief
from advisor.case.order import random_order
from advisor.evidence import statistics
from advisor.evidence.model import Vote
from tests.evidence.cases import RULES, gather_evidence
from tests.make import both, case_of

CHAT = Brief(use_case="general_chatbots")
FIRST_LOOK = 10
FEWEST = max(FIRST_LOOK, RULES.evidence.scored)


@cache
def prompts_and_outputs(n):
    case = case_of(n, CHAT)
    outputs = {p.id: [] for p in case.prompts}
    for output in both(case):
        outputs[output.prompt_id].append(output)
    return case, outputs


def decided_for(chance, n, tuned, base, seed):
    """The side decided for when one looks after every prompt from the 10th on, else None."""
    case, outputs = prompts_and_outputs(n)
    order = random_order([p.id for p in case.prompts], seed)
    said = chance.choices(["tuned", "base", "tie"], [tuned, base, 1 - tuned - base], k=n)
    votes = [Vote(p, word) for p, word in zip(order, said, strict=True)]
    wins = losses = 0
    highest = 1.0
    for look, vote in enumerate(votes, start=1):
        wins += vote.preference == "tuned"
        losses += vote.preference == "base"
        highest = max(highest, statistics.e_value(wins, losses))
        # Nothing decides below the e-value or the texts needed: those looks need no gathering.
        if look >= FEWEST and highest >= RULES.evidence.e_needed:
            shown = [output for p in order[:look] for output in outputs[p]]
            found = gather_evidence(
                case, shown, votes[:look], run_complete=True, rules=RULES.evidence, seed=seed
            )
            assert found.e_value >= RULES.evidence.e_needed
            if found.word == "decides":
                return found.favours
    return None


@pytest.mark.parametrize("ties", [0.0, 0.3])
def test_peeking_from_10_to_100_prompts_is_wrong_in_at_most_5_percent(ties):
    chance = random.Random(20261122)
    runs, even = 1_200, (1 - ties) / 2
    alarms = [decided_for(chance, 100, even, even, seed) for seed in range(runs)]
    assert sum(side is not None for side in alarms) <= 0.05 * runs


def test_the_sign_test_with_as_many_looks_would_be_wrong_in_a_fifth():
    chance = random.Random(7)
    runs, alarms = 400, 0
    for _ in range(runs):
        wins, met = 0, False
        for n in range(1, 101):
            wins += chance.random() < 0.5
            met = met or (n >= FIRST_LOOK and sign_test(wins, n - wins) <= 0.05)
        alarms += met
    assert 0.15 < alarms / runs < 0.30


@cache
def sign_test(wins, losses):
    return statistics.sign_test(wins, losses)


def test_below_the_thresholds_nothing_decides():
    # What the shortcut above rests on, seen once without it.
    case, outputs = prompts_and_outputs(60)
    chance = random.Random(3)
    order = random_order([p.id for p in case.prompts], 3)
    votes = [Vote(p, chance.choices(["tuned", "base"], [3, 1])[0]) for p in order]
    words = []
    for look in range(FIRST_LOOK, 61):
        shown = [output for p in order[:look] for output in outputs[p]]
        found = gather_evidence(
            case, shown, votes[:look], run_complete=True, rules=RULES.evidence, seed=3
        )
        words.append(found.word)
        if found.word == "decides":
            assert found.e_value >= RULES.evidence.e_needed
            assert look >= FEWEST
    assert "decides" in words


@pytest.mark.parametrize(
    ("win_rate", "ties", "prompts"),
    [
        pytest.param(0.70, 0.2, 104, id="83 clear choices and a fifth ties"),
        pytest.param(0.80, 0.0, 34, id="34 clear choices"),
    ],
)
def test_the_prompts_asked_for_settle_it_about_as_often_as_promised(win_rate, ties, prompts):
    needed = statistics.clear_choices_needed(
        win_rate, RULES.evidence.e_needed, RULES.evidence.power
    )
    assert prompts == round(needed / (1 - ties))
    chance = random.Random(11)
    tuned, base = win_rate * (1 - ties), (1 - win_rate) * (1 - ties)
    runs = 300
    sides = [decided_for(chance, prompts, tuned, base, seed) for seed in range(runs)]
    assert 0.75 <= sides.count("tuned") / runs <= 0.88  # exactly 81 and 83 %; three errors each
    assert sides.count("base") <= 2


def test_swapping_the_arms_mirrors_what_is_decided():
    one = [decided_for(random.Random(s), 60, 0.7, 0.2, s) for s in range(20)]
    other = []
    for s in range(20):
        case, outputs = prompts_and_outputs(60)
        order = random_order([p.id for p in case.prompts], s)
        said = random.Random(s).choices(["base", "tuned", "tie"], [0.7, 0.2, 0.1], k=60)
        votes = [Vote(p, word) for p, word in zip(order, said, strict=True)]
        shown = [output for p in order for output in outputs[p]]
        found = gather_evidence(case, shown, votes, run_complete=True, rules=RULES.evidence, seed=s)
        other.append(found.favours)
    mirrored = {"tuned": "base", "base": "tuned", None: None}
    whole = [mirrored[side] for side in other]
    # Looking early never decides for another side than looking once.
    assert all(w is None or w == o for w, o in zip(whole, one, strict=True))
