"""People's time around a model: worked out by hand, as a part of what an option costs."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pricing.charges import requests_over
from pricing.cost import Option, PriceCells, Tokens, Volume, cost_of
from pricing.people import People, is_counted, people_time, usd_per_accepted

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


FREE = PriceCells(input=D(0), output=D(0), training_per_1m=D(0), training_tokens=0)


def people_cost(people, volume, months, trained, measured=None):
    """People's time with a model that costs nothing: the whole total, and once."""
    time = people_time(people, trained, measured)
    option = Option(FREE, Tokens(D(0), D(0), "given"), people=time)
    found = cost_of(option, volume, months, trained)
    assert found.total_usd == found.people_usd
    return found


def test_people_by_hand():
    # 12 months of 1,000 answers; 6 minutes at 60 USD an hour are 6 USD a correction.
    #   base        12,000 x 0.25 x 6              = 18,000
    #   fine-tuned  12,000 x 0.10 x 6              =  7,200
    #   once        (3 + 1 + 0.5) days x 8 h x 60  =  2,160, for the tuned model only
    base = people_cost(PEOPLE, VOLUME, D(12), trained=False)
    tuned = people_cost(PEOPLE, VOLUME, D(12), trained=True)
    assert (base.total_usd, base.once_usd) == (18000, 0)
    assert (tuned.total_usd, tuned.once_usd) == (9360, 2160)


def test_peoples_time_grows_with_the_texts_and_a_part_of_a_month_counts_as_its_part():
    # 1,000 + 1,100 + half of 1,210 texts, 0.6 USD of corrections each, and 2,160 once.
    volume = VOLUME.model_copy(update={"growth_per_month": D("0.1")})
    found = people_cost(PEOPLE, volume, D("2.5"), trained=True)
    assert found.cumulative == (D(2760), D(3420), D(3783))


def test_the_total_is_model_and_people_together():
    # Model: 0.002 a text, 24 in a year, 30 of training; people 9,360. First month: 2, model only.
    cells = PriceCells(input=D(2), output=D(0), training_per_1m=D(10), training_tokens=10**6)
    time = people_time(PEOPLE, trained=True)
    found = cost_of(Option(cells, Tokens(D(1000), D(0), "given"), people=time), VOLUME, D(12), True)
    assert (found.total_usd, found.model_usd, found.people_usd) == (9414, 54, 9360)
    assert (found.usd_per_month_all_in, found.usd_per_month) == (D("784.5"), 2)
    assert (found.once_usd, found.training_usd) == (2190, 30)


def test_a_shorter_day_is_the_readers():
    people = PEOPLE.model_copy(update={"hours_per_day": D(6)})
    assert people_cost(people, VOLUME, D(12), trained=True).once_usd == D("4.5") * 6 * 60


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
    times = [people_time(people, trained) for trained in (False, True)]
    assert is_counted(times) is (None not in (base, tuned))


def test_nothing_given_is_not_counted():
    assert not People().given
    assert not is_counted([people_time(People(), trained=True)])
    assert not is_counted([])
    assert not is_counted([None, people_time(PEOPLE, trained=True)])


def test_without_a_volume_corrections_are_not_known():
    assert people_cost(PEOPLE, Volume(), D(12), trained=True).total_usd is None


def test_a_stopped_model_has_no_total():
    assert people_cost(PEOPLE, VOLUME, D(0), trained=True).total_usd is None


def test_the_share_given_goes_before_the_one_measured():
    assert people_time(PEOPLE, True, D("0.5")).corrected_share == D("0.1")
    open_share = PEOPLE.model_copy(update={"corrected_share_tuned": None})
    # 12,000 x 0.5 x 6 and 2,160 once.
    assert people_cost(open_share, VOLUME, D(12), True, D("0.5")).total_usd == 38160


def test_the_cost_of_an_accepted_answer_by_hand():
    # 11,360 in all; 12,000 x 0.9 = 10,800 answers go out as they are.
    assert usd_per_accepted(D(11360), D("0.1"), VOLUME, D(12)) == D(11360) / 10800


@pytest.mark.parametrize(
    ("total", "share", "volume"),
    [
        pytest.param(None, D("0.1"), VOLUME, id="total unknown"),
        pytest.param(D(1), None, VOLUME, id="no share"),
        pytest.param(D(1), D(1), VOLUME, id="none goes"),
        pytest.param(D(1), D("0.1"), Volume(requests_per_month=0), id="no requests"),
        pytest.param(D(1), D("0.1"), Volume(), id="requests unknown"),
    ],
)
def test_without_accepted_answers_there_is_no_cost_of_one(total, share, volume):
    assert usd_per_accepted(total, share, volume, D(12)) is None


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
