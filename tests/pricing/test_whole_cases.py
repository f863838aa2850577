"""Three whole cases, worked out by hand to the cent."""

from datetime import date
from decimal import Decimal

from pricing.cost import BreakEven, Cost, Option, PriceCells, Tokens, Volume, compare_costs
from pricing.quotes import quote

D = Decimal
TODAY = date(2026, 11, 22)
TOKENS = Tokens(D(800), D(200), "given")
FILE = PriceCells(training_tokens=2_000_000, epochs=3)


def cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(D("0.01"))


def whole_case(ref: str, horizon: int) -> Cost:
    """200,000 requests of 800 in, 200 out, against gpt-6-luna; 2M training tokens x 3 epochs."""
    tuned = quote(ref, FILE, "tuned", TODAY)
    base = quote("openai:gpt-6-luna", PriceCells(), "base", TODAY)
    return compare_costs(
        {
            "base": Option(base.cells, TOKENS),
            "tuned": Option(tuned.cells, TOKENS, tuned.tuned_stops_on),
        },
        Volume(requests_per_month=200_000, horizon_months=horizon),
        TODAY,
    )


def test_openai_tuned_mini_to_the_cent():
    # gpt-4.1-mini tuned: 0.80 in, 3.20 out per 1M; training 5 per 1M.
    #   training     2M x 3 x 5 / 1M                         =  30.00
    #   a request    800 x 0.80 / 1M + 200 x 3.20 / 1M       =   0.00128
    #   a month      200,000 x 0.00128                       = 256.00
    # It stops on 14 January 2027, 53 days on: 53 / 30.4375   = 1.741273 months, under 12.
    #   total        30 + 256 x 53 / 30.4375 = 30 + 445.77   = 475.77
    #   all in       30 / 1.741273 + 256 = 17.23 + 256       = 273.23
    # gpt-6-luna: 800 x 0.10 / 1M + 200 x 0.50 / 1M          =   0.00018
    #   a month 36.00; total 36 x 53 / 30.4375               =  62.69
    cost = whole_case("openai:gpt-4.1-mini", horizon=12)
    tuned, base = cost.arms["tuned"], cost.arms["base"]
    assert cost.months_of_use == D(53) / D("30.4375")
    assert tuned.usd_per_request == D("0.00128")
    assert (tuned.training_usd, tuned.hosting_usd_per_month, tuned.usd_per_month) == (30, 0, 256)
    assert cents(tuned.total_usd) == D("475.77")
    assert cents(tuned.usd_per_month_all_in) == D("273.23")
    assert (base.usd_per_request, base.usd_per_month) == (D("0.00018"), 36)
    assert cents(base.total_usd) == D("62.69")
    assert cost.missing == ()
    assert cost.break_even == BreakEven(None, None, "dearer_per_request")


def test_the_same_at_azure_with_hosting_to_the_cent():
    # Tuned tokens at the base price 0.40 / 1.60; hosting 1.70 an hour; training 5 per 1M.
    #   training 30.00; a request 800 x 0.40 / 1M + 200 x 1.60 / 1M = 0.00064
    #   hosting      730 x 1.70                              = 1,241.00 a month
    #   a month      200,000 x 0.00064 + 1,241 = 128 + 1,241 = 1,369.00
    #   six months   6 x 1,369 + 30                          = 8,244.00; all in 1,374.00
    # It stops on 14 October 2027, long after the six months.
    cost = whole_case("azure_foundry:gpt-4.1-mini:SFT/DPO global", horizon=6)
    tuned = cost.arms["tuned"]
    assert cost.months_of_use == 6
    assert tuned.usd_per_request == D("0.00064")
    assert (tuned.training_usd, tuned.hosting_usd_per_month) == (30, 1241)
    assert (tuned.usd_per_month, tuned.total_usd, tuned.usd_per_month_all_in) == (1369, 8244, 1374)
    assert cost.cumulative is not None
    assert cost.cumulative["tuned"] == (1399, 2768, 4137, 5506, 6875, 8244)
    assert cost.cumulative["base"] == (36, 72, 108, 144, 180, 216)


def test_a_together_lora_on_a_dedicated_h100_to_the_cent():
    # LoRA SFT of gpt-oss-20b at 0.40 per 1M; an H100 at 3.99 an hour; tokens included.
    #   training     2M x 3 x 0.40 / 1M                      =      2.40
    #   hosting      730 x 3.99                              =  2,912.70 a month
    #   a year       12 x 2,912.70 + 2.40                    = 34,954.80
    # Against 0.00018 a request: 34,954.80 / (12 x 0.00018)  = 16,182,777.8 requests a month.
    cost = whole_case("together:openai/gpt-oss-20b:LoRA SFT", horizon=12)
    tuned = cost.arms["tuned"]
    assert (tuned.usd_per_request, tuned.training_usd) == (0, D("2.40"))
    assert tuned.hosting_usd_per_month == tuned.usd_per_month == D("2912.70")
    assert tuned.total_usd == D("34954.80")
    assert tuned.usd_per_month_all_in == D("2912.90")
    assert cost.break_even == BreakEven(16_182_778, None, "not_in_time")


def test_a_tuned_model_that_has_stopped_costs_nothing_and_pays_nothing_back():
    cost = whole_case("openai:gpt-4.1-nano", horizon=12)
    assert cost.months_of_use == 0
    assert cost.break_even == BreakEven(None, None, "stopped")
    for option in cost.arms.values():
        assert (option.total_usd, option.usd_per_month_all_in, option.cumulative) == (None,) * 3
        assert option.usd_per_month is not None
