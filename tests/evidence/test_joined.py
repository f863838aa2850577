import json
import random
from pathlib import Path

import pytest

from advisor.evidence.joined import join, prediction_powered

VECTORS = json.loads((Path(__file__).parent / "recorded" / "ppi_vectors.json").read_text())
WORD = {1: "tuned", -1: "base", 0: "tie"}


@pytest.mark.parametrize("given", VECTORS["vectors"], ids=lambda v: f"{len(v['human'])} votes")
@pytest.mark.parametrize(("name", "trust"), [("power_tuned", None), ("lambda_1", 1.0)])
def test_the_estimate_is_that_of_ppi_python(given, name, trust):
    found = prediction_powered(
        given["human"],
        given["judge_where_human"],
        given["judge_elsewhere"],
        trust=trust,
        alpha=0.05,
    )
    expected = given[name]
    assert found.net.value == pytest.approx(expected["estimate"], abs=1e-6)
    assert [found.net.low, found.net.high] == pytest.approx(expected["ci95"], abs=1e-6)


def both(n_votes, n_judged, agree, seed=1):
    chance = random.Random(seed)
    truth = {f"t{i:03}": chance.choices([1, -1, 0], [0.5, 0.3, 0.2])[0] for i in range(n_judged)}
    judged = {
        p: WORD[said if chance.random() < agree else chance.choice([1, -1, 0])]
        for p, said in truth.items()
    }
    return {p: WORD[truth[p]] for p in list(truth)[:n_votes]}, judged


def test_a_good_judge_makes_30_votes_worth_many_more():
    found = join(*both(30, 230, agree=0.9), alpha=0.05)
    assert (found.votes, found.judged) == (30, 230)
    assert 60 < found.worth < 230
    assert found.net.low > 0  # the truth is 0.2
    assert found.wins > found.losses


def test_the_clear_choices_it_is_worth_have_its_mean_and_its_error():
    votes, judged = both(40, 200, agree=0.8)
    found = join(votes, judged, alpha=0.05)
    clear = sum(said != "tie" for said in votes.values()) / len(votes)
    n = (found.wins + found.losses) / clear
    assert (found.wins - found.losses) / n == pytest.approx(found.net.value)
    assert (clear - found.net.value**2) / n == pytest.approx(found.error**2)


def test_a_judge_that_guesses_is_not_joined():
    votes, judged = both(30, 230, agree=0.9)
    turned = {p: {"tuned": "base", "base": "tuned", "tie": "tie"}[s] for p, s in judged.items()}
    assert join(votes, turned, alpha=0.05) == "by_chance"


@pytest.mark.parametrize(
    ("votes", "judged", "why"),
    [
        pytest.param(0, 50, "no_judge", id="no votes"),
        pytest.param(19, 200, "few_shared", id="19 in common"),
        pytest.param(50, 50, "no_more_judged", id="the judge has seen no more than people"),
    ],
)
def test_refused(votes, judged, why):
    assert join(*both(votes, judged, agree=0.9), alpha=0.05) == why


def test_votes_the_judge_has_not_seen_do_not_shift_it():
    votes, judged = both(30, 230, agree=0.9)
    assert join(votes | {"other": "base"}, judged, alpha=0.05) == join(votes, judged, alpha=0.05)
