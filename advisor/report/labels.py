"""Labels of options, price cells and figures, in the reader's words."""

from collections.abc import Iterable

from advisor.case.options import ArmName

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


def figure_names(names: Iterable[str]) -> str:
    """Figures of a cost in the reader's words, one after the other."""
    return ", ".join(FIGURE_WORDS.get(name, name) for name in names)
