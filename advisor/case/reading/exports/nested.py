"""Datasets whose rows hold objects: LangSmith (0.4) and MLflow's evaluation tables (3)."""

from collections.abc import Mapping
from typing import Any

from advisor.case.reading import columns as roles
from advisor.case.reading import messages, values
from advisor.case.reading.drafts import Draft
from advisor.case.reading.exports.export import Export
from advisor.case.reading.table import Table, TableRow

_ASKED = ("messages", "question", "input", "query", "prompt", "request", "user_input", "text")
_PASSAGES = ("context", "contexts", "documents", "retrieved_context")


def langsmith(value: Table) -> Export | None:
    """Read a dataset with inputs and outputs; the outputs are its reference answers."""
    if not {"inputs", "outputs"} <= set(value.columns):
        return None
    if not all(isinstance(messages.parsed(row.values.get("inputs")), dict) for row in value.rows):
        return None

    def approved(row: TableRow, where: str) -> tuple[str, ...]:
        given = messages.parsed(row.values.get("outputs"))
        return values.references_in(given, where, several=False)

    return _export("LangSmith dataset", value, "outputs", approved)


def mlflow(value: Table) -> Export | None:
    """Read an evaluation table; what it expects is the approved answer."""
    if not {"inputs", "expectations"} <= set(value.columns):
        return None

    def approved(row: TableRow, where: str) -> tuple[str, ...]:
        given = messages.parsed(row.values.get("expectations"))
        answer = given.get("expected_response") if isinstance(given, Mapping) else None
        return values.references_in(answer, where, several=True)

    return _export("MLflow evaluation table", value, "expectations", approved)


def _export(tool: str, table: Table, beside: str, approved: Any) -> Export:
    drafts, several = [], 0
    for row in table.rows:
        where = table.where(row)
        inputs = messages.parsed(row.values.get("inputs"))
        asked = _first(inputs, _ASKED) if isinstance(inputs, Mapping) else inputs
        if asked is None and isinstance(inputs, Mapping):
            asked, several = inputs, several + 1
        passages = _first(inputs, _PASSAGES, sole=False) if isinstance(inputs, Mapping) else None
        drafts.append(
            Draft(
                where,
                values.text_in(asked, where),
                references=approved(row, where),
                passages=values.passages_in(passages, where),
                id=values.plain(row.values.get("id"), where),
            )
        )
    taken = {"inputs": roles.TEXT, beside: roles.REFERENCE}
    if "id" in table.columns:
        taken["id"] = roles.ID
    unread = tuple(column for column in table.columns if column not in taken)
    said = "Where the inputs are several variables, the text is these, one a line."
    remarks = (said,) if several else ()
    return Export(f"{tool} ({table.container})", tuple(drafts), taken, unread, remarks)


def _first(found: Mapping[str, Any], names: tuple[str, ...], sole: bool = True) -> Any:
    """The value of the first of these names; else, where there is only one value, that."""
    named = next((found[name] for name in names if found.get(name)), None)
    if named is None and sole and len(found) == 1:
        return next(iter(found.values()))
    return named
