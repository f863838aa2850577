"""What charts and tables draw of one option's scores."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.evidence.rules import EvidenceRules
from advisor.verdict.charts import likely_score
from advisor.verdict.rules import load_rules

RULES: EvidenceRules = load_rules().evidence


def test_one_right_answer_of_48_has_wilsons_range():
    """By hand, z = 1.96: (1 + z²/2 -+ z sqrt(1 x 47/48 + z²/4)) / (48 + z²)."""
    likely = likely_score([1.0] + [0.0] * 47, RULES)
    assert likely is not None
    assert likely.value == pytest.approx(1 / 48)
    assert (likely.low, likely.high) == pytest.approx((0.00369, 0.10899), abs=1e-4)


@given(st.lists(st.floats(0, 1), min_size=RULES.clear_choices, max_size=60))
def test_no_range_of_a_score_leaves_the_scale(scores):
    likely = likely_score(scores, RULES)
    assert likely is not None
    assert 0 <= likely.low <= likely.value + 1e-12
    assert likely.value - 1e-12 <= likely.high <= 1


def test_too_few_scores_have_no_range():
    assert likely_score([1.0] * (RULES.clear_choices - 1), RULES) is None
