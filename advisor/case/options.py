"""Options: the models that can be asked, each with its instruction, address and price."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field

from advisor.case.brief import Frozen
from pricing.offers import PriceCells

ArmName = Literal["base", "base_examples", "base_retrieval", "tuned"]

ARMS: tuple[ArmName, ...] = ("base", "base_examples", "base_retrieval", "tuned")

BASE_ARMS: tuple[ArmName, ...] = ("base", "base_examples", "base_retrieval")

Role = ArmName | Literal["judge"]
"""Whose endpoint is asked: an arm's or the judge's."""


class Model(Frozen):
    """A model that can be asked: where it answers, as what, at what price."""

    endpoint: str = ""
    """Base URL of an OpenAI-compatible API, or `replay:<sample>` for recorded answers."""
    model: str = ""
    api_key_env: str | None = None
    offer: str | None = None
    """`provider:model[:method]`; see `pricing.offers`."""
    price: PriceCells = PriceCells()
    """Figures of the reader's own, over those of the offer."""
    discount_percent: Decimal | None = Field(default=None, ge=0, le=100)
    """What the reader's contract takes off every list rate; the reader's own figures stay."""

    @property
    def answers(self) -> bool:
        """It can be asked: it has an address and a model."""
        return bool(self.endpoint.strip() and self.model.strip())

    def at(self, hosts: Mapping[str, str]) -> Self:
        """The model at the address behind its `host:<name>`, where it has one."""
        found = hosts.get(self.endpoint.strip().rstrip("/"))
        return self.model_copy(update={"endpoint": found}) if found else self

    @property
    def recorded(self) -> bool:
        """Its answers were recorded before and are replayed."""
        return self.endpoint.startswith("replay:")


class Arm(Model):
    """One option: a model with its instruction."""

    system_prompt: str = ""
    where_confirmed: bool = False
    """The reader has looked: texts of this option stay where they may go."""
    reasoning_multiplier: Decimal | None = Field(default=None, ge=1, le=1000)
    """Units billed for an answer over those of its text, where the model reasons first.

    Used on counted answers only: measured ones hold their reasoning already.
    """


class Judge(Model):
    """A model that prefers one of two answers, asked in both orders."""

    rubric: str = ""
    """What to look at, in the reader's words; "" = the rubric of the use case."""
