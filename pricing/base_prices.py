"""Base models' prices, from the snapshot inside genai-prices or a newer list of its kind."""

import difflib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from importlib.metadata import version
from typing import TYPE_CHECKING

from pricing.errors import PricingError, UnknownModel
from pricing.offers import PriceCells

# Importing genai_prices builds some 2,000 models (0.3 s): functions do it when first asked.
if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice

RELEASED = {"0.2.3": date(2026, 11, 10)}
"""Day on which a version came out: the snapshot itself carries no date."""

NOT_SOLD = {"openai": ("gpt-oss",)}
"""Names the list prices at a provider that does not sell them: OpenAI gives gpt-oss away and answers
no request with it, so its price there is nobody's."""

_fetched: list[datetime] = []


def fetched_at() -> datetime | None:
    """When other prices were last taken in; None = those that ship are in use."""
    return _fetched[-1] if _fetched else None


@dataclass(frozen=True, slots=True)
class BasePrice:
    """What a base model costs on a day for requests of one size."""

    provider: str
    """Id in genai-prices."""
    provider_name: str
    model: str
    name: str
    context_window: int | None
    """Input and output tokens together."""
    own_list: bool
    """False: the price is from another provider's list (OpenAI's, for a model at Azure)."""
    cells: PriceCells
    source_label: str
    source_url: str | None
    checked: date | None


def base_price(provider: str, model: str, on: date, input_tokens: int = 0) -> BasePrice:
    """Price of a base model, with where it comes from.

    Args:
        provider: id of the provider in genai-prices, e.g. "openai", "azure", "anthropic".
        model: id of the model at that provider.
        on: day of the requests; prices are dated. Prices by the hour are those of noon UTC.
        input_tokens: tokens of one request. A long-context tier is a cliff: past it another
            rate holds for the whole request.

    Raises:
        UnknownModel: provider or model is not in the snapshot, or the model is a tuned one.
    """
    from genai_prices.data_snapshot import get_snapshot

    if not model:
        raise UnknownModel(
            f'"{provider}" names no model; write provider:model, as in openai:gpt-6-luna, or leave '
            "it out and enter its prices."
        )
    # genai-prices bills the cached and batched tokens of `ft:` models wrongly.
    if model.lower().startswith("ft:"):
        raise UnknownModel(f'"{model}" is a fine-tuned model; choose the offer it was tuned under.')
    snapshot = get_snapshot()
    try:
        seller, found = snapshot.find_provider_model(model, None, provider, None)
    except LookupError:
        unknown = f'No price is known for the base model "{model}" at "{provider}".'
        raise UnknownModel(f"{unknown} {_near(model, provider)}") from None
    # One provider's models may be priced from another's list (OpenAI's, at Azure).
    lister = next(p for p in snapshot.providers if any(m is found for m in p.models))
    edition = _edition()
    return BasePrice(
        provider=seller.id,
        provider_name=seller.name,
        model=found.id,
        name=found.name or found.id,
        context_window=found.context_window,
        own_list=lister is seller,
        cells=PriceCells()
        if found.id.startswith(NOT_SOLD.get(seller.id, ()))
        else _cells(found, on, input_tokens, with_batch=lister is seller),
        source_label=f"{lister.name} price list, as in genai-prices{edition.name}",
        source_url=lister.pricing_urls[0] if lister.pricing_urls else None,
        checked=edition.checked,
    )


def use_list(content: bytes) -> date:
    """Use a list of base prices as genai-prices publishes it, in this process.

    Returns:
        The day the prices now count as read.

    Raises:
        PricingError: the list can't be read; the prices at hand stay in use.
    """
    from genai_prices.data_snapshot import DataSnapshot, set_custom_snapshot
    from genai_prices.types import _providers_from_raw

    try:
        raw = json.loads(content)
        if not isinstance(raw, list):
            raise TypeError("the list is none")
        fetched = DataSnapshot(_providers_from_raw(raw), from_auto_update=True)
    except (ValueError, TypeError, LookupError) as error:
        raise PricingError(
            "Today's base prices came in a form that this version can't read: update genai-prices. "
            "The prices at hand stay in use."
        ) from error
    set_custom_snapshot(fetched)
    _fetched.append(datetime.now(UTC))
    return _edition().checked or datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class _Edition:
    """Which edition of the list is in use, and when it was read; None = not known."""

    name: str
    checked: date | None


def _edition() -> _Edition:
    from genai_prices.data_snapshot import get_snapshot

    snapshot = get_snapshot()
    if snapshot.from_auto_update:
        return _Edition(", fetched again", snapshot.timestamp.astimezone(UTC).date())
    release = shipped_release()
    return _Edition(f" {release}", RELEASED.get(release))


def shipped_release() -> str:
    """The version of genai-prices whose list ships."""
    return version("genai-prices")


def base_cells(provider: str, model: str, on: date, input_tokens: int = 0) -> PriceCells:
    """Rates of a base model for requests of one size, USD per 1M tokens; see `base_price`."""
    return base_price(provider, model, on, input_tokens).cells


def _near(model: str, provider: str) -> str:
    """What to do about an unknown model, naming the models with similar names."""
    from genai_prices.data_snapshot import find_provider_by_id, get_snapshot

    seller = find_provider_by_id(get_snapshot().providers, provider)
    known = [m.id for m in seller.models] if seller else []
    longer = [name for name in known if model and name.startswith(model.lower())]
    near = (longer or difflib.get_close_matches(model.lower(), known))[:3]
    known_there = ", ".join(f'"{name}"' for name in near)
    return (
        f"{f'Known there: {known_there}. ' if near else ''}"
        "For a model on no list, leave the offer out and enter its prices."
    )


def _cells(model: "ModelInfo", on: date, input_tokens: int, *, with_batch: bool) -> PriceCells:
    """Rates at this size; another provider's batch price says nothing about this one's."""
    noon = datetime.combine(on, time(12), tzinfo=UTC)
    standard = model.get_prices(noon)
    batch = model.get_prices(noon, {"processing": "batch"} if with_batch else None)
    batch_in = _rate(batch, "input_mtok", input_tokens)
    batch_out = _rate(batch, "output_mtok", input_tokens)
    plain_in = _rate(standard, "input_mtok", input_tokens)
    plain_out = _rate(standard, "output_mtok", input_tokens)
    # A context that matches nothing silently gives the standard price, so it is no batch price.
    has_batch = (batch_in, batch_out) != (plain_in, plain_out)
    return PriceCells(
        input=plain_in,
        cached_input=_rate(standard, "cache_read_mtok", input_tokens),
        cache_write=_rate(standard, "cache_write_mtok", input_tokens),
        output=plain_out,
        batch_input=batch_in if has_batch else None,
        batch_output=batch_out if has_batch else None,
    )


def _rate(prices: "ModelPrice", key: str, input_tokens: int) -> Decimal | None:
    """USD per 1M tokens of one class at this size of request; None = not in the data."""
    from genai_prices.types import TieredPrices

    price: Decimal | TieredPrices | None = getattr(prices, key)
    if not isinstance(price, TieredPrices):
        return price
    passed = [tier.price for tier in price.tiers if input_tokens > tier.start]
    return passed[-1] if passed else price.base
