"""The use-case matrix: what practice says about each use case, and what turns it."""

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, HttpUrl, ValidationError, model_validator

from advisor.case.brief import (
    Brief,
    DataMayGo,
    FactChange,
    Frozen,
    Gap,
    HumanCheck,
    Strictness,
    TaskChange,
    Tried,
)
from advisor.errors import AdvisorError
from pricing.cost import Volume

Default = Literal["base", "fine_tuned", "mixed"]
Strength = Literal["strong", "moderate", "weak", "judgement"]

_FILE = Path(__file__).parent.parent / "data" / "use_cases.toml"


class When(Frozen):
    """What must hold for a flip: every key set here, none of them by an answer not given."""

    training_pairs_below: int | None = None
    training_pairs_at_least: int | None = None
    labels_at_least: int | None = None
    requests_below: int | None = None
    """Requests a month."""
    tokens_below: int | None = None
    """Tokens a month, in and out."""
    fact_change: tuple[FactChange, ...] | None = None
    task_change: tuple[TaskChange, ...] | None = None
    strictness: tuple[Strictness, ...] | None = None
    gap: tuple[Gap, ...] | None = None
    human_check: tuple[HumanCheck, ...] | None = None
    data_may_go: tuple[DataMayGo, ...] | None = None
    tried: Tried | None = None
    not_tried: Tried | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("a `when` needs at least one condition; leave it out otherwise")
        return self


class Flip(Frozen):
    """One thing that turns a use case to the other side."""

    text: str = Field(min_length=1)
    when: When | None = None
    """None: no answer of the reader computes it."""


class Paper(Frozen):
    """Where a statement comes from."""

    citation: str
    url: HttpUrl | None = None


class UseCase(Frozen):
    """One row of the matrix."""

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    number: int = Field(ge=1)
    title: str
    label: str
    """The button's text in the first question."""
    main: bool = False
    default: Default
    goal: Literal["quality", "cost"] = "quality"
    """cost: what the base model answers is good already; the point is to pay less for it."""
    retrieval: bool = False
    raw_base_flips: bool = True
    strength: Strength
    strength_note: str | None = None
    statement: str
    flips: tuple[Flip, ...]
    sources: tuple[int, ...]

    @property
    def asks_for_labels(self) -> bool:
        """How many labels there are turns it."""
        return any(flip.when and flip.when.labels_at_least is not None for flip in self.flips)

    @property
    def slug(self) -> str:
        """The title as a key: `general-chatbots`."""
        return _slug(self.title)


class Matrix(Frozen):
    """All use cases, in their order, and the sources by number."""

    use_cases: tuple[UseCase, ...]
    sources: dict[int, Paper]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for field in ("id", "number", "slug"):
            keys = [getattr(row, field) for row in self.use_cases]
            if len(keys) != len(set(keys)):
                raise ValueError(f"two use cases share one {field}")
        unknown = {n for row in self.use_cases for n in row.sources} - self.sources.keys()
        if unknown:
            raise ValueError(f"sources without a citation: {sorted(unknown)}")
        return self


@cache
def load_matrix() -> Matrix:
    """The matrix as shipped."""
    try:
        return Matrix.model_validate(tomllib.loads(_FILE.read_text("utf-8")))
    except ValidationError as error:
        error.add_note(f"in {_FILE.name}")
        raise


def load_use_cases() -> tuple[UseCase, ...]:
    """All use cases, in the matrix's order."""
    return load_matrix().use_cases


@lru_cache(maxsize=256)
def use_case(key: str | int) -> UseCase:
    """The use case by id, by the slug of its title, or by its row number.

    Raises:
        AdvisorError: no use case goes by this key.
    """
    wanted = str(key).strip().lower()
    for row in load_use_cases():
        if wanted in (row.id, row.slug, str(row.number)) or _slug(wanted) == row.slug:
            return row
    ids = ", ".join(row.id for row in load_use_cases())
    raise AdvisorError(f'There is no use case "{key}". Choose one of: {ids}.')


def met_flips(use_case: UseCase, brief: Brief, volume: Volume) -> tuple[Flip, ...]:
    """The flips whose condition holds by what the reader said."""
    return tuple(f for f in use_case.flips if f.when and _holds(f.when, brief, volume))


def _holds(when: When, brief: Brief, volume: Volume) -> bool:
    pairs, requests, tokens = brief.training_pairs, volume.requests_per_month, _tokens(volume)
    checks: list[bool] = []
    if when.training_pairs_below is not None:
        checks.append(pairs is not None and pairs < when.training_pairs_below)
    if when.training_pairs_at_least is not None:
        checks.append(pairs is not None and pairs >= when.training_pairs_at_least)
    if when.labels_at_least is not None:
        checks.append(brief.labels is not None and brief.labels >= when.labels_at_least)
    if when.requests_below is not None:
        checks.append(requests is not None and requests < when.requests_below)
    if when.tokens_below is not None:
        checks.append(tokens is not None and tokens < when.tokens_below)
    for key in ("fact_change", "task_change", "strictness", "gap", "human_check", "data_may_go"):
        if (allowed := getattr(when, key)) is not None:
            checks.append(getattr(brief, key) in allowed)
    if when.tried is not None:
        checks.append(brief.tried is not None and when.tried in brief.tried)
    if when.not_tried is not None:
        checks.append(brief.tried is not None and when.not_tried not in brief.tried)
    return all(checks)


def _tokens(volume: Volume) -> float | None:
    """Tokens a month, in and out, where the reader gave all three figures."""
    requests = volume.requests_per_month
    input_tokens, output_tokens = volume.input_tokens_per_request, volume.output_tokens_per_request
    if requests is None or input_tokens is None or output_tokens is None:
        return None
    return float(requests * (input_tokens + output_tokens))


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
