"""Ranges, what moves the difference most, and where the cheaper option changes."""

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.cost import Option, PriceCells, Tokens, Volume, option_cost
from pricing.uncertainty import (
    BreakEvenRange,
    Stated,
    assumptions,
    break_even_range,
    draw_means,
    draw_spend,
    monthly_difference,
    tornado,
    turning_points,
)

D = Decimal
TODAY = date(2026, 11, 22)
TOKENS = Tokens(D(1000), D(0), "given")

# 1,000 tokens a request at 3 and at 1 per 1M; training 24; 12 months of 2,000 requests.
#   base 6 a month; tuned 2 + 24 / 12 = 4 a month; the tuned model is 2 cheaper.
BASE = Option(PriceCells(input=D(3), output=D(0)), TOKENS)
TUNED = Option(
    PriceCells(input=D(1), output=D(0), training_per_1m=D(24), training_tokens=1_000_000, epochs=1),
    TOKENS,
)
VOLUME = Volume(requests_per_month=2000)
STATED = Stated(BASE, TUNED, VOLUME, TODAY)


def test_the_monthly_difference_is_tuned_less_base():
    assert monthly_difference(STATED) == -2


def test_the_tornado_puts_the_widest_first():
    # A fifth either way: base price 2.4 or 3.6, so 4 - 4.8 = -0.8 or 4 - 7.2 = -3.2.
    # Requests 1,600 or 2,400: 1.6 + 2 - 4.8 = -1.2 or 2.4 + 2 - 7.2 = -2.8.
    # Training 19.2 or 28.8: -2.4 or -1.6. Tuned price 0.8 or 1.2: the same.
    found = {swing.of.name: swing for swing in tornado(STATED)}
    base = found["base: input price"]
    assert (base.low, base.high) == (D("2.4"), D("3.6"))
    assert (base.usd_at_low, base.usd_at_high) == (D("-0.8"), D("-3.2"))
    widths = {name: swing.width for name, swing in found.items()}
    assert widths["base: input price"] == widths["base: input tokens per request"] == D("2.4")
    assert widths["requests a month"] == D("1.6")
    assert widths["tuned: training price"] == widths["tuned: input price"] == D("0.8")
    assert list(widths.values()) == sorted(widths.values(), reverse=True)
    assert not widths.keys() & {"cached share", "base: output price"}  # they move nothing


def test_the_tornado_takes_given_ranges_and_keeps_within_limits():
    ranges = {"requests a month": (D(3000), D(1000)), "retrainings a year": (D(-1), D(1))}
    found = {swing.of.name: swing for swing in tornado(STATED, ranges)}
    requests = found["requests a month"]
    # 1,000: 1 + 2 - 3 = 0; 3,000: 3 + 2 - 9 = -4.
    assert (requests.low, requests.usd_at_low, requests.usd_at_high) == (1000, 0, -4)
    # One retraining in the year is 24 over 12 months: 2 more a month.
    retrained = found["retrainings a year"]
    assert (retrained.low, retrained.high) == (0, 1)
    assert (retrained.usd_at_low, retrained.usd_at_high) == (-2, 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        # Saved over the months: 12 x 2,000 x 0.002 = 48, against 24 for training.
        pytest.param("requests a month", D(999), id="at 1,000 it still pays back"),
        pytest.param("months planned", D(5), id="at 6 months it still pays back"),
        pytest.param("base: input price", D(2), id="base price"),
        pytest.param("tuned: input price", D(2), id="tuned price"),
        pytest.param("base: input tokens per request", D("666.666667"), id="base tokens"),
        pytest.param("tuned: input tokens per request", D(2000), id="tuned tokens"),
        pytest.param("tuned: training price", D(48), id="training price"),
        pytest.param("tuned: training tokens", D(2_000_001), id="training tokens"),
        pytest.param("retrainings a year", D(1), id="retrainings"),
        pytest.param("tuned: output price", None, id="no output tokens: never"),
        pytest.param("cached share", None, id="no cached price: not known"),
    ],
)
def test_where_the_cheaper_option_changes(name, value):
    assert turning_points(STATED)[name] == value


def test_a_turning_point_that_is_not_on_a_straight_line_is_searched():
    # Shrinking use: 12 months must sum to 6 months' worth to save just 24 (4 a month).
    growth = turning_points(STATED)["growth a month"]
    assert growth is not None
    assert sum((1 + float(growth)) ** k for k in range(12)) == pytest.approx(6)


def test_a_far_end_out_of_all_proportion_does_not_hide_the_turning_point():
    # Growth doubling for ten years ends at 10^39 requests; what turns it is some 3 % a month.
    hosted = replace(TUNED, cells=TUNED.cells.model_copy(update={"hosting_per_hour": D(4)}))
    volume = Volume(requests_per_month=20_000, horizon_months=120, growth_per_month=D("0.01"))
    stated = Stated(BASE, hosted, volume, TODAY)
    point = turning_points(stated, ["growth a month"])["growth a month"]
    assert point is not None
    assert point > D("0.01")
    below, above = (
        monthly_difference(
            replace(stated, volume=volume.model_copy(update={"growth_per_month": point + step}))
        )
        for step in (D("-0.000001"), D("0.000001"))
    )
    assert below > 0 > above


@given(
    st.decimals(min_value=D("0.01"), max_value=50, places=2),
    st.decimals(min_value=D("0.01"), max_value=50, places=2),
    st.integers(1, 10**6),
)
def test_past_a_turning_point_the_other_option_is_cheaper(base, tuned, requests):
    stated = Stated(
        replace(BASE, cells=PriceCells(input=base, output=D(0))),
        replace(TUNED, cells=TUNED.cells.model_copy(update={"input": tuned})),
        Volume(requests_per_month=requests),
        TODAY,
    )
    here = monthly_difference(stated)
    assert here is not None
    points = turning_points(stated)
    for one in assumptions(stated):
        value = points[one.name]
        if value is None:
            continue
        beyond = value + (value - one.value) * D("0.01") + (1 if value > one.value else -1)
        there = monthly_difference(one.put(min(one.most, max(one.least, beyond))))
        assert there is not None
        assert (there <= 0) != (here <= 0) or abs(there) < D("1e-6"), one.name


def test_nothing_is_said_about_what_is_not_known():
    unknown = replace(STATED, tuned=replace(TUNED, cells=PriceCells(input=D(1))))
    assert monthly_difference(unknown) is None
    assert tornado(unknown) == ()
    assert turning_points(unknown) == {}
    calls = [[1000, 0, 1000, 0]] * 2
    assert break_even_range(BASE, unknown.tuned, calls, VOLUME, D(12), seed=1, alpha=0.05) is None
    assert draw_spend(unknown.tuned, VOLUME, D(12), np.ones((1, 2)), trained=True) is None


def test_tokens_without_spread_give_the_break_even_itself():
    # 24 / (12 x 0.002) = 1,000 requests a month.
    calls = [[1000, 0, 1000, 0]] * 3
    found = break_even_range(BASE, TUNED, calls, VOLUME, D(12), seed=1, alpha=0.05)
    assert found == BreakEvenRange(1000, 1000, 0.0)


def test_the_range_narrows_with_more_prompts_and_holds_the_break_even():
    # Base tokens 600 or 1,400, half and half: a mean of 1,000, a standard deviation of 400.
    def width(prompts: int) -> int:
        calls = [[600 + 800 * (k % 2), 0, 1000, 0] for k in range(prompts)]
        found = break_even_range(BASE, TUNED, calls, VOLUME, D(12), seed=7, alpha=0.05)
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        assert found.low < 1000 < found.high
        return found.high - found.low

    assert width(10_000) < width(400) / 4


def test_a_saving_that_may_be_none_has_no_upper_end():
    # Base 350 tokens at 3 are 1,050, tuned 1,000 at 1: 50 saved, with a standard error of 57.
    calls = [[300 + 100 * (k % 2), 0, 1000, 0] for k in range(8)]
    found = break_even_range(BASE, TUNED, calls, VOLUME, D(12), seed=7, alpha=0.05)
    assert found is not None
    assert found.high is None
    assert 0.05 < found.never < 0.6


def test_one_prompt_has_no_spread():
    with pytest.raises(ValueError, match="at least 2"):
        draw_means([[1, 2]], seed=1)


def test_the_same_seed_gives_the_same_draws_and_the_mean_is_the_measured_one():
    calls = np.random.default_rng(3).lognormal(6, 0.5, (400, 2))
    one, again = draw_means(calls, seed=5), draw_means(calls, seed=5)
    assert np.array_equal(one, again)
    # 10,000 draws of a mean: within 4 standard errors of it.
    error = calls.std(axis=0, ddof=1) / np.sqrt(400) / np.sqrt(10_000)
    assert np.all(np.abs(one.mean(axis=0) - calls.mean(axis=0)) < 4 * error)


def test_drawn_spend_is_the_options_cost():
    volume = Volume(requests_per_month=2000, growth_per_month=D("0.1"), retrainings_per_year=D(2))
    tokens = replace(TOKENS, output=D(50))
    cells = TUNED.cells.model_copy(update={"output": D(7), "hosting_per_hour": D(2)})
    cost = option_cost(cells, tokens, volume, D("7.5"), trained=True)
    spend = draw_spend(
        Option(cells, tokens), volume, D("7.5"), np.array([[1000.0, 50.0]]), trained=True
    )
    assert spend is not None
    assert cost.cumulative is not None
    assert spend[0] == pytest.approx([float(usd) for usd in cost.cumulative])


def test_ten_thousand_draws_of_36_months_for_20_offers_take_a_fifth_of_a_second():
    calls = np.random.default_rng(3).lognormal(6, 0.5, (400, 2))

    def seconds() -> float:
        started = time.process_time()
        for seed in range(20):
            spend = draw_spend(TUNED, VOLUME, D(36), draw_means(calls, seed), trained=True)
            assert spend is not None
            assert spend.shape == (10_000, 36)
            np.quantile(spend[:, -1], [0.025, 0.975])
        return time.process_time() - started

    assert min(seconds() for _ in range(5)) < 0.2


def test_a_machines_hour_is_in_the_range_as_it_is_in_the_break_even():
    # Half a machine's hour of 4 USD a thousand texts: 0.002 a request on top of the tokens' 0.001.
    hour = {"machine_per_hour": D(4), "texts_per_hour": D(2_000)}
    base = replace(BASE, cells=BASE.cells.model_copy(update=hour))
    found = break_even_range(
        base, TUNED, [(1000.0, 0.0, 1000.0, 0.0)] * 4, VOLUME, D(12), seed=1, alpha=0.05
    )
    # Saved a request: 0.003 + 0.002 - 0.001 = 0.004; training 24 over 12 months: 500 a month.
    assert found == BreakEvenRange(500, 500, 0.0)
    months = draw_spend(base, VOLUME, D(12), np.array([[1000.0, 0.0]]), trained=False)
    assert months[0, -1] == pytest.approx(12 * 2000 * 0.005)
