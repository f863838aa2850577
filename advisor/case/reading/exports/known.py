"""Which tool wrote a file, by its shape."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from advisor.case.reading.exports.annotated import annotated
from advisor.case.reading.exports.chat_logs import chat_log
from advisor.case.reading.exports.export import Export
from advisor.case.reading.exports.inspect_logs import inspect_log
from advisor.case.reading.exports.nested import langsmith, mlflow
from advisor.case.reading.exports.promptfoo import promptfoo_results, promptfoo_tests
from advisor.case.reading.exports.spans import otel_spans
from advisor.case.reading.table import Table

READERS: tuple[Callable[[Table], Export | None], ...] = (promptfoo_tests, mlflow, langsmith)
"""Each gives None for a table of another shape."""
WHOLE: tuple[Callable[[Any], Table | None], ...] = (promptfoo_results, inspect_log, otel_spans)
"""Of one JSON value: each gives its texts as a table, or None for a value of another shape."""


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


def whole_export(value: Any) -> Table | None:
    """The texts of a known tool's JSON as a table; None = no known tool wrote it."""
    return next((found for read in WHOLE if (found := read(value)) is not None), None)


def recognised(table: Table, options: Mapping[str, Sequence[str]]) -> Table | Export | None:
    """What is read of a known tool's rows, or these as another table; None = no known tool's.

    Raises:
        BadImport: they hold votes of which nobody can tell whom they are for.
    """
    found = next((export for read in READERS if (export := read(table)) is not None), None)
    rows = [row.values for row in table.rows]
    return found or annotated(table, options) or chat_log(table) or otel_spans(rows)
