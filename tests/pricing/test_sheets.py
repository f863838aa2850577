"""The price sheets, tested as data."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from advisor.report.access import access_reason
from advisor.report.library import NEWCOMERS
from pricing.lifecycle import access, for_newcomers, open_offers
from pricing.offers import DATA, Offer, find_offer, load_provider, load_providers, offers

TODAY = date(2026, 11, 30)


SHEET = """
provider = "acme"
name = "Acme"
pricing_url = "https://acme.example/prices"

[[offers]]
base_model = "acme-small"
method = "SFT"

[[offers.entries]]
since = 2026-03-01
training_unit = "per_1m_tokens"
training_per_1m = 3.10
hosting_unit = "none"
tuned_input = 0.30
tuned_output = 1.10
status = "available"
training_closes_on = 2027-01-01
tuned_stops_on = 2027-06-01
source = "https://acme.example/fine-tuning"
checked = 2026-11-20
"""


def sheet(tmp_path: Path, text: str = SHEET) -> Path:
    path = tmp_path / "acme.toml"
    path.write_text(text, "utf-8")
    return path


def test_every_sheet_is_read_and_every_offer_has_a_reference_of_its_own():
    assert {path.stem for path in DATA.glob("*.toml")} == set(load_providers())
    assert all(sheet.offers for sheet in load_providers().values())
    refs = [offer.ref for offer in offers()]
    assert len(refs) == len(set(refs))


def test_no_figure_was_read_in_the_future():
    now = datetime.now(UTC).date()
    assert [o.ref for o in offers() for e in o.entries if max(e.checked, e.since) > now] == []


@pytest.mark.parametrize("offer", offers(), ids=lambda offer: offer.ref)
def test_every_reference_finds_its_offer(offer):
    assert find_offer(offer.ref) is offer


def dated(clock: str) -> list[Offer]:
    return [offer for offer in offers() if getattr(offer.entries[-1], clock) is not None]


@pytest.mark.parametrize("offer", dated("training_closes_on"), ids=lambda offer: offer.ref)
def test_training_closes_by_its_date_whatever_the_status_says(offer):
    closes = offer.entries[-1].training_closes_on
    after = access(offer, closes + timedelta(1), "tuned_before")
    assert (after.can_train, after.days_left.training) == (False, 0)
    assert not open_offers(closes + timedelta(1), among=[offer])
    assert for_newcomers(offer, closes + timedelta(1)) == "ended"


@pytest.mark.parametrize("offer", dated("tuned_stops_on"), ids=lambda offer: offer.ref)
def test_a_tuned_model_stops_by_its_date_whatever_the_status_says(offer):
    stops = offer.entries[-1].tuned_stops_on
    on_the_day = access(offer, stops, "tuned_before")
    assert (on_the_day.can_train, on_the_day.days_left.tuned_model) == (False, 0)
    assert access(offer, stops - timedelta(1)).days_left.tuned_model == 1
    assert not open_offers(stops, among=[offer])
    assert for_newcomers(offer, stops) == "ended"


def test_what_was_open_when_read_is_shown_as_ended_after_its_date(tmp_path):
    (offer,) = load_provider(sheet(tmp_path)).offers  # still "available" in the sheet
    assert for_newcomers(offer, date(2027, 1, 1)) == "open"
    assert for_newcomers(offer, date(2027, 1, 2)) == "ended"
    assert access_reason(access(offer, date(2027, 1, 2)).why) == (
        "Acme takes no new training job since 1 Jan 2027."
    )
    assert access_reason(access(offer, date(2027, 6, 1)).why) == (
        "Acme shut models tuned this way down on 1 Jun 2027."
    )


def test_decimals_are_read_exactly(tmp_path):
    (offer,) = load_provider(sheet(tmp_path)).offers
    assert offer.entries[0].training_per_1m == Decimal("3.10")
    assert str(offer.entries[0].tuned_input) == "0.30"


def test_a_later_entry_holds_from_its_day_on(tmp_path):
    later = """
[[offers.entries]]
since = 2026-10-01
tuned_input = 0.40
source = "https://acme.example/fine-tuning"
checked = 2026-11-20
"""
    (offer,) = load_provider(sheet(tmp_path, SHEET + later)).offers
    assert offer.entry(date(2026, 9, 30)).tuned_input == Decimal("0.30")
    assert offer.entry(date(2026, 10, 1)).tuned_input == Decimal("0.40")
    assert offer.entry(date(2026, 1, 1)).tuned_input == Decimal("0.30")  # the oldest known


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        pytest.param("tuned_output", "tuned_ouput", "tuned_ouput", id="a key is misspelt"),
        pytest.param('method = "SFT"', "", "method", id="a key is missing"),
        pytest.param(
            "training_closes_on = 2027-01-01",
            "training_closes_on = 2027-06-02",
            "out of order",
            id="training closes after the model stops",
        ),
        pytest.param(
            "training_closes_on = 2027-01-01",
            "training_closes_on = 2026-11-20",
            "status does not say so",
            id="training had closed when the sheet was read",
        ),
        pytest.param(
            "training_closes_on = 2027-01-01\ntuned_stops_on = 2027-06-01",
            "tuned_stops_on = 2026-10-01",
            "status does not say so",
            id="the model had stopped when the sheet was read",
        ),
        pytest.param(
            'training_unit = "per_1m_tokens"',
            'training_unit = "per_hour"',
            "training_per_1m does not fit",
            id="a rate without its unit",
        ),
        pytest.param("tuned_input = 0.30", "tuned_input = -1", "tuned_input", id="a negative rate"),
        pytest.param(
            'hosting_unit = "none"',
            'hosting_unit = "none"\ntokens_included = true',
            "exclude each other",
            id="tokens included and charged",
        ),
        pytest.param(
            'status = "available"',
            'status = "closed_to_new"',
            "open_to",
            id="closed to new, without who stays",
        ),
    ],
)
def test_a_wrong_sheet_fails_on_load_naming_key_and_file(tmp_path, before, after, complaint):
    assert before in SHEET
    with pytest.raises(ValidationError, match=complaint) as caught:
        load_provider(sheet(tmp_path, SHEET.replace(before, after)))
    assert "in acme.toml" in caught.value.__notes__


def test_entries_out_of_order_fail_on_load(tmp_path):
    earlier = """
[[offers.entries]]
since = 2026-02-01
source = "https://acme.example/fine-tuning"
checked = 2026-11-20
"""
    with pytest.raises(ValidationError, match="out of order"):
        load_provider(sheet(tmp_path, SHEET + earlier))


@pytest.mark.parametrize(
    ("ref", "cells"),
    [
        pytest.param(
            "openai:gpt-4.1-mini",
            {
                "input": "0.8",
                "cached_input": "0.2",
                "output": "3.2",
                "batch_input": "0.4",
                "batch_output": "1.6",
                "training_per_1m": "5",
                "hosting_per_hour": "0",
            },
            id="no hosting fee is a known 0",
        ),
        pytest.param(
            "azure_foundry:gpt-4.1-mini:SFT/DPO global",
            {
                "input": "0.4",
                "cached_input": "0.1",
                "output": "1.6",
                "training_per_1m": "5",
                "hosting_per_hour": "1.7",
            },
            id="hosting on top of tokens, no batch price",
        ),
        pytest.param(
            "together:openai/gpt-oss-20b:LoRA SFT",
            {
                "input": "0",
                "cached_input": "0",
                "output": "0",
                "batch_input": "0",
                "batch_output": "0",
                "training_per_1m": "0.4",
                "min_fee": "0",
                "hosting_per_hour": "3.99",
            },
            id="the hour is the price, tokens are a known 0",
        ),
        pytest.param(
            "coreweave:catalogue base models",
            {"training_per_1m": "0", "hosting_per_hour": "0"},
            id="free training is a known 0, token prices are not found",
        ),
        pytest.param(
            "aws_bedrock:amazon.nova-micro-v1:0",
            {
                "input": "0.035",
                "output": "0.14",
                "training_per_1m": "1",
                "hosting_per_hour": "0",
                "storage_per_month": "1.95",
            },
            id="storage by the month",
        ),
        pytest.param("google_vertex:gemini-3.5-flash", {}, id="nothing found"),
    ],
)
def test_cells_of_an_offer(ref, cells):
    found = find_offer(ref).entry(TODAY).cells()
    assert found.given() == {name: Decimal(value) for name, value in cells.items()}


@pytest.mark.parametrize(
    ("ref", "unknown"),
    [
        pytest.param("google_vertex:gemini-3.5-flash", {"hosting_per_hour"}, id="no unit"),
        pytest.param("azure_foundry:Qwen-32B", {"hosting_per_hour"}, id="by the hour, no rate"),
        pytest.param("coreweave:catalogue base models", {"storage_per_month"}, id="storage"),
        pytest.param("openai:gpt-4.1-mini", set(), id="nothing"),
    ],
)
def test_hosting_that_is_charged_but_not_found_is_not_taken_for_free(ref, unknown):
    assert find_offer(ref).entry(TODAY).cells().charged_but_unknown == unknown


def test_openai_rows_agree_with_litellm():
    text = (Path(__file__).parent / "litellm_ft.toml").read_text("utf-8")
    models = tomllib.loads(text, parse_float=Decimal)["models"]
    assert len(models) == 9
    for theirs in models:
        method = ":RFT" if "o4-mini" in theirs["id"] else ""
        offer = find_offer(f"openai:{theirs['id'].removeprefix('ft:')}{method}")
        cells, entry = offer.entry(TODAY).cells(), offer.entry(TODAY)
        prices = ("input", "cached_input", "output", "batch_input", "batch_output")
        ours = {name: getattr(cells, name) for name in prices}
        assert ours == {name: theirs.get(name) for name in prices}, theirs["id"]
        limits = (offer.context_window, offer.max_output, entry.tuned_stops_on)
        assert limits == (theirs["context_window"], theirs["max_output"], theirs["stops_on"])


@pytest.mark.parametrize(
    ("ref", "newcomer", "stops", "cells"),
    [
        pytest.param(
            "tinker:Qwen/Qwen3-8B", "Open", None, {"training_per_1m": "0.44", "output": "0.60"}
        ),
        pytest.param(
            "tinker:thinkingmachines/Inkling",
            "Open",
            None,
            {"training_per_1m": "5.61", "input": "1.87", "output": "4.68"},
        ),
        pytest.param(
            "prime_intellect:openai/gpt-oss-20b",
            "Open",
            None,
            {"training_per_1m": "0.40", "input": "0.10", "output": "0.30"},
        ),
        pytest.param("alibaba:qwen3-14b", "Open", None, {"input": "0.35", "hosting_per_hour": "0"}),
        pytest.param("aws_sagemaker:Qwen3.8-27B and other Qwen3", "Open", None, {}),
        pytest.param("together:open models in a training loop of your own", "Open", None, {}),
        pytest.param("groq:a LoRA tuned elsewhere", "Hosting only", None, {}),
        pytest.param("ori:open models to 10B", "Not verified", None, {"training_per_1m": "0.46"}),
        pytest.param(
            "coreweave:meta-llama/Llama-3.1-8B-Instruct",
            "Open",
            None,
            {"training_per_1m": "0", "input": "0.22", "output": "0.22", "hosting_per_hour": "0"},
        ),
        pytest.param(
            "coreweave:OpenPipe/Qwen3-14B-Instruct",
            "Open",
            None,
            {"training_per_1m": "0", "hosting_per_hour": "0"},
        ),
        pytest.param(
            "aws_bedrock:amazon.nova-2-lite-v1:0:SFT",
            "Open",
            None,
            {
                "training_per_1m": "3.78",
                "storage_per_month": "1.95",
                "input": "0.30",
                "output": "2.50",
                "hosting_per_hour": "0",
            },
        ),
        pytest.param("aws_bedrock:amazon.nova-2-lite-v1:0:RFT", "Open", None, {}),
        pytest.param("aws_bedrock:anthropic.claude-3-haiku-20240307-v1:0", "Open", None, {}),
        pytest.param(
            "aws_bedrock:meta.llama3-3-70b-instruct-v1:0", "Open", None, {"hosting_per_hour": "0"}
        ),
        pytest.param(
            "mistral:classifier on Mistral models",
            "Ended",
            None,
            {
                "training_per_1m": "1",
                "min_fee": "4",
                "storage_per_month": "2",
                "hosting_per_hour": "0",
            },
        ),
        pytest.param(
            "azure_foundry:Ministral-3B-2411",
            "Open",
            date(2026, 12, 9),
            {
                "training_per_1m": "1",
                "hosting_per_hour": "0.65",
                "input": "0.05",
                "output": "0.15",
            },
        ),
        pytest.param(
            "azure_foundry:Llama-3.3-70B-Instruct",
            "Open",
            date(2027, 1, 31),
            {
                "training_per_1m": "4.5",
                "hosting_per_hour": "0.3",
                "input": "0.71",
                "output": "0.71",
            },
        ),
        pytest.param("google_vertex:gemini-3.5-flash", "Open", date(2027, 5, 19), {}),
        pytest.param("google_vertex:gemini-3.5-flash-lite", "Open", date(2027, 7, 21), {}),
        pytest.param("google_vertex:gemini-3.1-flash-lite", "Open", date(2027, 5, 7), {}),
    ],
    ids=lambda value: value if isinstance(value, str) and ":" in value else None,
)
def test_what_was_read_again_on_30_november(ref, newcomer, stops, cells):
    offer = find_offer(ref)
    assert NEWCOMERS[for_newcomers(offer, TODAY)] == newcomer
    entry = offer.entry(TODAY)
    assert entry.tuned_stops_on == stops
    given = entry.cells().given()
    assert {name: given.get(name) for name in cells} == {n: Decimal(v) for n, v in cells.items()}
    assert given.keys() == {*cells, *(given.keys() & {"input"} if "output" in cells else set())}


def test_a_base_that_is_no_longer_sold_by_the_token_has_no_price_there():
    for ref in ("together:openai/gpt-oss-20b:LoRA SFT", "fireworks:gpt-oss-120b:LoRA SFT"):
        offer = find_offer(ref)
        assert offer.entry(date(2026, 11, 22)).base_input is not None
        assert offer.entry(TODAY).base_input is None
        assert offer.entry(TODAY).cells().training_per_1m is not None  # LoRA is still sold


def test_ministral_is_gone_from_what_can_be_tuned_when_its_base_has_retired():
    offer = find_offer("azure_foundry:Ministral-3B-2411")
    assert open_offers(date(2026, 12, 8), among=[offer])
    assert not open_offers(date(2026, 12, 9), among=[offer])
    assert access_reason(access(offer, date(2026, 12, 15)).why) == (
        "Azure (Microsoft Foundry) shut models tuned this way down on 9 Dec 2026."
    )


def test_a_region_comes_with_its_source_and_what_is_not_known_stays_open():
    data_zone = find_offer("azure_foundry:gpt-4.1-mini:SFT/DPO data zone")
    worldwide = find_offer("azure_foundry:gpt-4.1-mini:SFT/DPO global")
    unknown = find_offer("together:openai/gpt-oss-20b:LoRA SFT")
    assert [o.keeps_in(("us",)) for o in (data_zone, worldwide, unknown)] == [True, False, None]
    assert [o.keeps_in(("eu",)) for o in (data_zone, worldwide, unknown)] == [False, False, None]
    for offer in offers():
        assert (offer.regions is None) == (offer.regions_source is None)
        assert (offer.regions is None) == (offer.regions_checked is None)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param('regions = ["us"]', id="a region without a source"),
        pytest.param(
            'regions = []\nregions_source = "https://a.example/"\nregions_checked = 2026-11-20',
            id="no region",
        ),
        pytest.param(
            'regions = ["moon"]\nregions_source = "https://a.example/"\nregions_checked = 2026-11-20',
            id="no such region",
        ),
    ],
)
def test_a_wrong_region_fails_on_load(tmp_path, wrong):
    text = SHEET.replace('method = "SFT"', f'method = "SFT"\n{wrong}')
    with pytest.raises(ValidationError, match="region"):
        load_provider(sheet(tmp_path, text))
