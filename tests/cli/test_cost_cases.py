"""`python -m advisor cost` to the cent: three cases worked out by hand, and input that is odd."""

import pytest

from advisor.llm.upkeep import base_prices
from pricing.errors import PricingError
from tests.chat_server import ChatHandler, ChatServer
from tests.cli.command import Command

TODAY = "2026-11-22"

CASE = """
title = "Three offers"
[brief]
use_case = "classification"
{brief}
[arms.base]
offer = "{base}"
{base_more}
[arms.tuned]
offer = "{tuned}"
{tuned_more}
[arms.tuned.price]
training_tokens = 2000000
epochs = 3
[volume]
requests_per_month = 200000
input_tokens_per_request = 800
output_tokens_per_request = 200
{volume}
"""
MINI, LUNA = "openai:gpt-4.1-mini", "openai:gpt-6-luna"
AZURE = "azure_foundry:gpt-4.1-mini:SFT/DPO global"
TOGETHER = "together:openai/gpt-oss-20b:LoRA SFT"


@pytest.fixture
def run(tmp_path):
    return Command(tmp_path)


def case(base=LUNA, tuned=MINI, volume="", brief="", base_more="", tuned_more="", tables=""):
    more = {"base_more": base_more, "tuned_more": tuned_more, "volume": volume, "brief": brief}
    return CASE.format(base=base, tuned=tuned, **more) + tables


def cost(run, toml):
    return run.json("cost", run.write(toml), "--today", TODAY)


def cents(arm):
    keys = ("usd_per_month", "usd_per_month_all_in", "total_usd")
    keys += ("training_usd", "hosting_usd_per_month")
    return tuple(None if arm[key] is None else round(arm[key], 2) for key in keys)


# A request has 800 tokens in and 200 out; there are 200,000 a month, for up to twelve months.
#   gpt-4.1-mini, base   0.40 / 1.60: 800 x 0.40 + 200 x 1.60 = 640 per 1M = 0.00064; 128 a month
#   gpt-6-luna           0.10 / 0.50: 800 x 0.10 + 200 x 0.50 = 180 per 1M = 0.00018;  36 a month
# OpenAI: training 2M x 3 x 5 / 1M = 30; a request 800 x 0.80 + 200 x 3.20 = 1,280 per 1M = 0.00128,
#   256 a month. It stops on 14 January 2027, in 53 days: 53 / 30.4375 = 1.741273 months.
#   total 256 x 1.741273 + 30 = 475.77, all in 475.77 / 1.741273 = 273.23
#   base: 128 x 1.741273 = 222.88, or 36 x 1.741273 = 62.69
# Azure: a request 0.00064 as for the base there, hosting 730 x 1.70 = 1,241: 1,369 a month.
#   It stops on 14 October 2027, in 326 days: 326 / 30.4375 = 10.710472 months.
#   total 1,369 x 10.710472 + 30 = 14,692.64, all in 1,371.80
#   base: gpt-4.1-mini stops on 14 January 2027 and gpt-6-luna takes its place:
#   128 x 1.741273 + 36 x 8.969199 = 545.77, or 36 x 10.710472 = 385.58
# Together: training 2M x 3 x 0.40 / 1M = 2.40; an H100 730 x 3.99 = 2,912.70, tokens included.
#   total 12 x 2,912.70 + 2.40 = 34,954.80, all in 2,912.90;
#   base 128 x 1.741273 + 36 x 10.258727 = 592.20, or 432
#   pays back from 34,954.80 / (1.741273 x 0.00064 + 10.258727 x 0.00018) = 11,805,123.2 on,
#   or from 34,954.80 / (12 x 0.00018) = 16,182,777.8 on
@pytest.mark.parametrize(
    ("tuned", "base", "months", "of_tuned", "of_base", "pays_back"),
    [
        pytest.param(
            MINI, MINI, 1.741273, (256, 273.23, 475.77, 30, 0), (128, 128, 222.88), None,
            id="OpenAI against its own base",
        ),
        pytest.param(
            MINI, LUNA, 1.741273, (256, 273.23, 475.77, 30, 0), (36, 36, 62.69), None,
            id="OpenAI against a current base",
        ),
        pytest.param(
            AZURE, MINI, 10.710472, (1369, 1371.80, 14692.64, 30, 1241), (128, 50.96, 545.77), None,
            id="Azure, with hosting, against its own base",
        ),
        pytest.param(
            AZURE, LUNA, 10.710472, (1369, 1371.80, 14692.64, 30, 1241), (36, 36, 385.58), None,
            id="Azure, with hosting, against a current base",
        ),
        pytest.param(
            TOGETHER, MINI, 12, (2912.70, 2912.90, 34954.80, 2.40, 2912.70), (128, 49.35, 592.20),
            11_805_124,
            id="Together, a small add-on on an H100",
        ),
        pytest.param(
            TOGETHER, LUNA, 12, (2912.70, 2912.90, 34954.80, 2.40, 2912.70), (36, 36, 432),
            16_182_778,
            id="Together against a current base",
        ),
    ],
)  # fmt: skip
def test_three_cases_to_the_cent(run, tuned, base, months, of_tuned, of_base, pays_back):
    value = cost(run, case(base, tuned))
    assert value["months_of_use"] == pytest.approx(months, abs=1e-6)
    assert cents(value["arms"]["tuned"]) == of_tuned
    assert cents(value["arms"]["base"]) == (*of_base, 0, 0)
    assert value["break_even"]["requests_per_month"] == pays_back
    assert (value["break_even"]["low"], value["break_even"]["high"]) == (None, None)
    assert value["missing"] == []


def test_a_dedicated_gpu_that_is_paid_for_pays_back_in_the_first_month(run):
    # 20M requests x 0.00018 = 3,600 a month against 2,912.70 and 2.40 once.
    value = cost(run, case(tuned=TOGETHER).replace("= 200000\n", "= 20000000\n", 1))
    assert value["break_even"]["month"] == 1


# Contract, people, currency, reasoning


def test_a_discount_is_taken_off_and_said(run):
    # Azure less 10 %: hosting 1,116.90, a request 0.000576: 115.20 a month; training 27.
    value = cost(
        run, case(tuned=AZURE, tuned_more="discount_percent = 10", volume="horizon_months = 6")
    )
    tuned = value["arms"]["tuned"]
    assert cents(tuned) == (1232.10, 1236.60, 7419.60, 27, 1116.90)
    assert tuned["discount_percent"] == 10
    assert value["arms"]["base"]["discount_percent"] is None


PEOPLE = """
[people]
hourly_rate = 60
minutes_to_correct = 6
corrected_share_base = 0.25
corrected_share_tuned = 0.1
one_off_days_it = 2
"""


def test_peoples_time_is_in_every_total(run):
    # Six months of 200,000, a correction 6 USD: base 1.2M x 0.25 x 6 = 1,800,000; tuned
    # 1.2M x 0.1 x 6 = 720,000 + 2 x 8 x 60 = 720,960. Model: 216, and 6 x 1,369 + 30 = 8,244.
    # In all 1,800,216 and 729,204. Saved a text: 1.50018 - 0.60064 = 0.89954; fixed 6 x 1,241 + 30
    # + 960 = 8,436; 8,436 / (6 x 0.89954) = 1,563.02.
    plain = cost(run, case(tuned=AZURE, volume="horizon_months = 6"))
    value = cost(run, case(tuned=AZURE, volume="horizon_months = 6", tables=PEOPLE))
    for arm, people, once, model, total, accepted in (
        ("base", 1_800_000, 0, 216, 1_800_216, 900_000),
        ("tuned", 720_960, 960, 8_244, 729_204, 1_080_000),
    ):
        found = value["arms"][arm]
        keys = ("people_usd", "people_once_usd", "model_usd", "total_usd")
        assert tuple(found[key] for key in keys) == (people, once, model, total)
        assert found["usd_per_month_all_in"] == pytest.approx(total / 6)
        assert found["usd_per_accepted_answer"] == pytest.approx(total / accepted)
        assert plain["arms"][arm]["total_usd"] == plain["arms"][arm]["model_usd"] == model
        assert plain["arms"][arm]["people_usd"] is None
        assert plain["arms"][arm]["usd_per_accepted_answer"] is None
    assert (value["people_included"], plain["people_included"]) == (True, False)
    assert (value["break_even"]["requests_per_month"], value["break_even"]["month"]) == (1564, 1)
    assert value["break_even"]["reason"] == "paid back in month 1, people's time included"
    assert plain["break_even"]["requests_per_month"] is None
    said = run("cost", run.write(case(tuned=AZURE, tables=PEOPLE)), "--today", TODAY).stdout
    assert "Of this, people's time is $300,000 with base and $120,090 with fine-tuned" in said
    # 326 days are 10.7105 months: 300,036 each.
    assert "Base: $300,036 a month, $3,213,527 over 10.7 months" in said
    assert said.count("months, people's time included") == 2


EUROS = """
[currency]
code = "EUR"
per_usd = 0.86
rate_on = 2026-11-20
source = "ECB"
"""


def test_another_currency_is_shown_and_the_json_stays_in_dollars(run):
    toml = case(tuned=AZURE, volume="horizon_months = 6")
    assert cost(run, toml + EUROS) == cost(run, toml)
    said = run("cost", run.write(toml + EUROS), "--today", TODAY).stdout
    assert (
        "Fine-tuned: €1,182 a month, €7,090 over 6.0 months, model cost only" in said
    )  # 1,374 and 8,244
    assert said.count("1 USD = 0.86 EUR, 20 Nov 2026, ECB") == 1
    assert "$" not in said


def test_reasoning_multiplies_counted_answers_only(run):
    given = cost(run, case(base_more="reasoning_multiplier = 2.5"))["arms"]["base"]
    assert given["tokens"]["output"] == 200  # given, not counted
    assert given["assumed"] == []
    toml = case(base_more="reasoning_multiplier = 2.5").replace(
        "output_tokens_per_request = 200", ""
    )
    toml = toml.replace("[arms.base]", '[prompts]\nfile = "prompts.jsonl"\n[arms.base]')
    value = cost(run, toml)["arms"]
    # The approved answer "a note" has 2 tokens.
    assert (value["base"]["tokens"]["output"], value["tuned"]["tokens"]["output"]) == (5, 2)
    assert value["base"]["assumed"] == ["answers counted x 2.5 for reasoning"]
    assert value["tuned"]["assumed"] == []


# Odd input: a right answer


def test_no_requests_cost_only_what_stands(run):
    value = cost(run, case(tuned=AZURE, volume="horizon_months = 6").replace("= 200000\n", "= 0\n"))
    assert cents(value["arms"]["base"]) == (0, 0, 0, 0, 0)
    assert cents(value["arms"]["tuned"]) == (1241, 1246, 7476, 30, 1241)


def test_a_trillion_requests_growing_elevenfold_for_ten_years_are_still_a_number(run):
    volume = "growth_per_month = 10\nhorizon_months = 120"
    toml = case(tuned=TOGETHER, volume=volume).replace("= 200000\n", "= 1000000000000\n", 1)
    path = run.write(toml)
    value = run.json("cost", path, "--today", TODAY)
    assert value["arms"]["base"]["total_usd"] > 10**130
    assert "over $1,000 trillion" in run("cost", path, "--today", TODAY).stdout
    run("decide", path, "--today", TODAY, "--pdf", run.folder / "out.pdf")


def test_a_horizon_past_the_shutdown_ends_with_it(run):
    short, long = (
        cost(run, case(volume=f"horizon_months = {months}"))["arms"]["tuned"] for months in (2, 120)
    )
    assert short["total_usd"] == long["total_usd"] == pytest.approx(475.77, abs=0.005)


def test_a_model_that_was_shut_down_has_no_total(run):
    value = cost(run, case(tuned="openai:gpt-4.1-nano"))
    assert (value["months_of_use"], value["arms"]["tuned"]["total_usd"]) == (0, None)
    assert value["break_even"]["reason"] == "the tuned model has stopped"


def test_a_missing_price_is_named_and_no_zero(run):
    value = cost(run, case(tuned="google_vertex:gemini-3.5-flash"))
    tuned = value["arms"]["tuned"]
    assert (tuned["usd_per_request"], tuned["total_usd"], tuned["hosting_usd_per_month"]) == (
        None,
    ) * 3
    assert {"tuned: input price", "tuned: training price", "tuned: hosting price"} <= {
        *value["missing"]
    }
    assert value["break_even"]["reason"].startswith("not known yet: ")


def test_a_tuned_price_below_the_bases_pays_back_from_few_requests_on(run):
    # gpt-4o at 2.50 / 10 costs 0.004 a request; gpt-4.1-mini tuned 0.00128: 0.00272 saved, over
    # 53 / 30.4375 months. 30 / (1.741273 x 0.00272) = 6,334.1.
    value = cost(run, case(base="openai:gpt-4o"))
    assert value["break_even"]["requests_per_month"] == 6_335
    assert value["break_even"]["month"] == 1


def test_free_training_below_the_bases_price_is_no_dearer_at_any_volume(run):
    toml = case(base="openai:gpt-4o").replace("epochs = 3", "epochs = 3\ntraining_per_1m = 0")
    assert cost(run, toml)["break_even"]["requests_per_month"] == 0


def test_fine_tuned_is_held_against_the_base_option_that_does_best(run):
    # 10 words in, 10 out, both given: base 10 + 10 = 20 per 1M a text, with examples twice that
    # and some for the examples. Fine-tuned 30 per 1M and nothing once: dearer than base at any
    # volume, cheaper than base with examples at any.
    with _Parrot().running() as server:
        arms = "".join(
            f'[arms.{name}]\nendpoint = "{server.url}"\nmodel = "{name}"\n'
            f"[arms.{name}.price]\ninput = {rate}\noutput = {rate}\n"
            for name, rate in (("base", 1), ("base_examples", 2), ("tuned", "1.5"))
        )
        files = '[prompts]\nfile = "prompts.jsonl"\nexamples = "examples.jsonl"\n'
        toml = (
            'title = "t"\n[brief]\nuse_case = "brand_voice"\nstage = "tuned_live"\n' + files + arms
        )
        toml += (
            "[volume]\nrequests_per_month = 1000\ninput_tokens_per_request = 10\n"
            "output_tokens_per_request = 10\n"
        )
        path = run.write(toml)
        shown = '{"prompt": "hi", "reference": "a letter"}\n'
        (path.parent / "examples.jsonl").write_text(shown, "utf-8")
        run("compare", path, "--db", run.db)
    before = run.json("cost", path, "--today", TODAY)
    assert before["break_even"]["requests_per_month"] is None  # dearer from the first text on
    assert before["break_even"]["month"] is None
    after = run.json("cost", path, "--db", run.db, "--today", TODAY)
    assert after["break_even"]["month"] == 1
    decided = run.json("decide", path, "--db", run.db, "--today", TODAY)
    assert decided["evidence"]["base_arm"] == "base_examples"


class _Parrot(ChatServer):
    """The option with examples gives the approved answer, the others something else."""

    def __init__(self):
        super().__init__(_Says)


class _Says(ChatHandler):
    def respond(self, asked, model, text):
        self.answer(model, "a note" if model == "base_examples" else "something else")


# Odd input: a sentence


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        pytest.param(
            case().replace("= 200000\n", "= -1\n", 1), "volume.requests_per_month", id="negative"
        ),
        pytest.param(
            case().replace("= 200000\n", "= 10000000000000\n", 1),
            "less than or equal to 1000000000000",
            id="absurd",
        ),
        pytest.param(
            case(volume="growth_per_month = -1"),
            "greater than or equal to -0.99",
            id="growth -100 %",
        ),
        pytest.param(case(volume="horizon_months = 0"), "volume.horizon_months", id="no months"),
        pytest.param(case(volume="horizon_months = 121"), "volume.horizon_months", id="too many"),
        pytest.param(case(base="openai:gpt-6-lunar"), '"gpt-6-luna"', id="unknown base"),
        pytest.param(
            case(tuned="openai:gpt-9"), 'No offer goes by "openai:gpt-9"', id="unknown offer"
        ),
        pytest.param(
            case(tuned_more="discount_percent = 101"), "arms.tuned.discount_percent", id="discount"
        ),
        pytest.param(
            case(base_more="reasoning_multiplier = 0.5"),
            "arms.base.reasoning_multiplier",
            id="reasoning",
        ),
        pytest.param(case(tables="[people]\nhourly_rate = -1"), "people.hourly_rate", id="people"),
        pytest.param(
            case(tables='[currency]\ncode = "EUR"'), "EUR needs per_usd and rate_on", id="currency"
        ),
    ],
)
@pytest.mark.parametrize("command", ["cost", "decide"])
def test_figures_that_cannot_be_are_one_sentence(run, command, toml, said):
    assert said in run.refused(command, run.write(toml), "--today", TODAY)


def test_writing_to_the_cache_needs_its_price(run):
    # gpt-6-luna, cached 80 %: 640 x 0.01 read; of the other 160 half at 0.125, half at 0.10;
    # 200 x 0.50: (6.4 + 10 + 8 + 100) / 1M. gpt-4.1-mini lists no price for it.
    toml = case(volume="cached_share = 0.8\ncache_write_share = 0.5")
    value = cost(run, toml)
    assert value["arms"]["base"]["usd_per_request"] == pytest.approx(0.0001244)
    assert value["missing"] == ["tuned: cache write price"]


def test_prices_are_fetched_only_when_asked(run, monkeypatch):
    def refuse():
        raise PricingError("No network today; try again.")

    monkeypatch.setattr(base_prices, "refresh", refuse)
    path = run.write(case())
    run("cost", path, "--today", TODAY)
    assert run.refused("cost", path, "--today", TODAY, "--refresh-prices").startswith("No network")


def test_a_refusal_is_one_line_whatever_it_quotes(run):
    refused = run("cost", run.write(case(base="a\\nb")), "--today", TODAY, expect=2)
    assert refused.stderr.count("\n") == 1
    assert '"a b"' in refused.stderr


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        pytest.param(
            "input = 1000000000", "$160,000,000,000 a month", id="the highest price there may be"
        ),
        pytest.param("input = 0.0000000001", "$0.000000016 a month", id="next to nothing"),
    ],
)
def test_prices_at_the_ends_are_worked_out(run, figures, told):
    # 200,000 texts of 800 units at 1,000 USD a unit.
    own = f"\n[arms.base.price]\n{figures}\noutput = 0\n"
    said = run("cost", run.write(case(tables=own)), "--today", TODAY)
    assert f"Base: {told}" in said.stdout
