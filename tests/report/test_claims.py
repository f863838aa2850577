"""How a preference is put into words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.evidence.model import Tally
from advisor.evidence.statistics import wilson
from advisor.report.claims import preference_claim


def claim(wins, losses, ties=0, both_bad=0, **options):
    tally = Tally(wins, losses, ties, both_bad)
    win_rate = wilson(wins, wins + losses, alpha=0.05) if wins + losses >= 6 else None
    return preference_claim(tally, win_rate, **{"judged_by": "readers"} | options)


@pytest.mark.parametrize(
    ("tally", "said"),
    [
        pytest.param(
            (41, 11, 8),
            "In 60 texts, readers chose fine-tuned 41 times, base 11 times, no difference 8. "
            "Fine-tuned took 79 % of the 52 clear choices (likely range 66 to 88 %).",
            id="a percentage from 20 on",
        ),
        pytest.param(
            (8, 2),
            "In 10 texts, readers chose fine-tuned 8 times, base 2 times, no difference 0. "
            "Fine-tuned took 8 of the 10 clear choices (likely range 5 to 9 of 10).",
            id="8 of 10 below",
        ),
        pytest.param(
            (1, 2, 0, 1),
            "In 4 texts, readers chose fine-tuned once, base 2 times, no difference 0, "
            "neither once.",
            id="too few for a range",
        ),
    ],
)
def test_claims(tally, said):
    assert claim(*tally) == said


def test_a_test_that_was_stopped_early_says_so():
    assert "stopped early" in claim(20, 2, stopped_early=True)
    assert "stopped early" not in claim(20, 2)


counts = st.integers(0, 60)


@given(counts, counts, counts, counts)
def test_no_claim_breaks_the_rules(wins, losses, ties, both_bad):
    said = claim(wins, losses, ties, both_bad, judged_by="the judge gpt-4")
    texts = wins + losses + ties + both_bad
    assert said.startswith(f"In {texts} text")  # how many
    assert "the judge gpt-4" in said  # who judged
    assert "better" not in said
    assert (" %" in said) == (wins + losses >= 20)
    share = re.search(r"Fine-tuned took", said)
    assert bool(share) == (wins + losses >= 6)
    assert bool(share) == ("likely range" in said)  # never a share without its range
    if share:
        assert f"the {wins + losses} clear choices" in said
