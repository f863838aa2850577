"""A place open to the reader that costs much less is named beside the price of the one chosen."""

import re
from decimal import Decimal

from advisor.report.report import write_report
from advisor.verdict.where_to_tune import where_to_tune
from tests.make import AZURE_MINI, FULL, LUNA, arm, case, decide, tuned

IDEA = FULL | {"stage": "idea", "customer_of": {}, "data_may_go": "any_vendor"}


def priced_at(usd: str):
    arms = {"base": arm(LUNA), "tuned": arm(None, input=Decimal(usd), output=0, training=0)}
    return decide(case("classification", arms, texts=60, **IDEA))


def named(found) -> str:
    said = re.search(r"Fine-tuned is priced at [^.]*\.\d\d|Fine-tuned is priced[^.]*\.", found)
    return said[0] if said else ""


def test_the_cheapest_open_place_is_named_where_the_one_priced_costs_much_more():
    found = decide(case("classification", {"base": arm(LUNA), "tuned": tuned(AZURE_MINI)}, **IDEA))
    places = [p for p in where_to_tune(found.case, found.money, found.today) if not p.chosen]
    cheapest = next(place for place in places if place.standing == "open")
    assert found.money.tuned_cost.usd_per_month_all_in > 10 * cheapest.usd_per_month_all_in
    said = write_report(found).summary
    assert f"The cheapest place open to you, {cheapest.model} at {cheapest.provider}" in said
    assert f"would cost {found.money.currency.show(cheapest.usd_per_month_all_in)}" in said


def test_a_place_that_is_closed_to_the_reader_is_not_named():
    own = IDEA | {"data_may_go": "own_machines", "can_host": True}
    arms = {"base": arm(LUNA), "tuned": tuned(AZURE_MINI)}
    assert not named(write_report(decide(case("classification", arms, **own))).summary)


def test_places_are_listed_the_cheapest_first_and_only_where_their_price_is_known():
    arms = {"base": arm(LUNA), "tuned": arm(None)}
    found = write_report(decide(case("classification", arms, texts=60, **IDEA)))
    access = next(r.text for r in found.reasons if r.topic == "Access")
    assert "Open to you, the cheapest first: " in access
    unknown = write_report(
        decide(case("classification", arms, texts=60, **IDEA | {"training_pairs": None}))
    )
    access = next(r.text for r in unknown.reasons if r.topic == "Access")
    assert "Open to you: " in access
