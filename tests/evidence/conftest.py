import pytest

from advisor.evidence.metrics import METRICS, Metric


@pytest.fixture
def number(monkeypatch):
    """A metric that reads the score from the answer itself."""
    monkeypatch.setitem(
        METRICS,
        "number",
        Metric("number", "Number", 0.01, lambda answer, _reference: float(answer), primary=True),
    )
