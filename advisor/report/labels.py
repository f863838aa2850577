"""Small words: money, counts, dates and option names as a manager reads them."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from advisor.case import ArmName
from advisor.words import NOT_KNOWN as NOT_KNOWN
from advisor.words import money

OPTION_WORDS: dict[ArmName, str] = {
    "base": "Base",
    "base_examples": "Base with examples",
    "base_retrieval": "Base with look-up",
    "tuned": "Fine-tuned",
}

CELL_WORDS: dict[str, str] = {
    "input": "Input, USD per 1M units billed",
    "cached_input": "Cached input, USD per 1M units billed",
    "cache_write": "Cache write, USD per 1M units billed",
    "output": "Output, USD per 1M units billed",
    "batch_input": "Input in batches, USD per 1M units billed",
    "batch_output": "Output in batches, USD per 1M units billed",
    "training_per_1m": "Training, USD per 1M units billed",
    "training_per_hour": "Training, USD an hour",
    "training_tokens": "Units billed in the training file",
    "epochs": "Passes over the training file (epochs)",
    "training_hours": "Hours of training",
    "min_fee": "Least fee of a training job, USD",
    "hosting_per_hour": "Hosting, USD an hour",
    "hosting_hours_per_month": "Hours hosted a month",
    "replicas": "Machines (replicas)",
    "storage_per_month": "Storage, USD a month",
}

FIGURE_WORDS = {
    "requests a month": "texts a month",
    "cached share": "cached share of input",
    "cache write share": "share of input written to the cache",
    "batch share": "share in batches",
    "input tokens per request": "units billed for a text going in",
    "output tokens per request": "units billed for an answer",
    "training tokens": "units billed in the training file",
    "hourly rate": "what an hour of people's time costs",
    "people's hourly rate": "people's time, an hour",
}
"""Figures of a cost, as `pricing` names them, in the reader's words; the others go by their own."""


def usd(amount: Decimal | float | None) -> str:
    """An amount in USD as a manager reads it."""
    return money(amount)


def day(value: date) -> str:
    """A date as text: "14 Jan 2027"."""
    return f"{value.day} {value:%b %Y}"


def count(n: int, one: str, many: str | None = None) -> str:
    """A number and its noun: "1 text", "40 texts"."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def about(n: int) -> str:
    """A large number with two figures that count: "8.6 million", "370,000", "940"."""
    rounded = round(n, 2 - len(str(n))) if n >= 1000 else n
    for size, word in ((10**9, "billion"), (10**6, "million")):
        if rounded >= size:
            return f"{rounded / size:.3g} {word}"
    return f"{rounded:,}"


def share(part: int, whole: int) -> str:
    """A percentage from 20 on, "8 of 10" below: few cases make no percentage."""
    return f"{part / whole:.0%}".replace("%", " %") if whole >= 20 else f"{part} of {whole}"


def duration(seconds: float) -> str:
    """A time to wait as one says it: "40 seconds", "4 minutes", "2.5 hours"."""
    if seconds < 99.5:
        return count(max(1, round(seconds)), "second")
    if seconds < 99.5 * 60:
        return count(round(seconds / 60), "minute")
    return f"{seconds / 3600:.2g} hours"


def percent(value: float) -> str:
    """A share of 1 as a whole percentage: "47 %"."""
    return f"{value * 100:.0f} %"


def figure_names(names: Iterable[str]) -> str:
    """Figures of a cost in the reader's words, one after the other."""
    return ", ".join(FIGURE_WORDS.get(name, name) for name in names)


def listed(parts: Sequence[str]) -> str:
    """A list in words: "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
