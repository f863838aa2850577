"""What should stand at each source: it stands in dated copies of the sources, and is written whole."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from pricing.compared import compare_fact
from pricing.entries import DATES, FIGURES
from pricing.expected import ExpectedFact, anchor
from pricing.offers import offers
from tests.pricing.copies import copy_of

TODAY = date(2026, 11, 30)
NOT_IN_A_COPY = {
    ("fireworks", "hosting_per_hour"): "the copies are older than the price of 1 September 2026",
    ("fireworks", "training_per_hour"): "the same price, of a GPU by the hour",
    ("openai", "tuned_stops_on"): "the copy is older than the notice of 14 October 2026",
}
"""Facts whose words were found in no copy: they are read in the form of the rows beside them."""


def expected():
    for offer in offers():
        entry = offer.entry(TODAY)
        for one in entry.expect:
            yield offer, one, str(one.at or entry.read_at(one.of[0])[0])


def test_what_is_expected_stands_in_a_dated_copy_of_its_source():
    found, lost = set(), set()
    for offer, one, address in expected():
        copied = copy_of(address)
        assert copied is not None, address
        stands = compare_fact(one, copied).outcome == "stands"
        if stands:
            found.add(offer.ref)
        else:
            lost |= {(offer.provider, name) for name in one.of}
    assert len(found) >= 50
    assert lost == NOT_IN_A_COPY.keys()


def test_what_is_expected_holds_the_figures_of_its_entry():
    # A figure that is edited without the words beside it would be "changed" for ever.
    for offer, one, _ in expected():
        entry = offer.entry(TODAY)
        if one.words and set(one.of) <= set(FIGURES):
            words = one.words.replace("{", " ").replace("}", " ").replace("$", " ").split()
            said = {Decimal(word) for word in words if word.replace(".", "").isdigit()}
            assert {getattr(entry, name) for name in one.of} <= said, offer.ref


def test_every_figure_and_date_has_a_source_and_a_day():
    for offer in offers():
        for entry in offer.entries:
            for name in entry.given((*FIGURES, *DATES)):
                source, day = entry.read_at(name)
                assert source.startswith("https://")
                assert day >= date(2025, 1, 1)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({}, "either words, or a path", id="nothing"),
        pytest.param({"words": "a {1}", "path": "b", "value": "1"}, "either words", id="both"),
        pytest.param({"path": "b"}, "a path and its value", id="no value"),
        pytest.param({"words": "a 1"}, "mark the figures in braces", id="no figure"),
        pytest.param({"words": "{1}"}, "words that the figures stand by", id="no place"),
        pytest.param({"words": "a {1}", "checked": TODAY}, "goes with at", id="a day of nothing"),
    ],
)
def test_an_expectation_that_says_too_little_is_refused(given, said):
    with pytest.raises(ValidationError, match=said):
        ExpectedFact(of=("min_fee",), **given)


def test_the_place_is_known_by_the_longest_words_between_figures():
    assert anchor("{Jan 14, 2027} gpt-4.1 … shut down {soon}") == "shut down"
