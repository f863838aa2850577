"""One option's figures on a day, and where each comes from."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from advisor.report.costs import price_words
from pricing.errors import AmbiguousOffer, UnknownOffer
from pricing.offers import PriceCells, find_offer
from pricing.quotes import quote

TODAY = date(2026, 11, 22)
D = Decimal


def test_a_tuned_quote_is_the_sheets():
    found = quote("openai:gpt-4.1-mini", PriceCells(), "tuned", TODAY)
    assert found.ref == "openai:gpt-4.1-mini-2025-04-14:SFT"
    assert found.name == "fine-tuned gpt-4.1-mini-2025-04-14 at OpenAI"
    assert (found.provider, found.model) == ("openai", "gpt-4.1-mini-2025-04-14")
    assert (found.cells.input, found.cells.output) == (D("0.8"), D("3.2"))
    assert found.own == frozenset()
    assert found.source_label == "OpenAI, price sheet"
    assert found.source_url == "https://developers.openai.com/api/docs/pricing"
    entry = find_offer("openai:gpt-4.1-mini").entry(TODAY)
    assert (found.checked, found.checked_precision) == (entry.checked, entry.checked_precision)
    assert found.ageing is False
    assert found.closed_to_new_since == date(2026, 5, 7)
    assert found.training_closes_on == date(2027, 1, 6)
    assert found.tuned_stops_on == date(2027, 1, 14)
    assert found.context_window == 1_047_576


def test_a_figure_read_long_ago_is_ageing():
    # 11 August to 22 November: 103 days.
    assert quote("azure_foundry:gpt-oss-20b", PriceCells(), "tuned", TODAY).ageing is True


def test_a_base_quote_is_the_list_price_and_has_no_training_and_no_dates():
    found = quote("openai:gpt-6-luna", PriceCells(), "base", TODAY)
    assert (found.ref, found.name) == ("openai:gpt-6-luna", "gpt-6-luna at OpenAI")
    assert (found.cells.input, found.cells.output) == (D("0.1"), D("0.5"))
    assert found.source_label == "OpenAI price list, as in genai-prices 0.2.3"
    assert found.tuned_stops_on is None
    assert found.context_window == 1_050_000


def test_a_base_quote_for_a_long_request_has_the_rates_of_long_requests():
    assert quote("openai:gpt-6-luna", PriceCells(), "base", TODAY, 300_000).cells.input == D("0.2")


@pytest.mark.parametrize(
    ("ref", "prices", "source"),
    [
        pytest.param(
            "openai:gpt-4.1-mini-2025-04-14:SFT", ("0.4", "1.6"), "genai-prices", id="with a method"
        ),
        pytest.param("openai:o4-mini", ("1.1", "4.4"), "genai-prices", id="with several methods"),
        pytest.param(
            "azure_foundry:gpt-4.1-mini",
            ("0.4", "1.6"),
            "Azure (Microsoft Foundry), price sheet",
            id="our sheet before another provider's list",
        ),
        pytest.param(
            "azure:gpt-5-mini", ("0.25", "2"), "OpenAI price list", id="another list, named as such"
        ),
        pytest.param(
            "together:openai/gpt-oss-20b", ("0.05", "0.2"), "Together AI, price sheet", id="sheet"
        ),
        pytest.param(
            "anthropic:claude-sonnet-4-5", ("3", "15"), "Anthropic price list", id="sells no tuning"
        ),
        pytest.param(
            "together:Qwen/Qwen3.8-27B", (None, None), "Together AI, price sheet", id="not found"
        ),
    ],
)
def test_a_base_model_is_priced_where_its_price_is_known(ref, prices, source):
    found = quote(ref, PriceCells(), "base", TODAY)
    expected = tuple(None if price is None else D(price) for price in prices)
    assert (found.cells.input, found.cells.output) == expected
    assert source in found.source_label
    assert found.cells.training_per_1m is None
    assert found.tuned_stops_on is None


def test_a_tuned_price_is_never_taken_from_the_base_list():
    with pytest.raises(UnknownOffer):
        quote("openai:gpt-6-luna", PriceCells(), "tuned", TODAY)
    found = quote("google_vertex:gemini-3.5-flash", PriceCells(), "tuned", TODAY)
    assert found.cells.given() == {}


def test_a_tuned_reference_must_say_which_offer():
    with pytest.raises(AmbiguousOffer):
        quote("azure_foundry:gpt-4.1-mini", PriceCells(), "tuned", TODAY)


def test_the_readers_figures_go_over_the_sheets():
    own = PriceCells(output=D("9"), training_tokens=2_000_000, epochs=3)
    found = quote("openai:gpt-4.1-mini", own, "tuned", TODAY)
    assert (found.cells.input, found.cells.output) == (D("0.8"), D("9"))
    assert (found.cells.training_tokens, found.cells.epochs) == (2_000_000, 3)
    assert found.own == {"output", "training_tokens", "epochs"}
    assert found.source_label == "OpenAI, price sheet"


def test_the_readers_training_rate_stands_instead_of_the_sheets():
    own = PriceCells(training_per_hour=D(50), training_hours=D(2))
    cells = quote("openai:gpt-4.1-mini", own, "tuned", TODAY).cells
    assert (cells.training_per_1m, cells.training_per_hour) == (None, D(50))


@pytest.mark.parametrize("ref", [None, ""])
def test_no_offer_is_the_readers_own_figures_or_no_price_yet(ref):
    own = PriceCells(input=D(1), output=D(2))
    mine = quote(ref, own, "tuned", TODAY)
    assert (mine.name, mine.cells, mine.own) == ("your own figures", own, {"input", "output"})
    nothing = quote(ref, PriceCells(), "base", TODAY)
    assert (nothing.name, nothing.cells, nothing.ref) == ("no price yet", PriceCells(), None)


def test_an_unknown_base_model_says_what_comes_near_and_what_to_do():
    with pytest.raises(UnknownOffer) as caught:
        quote("openai:gpt-6", PriceCells(), "base", TODAY)
    assert '"gpt-6-luna"' in str(caught.value)
    assert "enter its prices" in str(caught.value)


def test_a_discount_is_taken_off_every_list_rate_and_off_nothing_else():
    # gpt-4.1-mini tuned: 0.80 in, 0.20 cached, 3.20 out, training 5; 15 % off.
    own = PriceCells(output=D("3"), training_tokens=2_000_000, epochs=3)
    found = quote("openai:gpt-4.1-mini", own, "tuned", TODAY, discount_percent=D(15))
    cells = found.cells
    assert (cells.input, cells.cached_input, cells.batch_input) == (D("0.68"), D("0.17"), D("0.34"))
    assert cells.training_per_1m == D("4.25")
    assert (cells.output, cells.training_tokens, cells.epochs) == (D("3"), 2_000_000, 3)
    assert found.own == {"output", "training_tokens", "epochs"}
    assert (found.discount_percent, price_words(found)) == (D(15), "list price less 15 %")


def test_hosting_is_discounted_too():
    ref = "azure_foundry:gpt-4.1-mini:SFT/DPO global"
    found = quote(ref, PriceCells(), "tuned", TODAY, discount_percent=D("12.5"))
    assert found.cells.hosting_per_hour == D("1.4875")  # 1.70 x 0.875
    assert price_words(found) == "list price less 12.5 %"


def test_a_discount_does_not_find_a_price_that_is_unknown_nor_change_what_is_charged():
    ref = "azure_foundry:Qwen-32B"
    plain, less = (
        quote(ref, PriceCells(), "tuned", TODAY, discount_percent=off) for off in (None, D(10))
    )
    assert less.cells.hosting_per_hour is None
    assert less.cells.charged_but_unknown == plain.cells.charged_but_unknown == {"hosting_per_hour"}


@pytest.mark.parametrize("off", [None, D(0)])
def test_no_discount_is_the_list_price(off):
    found = quote("openai:gpt-6-luna", PriceCells(), "base", TODAY, discount_percent=off)
    assert found == quote("openai:gpt-6-luna", PriceCells(), "base", TODAY)
    assert price_words(found) == "list price"


def test_the_readers_own_figures_know_no_discount():
    own = PriceCells(input=D(1), output=D(2))
    assert quote(None, own, "base", TODAY, discount_percent=D(50)).cells == own
    assert quote(None, own, "base", TODAY, discount_percent=D(50)).discount_percent is None


@pytest.mark.parametrize(
    ("ref", "kind", "days"),
    [
        ("fireworks:qwen3-8b:LoRA SFT", "host prices", 30),
        ("azure_foundry:gpt-oss-20b", "list prices", 60),
    ],
)
def test_how_soon_a_price_is_ageing_goes_by_its_kind(ref, kind, days):
    first = quote(ref, PriceCells(), "tuned", TODAY)
    last = first.checked + timedelta(days)
    assert (first.price_kind, first.price_good_until) == (kind, last)
    assert not quote(ref, PriceCells(), "tuned", last).ageing
    assert quote(ref, PriceCells(), "tuned", last + timedelta(1)).ageing


def test_last_days_that_lie_ahead_have_a_day_on_which_they_were_read():
    ref = "azure_foundry:gpt-4.1-2025-04-14:SFT/DPO global"
    entry = find_offer(ref).entry(TODAY)
    assert quote(ref, PriceCells(), "tuned", TODAY).dates_read == entry.dates_checked
    assert quote(ref, PriceCells(), "tuned", date(2028, 1, 1)).dates_read is None
