"""Models that the host names for its addresses: no other is asked, and its prices count."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.options import Judge
from advisor.errors import BadEndpoint, BadSettings
from advisor.host.endpoints import host_endpoints
from advisor.host.settings import hosting, settings
from advisor.llm.capabilities import find_out
from advisor.llm.probe import probe
from advisor.runs.prices import price_of_calls
from pages.ui import session
from pricing.offers import PriceCells
from tests.fault_server import FaultServer
from tests.make import case_at

from .reader import Reader

TODAY = date(2026, 11, 22)
NOTHING = PriceCells.model_validate({"input": "0", "output": "0"})


@pytest.fixture
def server(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    """What stands behind host:ours, at 100 USD a million tokens in and 200 out."""
    with FaultServer().running() as running:
        prices = {"input": 100, "output": "200"}
        named = {"ours": {"url": running.url, "models": {"m-base": prices, "m-tuned": prices}}}
        monkeypatch.setenv("WORTH_TUNING_ENDPOINTS", json.dumps(named))
        monkeypatch.setenv("WORTH_TUNING_DAY_BUDGET_USD", "0.2")
        for kept in (settings, host_endpoints, hosting):
            kept.cache_clear()
        yield running
    for kept in (settings, host_endpoints, hosting):
        kept.cache_clear()


def free(case: Case) -> Case:
    """Its reader says that no model costs anything."""
    arms = {n: arm.model_copy(update={"price": NOTHING}) for n, arm in case.arms.items()}
    brief = Brief(use_case="domain_summarization")
    return case.model_copy(update={"arms": arms, "brief": brief})


def test_the_hosts_price_counts_whatever_the_reader_enters(server):
    case = free(case_at("host:ours", 3))
    judge = Judge(endpoint="host:ours", model="m-base", price=NOTHING, discount_percent=Decimal(99))
    price = price_of_calls(case.model_copy(update={"judge": judge}), TODAY)
    # 1,000 tokens in at 100 USD a million and 10 out at 200.
    found = [price(role, 1000, 10) for role in ("base", "tuned", "judge")]
    assert found == [Decimal("0.102")] * 3


def test_a_price_of_nothing_spends_no_more_than_the_budget(server):
    case_id = session.store().save_case(free(case_at("host:ours", 6, max_output_tokens=100)))
    reader = Reader("compare", case_id=case_id)
    # 12 answers of 15 tokens in and 100 out at most: 12 x (0.0015 + 0.02) USD.
    assert "at most $0.26" in reader.says
    reader.click("Start the comparison")
    assert "left of what this server allows for your runs today" in reader.errors[0]
    assert server.requests == []


def test_what_a_run_costs_its_host_is_counted_at_the_hosts_price(server):
    case_id = session.store().save_case(free(case_at("host:ours", 3, max_output_tokens=100)))
    Reader("compare", case_id=case_id).click("Start the comparison").finish()
    run = session.store().latest_run(case_id)
    assert run is not None
    # 6 answers of 11 tokens in and 7 out, as the server counts them.
    assert session.store().spent(run.id) == 6 * Decimal("0.0025")


def test_a_model_that_the_host_has_not_named_is_not_asked(server):
    case = free(case_at("host:ours", 3, max_output_tokens=100))
    dear = case.arms["base"].model_copy(update={"model": "m-dear"})
    case = case.model_copy(update={"arms": {**case.arms, "base": dear}})
    case_id = session.store().save_case(case)
    reader = Reader("compare", case_id=case_id).click("Start the comparison")
    said = "At host:ours this server asks no model called “m-dear”; choose one of: m-base, m-tuned."
    assert said in reader.says
    with pytest.raises(BadEndpoint, match="m-dear"):
        probe("host:ours", "m-dear")
    with pytest.raises(BadEndpoint, match="m-dear"):
        find_out("host:ours", "m-dear")
    assert server.requests == []
    models = Reader("options", case_id=case_id)
    assert models.field("selectbox", "Model name").options == ["m-dear", "m-base", "m-tuned"]
    assert models.case.arms["base"].model == "m-dear"  # looking at the page loses nothing


@pytest.mark.parametrize("price", ['{"input": 1}', '{"input": -1, "output": 1}', '"cheap"'])
def test_a_price_that_is_none_is_one_sentence(monkeypatch, price):
    monkeypatch.setenv(
        "WORTH_TUNING_ENDPOINTS",
        f'{{"ours": {{"url": "https://a/v1", "models": {{"m": {price}}}}}}}',
    )
    settings.cache_clear()
    host_endpoints.cache_clear()
    with pytest.raises(
        BadSettings, match=r"^WORTH_TUNING_ENDPOINTS can't be read \(ours\.models\.m"
    ):
        host_endpoints()
    settings.cache_clear()
