"""When tuning pays back, and why it does not."""

from datetime import date
from decimal import Decimal

import pytest

from pricing.cost import BreakEven, Option, PriceCells, Tokens, Volume, compare_costs

D = Decimal
TODAY = date(2026, 11, 22)
TOKENS = Tokens(D(800), D(200), "given")
PRICES = {"input": D(1), "output": D(1)}


def against_base(base_usd: str, tuned_usd: str, training: str, **volume: object):
    """Two options by price per 1,000 requests (1,000 tokens each), and the training, USD."""
    tokens = Tokens(D(1000), D(0), "given")
    base = Option(PriceCells(input=D(base_usd)), tokens)
    paid = {"training_per_1m": D(training), "training_tokens": 1_000_000, "epochs": 1}
    tuned = Option(PriceCells(input=D(tuned_usd), **paid), tokens)
    return compare_costs({"base": base, "tuned": tuned}, Volume(**volume), TODAY)


@pytest.mark.parametrize(
    ("base", "tuned", "training", "requests", "expected"),
    [
        # 0.002 saved a request, 12 months: 24 / (12 x 0.002) = 1,000 a month.
        pytest.param("3", "1", "24", 2000, (1000, 6, "paid_back"), id="pays back exactly"),
        pytest.param("3", "1", "24.001", 2000, (1001, 7, "paid_back"), id="rounds up"),
        pytest.param("3", "1", "0", 2000, (0, 1, "paid_back"), id="training is free"),
        pytest.param(
            "3",
            "1",
            "24",
            500,
            # 1 USD saved a month, 24 of training: after the 12 months.
            (1000, 24, "paid_back", True),
            id="too few requests for the months of use",
        ),
        pytest.param(
            "3",
            "1",
            "24",
            99,
            # 0.198 saved a month: 122 months, longer than is looked for.
            (1000, None, "not_in_time"),
            id="far too few requests",
        ),
        pytest.param(
            "1",
            "1",
            "24",
            500,
            (
                None,
                None,
                "saves_nothing",
            ),
            id="same price",
        ),
        pytest.param(
            "1",
            "3",
            "24",
            500,
            (None, None, "dearer_per_request"),
            id="dearer",
        ),
        pytest.param(
            "1",
            "3",
            "0",
            500,
            (None, None, "dearer_per_request"),
            id="dearer from the first request on",
        ),
        pytest.param(
            "1.0000000001",
            "1",
            "2000000",
            500,
            (None, None, "too_many_requests"),
            id="saves next to nothing",
        ),
        pytest.param(
            "3",
            "1",
            "24",
            None,
            (
                1000,
                None,
                "not_known",
                False,
                ("base: requests a month", "tuned: requests a month"),
            ),
            id="requests not known",
        ),
    ],
)
def test_break_even(base, tuned, training, requests, expected):
    assert against_base(base, tuned, training, requests_per_month=requests).break_even == (
        BreakEven(*expected)
    )


def test_growth_pays_back_earlier_than_the_steady_volume_would():
    # 500 requests save 1 in the first month, doubling: 1 + 2 + 4 + 8 = 15, + 16 = 31 >= 24.
    cost = against_base("3", "1", "24", requests_per_month=500, growth_per_month=1)
    assert cost.break_even == BreakEven(1000, 5, "paid_back")


def test_a_missing_price_leaves_the_break_even_unknown_and_names_it():
    cost = compare_costs(
        {
            "base": Option(PriceCells(input=D(1)), TOKENS),
            "tuned": Option(PriceCells(input=D(1), output=D(1)), TOKENS),
        },
        Volume(requests_per_month=1),
        TODAY,
    )
    gaps = ("base: output price", "tuned: training price")
    assert cost.missing == gaps
    assert cost.break_even == BreakEven(None, None, "not_known", missing=gaps)
    assert cost.cumulative == {}


def test_the_break_even_is_worked_against_the_base_arm_asked_for():
    tokens = Tokens(D(1000), D(0), "given")
    options = {
        "base": Option(PriceCells(input=D(1)), tokens),
        "base_examples": Option(PriceCells(input=D(3)), tokens),
        "tuned": Option(PriceCells(input=D(2)), tokens, already_trained=True),
    }
    volume = Volume(requests_per_month=10)
    assert compare_costs(options, volume, TODAY).break_even == BreakEven(
        None, None, "dearer_per_request"
    )
    cost = compare_costs(options, volume, TODAY, against="base_examples")
    assert (cost.against, cost.break_even) == (
        "base_examples",
        BreakEven(0, 1, "paid_back"),
    )
    assert compare_costs(options, volume, TODAY, against="base_retrieval").break_even is None


def test_without_a_tuned_option_the_horizon_counts_and_nothing_breaks_even():
    options = {"base": Option(PriceCells(**PRICES), TOKENS, date(2026, 12, 1))}
    cost = compare_costs(options, Volume(requests_per_month=1000), TODAY)
    assert (cost.months_of_use, cost.break_even) == (12, None)
    assert cost.arms["base"].total_usd == 12
