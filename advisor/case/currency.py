"""Currency: how an amount in USD is shown, at one rate of one day."""

from datetime import date
from decimal import Decimal
from typing import Self

from pydantic import Field, model_validator

from advisor.case.brief import Frozen
from advisor.words import SIGNS, money

NO_CENTS_FROM = 10
"""A total of so much, in whatever currency, is shown without cents."""


class Currency(Frozen):
    """What amounts are shown in (the `[currency]` table). All figures are kept in USD."""

    code: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    """ISO 4217, e.g. "EUR"."""
    per_usd: Decimal = Field(default=Decimal(1), ge=Decimal("0.0001"), le=10**9)
    """How much of it one USD buys."""
    rate_on: date | None = None
    """The day of the rate."""
    source: str = Field(default="", max_length=200)
    """Where the rate is from, as in "ECB"."""

    @model_validator(mode="after")
    def _a_rate_has_its_day(self) -> Self:
        if self.code == "USD" and self.per_usd != 1:
            raise ValueError("1 USD is 1 USD: leave per_usd out, or name another code")
        if self.code != "USD" and ("per_usd" not in self.model_fields_set or not self.rate_on):
            raise ValueError(f"{self.code} needs per_usd and rate_on, the rate and its day")
        return self

    def show(self, amount_usd: Decimal | float | None) -> str:
        """An amount in USD, shown in this currency; None is "not known"."""
        return money(
            None if amount_usd is None else Decimal(str(amount_usd)) * self.per_usd, self.code
        )

    def total(self, amount_usd: Decimal | float | None) -> str:
        """What months come to in all: to the cent it would seem a month multiplied wrongly."""
        return money(
            None if amount_usd is None else Decimal(str(amount_usd)) * self.per_usd,
            self.code,
            NO_CENTS_FROM,
        )

    def of(self, amount_usd: float | Decimal) -> float:
        """An amount in USD as a number of it, for tables and charts."""
        return float(Decimal(str(amount_usd)) * self.per_usd)

    @property
    def sign(self) -> str:
        """What stands before an amount: "$", "€", "CHF "."""
        return SIGNS.get(self.code, f"{self.code}\N{NO-BREAK SPACE}")

    @property
    def rate(self) -> str:
        """The rate, its day and source: "1 USD = 0.86 EUR, 20 Nov 2026, ECB"; "" for USD."""
        if self.code == "USD" or self.rate_on is None:
            return ""
        said = f"1 USD = {self.per_usd.normalize():f} {self.code}"
        said += f", {self.rate_on.day} {self.rate_on:%b %Y}"
        return f"{said}, {self.source}" if self.source else said


USD = Currency()
