"""People's time around a model: worked out by hand, and apart from the model's cost."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pricing.charges import requests_over
from pricing.cost import Volume
from pricing.people import People, PeopleCost, people_cost, usd_per_accepted

D = Decimal
VOLUME = Volume(requests_per_month=1000)
PEOPLE = People(
    hourly_rate=D(60),
    minutes_to_correct=D(6),
    corrected_share_base=D("0.25"),
    corrected_share_tuned=D("0.1"),
    one_off_days_examples=D(3),
    one_off_days_it=D(1),
    one_off_days_testing=D("0.5"),
)


def test_people_by_hand():
    # 12 months of 1,000 answers; 6 minutes at 60 USD an hour are 6 USD a correction.
    #   base        12,000 x 0.25 x 6              = 18,000
    #   fine-tuned  12,000 x 0.10 x 6              =  7,200
    #   once        (3 + 1 + 0.5) days x 8 h x 60  =  2,160, for the tuned model only
    base = people_cost(PEOPLE, VOLUME, D(12), trained=False)
    tuned = people_cost(PEOPLE, VOLUME, D(12), trained=True)
    assert base == PeopleCost(D(18000), D(0), D(18000), D("0.25"))
    assert tuned == PeopleCost(D(7200), D(2160), D(9360), D("0.1"))


def test_a_shorter_day_is_the_readers():
    people = PEOPLE.model_copy(update={"hours_per_day": D(6)})
    assert people_cost(people, VOLUME, D(12), trained=True).one_off_usd == D("4.5") * 6 * 60


@pytest.mark.parametrize(
    ("growth", "months", "requests"),
    [
        pytest.param("0", "12", "12000", id="no growth"),
        pytest.param("0.1", "3", "3310", id="1,000 + 1,100 + 1,210"),
        pytest.param("0", "1.5", "1500", id="half a month counts as half"),
        pytest.param("-0.5", "2.5", "1625", id="1,000 + 500 + half of 250"),
        pytest.param("0", "0", "0", id="no month of use"),
    ],
)
def test_requests_over_the_months_of_use(growth, months, requests):
    volume = VOLUME.model_copy(update={"growth_per_month": D(growth)})
    assert requests_over(volume, D(months)) == D(requests)
    assert requests_over(Volume(), D(months)) is None


@pytest.mark.parametrize(
    ("absent", "base", "tuned"),
    [
        pytest.param({"hourly_rate"}, None, None, id="no rate: nothing is known"),
        pytest.param({"minutes_to_correct"}, D(0), D(2160), id="correcting was not asked about"),
        pytest.param({"corrected_share_base"}, None, D(9360), id="share of base unknown"),
        pytest.param(
            {"one_off_days_examples", "one_off_days_it", "one_off_days_testing"},
            D(18000),
            D(7200),
            id="no days",
        ),
        pytest.param({"one_off_days_it"}, D(18000), D(8880), id="some days"),
    ],
)
def test_what_is_not_given_is_not_counted_and_what_is_not_known_is_no_zero(absent, base, tuned):
    people = PEOPLE.model_copy(update=dict.fromkeys(absent))
    assert people_cost(people, VOLUME, D(12), trained=False).total_usd == base
    assert people_cost(people, VOLUME, D(12), trained=True).total_usd == tuned


def test_nothing_given_is_none():
    assert not People().given
    assert people_cost(People(), VOLUME, D(12), trained=True) == PeopleCost(None, None, None, None)


def test_without_a_volume_corrections_are_not_known():
    assert people_cost(PEOPLE, Volume(), D(12), trained=True).total_usd is None


def test_a_stopped_model_has_no_total():
    assert people_cost(PEOPLE, VOLUME, D(0), trained=True).total_usd is None


def test_the_share_given_goes_before_the_one_measured():
    assert people_cost(PEOPLE, VOLUME, D(12), True, D("0.5")).corrected_share == D("0.1")
    open_share = PEOPLE.model_copy(update={"corrected_share_tuned": None})
    measured = people_cost(open_share, VOLUME, D(12), True, D("0.5"))
    assert (measured.corrected_share, measured.corrections_usd) == (D("0.5"), 36000)


def test_the_cost_of_an_accepted_answer_by_hand():
    # Fine-tuned: model 2,000, people 9,360; 12,000 x 0.9 = 10,800 answers go out as they are.
    tuned = people_cost(PEOPLE, VOLUME, D(12), trained=True)
    found = usd_per_accepted(D(2000), tuned, True, VOLUME, D(12))
    assert found == D(11360) / 10800
    # A share that was only measured: nobody's time, 2,000 / (12,000 x 0.5).
    shared = people_cost(People(), VOLUME, D(12), True, D("0.5"))
    assert usd_per_accepted(D(2000), shared, False, VOLUME, D(12)) == D(2000) / 6000


@pytest.mark.parametrize(
    ("model", "people", "volume"),
    [
        pytest.param(None, PEOPLE, VOLUME, id="model cost unknown"),
        pytest.param(D(1), PEOPLE.model_copy(update={"hourly_rate": None}), VOLUME, id="no rate"),
        pytest.param(
            D(1), PEOPLE.model_copy(update={"corrected_share_tuned": None}), VOLUME, id="no share"
        ),
        pytest.param(
            D(1), PEOPLE.model_copy(update={"corrected_share_tuned": D(1)}), VOLUME, id="none goes"
        ),
        pytest.param(D(1), PEOPLE, Volume(requests_per_month=0), id="no requests"),
        pytest.param(D(1), PEOPLE, Volume(), id="requests unknown"),
    ],
)
def test_without_accepted_answers_there_is_no_cost_of_one(model, people, volume):
    time = people_cost(people, volume, D(12), trained=True)
    assert usd_per_accepted(model, time, people.given, volume, D(12)) is None


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.decimals(0, 1, places=3))
def test_people_never_cost_less_as_volume_grows(few, more, share):
    few, more = sorted((few, more))
    people = PEOPLE.model_copy(update={"corrected_share_tuned": share})
    totals = [
        people_cost(people, Volume(requests_per_month=n), D(12), trained=True).total_usd
        for n in (few, more)
    ]
    assert totals[0] <= totals[1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"hourly_rate": -1},
        {"corrected_share_base": "1.1"},
        {"minutes_to_correct": -1},
        {"hours_per_day": 0},
        {"one_off_days_it": -1},
        {"minuts": 1},
    ],
)
def test_figures_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        People(**wrong)
