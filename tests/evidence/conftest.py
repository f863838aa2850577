import pytest
from hypothesis import settings

from advisor.evidence.metrics import METRICS, Metric

settings.register_profile("unhurried", deadline=None)  # a first import may take a second
settings.load_profile("unhurried")


@pytest.fixture
def number(monkeypatch):
    """A metric that reads the score from the answer itself."""
    monkeypatch.setitem(
        METRICS,
        "number",
        Metric("number", "Number", 0.01, lambda answer, _reference: float(answer), primary=True),
    )
