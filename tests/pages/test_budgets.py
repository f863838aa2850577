"""A host's budgets, as a reader meets them on Compare."""

from collections.abc import Iterator

import pytest

from advisor.host.settings import hosting
from pages.ui import session
from tests.fault_server import FaultServer

from .test_running import on_compare


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer().running() as running:
        yield running


@pytest.fixture
def allow(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Set a budget; `allow.setenv` has to come before the page is opened."""
    hosting.cache_clear()
    yield monkeypatch
    hosting.cache_clear()


def test_a_run_that_does_not_fit_into_the_day_is_refused_before_anything_is_sent(server, allow):
    allow.setenv("WORTH_TUNING_DAY_BUDGET_USD", "0.001")
    # 12 answers cost 0.00258 USD at most, see test_running.
    reader = on_compare(server, max_output_tokens=100).click("Start the comparison")
    assert len(reader.errors) == 1
    assert "left of what this server allows for your runs today" in reader.errors[0]
    assert server.requests == []


def test_a_lower_stop_makes_it_fit_and_ends_the_run_there(server, allow):
    allow.setenv("WORTH_TUNING_DAY_BUDGET_USD", "0.001")
    reader = on_compare(server, max_output_tokens=100)
    reader.fill("number_input", "Stop at, USD", 0.0003)
    reader.click("Start the comparison").finish()
    assert reader.errors == []
    assert "4 of 12 answers in." in reader.says


def test_a_run_that_fits_is_done_and_counts(server, allow):
    allow.setenv("WORTH_TUNING_DAY_BUDGET_USD", "0.004")
    reader = on_compare(server, max_output_tokens=100).click("Start the comparison").finish()
    assert "12 of 12 answers in." in reader.says
    # A lower limit buys anew; under a higher one whole answers would be taken over for nothing.
    other = on_compare(server, max_output_tokens=99).click("Start the comparison")
    assert "left of what this server allows for your runs today" in other.errors[0]


def test_a_model_without_a_price_is_refused_with_the_way_out_and_sets_nothing_aside(server, allow):
    allow.setenv("WORTH_TUNING_DAY_BUDGET_USD", "1")
    reader = on_compare(server, max_output_tokens=100, priced=False, cap_usd=0.9)
    reader.click("Start the comparison")
    assert any("Enter its price under Costs" in error for error in reader.errors)
    with session.everyone().engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM budgets").scalar() == 0


def test_the_sample_needs_no_budget(allow):
    from .reader import Reader

    allow.setenv("WORTH_TUNING_DAY_BUDGET_USD", "0")
    reader = Reader().click("Open the sample", then="compare").finish()
    assert "144 of 144 answers replayed" in reader.says
