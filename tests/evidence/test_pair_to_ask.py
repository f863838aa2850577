"""Which pair people are asked about: one that can still change what the test says."""

import pytest

from advisor.evidence.model import Between, Evidence, PairResult, Tally
from advisor.evidence.opponents import pair_to_ask

PAIRS = (("mini", "ours"), ("maxi", "ours"), ("mini", "theirs"), ("maxi", "theirs"))


def result(base: str, tuned: str, favours: str | None) -> PairResult:
    word = "decides" if favours else "not_enough"
    return PairResult(base, tuned, "votes", Tally(1, 1, 0), None, None, word, favours)


def evidence(claim: tuple[str, str], favours: str | None, *pairs: PairResult, source="votes"):
    word = "decides" if favours else "not_enough"
    return Evidence(word, favours, source, base_arm=claim[0], tuned_arm=claim[1], pairs=pairs)


@pytest.mark.parametrize(
    ("found", "asked"),
    [
        pytest.param(evidence(PAIRS[1], None), PAIRS[1], id="the claim is open"),
        pytest.param(
            evidence(PAIRS[1], "tuned", source="metric"), PAIRS[1], id="nobody has read an answer"
        ),
        pytest.param(
            evidence(PAIRS[1], "tuned", result("maxi", "ours", "tuned")),
            PAIRS[0],
            id="won there, and not yet held against the other base option",
        ),
        pytest.param(
            evidence(
                PAIRS[1], "tuned", result("maxi", "ours", "tuned"), result("mini", "ours", "tuned")
            ),
            PAIRS[1],
            id="won against all: nothing is left",
        ),
        pytest.param(
            evidence(PAIRS[0], "base", result("mini", "ours", "base")),
            PAIRS[2],
            id="beaten, and another tuned option is not",
        ),
        pytest.param(
            evidence(
                PAIRS[0], "base", result("mini", "ours", "base"), result("maxi", "theirs", "base")
            ),
            PAIRS[0],
            id="both beaten: nothing is left",
        ),
    ],
)
def test_people_are_asked_about_a_pair_that_can_still_change_the_verdict(found, asked):
    assert pair_to_ask(found, PAIRS) == asked


def test_base_options_among_themselves_are_asked_about_until_they_are_settled():
    between = Between("mini", "maxi", "votes", Tally(9, 0, 0), None, settled=True)
    found = Evidence("none", base_arm="mini", between_bases=(between,))
    pairs = (("mini", "maxi"), ("mini", "midi"))
    assert pair_to_ask(found, pairs) == ("mini", "midi")
    assert pair_to_ask(found, pairs[:1]) == pairs[0]
    assert pair_to_ask(found, ()) is None
