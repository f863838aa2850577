"""What a base option costs once its model has stopped: its successor's price, from that day on."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from pricing.assumptions import Stated, assumptions
from pricing.cost import Option, PriceCells, Tokens, Volume, cost_of
from pricing.option import DAYS_PER_MONTH, Later
from pricing.quotes import quote
from pricing.successors import cells_from, handovers
from pricing.uncertainty import break_even_range, draw_spend

D = Decimal
TODAY, AFTER = date(2026, 11, 30), date(2026, 12, 15)
CHEAP, DEAR = PriceCells(input=D(1), output=D(2)), PriceCells(input=D(3), output=D(6))
TOKENS = Tokens(D(1000), D(500), "given")  # 0.002 USD at CHEAP, 0.006 at DEAR
VOLUME = Volume(requests_per_month=1000, horizon_months=12)  # 2 or 6 USD a month
SWITCHED = Option(CHEAP, TOKENS, later=(Later(D("2.5"), DEAR),))


def test_from_the_day_a_model_stops_its_successors_price_counts():
    cost = cost_of(SWITCHED, VOLUME, D(4), trained=False)
    # 2, 4, then half a month at 2 and half at 6, then 6.
    assert cost.cumulative == (D(2), D(4), D(8), D(14))
    assert (cost.usd_per_request, cost.usd_per_month, cost.total_usd) == (D("0.002"), D(2), D(14))


def test_growth_goes_on_through_the_change():
    doubling = VOLUME.model_copy(update={"growth_per_month": D(1)})
    cost = cost_of(SWITCHED, doubling, D(3), trained=False)
    # 2, then 4, then four times as many: half a month of 8 and half of 24.
    assert cost.cumulative == (D(2), D(6), D(22))


def test_a_change_after_the_months_of_use_changes_nothing():
    plain = cost_of(Option(CHEAP, TOKENS), VOLUME, D("2.5"), trained=False)
    assert cost_of(SWITCHED, VOLUME, D("2.5"), trained=False) == plain


def test_the_first_month_is_priced_as_it_passes():
    soon = Option(CHEAP, TOKENS, later=(Later(D("0.25"), DEAR),))
    # a quarter of 2 and three quarters of 6
    assert cost_of(soon, VOLUME, D(12), trained=False).usd_per_month == D(5)


def test_the_spread_over_drawn_tokens_has_the_same_middle():
    drawn = np.array([[1000.0, 500.0]])
    spend = draw_spend(SWITCHED, VOLUME, D(4), drawn, trained=False)
    assert spend == pytest.approx(np.array([[2, 4, 8, 14]]))


def test_the_break_even_range_counts_both_prices():
    # Over 4 months a request costs 0.0035 on average, tuned 0.001 and 10 once: 10 / (4 x 0.0025).
    tuned = Option(
        PriceCells(
            input=D("0.5"),
            output=D(1),
            training_per_1m=D(10),
            training_tokens=1_000_000,
            epochs=1,
        ),
        TOKENS,
    )
    calls = [[1000, 500, 1000, 500]] * 5
    found = break_even_range(SWITCHED, tuned, calls, VOLUME, D(4), seed=0, alpha=0.05)
    assert (found.low, found.high) == (1000, 1000)


def test_moving_the_price_now_moves_the_later_one_in_proportion():
    stated = Stated(SWITCHED, SWITCHED, VOLUME, TODAY)
    (price,) = (a for a in assumptions(stated) if a.name == "base: input price")
    moved = price.put(D(2)).base
    assert (moved.cells.input, moved.later[0].cells.input) == (D(2), D(6))
    assert moved.later[0].cells.output == D(6)


@pytest.mark.parametrize(
    ("offer", "today", "said"),
    [
        pytest.param(
            "openai:gpt-5-mini",
            TODAY,
            [("gpt-5-mini", date(2026, 12, 11), "gpt-6.1-terra", (D(1), D(5)))],
            id="ahead",
        ),
        pytest.param(
            "fireworks:gpt-oss-120b",
            TODAY,
            [("gpt-oss-120b", date(2026, 11, 7), None, None)],
            id="nobody is named",
        ),
        pytest.param(
            "azure:Ministral-3B-2411",
            TODAY,
            [("Ministral-3B-2411", date(2026, 12, 9), "ministral-ministral-4b-instruct", None)],
            id="a successor without a price",
        ),
        pytest.param("openai:gpt-6-luna", TODAY, [], id="none is announced"),
    ],
)
def test_every_stop_ahead_is_named_with_what_follows(offer, today, said):
    found = handovers(quote(offer, PriceCells(), "base", today), VOLUME, today)
    shown = [
        (h.model, h.on, h.successor, h.cells and (h.cells.input, h.cells.output)) for h in found
    ]
    assert shown == said


def test_before_the_day_the_old_price_holds_and_after_it_only_the_new_one():
    found = quote("openai:gpt-5-mini", PriceCells(), "base", TODAY)
    now, later = cells_from(found.cells, handovers(found, VOLUME, TODAY), TODAY)
    assert (now.input, now.output) == (D("0.25"), D(2))
    assert [(x.after_months, x.cells.input) for x in later] == [(11 / DAYS_PER_MONTH, D(1))]
    now, later = cells_from(found.cells, handovers(found, VOLUME, AFTER), AFTER)
    assert (now.input, now.output, later) == (D(1), D(5), ())


def test_own_figures_and_a_contracts_discount_hold_for_the_successor_too():
    own = PriceCells(input=D("0.1"))
    found = quote("openai:gpt-5-mini", own, "base", TODAY, discount_percent=D(20))
    (stop,) = handovers(found, VOLUME, TODAY)
    assert (stop.cells.input, stop.cells.output) == (D("0.1"), D(4))


def test_a_successor_that_lacks_a_price_the_volume_needs_is_not_priced():
    found = quote("aws:anthropic.claude-sonnet-4-5-20250929-v1:0", PriceCells(), "base", TODAY)
    (plain,) = handovers(found, VOLUME, TODAY)
    assert plain.cells.input == D("2.2")
    (batched,) = handovers(found, VOLUME.model_copy(update={"batch_share": D(1)}), TODAY)
    assert batched.cells is None


def test_a_successor_that_stops_itself_hands_over_again():
    found = quote("azure:gpt-5.1", PriceCells(), "base", TODAY)
    stops = handovers(quote("azure:gpt-5", PriceCells(), "base", TODAY), VOLUME, TODAY)
    assert [(h.on, h.successor) for h in stops] == [
        (date(2027, 2, 9), "gpt-5.1"),
        (date(2027, 7, 13), "gpt-5.2"),
    ]
    assert stops[0].cells == found.cells
