"""Offers: what a provider sells around a tuned model, from `data/<provider>.toml`."""

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field


class Row(BaseModel):
    """A misspelt or missing key in a data file fails on load, naming the key."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PriceCells(Row):
    """Every figure the cost of an option rests on; None = not found, never 0.

    Rates are USD per 1M tokens; hosting is USD per hour and replica; storage and fees are USD.
    The same cells hold an offer's figures and the reader's own (`[arms.<arm>.price]`).
    """

    input: Decimal | None = Field(default=None, ge=0)
    cached_input: Decimal | None = Field(default=None, ge=0)
    cache_write: Decimal | None = Field(default=None, ge=0)
    output: Decimal | None = Field(default=None, ge=0)
    batch_input: Decimal | None = Field(default=None, ge=0)
    batch_output: Decimal | None = Field(default=None, ge=0)
    training_per_1m: Decimal | None = Field(default=None, ge=0)
    training_per_hour: Decimal | None = Field(default=None, ge=0)
    training_tokens: int | None = Field(default=None, ge=0)
    """Tokens of the training file, once through."""
    epochs: int | None = Field(default=None, ge=1)
    training_hours: Decimal | None = Field(default=None, ge=0)
    min_fee: Decimal | None = Field(default=None, ge=0)
    hosting_per_hour: Decimal | None = Field(default=None, ge=0)
    hosting_hours_per_month: Decimal | None = Field(default=None, ge=0, le=744)
    replicas: int | None = Field(default=None, ge=1)
    storage_per_month: Decimal | None = Field(default=None, ge=0)
