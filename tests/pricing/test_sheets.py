"""The price sheets, tested as data."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from advisor.market import for_newcomers
from pricing.lifecycle import access, open_offers
from pricing.offers import DATA, Offer, find_offer, load_provider, load_providers, offers

TODAY = date(2026, 11, 22)

ROWS = {
    "aws_bedrock": 6,
    "azure_foundry": 23,
    "cohere": 1,
    "coreweave": 1,
    "fireworks": 18,
    "google_vertex": 8,
    "huggingface": 1,
    "mistral": 2,
    "nebius": 1,
    "openai": 10,
    "predibase": 1,
    "self_hosted": 3,
    "together": 10,
}

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


def test_every_provider_has_a_sheet_and_every_offer_an_own_reference():
    assert {name: len(p.offers) for name, p in load_providers().items()} == ROWS
    refs = [offer.ref for offer in offers()]
    assert len(refs) == len(set(refs)) == sum(ROWS.values())
    assert {path.stem for path in DATA.glob("*.toml")} == set(ROWS)


def test_no_figure_was_read_in_the_future():
    ahead = [o.ref for o in offers() for e in o.entries if max(e.checked, e.since) > TODAY]
    assert ahead == []


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
    assert for_newcomers(offer, closes + timedelta(1)) == "Ended"


@pytest.mark.parametrize("offer", dated("tuned_stops_on"), ids=lambda offer: offer.ref)
def test_a_tuned_model_stops_by_its_date_whatever_the_status_says(offer):
    stops = offer.entries[-1].tuned_stops_on
    on_the_day = access(offer, stops, "tuned_before")
    assert (on_the_day.can_train, on_the_day.days_left.tuned_model) == (False, 0)
    assert access(offer, stops - timedelta(1)).days_left.tuned_model == 1
    assert not open_offers(stops, among=[offer])
    assert for_newcomers(offer, stops) == "Ended"


def test_what_was_open_when_read_is_shown_as_ended_after_its_date(tmp_path):
    (offer,) = load_provider(sheet(tmp_path)).offers  # still "available" in the sheet
    assert for_newcomers(offer, date(2027, 1, 1)) == "Open"
    assert for_newcomers(offer, date(2027, 1, 2)) == "Ended"
    assert access(offer, date(2027, 1, 2)).reason == (
        "Acme takes no new training job since 1 Jan 2027."
    )
    assert access(offer, date(2027, 6, 1)).reason == (
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
