"""Charges: what one request, one training job and a month of hosting come to."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil, prod
from typing import Literal

from pydantic import Field

from pricing.entries import PriceCells, Row, SheetCells

HOURS_PER_MONTH = Decimal(730)
USUAL_EPOCHS = 3
"""Passes over the training file that providers make by default."""
MOST_REQUESTS = 10**12
"""More requests a month than this are not looked at."""


class Volume(Row):
    """How much is asked of the model, and for how long (the `[volume]` table)."""

    requests_per_month: int | None = Field(default=None, ge=0, le=MOST_REQUESTS)
    horizon_months: int = Field(default=12, ge=1, le=120)
    growth_per_month: Decimal = Field(default=Decimal(0), ge=Decimal("-0.99"), le=10)
    cached_share: Decimal = Field(default=Decimal(0), ge=0, le=1)
    """Of the input, what is read from the provider's cache."""
    cache_write_share: Decimal = Field(default=Decimal(0), ge=0, le=1)
    """Of the input that is not read from the cache, what is written to it for a charge."""
    batch_share: Decimal = Field(default=Decimal(0), ge=0, le=1)
    retrainings_per_year: Decimal = Field(default=Decimal(0), ge=0, le=365)
    input_tokens_per_request: Decimal | None = Field(default=None, ge=0, le=10**9)
    output_tokens_per_request: Decimal | None = Field(default=None, ge=0, le=10**9)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Mean tokens of one request, prompt and instruction together; None = not known."""

    input: Decimal | None
    output: Decimal | None
    origin: Literal["given", "measured", "counted"]


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in USD; None = not known, and `missing` names what it takes to know it."""

    usd: Decimal | None
    missing: tuple[str, ...] = ()


def request_cost(cells: PriceCells, tokens: Tokens, volume: Volume) -> Amount:
    """Mean cost of one request, USD: its tokens, and its part of an own machine's hour."""
    return add(token_cost(cells, tokens, volume), machine_cost(cells))


def machine_cost(cells: PriceCells) -> Amount:
    """One request's part of an own machine's hour, USD: the hour / the texts it answers in one."""
    if cells.machine_per_hour is None:
        return Amount(Decimal(0))
    part = 1 / cells.texts_per_hour if cells.texts_per_hour else None
    return times((cells.machine_per_hour, "machine price"), (part, "texts an hour"))


def token_cost(cells: PriceCells, tokens: Tokens, volume: Volume) -> Amount:
    """Mean cost of one request's tokens, USD, over cached, uncached and batched ones.

    The cached shares apply to the requests that are not batched. A class of tokens that does
    not occur (share 0, rate 0, or no tokens) needs no figure.
    """
    read = (tokens.input, "input tokens per request")
    written = (tokens.output, "output tokens per request")
    per_1m = 1 / Decimal(10**6)
    single, batched = 1 - volume.batch_share, volume.batch_share
    cached, uncached = single * volume.cached_share, single * (1 - volume.cached_share)
    kept, fresh = uncached * volume.cache_write_share, uncached * (1 - volume.cache_write_share)
    return add(
        times((cells.input, "input price"), read, (fresh * per_1m, "")),
        times((cells.cache_write, "cache write price"), read, (kept * per_1m, "")),
        times((cells.cached_input, "cached input price"), read, (cached * per_1m, "")),
        times((cells.output, "output price"), written, (single * per_1m, "")),
        times((cells.batch_input, "batch input price"), read, (batched * per_1m, "")),
        times((cells.batch_output, "batch output price"), written, (batched * per_1m, "")),
    )


def training_cost(cells: PriceCells) -> Amount:
    """One training job, USD: tokens x epochs at the rate, or hours, but at least the minimum fee.

    Where the epochs are not given, the usual 3 are assumed; see `assumes_epochs`.
    """
    by_tokens, by_hours = cells.training_per_1m, cells.training_per_hour
    if by_tokens is not None and (by_hours is None or cells.training_tokens is not None):
        epochs = cells.epochs or USUAL_EPOCHS
        seen = None if cells.training_tokens is None else Decimal(cells.training_tokens * epochs)
        job = times((by_tokens / 10**6, "training price"), (seen, "training tokens"))
    else:
        # Without any rate it is the price that is missing, whatever the hours.
        hours = Decimal(1) if by_hours is None else cells.training_hours
        job = times((by_hours, "training price"), (hours, "training hours"))
    if job.usd is None:
        return job
    return Amount(max(job.usd, cells.min_fee or Decimal(0)))


def assumes_epochs(cells: PriceCells) -> bool:
    """Whether the price of a training job rests on the usual epochs, as none were given."""
    return bool(cells.training_per_1m and cells.training_tokens) and cells.epochs is None


def hosting_cost(cells: PriceCells) -> Amount:
    """A month's hosting, USD: hours (730 unless given) x rate x replicas (1 unless given)."""
    hours = (
        HOURS_PER_MONTH if cells.hosting_hours_per_month is None else cells.hosting_hours_per_month
    )
    rate = _charge(cells.hosting_per_hour, "hosting_per_hour", cells)
    return times((rate, "hosting price"), (hours * (cells.replicas or 1), "hosting hours"))


def storage_cost(cells: PriceCells) -> Amount:
    """A month's storage of the tuned model, USD."""
    return times((_charge(cells.storage_per_month, "storage_per_month", cells), "storage price"))


def requests_over(volume: Volume, months: Decimal) -> Decimal | None:
    """Requests over the months of use, growing every month; a part of a month counts as that part."""
    if volume.requests_per_month is None:
        return None
    growth = 1 + volume.growth_per_month
    parts = (min(Decimal(1), months - k) * growth**k for k in range(ceil(months)))
    return volume.requests_per_month * sum(parts, Decimal(0))


def add(*amounts: Amount) -> Amount:
    """The sum; not known if one amount is not."""
    missing = tuple(dict.fromkeys(name for amount in amounts for name in amount.missing))
    known = [amount.usd for amount in amounts if amount.usd is not None]
    usd = sum(known, Decimal(0)) if len(known) == len(amounts) else None
    return Amount(usd, missing)


def times(*factors: tuple[Decimal | None, str]) -> Amount:
    """The product of named factors: 0 if one is 0, even where another is not known."""
    known = [value for value, _ in factors if value is not None]
    if 0 in known:
        return Amount(Decimal(0))
    missing = tuple(name for value, name in factors if value is None)
    return Amount(None, missing) if missing else Amount(prod(known, start=Decimal(1)))


def _charge(figure: Decimal | None, name: str, cells: PriceCells) -> Decimal | None:
    """A standing charge: 0 where no sheet mentions one, not known where a sheet gives no figure."""
    if figure is None and isinstance(cells, SheetCells) and name in cells.charged_but_unknown:
        return None
    return figure or Decimal(0)
