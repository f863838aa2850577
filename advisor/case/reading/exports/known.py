"""Which tool wrote a file, by its shape."""

from collections.abc import Callable
from typing import Any

from advisor.case.reading.exports.export import Export
from advisor.case.reading.exports.inspect_logs import inspect_log
from advisor.case.reading.exports.nested import langsmith, mlflow
from advisor.case.reading.exports.promptfoo import promptfoo_tests
from advisor.case.reading.table import Table

READERS: tuple[Callable[[Any], Export | None], ...] = (
    promptfoo_tests,
    mlflow,
    langsmith,
    inspect_log,
)
"""Each gives None for a file of another shape."""


def recognised(value: Table | Any) -> Export | None:
    """What is read of a known tool's export; None = no known tool wrote it."""
    return next((found for read in READERS if (found := read(value)) is not None), None)
