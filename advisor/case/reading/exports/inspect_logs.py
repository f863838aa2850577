"""Inspect: the JSON log of an evaluation (0.3.260, log version 2), with what the model answered."""

from typing import Any

from advisor.case.reading.exports.flat import FlatRow, dig, flat_table
from advisor.case.reading.table import Table


def inspect_log(value: Any) -> Table | None:
    """The samples of a log; None = it is another file."""
    if not isinstance(value, dict) or not {"eval", "samples"} <= value.keys():
        return None
    samples, model = value["samples"], str(dig(value, "eval", "model") or "the model")
    if not isinstance(samples, list):
        return None
    rows = []
    for number, sample in enumerate(samples, start=1):
        if not isinstance(sample, dict) or "input" not in sample:
            return None
        if int(sample.get("epoch") or 1) > 1:  # the same sample once more
            continue
        message = dig(sample, "output", "choices", 0, "message")
        said = (
            dig(message, "tool_calls")
            or dig(message, "content")
            or dig(sample, "output", "completion")
        )
        values = {
            key: sample[key] for key in ("id", "input", "choices", "target") if sample.get(key)
        }
        rows.append(FlatRow(number, values, {model[:100]: said} if said else {}))
    return flat_table("Inspect log", "JSON", "sample", rows)
