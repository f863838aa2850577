"""Texts an hour as a run has measured them, worked out by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from advisor.evidence.throughput import texts_per_hour
from tests.make import answer

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def timed(option, *spans):
    """Answers by the seconds after noon at which each began and ended."""
    return [
        replace(
            answer(f"{option}{n}", option),
            latency_ms=(end - began) * 1000.0,
            finished_at=NOON + timedelta(seconds=end),
        )
        for n, (began, end) in enumerate(spans)
    ]


def measured(*outputs, option="base"):
    return texts_per_hour([one for some in outputs for one in some], option, ("base", "tuned"))


def test_one_after_the_other():
    assert measured(timed("base", (0, 10), (10, 20))) == 360  # 2 texts in 20 s


def test_side_by_side():
    assert measured(timed("base", (0, 10), (0, 10), (10, 20), (10, 20))) == 720  # 4 in 20 s


def test_a_pause_is_no_time_of_the_machine():
    assert measured(timed("base", (0, 10), (5_000, 5_010))) == 360


def test_two_options_on_one_machine_share_its_hour_by_how_long_their_answers_take():
    # 2 base texts of 10 s and 2 fine-tuned ones of 5 s, one after the other: 30 s in all.
    both = (timed("base", (0, 10), (15, 25)), timed("tuned", (10, 15), (25, 30)))
    assert measured(*both) == 360
    assert measured(*both, option="tuned") == 720
    # At the same time, and as long: each has half of the machine, and alone would have all of it.
    both = (timed("base", (0, 10)), timed("tuned", (0, 10)))
    assert measured(*both) == 720


def test_an_option_on_another_machine_is_none_of_its_business():
    beside = timed("base", (0, 10)) + timed("tuned", (0, 10))
    assert texts_per_hour(beside, "base", ("base",)) == 360


@pytest.mark.parametrize("lacking", [{"latency_ms": None}, {"finished_at": None}])
def test_answers_that_were_not_timed_measure_nothing(lacking):
    assert measured([replace(one, **lacking) for one in timed("base", (0, 10))]) is None
    assert measured(timed("tuned", (0, 10))) is None


def test_a_range_of_times_is_exact_to_a_tenth():
    assert measured(timed("base", (0, 7))) == Decimal("514.3")
