"""Labels of options, price cells and figures, in the reader's words."""

from collections.abc import Iterable, Mapping

from advisor.case.case import Case
from advisor.case.options import KIND_WORDS, OptionId, name_by_id
from advisor.case.preferences import Pair
from pricing.cells import CELLS, PriceCell, PriceUnit

Names = Mapping[OptionId, str]
"""What the options of a case are called, by id; see `Case.names`."""


def option_name(option: OptionId, names: Names) -> str:
    """What an option is called, also one that the case has no more."""
    return names.get(option) or name_by_id(option)


def in_a_sentence(name: str) -> str:
    """An option's name within a sentence; one that the reader gave stays as it is."""
    own = not name.startswith(tuple(KIND_WORDS.values()))
    return name if own else name[0].lower() + name[1:]


def pair_words(case: Case, pair: Pair) -> str:
    """Two options as a choice names them: "Base or fine-tuned"."""
    return f"{case.name_of(pair[0])} or {in_a_sentence(case.name_of(pair[1]))}"


_CELLS = {
    "input": ("Input", "an input price of"),
    "cached_input": ("Cached input", "a price for cached input of"),
    "cache_write": ("Cache write", "a price for writing to the cache of"),
    "output": ("Output", "an output price of"),
    "batch_input": ("Input in batches", "an input price in batches of"),
    "batch_output": ("Output in batches", "an output price in batches of"),
    "training_per_1m": ("Training", "a training price of"),
    "training_per_hour": ("Training", "a training price of"),
    "training_tokens": ("Units billed in the training file", ""),
    "epochs": ("Passes over the training file (epochs)", ""),
    "training_hours": ("Hours of training", ""),
    "min_fee": ("Least fee of a training job", ""),
    "hosting_per_hour": ("Hosting", "a hosting price of"),
    "hosting_hours_per_month": ("Hours hosted a month", ""),
    "replicas": ("Machines (replicas)", ""),
    "storage_per_month": ("Storage", "a storage price of"),
    "machine_per_hour": ("Your own machine", "a price for your machine of"),
    "texts_per_hour": ("Texts your machine answers in an hour", ""),
}
"""Each price cell by its name, and as a price within a sentence."""
_PER: dict[PriceUnit, str] = {
    "usd_per_1m": " per 1M units billed",
    "usd_per_hour": " an hour",
    "usd_per_month": " a month",
}


def _named(cell: PriceCell) -> str:
    words = _CELLS[cell.name][0]
    return f"{words}, USD{_PER.get(cell.unit, '')}" if cell.rate else words


CELL_WORDS: dict[str, str] = {cell.name: _named(cell) for cell in CELLS}
"""Price cells as a form asks for them: "Input, USD per 1M units billed"."""
PRICE_WORDS: dict[str, tuple[str, str]] = {
    cell.name: (_CELLS[cell.name][1], _PER[cell.unit]) for cell in CELLS if cell.unit in _PER
}
"""Prices within a sentence, before the amount and after it: "an input price of", " an hour"."""

PRICE_FIGURES = frozenset(cell.figure for cell in CELLS if cell.rate and cell.figure)
"""Figures of a cost that a vendor's list holds."""
FIGURE_WORDS = {
    "requests a month": "texts a month",
    "cached share": "cached share of input",
    "cache write share": "share of input written to the cache",
    "batch share": "share in batches",
    "input tokens per request": "units billed for a text going in",
    "output tokens per request": "units billed for an answer",
    "training tokens": "units billed in the training file",
    "machine price": "what your machine costs an hour",
    "texts an hour": "texts your machine answers in an hour",
    "hourly rate": "what an hour of people's time costs",
    "people's hourly rate": "people's time, an hour",
}
"""Figures of a cost, as `pricing` names them, in the reader's words; the others go by their own."""


def figure_names(names: Iterable[str]) -> str:
    """Figures of a cost in the reader's words, one after the other."""
    return ", ".join(FIGURE_WORDS.get(name, name) for name in names)
