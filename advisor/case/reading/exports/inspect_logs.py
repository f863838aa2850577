"""Inspect: the JSON log of an evaluation (0.3), with its samples and what the model answered."""

from typing import Any

from advisor.case.reading import columns as roles
from advisor.case.reading import values
from advisor.case.reading.drafts import Draft
from advisor.case.reading.exports.export import Export


def inspect_log(value: Any) -> Export | None:
    """Read the samples of a log; None = it is another file."""
    if not isinstance(value, dict) or not {"eval", "samples"} <= value.keys():
        return None
    samples, about = value["samples"], value["eval"]
    if not isinstance(samples, list) or not isinstance(about, dict):
        return None
    drafts = []
    for number, sample in enumerate(samples, start=1):
        where = f"Sample {number:,}"
        if not isinstance(sample, dict) or "input" not in sample:
            return None
        if int(sample.get("epoch") or 1) > 1:  # the same sample once more
            continue
        target = sample.get("target")
        drafts.append(
            Draft(
                where,
                values.text_in(sample["input"], where),
                references=values.references_in(target, where, several=True),
                id=values.plain(sample.get("id"), where),
            )
        )
    model = str(about.get("model", ""))[:100]
    remark = f"The answers of {model} in this log were left out." if model else ""
    taken = {"input": roles.TEXT, "target": roles.REFERENCE, "id": roles.ID}
    return Export("Inspect log", tuple(drafts), taken, ("output",), tuple(filter(None, [remark])))
