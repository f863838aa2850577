"""Which tool wrote a file, by its shape."""

from collections.abc import Callable
from typing import Any

from advisor.case.reading.exports.export import Export
from advisor.case.reading.exports.inspect_logs import inspect_log
from advisor.case.reading.exports.nested import langsmith, mlflow
from advisor.case.reading.exports.promptfoo import promptfoo_tests
from advisor.case.reading.exports.spans import otel_spans
from advisor.case.reading.table import Table

READERS: tuple[Callable[[Any], Export | None], ...] = (
    promptfoo_tests,
    mlflow,
    langsmith,
    inspect_log,
    otel_spans,
)
"""Each gives None for a file of another shape."""


_TOOLS: tuple[tuple[str, frozenset[str]], ...] = (
    ("Langfuse dataset", frozenset({"input", "expectedOutput"})),
    ("ragas dataset", frozenset({"user_input", "reference"})),
    ("ragas dataset", frozenset({"question", "ground_truth"})),
    ("DeepEval goldens", frozenset({"input", "actual_output", "expected_output"})),
    ("Braintrust dataset", frozenset({"input", "expected", "metadata"})),
    ("OpenAI evals", frozenset({"input", "ideal"})),
    ("Inspect dataset", frozenset({"input", "target"})),
)
"""Tools whose columns say by their names what they hold."""


def tool_of(table: Table) -> str | None:
    """The tool that names its columns so; None = no known one."""
    columns = set(table.columns)
    return next((tool for tool, names in _TOOLS if names <= columns), None)


def recognised(value: Table | Any) -> Export | None:
    """What is read of a known tool's export; None = no known tool wrote it."""
    return next((found for read in READERS if (found := read(value)) is not None), None)
