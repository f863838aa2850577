import pytest
from scipy.stats import fisher_exact

from advisor.evidence.segments import by_segment, weighted
from advisor.evidence.statistics import wilson

ALPHA = 0.05
LIMITS = {"clear_choices": 6, "alpha": ALPHA}


def texts(**counts):
    """Preferences and segments: complaints=(3, 9, 1) is 3 wins, 9 losses, 1 tie."""
    said, segment = {}, {}
    for name, (wins, losses, ties) in counts.items():
        for i, word in enumerate(["tuned"] * wins + ["base"] * losses + ["tie"] * ties):
            said[f"{name}{i}"], segment[f"{name}{i}"] = word, name
    return said, segment


def test_segments_that_go_another_way_than_the_rest():
    rows = by_segment(
        *texts(renewals=(14, 2, 0), complaints=(3, 9, 2), other=(12, 6, 0)),
        clear_choices=6,
        alpha=0.05,
    )
    found = {row.segment: row for row in rows}
    assert [row.segment for row in rows] == ["other", "renewals", "complaints"]
    assert (found["complaints"].wins, found["complaints"].losses) == (3, 9)
    # 3 : 9 against 26 : 8, times the three segments there are
    p = fisher_exact([[3, 9], [26, 8]]).pvalue
    assert found["complaints"].p_holm == pytest.approx(3 * p)
    assert [row.segment for row in rows if row.differs] == ["renewals", "complaints"]
    assert found["complaints"].win_rate == wilson(3, 12, 0.05 / 3)


def test_the_least_unusual_segment_has_the_usual_level():
    rows = by_segment(*texts(a=(10, 2, 0), b=(8, 8, 0), c=(9, 7, 0)), **LIMITS)
    widest, _, usual = sorted(rows, key=lambda row: row.p_holm)
    assert widest.win_rate == wilson(10, 12, 0.05 / 3)
    assert usual.win_rate in (wilson(8, 16, alpha=ALPHA), wilson(9, 16, alpha=ALPHA))


def test_too_few_clear_choices_give_no_rate():
    rows = {r.segment: r for r in by_segment(*texts(many=(20, 4, 0), few=(0, 5, 9)), **LIMITS)}
    assert rows["few"].win_rate is None
    assert not rows["few"].differs
    assert rows["many"].win_rate == wilson(20, 24, alpha=ALPHA)


def test_one_segment_is_no_comparison():
    assert by_segment(*texts(all=(20, 4, 0)), **LIMITS) == ()
    assert by_segment({"1": "tuned"}, {}, **LIMITS) == ()


def test_equal_weights_change_nothing():
    said, _ = texts(a=(14, 6, 5))
    found = weighted(said, dict.fromkeys(said, 2.5), alpha=ALPHA)
    assert found.difference == pytest.approx(8 / 25)
    assert found.effective == pytest.approx(25)
    expected = wilson(14, 20, alpha=ALPHA)
    assert (found.win_rate.value, found.win_rate.low) == pytest.approx((0.7, expected.low))


def test_weights_by_hand():
    # Won 3 + 1 of 3 + 1 + 4 clear; worth 8^2 / (9 + 1 + 16) of them.
    said = {"1": "tuned", "2": "tuned", "3": "base", "4": "tie"}
    found = weighted(said, {"1": 3, "2": 1, "3": 4, "4": 2}, alpha=ALPHA)
    assert found.win_rate.value == 0.5
    assert found.difference == pytest.approx(0.0)
    assert found.effective == pytest.approx(100 / 30)
    narrow = wilson(50, 100, alpha=ALPHA)
    assert found.win_rate.high > narrow.high


def test_a_text_without_a_weight_has_the_usual_one():
    said = {"1": "tuned", "2": "base", "3": "base"}
    assert weighted(said, {"1": 2, "2": 4}, alpha=ALPHA) == weighted(
        said, {"1": 2, "2": 4, "3": 3}, alpha=ALPHA
    )
    assert weighted(said, {}, alpha=ALPHA) is None
