"""Length: when a preference may be one for longer answers, and when nothing can be said of it."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.case.brief import Brief
from advisor.case.case import Judgment
from advisor.evidence import length
from advisor.evidence.model import Output, Vote
from advisor.evidence.notes import Note
from tests.evidence.cases import RULES, WHOLE, gather_evidence
from tests.make import case_of, sha256

LIMITS = RULES.evidence


def longer_wins(n, seed=1):
    """Won by length alone, over answers of about 2,000 characters."""
    chance = np.random.default_rng(seed)
    longer = chance.normal(300, 400, n)
    won = chance.random(n) < 1 / (1 + np.exp(-3 * np.tanh(longer / longer.std(ddof=1))))
    return won.tolist(), (longer + 3_000).tolist(), [3_000.0] * n


def test_a_win_rate_that_is_all_length_is_even_at_equal_length():
    won, tuned, base = longer_wins(2_000)
    assert sum(won) / len(won) > 0.65
    found = length.at_equal_length(won, tuned, base, LIMITS).win_rate
    assert found.value == pytest.approx(0.5, abs=0.04)


def test_the_fit_is_that_of_statsmodels():
    won, tuned, base = longer_wins(200)
    import statsmodels.api as sm

    difference = np.array(tuned) - np.array(base)
    x = np.tanh(difference / difference.std(ddof=1))
    fit = sm.Logit(np.array(won, float), sm.add_constant(x)).fit(disp=0)
    low, high = 1 / (1 + np.exp(-fit.conf_int(0.05)[0]))
    found = length.at_equal_length(won, tuned, base, LIMITS).win_rate
    assert found.value == pytest.approx(1 / (1 + np.exp(-fit.params[0])), abs=1e-9)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


def test_swapping_the_arms_mirrors_the_length_controlled_win_rate():
    won, tuned, base = longer_wins(200)
    one = length.at_equal_length(won, tuned, base, LIMITS).win_rate
    other = length.at_equal_length([not w for w in won], base, tuned, LIMITS).win_rate
    assert one.value == pytest.approx(1 - other.value)
    assert one.low == pytest.approx(1 - other.high)


@pytest.mark.parametrize(
    ("won", "tuned", "why"),
    [
        pytest.param([True, False] * 14, range(100, 128), "few_choices", id="few"),
        pytest.param([True] * 30, range(100, 130), "one_sided", id="one outcome"),
        pytest.param([True] * 15 + [False] * 15, range(90, 120), "separated", id="separation"),
        pytest.param([True, False] * 15, [105] * 30, "all_alike", id="no spread"),
        pytest.param([True, False] * 15, range(10, 40), "none_near", id="steadily shorter"),
        pytest.param([True, False] * 15, range(130, 160), "none_near", id="steadily longer"),
        pytest.param(
            [True, False] * 15, [*range(10, 35), *[100] * 5], "none_near", id="five are too few"
        ),
    ],
)
def test_length_control_refuses(won, tuned, why):
    refused = length.at_equal_length(won, list(tuned), [100] * len(won), LIMITS)
    assert refused.win_rate is None
    assert refused.why_not == why


def test_six_texts_of_about_the_same_length_are_enough_for_the_note():
    tuned = [*range(10, 34), 84, 90, 95, 100, 110, 120]  # 100 / 84 = 1.19, 120 / 100 = 1.2
    assert length.at_equal_length([True, False] * 15, tuned, [100] * 30, LIMITS).win_rate


CHARS = st.one_of(st.integers(0, 50), st.integers(0, 200_000))


@given(st.lists(st.tuples(st.booleans(), CHARS, CHARS), min_size=30, max_size=60))
def test_whatever_the_lengths_there_is_a_figure_or_a_reason_and_no_library_speaks(texts):
    won, tuned, base = (list(column) for column in zip(*texts, strict=True))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = length.at_equal_length(won, tuned, base, LIMITS)
    rate = found.win_rate
    assert bool(rate) != bool(found.why_not)
    assert rate is None or 0 <= rate.low <= rate.value <= rate.high <= 1


def judged(pairs, source="judge", **brief):
    """One judgment or vote a text: (preference, characters of tuned, characters of base)."""
    case = case_of(len(pairs), Brief(use_case="general_chatbots", **brief))
    outputs, judgments, votes = [], [], []
    for prompt, (said, tuned, base) in zip(case.prompts, pairs, strict=True):
        texts = {"tuned": "x" * tuned, "base": "x" * base}
        outputs += [Output(prompt.id, arm, 0, "answered", text) for arm, text in texts.items()]
        shown = {f"{arm}_sha256": sha256(text) for arm, text in texts.items()}
        judgments.append(
            Judgment(prompt_id=prompt.id, preference=said, judge="j", order="both", **shown)
        )
        votes.append(Vote(prompt.id, said))
    if source == "votes":
        return gather_evidence(case, outputs, votes, **WHOLE)
    return gather_evidence(case, outputs, (), judgments, **WHOLE)


def spread(pairs):
    """Lengths that differ a little, as no two answers are one and the same."""
    return [(said, tuned + n % 7, base + n % 5) for n, (said, tuned, base) in enumerate(pairs)]


VERBOSE = spread([("tuned", 1500, 1000)] * 34 + [("base", 1500, 1000)] * 6)


def test_a_judge_that_prefers_the_longer_is_a_trade_off_that_asks_people():
    evidence = judged(VERBOSE)
    assert (evidence.word, evidence.favours, evidence.length_doubt) == ("trade_off", "tuned", True)
    assert Note("longer_answers", side="tuned") in evidence.notes
    assert evidence.length_adjusted is None  # no text comes near equal length


def test_the_same_holds_of_a_base_that_writes_more():
    swap = {"tuned": "base", "base": "tuned"}
    evidence = judged([(swap[said], base, tuned) for said, tuned, base in VERBOSE])
    assert (evidence.word, evidence.favours, evidence.length_doubt) == ("trade_off", "base", True)


def test_where_people_voted_length_is_a_note():
    evidence = judged(VERBOSE, source="votes")
    assert (evidence.word, evidence.length_doubt) == ("decides", False)
    assert evidence.notes == (Note("length_untold", why="none_near"),)


def test_of_people_who_chose_the_shorter_nothing_is_noted():
    evidence = judged([(said, base, tuned) for said, tuned, base in VERBOSE], source="votes")
    assert (evidence.word, evidence.notes) == ("decides", ())


def test_the_shorter_side_is_under_no_doubt():
    evidence = judged([(said, base, tuned) for said, tuned, base in VERBOSE])
    assert (evidence.word, evidence.favours, evidence.length_doubt) == ("decides", "tuned", False)


@pytest.mark.parametrize(
    ("level", "word"),
    [
        # p = 2 / 2 ** 6 = 0.031
        pytest.param([("tuned", 1200, 1000)] * 6, "decides", id="6 of 6 within 20 %"),
        pytest.param([("tuned", 1201, 1000)] * 6, "trade_off", id="a character over 20 %"),
        pytest.param([("tuned", 300, 1000)] * 6, "decides", id="6 of 6 where it is shorter"),
        pytest.param([("tuned", 1000, 1000)] * 5, "trade_off", id="5 clear choices are too few"),
        # 7 of 8: p = 18 / 256 = 0.070; 8 of 9: p = 20 / 512 = 0.039
        pytest.param(
            [("tuned", 1000, 1000)] * 7 + [("base", 1000, 1000)], "trade_off", id="7 of 8"
        ),
        pytest.param([("tuned", 1000, 1000)] * 8 + [("base", 1000, 1000)], "decides", id="8 of 9"),
    ],
)
def test_the_longer_side_decides_only_where_it_leads_at_equal_length_too(level, word):
    """Beside texts where it is twice as long, so that it stays the longer one on average."""
    assert judged([("tuned", 2000, 1000)] * 30 + level).word == word


@pytest.mark.parametrize(
    ("tuned", "word"), [pytest.param(1099, "decides"), pytest.param(1100, "trade_off")]
)
def test_a_tenth_longer_is_longer(tuned, word):
    """Of 1,000 characters; the wins stand where it is 1.21 times as long, the losses where not."""
    won, lost = 1210, tuned * 2 - 1210  # half the texts each, so the mean is `tuned`
    pairs = [("tuned", won, 1000)] * 40 + [("tie", lost, 1000)] * 40
    assert judged(pairs).word == word
