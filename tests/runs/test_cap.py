"""The cap of a run: by the highest price, over all executions, never by a guess."""

from decimal import Decimal

import pytest

from advisor.errors import UnpricedCap
from advisor.runs.compare import compare
from tests.fault_server import FaultServer
from tests.make import case_at

CENT = Decimal("0.01")


def test_the_cap_holds_by_the_highest_price_and_keeps_what_was_bought(store):
    def price(arm, input_tokens, output_tokens, cached_tokens=0):
        return Decimal(output_tokens) / 100  # highest: 10.24 USD a call; in truth 0.07

    with FaultServer(latency_s=0.01).running() as server:
        summary = compare(case_at(server.url, 50, cap_usd=30.0), store, price=price)
        assert server.most_at_once == 2
        # Call n fits while (n - 1) x 0.07 + 10.24 <= 30: all 100 do.
        assert (summary.status, summary.done) == ("done", 100)
        tight = case_at(server.url, 50, cap_usd=10.5, temperature=1.0)
        capped = compare(tight, store, price=price)
    # 10.24 + 3 x 0.07 = 10.45 fits, 10.24 + 4 x 0.07 = 10.52 does not: 4 calls.
    assert (capped.status, capped.done, capped.cost_usd) == ("capped", 4, Decimal("0.28"))
    assert capped.stop_reason == "The cap of 10.5 USD was reached."
    assert not capped.complete


def test_a_cap_counts_what_the_run_spent_before(store):
    def price(arm, input_tokens, output_tokens, cached_tokens=0):
        return Decimal(1)

    with FaultServer().running() as server:
        first = compare(case_at(server.url, 5, cap_usd=3.0), store, price=price)
        again = compare(case_at(server.url, 5, cap_usd=3.0), store, price=price)
        raised = compare(case_at(server.url, 5, cap_usd=5.0), store, price=price)
    assert (first.status, first.done) == ("capped", 3)
    assert (again.status, again.done) == ("capped", 3)
    assert (raised.status, raised.done, raised.cost_usd) == ("capped", 5, Decimal(5))
    assert len(server.requests) == 5


def test_a_cap_with_an_unknown_price_sends_nothing(store):
    def price(arm, input_tokens, output_tokens, cached_tokens=0):
        return None if arm == "tuned" else CENT

    with FaultServer().running() as server:
        with pytest.raises(UnpricedCap, match="the price of “m-tuned” is not known"):
            compare(case_at(server.url, cap_usd=3.0), store, price=price)
        assert server.requests == []
        summary = compare(case_at(server.url), store, price=price)
    assert (summary.done, summary.cost_usd) == (8, None)
