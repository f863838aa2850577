"""The thresholds and patterns of `data/training.toml`, by which a training file is checked."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from advisor.case.brief import Frozen

_FILE = Path(__file__).parent.parent / "data" / "training.toml"


class GradeRules(Frozen):
    """Usable, distinct examples from which a word holds."""

    possible: int
    pilot: int
    enough: int


class Limits(Frozen):
    """What is read, and what is too long or says one thing over and over."""

    file_mb: int = Field(gt=0)
    line_mb: int = Field(gt=0)
    example_tokens: int = Field(gt=0)
    answer_chars_looked_at: int = Field(gt=0)
    repeats_ratio: float = Field(gt=0, lt=1)


class EpochRules(Frozen):
    """Passes over a file that a provider makes by default."""

    usual: int = Field(ge=1)
    least_examples_seen: int
    most_examples_seen: int
    most: int = Field(ge=1)


class SimilarRules(Frozen):
    """When two texts count as nearly the same."""

    near: float = Field(gt=0, lt=1)
    held: float = Field(gt=0, le=1)
    held_words: int = Field(ge=3)
    common: int = Field(ge=1)
    short_words: int = Field(ge=3)
    permutations: int = Field(gt=0)
    bands: int = Field(gt=0)


class LabelRules(Frozen):
    """When answers look like labels, and which of them are out of balance."""

    chars: int
    distinct: int
    per_label: int
    rare: int
    dominant: float = Field(gt=0, lt=1)


class LanguageRules(Frozen):
    """How the languages of a file are told."""

    looked_at: int = Field(gt=0)
    least_letters: int
    chars: int
    least_share: float = Field(ge=0, lt=1)
    names: dict[str, str]
    """English name by ISO 639-1 code."""


class Pattern(Frozen):
    """What one kind of personal data or secret looks like."""

    kind: str
    pattern: str
    near: str = ""
    check: Literal["luhn", "iban", "ssn", "ip"] | None = None


class MediaRule(Frozen):
    """Models of a provider that are trained on more than text."""

    provider: str
    models: tuple[str, ...]
    """Patterns of names, in small letters."""
    takes: tuple[Literal["image", "audio", "video", "file"], ...]
    source: str


class TrainingRules(Frozen):
    """All of it."""

    grade: GradeRules
    limits: Limits
    epochs: EpochRules
    similar: SimilarRules
    labels: LabelRules
    languages: LanguageRules
    detectors: frozenset[str]
    """Kinds of secrets that detect-secrets knows by their form."""
    media: tuple[MediaRule, ...]
    """A provider and model that is on none of these is not known to take any."""
    personal: tuple[Pattern, ...]
    secret: tuple[Pattern, ...]


@cache
def load_training_rules() -> TrainingRules:
    """The rules as shipped."""
    try:
        return TrainingRules.model_validate(tomllib.loads(_FILE.read_text("utf-8")))
    except ValidationError as error:
        error.add_note(f"in {_FILE.name}")
        raise
