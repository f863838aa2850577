"""The first sample, asked for real where `make live` serves its base and its LoRA."""

from functools import cache

from advisor.case.case import Case
from advisor.case.case_file import load_sample
from advisor.case.options import Kind

SAMPLE = "tuned_tickets"
MODELS: dict[Kind, str] = {
    "base": "smollm2-135m-instruct",
    "tuned": "smollm2-135m-instruct-queues-lora",
}
"""What `deploy/live.py` serves them as."""
AT_ONCE = 2
"""Texts that it answers at once, each of the two."""


@cache
def live_sample(base: str, tuned: str) -> Case:
    """The sample with these addresses in place of its recorded answers."""
    case = load_sample(SAMPLE)
    addresses: dict[Kind, str] = {"base": base, "tuned": tuned}
    arms = {}
    for option, arm in case.arms.items():
        kind = case.kind_of(option)
        answered_by = {"endpoint": addresses[kind], "model": MODELS[kind]}
        arms[option] = arm.model_copy(update=answered_by)
    run = case.run.model_copy(update={"concurrency": AT_ONCE})
    title = f"{case.title}, live"
    changed = {"arms": arms, "run": run, "title": title, "recorded": None, "sample_of": None}
    return case.model_copy(update=changed)
