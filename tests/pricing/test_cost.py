"""What options cost, with every expected figure worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest

from pricing.charges import assumes_epochs
from pricing.cost import (
    Option,
    PriceCells,
    Tokens,
    Volume,
    break_even,
    cost_of,
    months_of_use,
    option_cost,
    request_cost,
)
from pricing.quotes import quote

D = Decimal
TODAY = date(2026, 11, 22)
TOKENS = Tokens(D(800), D(200), "given")


# -- One request -------------------------------------------------------------------------------

CLASSES = PriceCells(
    input=D(10),
    cached_input=D(1),
    cache_write=D("12.5"),
    output=D(50),
    batch_input=D(4),
    batch_output=D(20),
)
THOUSAND = Tokens(D(1000), D(100), "given")


@pytest.mark.parametrize(
    ("volume", "usd"),
    [
        # 1000 x 10 + 100 x 50 = 15,000 per 1M requests.
        pytest.param(Volume(), "0.015", id="neither cached nor batched"),
        # half of the input at 1: 500 x 10 + 500 x 1 + 5,000 = 10,500
        pytest.param(Volume(cached_share=D("0.5")), "0.0105", id="half cached"),
        # half of the other half is written at 12.5: 500 x 1 + 250 x 12.5 + 250 x 10 + 5,000
        pytest.param(
            Volume(cached_share=D("0.5"), cache_write_share=D("0.5")), "0.011125", id="written"
        ),
        # 1000 x 4 + 100 x 20 = 6,000
        pytest.param(Volume(batch_share=D(1)), "0.006", id="all batched"),
        # half of 10,500 and half of 6,000: the cached share is of what is not batched
        pytest.param(
            Volume(cached_share=D("0.5"), batch_share=D("0.5")), "0.00825", id="half and half"
        ),
    ],
)
def test_each_class_of_tokens_is_charged_at_its_own_rate(volume, usd):
    assert request_cost(CLASSES, THOUSAND, volume).usd == D(usd)


@pytest.mark.parametrize(
    ("cells", "tokens", "volume", "missing"),
    [
        pytest.param(
            PriceCells(), TOKENS, Volume(), ("input price", "output price"), id="no prices"
        ),
        pytest.param(
            PriceCells(input=D(1), output=D(2)),
            TOKENS,
            Volume(cached_share=D("0.1"), batch_share=D("0.1")),
            ("cached input price", "batch input price", "batch output price"),
            id="shares without a rate",
        ),
        pytest.param(
            CLASSES,
            Tokens(None, None, "counted"),
            Volume(),
            ("input tokens per request", "output tokens per request"),
            id="no tokens",
        ),
        pytest.param(
            PriceCells(batch_input=D(1), batch_output=D(2)),
            TOKENS,
            Volume(batch_share=D(1)),
            (),
            id="all batched needs no standard price",
        ),
        pytest.param(
            PriceCells(input=D(0), output=D(0)),
            Tokens(None, None, "counted"),
            Volume(),
            (),
            id="what is free needs no count",
        ),
    ],
)
def test_what_a_request_needs_is_named_and_never_taken_for_zero(cells, tokens, volume, missing):
    found = request_cost(cells, tokens, volume)
    assert found.missing == missing
    assert (found.usd is None) == bool(missing)


# -- Training ----------------------------------------------------------------------------------

PRICES = {"input": D(1), "output": D(1)}
PER_1M = {"training_per_1m": D("5.0")}


@pytest.mark.parametrize(
    ("training", "usd", "missing", "assumed"),
    [
        pytest.param(
            {**PER_1M, "training_tokens": 2_000_000, "epochs": 3}, "30", (), False, id="by tokens"
        ),
        pytest.param(
            {**PER_1M, "training_tokens": 2_000_000},
            "30",
            (),
            True,
            id="epochs not given",
        ),
        pytest.param(
            {"training_per_hour": D(100), "training_hours": D("2.5")},
            "250",
            (),
            False,
            id="by hours",
        ),
        pytest.param(
            {"training_per_1m": D(1), "training_tokens": 1000, "epochs": 1, "min_fee": D(4)},
            "4",
            (),
            False,
            id="at least the minimum fee",
        ),
        pytest.param({"training_per_1m": D(0)}, "0", (), False, id="free, whatever the tokens"),
        pytest.param(PER_1M, None, ("training tokens",), False, id="tokens not known"),
        pytest.param(
            {"training_per_hour": D(9)}, None, ("training hours",), False, id="hours not known"
        ),
        pytest.param({}, None, ("training price",), False, id="nothing known"),
        pytest.param({"training_tokens": 5}, None, ("training price",), False, id="no rate"),
    ],
)
def test_one_training_job(training, usd, missing, assumed):
    cells = PriceCells(**PRICES, **training)
    cost = option_cost(cells, TOKENS, Volume(requests_per_month=1), D(1), trained=True)
    assert (cost.training_usd, cost.missing) == (None if usd is None else D(usd), missing)
    assert assumes_epochs(cells) is assumed
    assert (cost.total_usd is None) == (usd is None)
    assert cost.usd_per_month == D("0.001")  # 1,000 tokens at 1 per 1M


def test_a_model_that_exists_needs_no_figures_of_its_training():
    cost = option_cost(
        PriceCells(**PRICES), TOKENS, Volume(requests_per_month=1000), D(2), True, True
    )
    assert (cost.training_usd, cost.total_usd, cost.missing) == (0, 2, ())


def test_a_training_that_is_given_counts_for_a_model_that_exists_too():
    # 2M tokens x 3 epochs x 5 USD = 30; 2 months of 1,000 requests at 0.001 = 2.
    cells = PriceCells(**PRICES, **PER_1M, training_tokens=2_000_000, epochs=3)
    cost = option_cost(cells, TOKENS, Volume(requests_per_month=1000), D(2), True, True)
    assert (cost.training_usd, cost.total_usd, cost.missing) == (30, 32, ())


def test_retrainings_are_spread_evenly_over_the_months():
    # A job is 30; 4 a year are 10 a month: 30 + 6 x 10, and 6 x 1 for the requests.
    cells = PriceCells(**PRICES, **PER_1M, training_tokens=2_000_000, epochs=3)
    volume = Volume(requests_per_month=1000, retrainings_per_year=D(4))
    cost = option_cost(cells, TOKENS, volume, D(6), trained=True)
    assert (cost.training_usd, cost.total_usd) == (30, 96)
    unknown = option_cost(PriceCells(**PRICES), TOKENS, volume, D(6), True, already_trained=True)
    assert (unknown.total_usd, unknown.missing) == (None, ("training price",))


def test_a_base_model_is_never_trained():
    volume = Volume(requests_per_month=1000, retrainings_per_year=D(4))
    cost = option_cost(PriceCells(**PRICES), TOKENS, volume, D(6), trained=False)
    assert (cost.training_usd, cost.total_usd, cost.missing) == (0, 6, ())


# -- Hosting, storage, months ------------------------------------------------------------------


def test_hosting_is_hours_by_rate_by_replicas_and_storage_comes_on_top():
    cells = PriceCells(
        input=D(0),
        output=D(0),
        hosting_per_hour=D(2),
        hosting_hours_per_month=D(100),
        replicas=3,
        storage_per_month=D(5),
    )
    cost = option_cost(cells, TOKENS, Volume(), D(2), trained=False)
    assert (cost.hosting_usd_per_month, cost.usd_per_month, cost.total_usd) == (600, 605, 1210)


def test_hosting_that_a_provider_charges_but_nobody_found_is_missing():
    found = quote("azure_foundry:Qwen-32B", PriceCells(**PRICES, **PER_1M), "tuned", TODAY)
    cost = option_cost(found.cells, TOKENS, Volume(requests_per_month=1), D(1), trained=True)
    assert cost.missing == ("hosting price", "training tokens")
    assert (cost.hosting_usd_per_month, cost.usd_per_month, cost.total_usd) == (None, None, None)


def test_requests_grow_from_month_to_month_and_a_part_of_a_month_counts_its_part():
    # 1,000 requests at 0.001, doubling: 1 + 2 + half of 4; hosting 10 x 2.5 months.
    cells = PriceCells(**PRICES, hosting_per_hour=D(1), hosting_hours_per_month=D(10))
    volume = Volume(requests_per_month=1000, growth_per_month=D(1))
    cost = option_cost(cells, TOKENS, volume, D("2.5"), trained=False)
    assert cost.cumulative == (11, 23, 30)
    assert (cost.usd_per_month, cost.total_usd, cost.usd_per_month_all_in) == (11, 30, 12)


def test_requests_that_are_not_known_are_named():
    cost = option_cost(PriceCells(**PRICES), TOKENS, Volume(), D(1), trained=False)
    assert (cost.usd_per_request, cost.usd_per_month) == (D("0.001"), None)
    assert cost.missing == ("requests a month",)


@pytest.mark.parametrize(
    ("stops_on", "months"),
    [
        pytest.param(None, "12", id="never stops"),
        pytest.param(date(2027, 1, 14), D(53) / D("30.4375"), id="stops before the horizon"),
        pytest.param(date(2029, 1, 14), "12", id="stops after the horizon"),
        pytest.param(TODAY, "0", id="stops today"),
        pytest.param(date(2026, 10, 23), "0", id="has stopped"),
    ],
)
def test_months_of_use(stops_on, months):
    assert months_of_use(Volume(), stops_on, TODAY) == D(months)


def test_two_that_tie_at_no_volume_pay_nothing_back():
    # Both cost nothing while nothing is asked; from the first request on tuned costs twice as much.
    base, tuned = (Option(PriceCells(input=D(n), output=D(n)), TOKENS, None, True) for n in (1, 2))
    found = break_even(base, tuned, Volume(requests_per_month=1000), D(6))
    assert (found.requests_per_month, found.up_to, found.month) == (None, None, None)
    assert found.reason == "dearer_per_request"
    other_way = break_even(tuned, base, Volume(requests_per_month=1000), D(6))
    assert (other_way.requests_per_month, other_way.up_to) == (0, None)


def test_what_is_cheaper_at_a_low_volume_only_says_up_to_which():
    # Base is hosted for 1 USD an hour, 730 a month, and answers free; tuned is paid by the request.
    base = Option(PriceCells(input=D(0), output=D(0), hosting_per_hour=D(1)), TOKENS, None, True)
    tuned = Option(PriceCells(input=D(1), output=D(1)), TOKENS, None, True)
    a_request = (TOKENS.input + TOKENS.output) / D(1_000_000)
    found = break_even(base, tuned, Volume(requests_per_month=1000), D(6))
    assert found.requests_per_month == 0
    assert found.up_to * a_request <= 730 < (found.up_to + 1) * a_request


def test_an_own_machine_costs_the_hours_that_the_texts_take():
    # 1.20 USD an hour / 600 texts = 0.002 a text; 9,000 texts take 15 hours, 18 USD a month.
    own = PriceCells(machine_per_hour=D("1.20"), texts_per_hour=D(600))
    option = Option(quote(None, own, "base", TODAY).cells, Tokens(D(1), D(1), "measured"))
    cost = cost_of(option, Volume(requests_per_month=9_000), D(12), trained=False)
    assert (cost.usd_per_request, cost.usd_per_month, cost.missing) == (D("0.002"), 18, ())


def test_an_own_machine_without_its_texts_an_hour_has_no_cost_yet():
    own = PriceCells(machine_per_hour=D("1.20"))
    option = Option(quote(None, own, "base", TODAY).cells, Tokens(D(1), D(1), "measured"))
    cost = cost_of(option, Volume(requests_per_month=9_000), D(12), trained=False)
    assert (cost.usd_per_month, cost.missing) == (None, ("texts an hour",))


def test_an_own_machine_takes_the_place_of_a_list_but_not_of_the_readers_figures():
    own = PriceCells(machine_per_hour=D(1), texts_per_hour=D(100), hosting_per_hour=D(2))
    found = quote("azure_foundry:gpt-4.1-mini:SFT/DPO global", own, "tuned", TODAY).cells
    assert (found.input, found.output, found.hosting_per_hour) == (0, 0, 2)
    assert found.training_per_1m  # the job is still bought there
