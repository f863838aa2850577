"""Today's base models, as `data/base_models.toml` lists them."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import Field, HttpUrl, TypeAdapter, ValidationError

from advisor.case.brief import Frozen
from pricing.base_stops import stop_of

_FILE = Path(__file__).parent.parent / "data" / "base_models.toml"


class ListedBase(Frozen):
    """A base model one can buy today; what is None, the Method page words."""

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
    """Those that answer on a day: a model that has stopped is offered to nobody."""
    return tuple(base for base in load_base_models() if not base.stopped(today))


def listed_as(ref: str | None) -> ListedBase | None:
    """The model of today's list that goes by `provider:model`; None = it is not on it."""
    return next((base for base in load_base_models() if base.ref == ref), None)


@cache
def load_base_models() -> tuple[ListedBase, ...]:
    """The list as shipped, the one to try first at the top."""
    rows = tomllib.loads(_FILE.read_text("utf-8"))["base_models"]
    try:
        return TypeAdapter(tuple[ListedBase, ...]).validate_python(rows)
    except ValidationError as error:
        error.add_note(f"in {_FILE.name}")
        raise
