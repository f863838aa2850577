"""How amounts are shown: in USD by default, else at one rate with its day."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from advisor.case.currency import USD, Currency

D = Decimal
EUR = Currency(code="EUR", per_usd=D("0.86"), rate_on=date(2026, 11, 20), source="ECB")


@pytest.mark.parametrize(
    ("currency", "usd", "shown"),
    [
        pytest.param(USD, 1240.5, "$1,241", id="dollars"),
        pytest.param(EUR, D(1241), "€1,067", id="1,241 x 0.86 = 1,067.26"),
        pytest.param(EUR, D("34.20"), "€29.41", id="34.20 x 0.86 = 29.412"),
        pytest.param(EUR, D("0.0021"), "€0.0018", id="0.0021 x 0.86 = 0.001806"),
        pytest.param(EUR, D(-1241), "-€1,067", id="less than nothing"),
        pytest.param(EUR, 0, "€0.00", id="nothing"),
        pytest.param(EUR, None, "not known", id="not known"),
        pytest.param(EUR, D(10**40), "over €1,000 trillion", id="beyond reading"),
        pytest.param(
            Currency(code="CHF", per_usd=D("0.8"), rate_on=date(2026, 11, 20)),
            D(100),
            "CHF\N{NO-BREAK SPACE}80.00",
            id="a sign not everybody knows",
        ),
    ],
)
def test_an_amount_is_shown_in_the_readers_currency(currency, usd, shown):
    assert currency.show(usd) == shown


def test_the_rate_is_named_with_its_day_and_source():
    assert EUR.rate == "1 USD = 0.86 EUR, 20 Nov 2026, ECB"
    assert EUR.model_copy(update={"source": ""}).rate == "1 USD = 0.86 EUR, 20 Nov 2026"
    assert USD.rate == ""


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        pytest.param({"code": "EUR"}, "needs per_usd and rate_on", id="no rate"),
        pytest.param({"code": "EUR", "per_usd": 1}, "needs per_usd and rate_on", id="no day"),
        pytest.param({"per_usd": 2}, "1 USD is 1 USD", id="a rate of the dollar"),
        pytest.param({"code": "euro"}, "code", id="no code"),
        pytest.param(
            {"code": "EUR", "per_usd": 0, "rate_on": "2026-11-20"}, "per_usd", id="a rate of 0"
        ),
        pytest.param(
            {"code": "EUR", "per_usd": "1e999999", "rate_on": "2026-11-20"},
            "per_usd",
            id="a rate that no number holds",
        ),
    ],
)
def test_a_currency_that_cannot_be_is_refused(wrong, complaint):
    with pytest.raises(ValidationError, match=complaint):
        Currency.model_validate(wrong)
