"""What holds for the cost of any option, whatever its figures."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.cost import Option, PriceCells, Tokens, Volume, break_even, option_cost


def amounts(most: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=0, max_value=most, places=3)


shares = st.decimals(min_value=0, max_value=1, places=2)
counts = st.integers(min_value=0, max_value=10**7)
months = st.decimals(min_value=Decimal("0.1"), max_value=36, places=2)
prices = st.builds(
    PriceCells,
    input=amounts(100),
    cached_input=amounts(100),
    cache_write=amounts(100),
    output=amounts(100),
    batch_input=amounts(100),
    batch_output=amounts(100),
    training_per_1m=amounts(100),
    training_tokens=counts,
    epochs=st.integers(1, 10),
    min_fee=amounts(10),
    hosting_per_hour=amounts(10),
    storage_per_month=amounts(10),
)
tokens = st.builds(Tokens, amounts(10**5), amounts(10**4), st.just("given"))
volumes = st.builds(
    Volume,
    requests_per_month=counts,
    growth_per_month=st.decimals(min_value=Decimal("-0.5"), max_value=1, places=2),
    cached_share=shares,
    cache_write_share=shares,
    batch_share=shares,
    retrainings_per_year=st.integers(0, 12),
)
options = st.builds(Option, prices, tokens, already_trained=st.booleans())


def total(option: Option, volume: Volume, used: Decimal, trained: bool = True) -> Decimal:
    cost = option_cost(option.cells, option.tokens, volume, used, trained, option.already_trained)
    assert cost.total_usd is not None
    return cost.total_usd


def at(volume: Volume, requests: int) -> Volume:
    level = {"requests_per_month": requests, "growth_per_month": Decimal(0)}
    return volume.model_copy(update=level)


@given(options, volumes, months, counts)
def test_cost_never_falls_as_volume_grows(option, volume, used, more):
    asked = volume.requests_per_month or 0
    larger = volume.model_copy(update={"requests_per_month": asked + more})
    assert total(option, larger, used) >= total(option, volume, used)


@given(options, volumes, months)
def test_cumulative_spend_never_falls_and_ends_at_the_total(option, volume, used):
    cost = option_cost(option.cells, option.tokens, volume, used, trained=True)
    assert cost.cumulative is not None
    assert list(cost.cumulative) == sorted(cost.cumulative)
    assert cost.cumulative[-1] == cost.total_usd


@given(options, options, volumes, months)
def test_break_even_is_the_first_volume_that_pays_back(base, tuned, volume, used):
    shown = break_even(base, tuned, volume, used)
    found = shown.requests_per_month

    def pays_back(requests: int) -> bool:
        there = at(volume, requests)
        return total(tuned, there, used) <= total(base, there, used, trained=False)

    if found is None:
        # Two that cost nothing while nothing is asked of them: that pays nothing back.
        assert not pays_back(0) or not pays_back(1)
        assert not pays_back(10**12)
    else:
        assert pays_back(found)
        assert (shown.up_to is None) == pays_back(10**12)
        if shown.up_to is not None:
            assert pays_back(shown.up_to)
            assert not pays_back(shown.up_to + 1)
        assert found == 0 or not pays_back(found - 1)


@given(options, options, volumes, months)
def test_break_even_month_is_the_first_month_that_pays_back(base, tuned, volume, used):
    found = break_even(base, tuned, volume, used)
    month = found.month

    def behind(months):
        """Of each month up to then: whether the tuned option has cost more by its end."""
        ours, theirs = (
            option_cost(one.cells, one.tokens, volume, months, kind, one.already_trained).cumulative
            for one, kind in ((base, False), (tuned, True))
        )
        return [t > o for o, t in zip(ours or (), theirs or (), strict=False)]

    if month is None:
        assert all(behind(used))
        assert all(behind(Decimal(120)))
    elif not found.late:
        assert behind(used).index(False) + 1 == month
    else:
        assert all(behind(used))
        assert behind(Decimal(120)).index(False) + 1 == month


@given(options, volumes, months, st.integers(2, 9))
def test_scaling_all_prices_scales_the_cost(option, volume, used, factor):
    rates = {
        name: value * factor
        for name, value in option.cells.given().items()
        if name not in ("training_tokens", "epochs")
    }
    scaled = replace(option, cells=option.cells.model_copy(update=rates))
    expected = total(option, volume, used) * factor
    assert float(total(scaled, volume, used)) == pytest.approx(float(expected), rel=1e-12)


def untrained(option):
    """The option as a model that exists, with no figures of its training."""
    training = ("training_per_1m", "training_per_hour", "training_tokens", "training_hours")
    cells = option.cells.model_copy(update=dict.fromkeys(training))
    return replace(option, cells=cells, already_trained=True)


@given(options, options, volumes, months)
def test_swapping_the_arms_mirrors_who_is_cheaper(one, other, volume, used):
    # Both trained already and never again, so that the arm's name makes no difference.
    steady = volume.model_copy(update={"retrainings_per_year": Decimal(0)})
    one, other = untrained(one), untrained(other)
    there = break_even(one, other, steady, used).requests_per_month
    back = break_even(other, one, steady, used).requests_per_month
    # At no requests at least one of the two is no dearer; both are only where they cost the same.
    assert 0 in (there, back)
    if there is not None and there > 0:
        assert total(other, at(steady, there - 1), used) > total(one, at(steady, there - 1), used)
