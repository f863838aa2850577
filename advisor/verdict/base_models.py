"""Today's base models, as `data/base_models.toml` lists them."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import Field, HttpUrl, TypeAdapter, ValidationError

from advisor.case.brief import Frozen
from pricing.base_prices import base_price
from pricing.base_stops import stop_of
from pricing.entries import PriceCells
from pricing.errors import PricingError

_FILE = Path(__file__).parent.parent / "data" / "base_models.toml"


class ListedBase(Frozen):
    """A base model one can buy today; where a field is None, the Method page says what that means."""

    name: str
    provider: str
    """Id in genai-prices."""
    model: str
    context_window: int = Field(gt=0)
    max_output: int = Field(gt=0)
    speed: str | None = None
    best_for: str
    free_tier: str | None = None
    sources: tuple[str, ...] = ()
    """Keys of the Method page's sources."""
    no_address: str = ""
    """What to enter where its provider has no OpenAI-compatible address; "" = there is one."""
    no_address_source: HttpUrl | None = None
    no_address_checked: date | None = None

    def stopped(self, today: date) -> bool:
        """Whether it has stopped answering at its provider."""
        stop = stop_of([self.provider], [self.model])
        return stop is not None and stop.passed(today)

    @property
    def ref(self) -> str:
        """`provider:model`, as an option's offer."""
        return f"{self.provider}:{self.model}"


def bases_on(today: date) -> tuple[ListedBase, ...]:
    """Base models that still answer on a day."""
    return tuple(base for base in load_base_models() if not base.stopped(today))


@dataclass(frozen=True, slots=True)
class CheapestBase:
    """The cheapest base model of one provider on today's list."""

    name: str
    cells: PriceCells


def cheapest_base(provider: str, today: date) -> CheapestBase | None:
    """The provider's cheapest, by input and output price together; None = none has a price."""
    priced = []
    for base in bases_on(today):
        if base.provider != provider:
            continue
        try:
            cells = base_price(base.provider, base.model, today).cells
        except PricingError:
            continue
        if cells.input is not None and cells.output is not None:
            name = base.name.partition(",")[0]
            priced.append((cells.input + cells.output, name, cells))
    if not priced:
        return None
    _, name, cells = min(priced, key=lambda found: found[:2])
    return CheapestBase(name, cells)


def listed_as(ref: str | None) -> ListedBase | None:
    """The model of today's list that goes by `provider:model`; None = it is not on it."""
    return next((base for base in load_base_models() if base.ref == ref), None)


@cache
def load_base_models() -> tuple[ListedBase, ...]:
    """The list that ships, the one to try first at the top."""
    rows = tomllib.loads(_FILE.read_text("utf-8"))["base_models"]
    try:
        return TypeAdapter(tuple[ListedBase, ...]).validate_python(rows)
    except ValidationError as error:
        error.add_note(f"in {_FILE.name}")
        raise
