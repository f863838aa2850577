"""Every answer of an archived decision as one row."""

from decimal import Decimal

from advisor.report.sheets import Cell, SheetRow
from advisor.store.archive.model import Archive

OUTPUT_COLUMNS = (
    "run",
    "prompt_id",
    "arm",
    "sample",
    "outcome",
    "text",
    "reasoning",
    "model",
    "served_model",
    "input_tokens",
    "cached_tokens",
    "output_tokens",
    "reasoning_tokens",
    "first_token_ms",
    "latency_ms",
    "cost_usd",
    "reused",
    "finish_reason",
    "finished_at",
)


def output_rows(kept: Archive) -> list[SheetRow]:
    """One row an answer, of every run of a decision; runs are numbered from 1, the oldest first."""
    rows: list[SheetRow] = []
    for number, run in enumerate(kept.runs, 1):
        for output in run.outputs:
            row: dict[str, Cell] = {
                **output.model_dump(include=set(OUTPUT_COLUMNS)),
                "run": number,
                "model": run.spec.arms[output.arm].model,
                "cost_usd": None if output.cost_usd is None else Decimal(output.cost_usd),
            }
            rows.append({name: row[name] for name in OUTPUT_COLUMNS})
    return rows
