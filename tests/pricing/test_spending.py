"""A total as low and high: a fifth of the requests either way, and the spread that was measured."""

from decimal import Decimal

import pytest

from pricing.cost import Option, Tokens, Volume
from pricing.offers import PriceCells
from pricing.spending import SpendRange, spend_range

D = Decimal
VOLUME = Volume(requests_per_month=1_000, horizon_months=10)
# A request costs 0.001 USD: 1,000 of 1 USD per million.
TOKENS = Tokens(D(1_000), D(0), "measured")
BASE = Option(PriceCells(input=D(1), output=D(0)), TOKENS)


def test_without_measured_calls_only_the_requests_move():
    # 10,000 requests cost 10 USD; a fifth is 2.
    assert spend_range(BASE, VOLUME, D(10), trained=False, alpha=0.05) == SpendRange(
        D(8), D(12), False
    )


def test_what_is_fixed_does_not_move():
    cells = PriceCells(input=D(1), output=D(0), hosting_per_hour=D(1), hosting_hours_per_month=D(5))
    # 5 USD of hosting in each of 10 months beside the 10 USD.
    found = spend_range(Option(cells, TOKENS), VOLUME, D(10), trained=False, alpha=0.05)
    assert (found.low, found.high) == (58, 62)


def test_the_spread_of_measured_calls_widens_it():
    # 900 or 1,100 in, 100 of them: the mean's standard error is 100.5 / 10, 1.96 of it 1.97 %.
    calls = [(900, 0), (1_100, 0)] * 50
    found = spend_range(BASE, VOLUME, D(10), trained=False, calls=calls, alpha=0.05)
    assert float(found.low) == pytest.approx(8 * (1 - 0.0197), abs=0.001)
    assert float(found.high) == pytest.approx(12 * (1 + 0.0197), abs=0.001)
    assert found.usage_measured


@pytest.mark.parametrize(
    ("option", "volume", "months"),
    [
        pytest.param(Option(PriceCells(), TOKENS), VOLUME, D(10), id="no price"),
        pytest.param(BASE, Volume(), D(10), id="no volume"),
        pytest.param(BASE, VOLUME, D(0), id="stopped"),
    ],
)
def test_a_missing_figure_has_no_range(option, volume, months):
    assert spend_range(option, volume, months, trained=False, alpha=0.05) is None


def test_the_spread_of_tokens_is_no_spread_of_a_machines_hour():
    # 0.001 USD of tokens as above, and 1 / 1,000 of a machine's hour: 20 USD, half of it spread.
    cells = PriceCells(input=D(1), output=D(0), machine_per_hour=D(1), texts_per_hour=D(1_000))
    calls = [(900, 0), (1_100, 0)] * 50
    found = spend_range(
        Option(cells, TOKENS), VOLUME, D(10), trained=False, calls=calls, alpha=0.05
    )
    assert float(found.low) == pytest.approx(16 * (1 - 0.0197 / 2), abs=0.001)
    assert float(found.high) == pytest.approx(24 * (1 + 0.0197 / 2), abs=0.001)
