"""How old the facts are by their kind, what ends soon, and the facts as one file."""

import json
from datetime import date
from hashlib import sha256

import pytest

from pricing.editions import held_edition
from pricing.export import export_facts
from pricing.offers import load_providers, offers
from pricing.taking import take_edition
from pricing.upkeep import AGEING_AFTER, FactAge, ends_soon, fact_ages

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("kind", "days", "ageing"),
    [
        ("dates", 14, False),
        ("dates", 15, True),
        ("host prices", 30, False),
        ("host prices", 31, True),
        ("list prices", 60, False),
        ("list prices", 61, True),
    ],
)
def test_a_fact_ages_by_what_it_costs(kind, days, ageing):
    assert FactAge("x", kind, TODAY, days, "").ageing is ageing


def kinds_of(ref, today=TODAY):
    return {fact.kind for fact in fact_ages(today) if fact.what == ref}


def test_a_closing_vendors_dates_age_apart_from_its_prices_and_only_while_they_lie_ahead():
    ref = "openai:gpt-4.1-mini-2025-04-14:SFT"
    assert kinds_of(ref) == {"dates", "list prices"}
    assert kinds_of(ref, date(2027, 1, 13)) == {"dates", "list prices"}
    assert kinds_of(ref, date(2027, 1, 14)) == set()  # its tuned models have stopped


def test_a_machine_by_the_hour_is_a_host():
    assert kinds_of("together:openai/gpt-oss-20b:LoRA SFT") == {"host prices"}
    own = next(offer.ref for offer in offers() if offer.data_stays)
    assert kinds_of(own) == {"host prices"}


def test_what_is_most_over_its_time_comes_first():
    over = [fact.days - AGEING_AFTER[fact.kind] for fact in fact_ages(TODAY)]
    assert over == sorted(over, reverse=True)


@pytest.mark.parametrize(
    ("today", "within", "there"),
    [
        pytest.param(date(2026, 11, 30), 11, True, id="the last day looked at"),
        pytest.param(date(2026, 11, 30), 10, False, id="a day later"),
        pytest.param(date(2026, 12, 11), 1, True, id="today"),
        pytest.param(date(2026, 12, 12), 90, False, id="over"),
    ],
)
def test_what_stops_is_named_from_the_days_before_to_the_day_itself(today, within, there):
    found = {one.name: one for one in ends_soon(today, within)}
    assert ("openai:gpt-5-mini" in found) is there
    if there:
        one = found["openai:gpt-5-mini"]
        assert (one.what, one.successor) == ("base model stops", "gpt-6.1-terra")
        assert one.days == (date(2026, 12, 11) - today).days


def test_training_and_tuned_models_end_on_days_of_their_own():
    ref = "openai:gpt-4.1-mini-2025-04-14:SFT"
    found = {(one.what, one.on) for one in ends_soon(TODAY) if one.name == ref}
    assert found == {
        ("training closes", date(2027, 1, 6)),
        ("tuned models stop", date(2027, 1, 14)),
    }


def test_the_exported_facts_are_the_ones_that_ship():
    found = export_facts()
    assert found.sha256 == sha256(found.content).hexdigest()
    taken = take_edition(found.content, found.sha256)
    with held_edition(taken):
        back = load_providers()
    assert back == load_providers()
    assert export_facts() == found  # nothing in it depends on when it is made


def test_the_pointer_names_the_edition():
    found = export_facts()
    pointer = json.loads(found.pointer())
    assert pointer["file"] == f"{found.sha256}.json"
    assert date.fromisoformat(pointer["newest"]) == found.newest
    assert found.newest >= date(2026, 11, 30)
