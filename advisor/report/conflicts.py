"""Fields of a case that were changed in two windows at once: their names and values in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from advisor.case.merge import TEXTS, Conflict, Path
from advisor.case.questions import BASE_KIND, QUESTIONS
from advisor.case.use_cases import use_case
from advisor.report.labels import CELL_WORDS, Names, option_name
from advisor.words import count

ASKED = (BASE_KIND, *QUESTIONS)
LONGEST = 300
"""Characters of a value that are shown."""
FIELDS: dict[str, str] = {
    "title": "Name of this case",
    "decided_by": "Who decides",
    "review_on": "Review on",
    "judge": "The judge",
    "checks": "Your rules for an answer",
    "currency": "Currency",
    "training": "The training file as it was checked",
    "set_aside": "Texts set aside to improve an instruction on",
    "recorded": "When its answers were recorded",
    "sample_of": "What the sample shows",
    "brief.use_case": "What should the model do?",
    "brief.customer_of": "Contracts with vendors",
    "brief.target_as_is": "Share of answers that must be good to send",
    "brief.win_rate_worth": "Win rate worth acting on",
    "brief.together": "Whether texts belong together",
    "brief.labels": "Labels to choose from",
    "brief.margin": "Difference worth paying for",
    "brief.seconds_at_most": "Seconds within which an answer must come",
    "run.concurrency": "Answers at once",
    "run.samples": "Answers to each text",
    "run.max_output_tokens": "Longest answer",
    "run.temperature": "Temperature",
    "run.timeout_s": "Seconds to wait for an answer",
    "run.cap_usd": "Stop at, USD",
    "run.system_in_text": "A system message within a text",
    "run.primary_metric": "Measure, if nobody votes",
    "volume.requests_per_month": "Texts a month",
    "volume.horizon_months": "Months you plan for",
    "volume.growth_per_month": "Growth a month",
    "volume.cached_share": "Cached share of input",
    "volume.cache_write_share": "Share of input written to the cache",
    "volume.batch_share": "Share in batches",
    "volume.retrainings_per_year": "Retrainings a year",
    "volume.input_tokens_per_request": "Units billed for a text going in",
    "volume.output_tokens_per_request": "Units billed for an answer",
    "people.hourly_rate": "People's time: hourly cost of a reviewer",
    "people.minutes_to_correct": "Minutes to correct an answer",
    "people.corrected_share_base": "Base: share of answers corrected",
    "people.corrected_share_tuned": "Fine-tuned: share of answers corrected",
    "people.one_off_days_examples": "One-off days for examples",
    "people.one_off_days_it": "One-off IT days",
    "people.one_off_days_testing": "One-off testing days",
    "people.hours_per_day": "Hours of a working day",
    "text.reference": "approved answer",
    "text.cluster": "what it belongs to",
    "text.passages": "passages looked up for it",
    "text.other_references": "its other approved answers",
    "text.messages": "its conversation",
    "text.tools": "tools it may call",
    "text.calls": "its approved calls",
    "text.segment": "its segment",
    "text.weight": "its share of the traffic",
    "model.endpoint": "model address",
    "model.model": "model name",
    "model.api_key_env": "where its key is kept",
    "model.offer": "where you can buy it",
    "model.where_confirmed": "whether it keeps to where your texts may go",
    "model.discount_percent": "off every list price, %",
    "model.system_prompt": "instruction",
    "model.reasoning_multiplier": "billed units over written ones",
    "model.corrected_share": "share of answers corrected",
    "model.kind": "base or fine-tuned",
    "model.variant": "what it gets beside its instruction",
    "model.follows": "whose model it has",
    "model.label": "name",
    "model.parameters": "parameters",
    "model.pairs": "which options it compares",
    "model.rubric": "what it looks at",
    "model.max_output_tokens": "longest reply",
    "model.reasoning_effort": "how long it thinks",
} | {f"brief.{question.key}": question.text for question in ASKED}
"""By field, as the pages call them; an option's and the judge's as `model.…`."""


SHARES = {
    "corrected_share",
    "growth_per_month",
    "cached_share",
    "cache_write_share",
    "batch_share",
    "corrected_share_base",
    "corrected_share_tuned",
}
"""Fields kept as a share of 1, which the pages ask for in per cent."""


@dataclass(frozen=True, slots=True)
class ConflictWords:
    """A conflict as the reader is asked about it."""

    field: str
    mine: str
    theirs: str


def conflict_words(conflict: Conflict, names: Names) -> ConflictWords:
    """Which field it is, and both values; `names`: what each option is called."""
    path = conflict.path
    mine, theirs = (_value(path, value) for value in (conflict.mine, conflict.theirs))
    return ConflictWords(field_name(path, names), mine, theirs)


def field_name(path: Path, names: Names) -> str:
    """A field as the pages call it: "Base: instruction", "Texts a month"."""
    if path == TEXTS:
        return "Your texts"
    head, *rest = path
    if head == "prompts":
        return f"Text {rest[0][0]}: {_named(f'text.{rest[1]}')}"
    if head == "judge" and rest:
        return f"Judge: {_of_model(rest)}"
    if head == "arms":
        option = option_name(str(rest[0]), names)
        return f"{option}: {_of_model(rest[1:])}" if rest[1:] else option
    if head == "brief" and rest[0] == "customer_of" and rest[1:]:
        return f"{FIELDS['brief.customer_of']}: {rest[1]}"
    return _named(".".join(str(part) for part in path))


def _of_model(path: Sequence[Any]) -> str:
    if path[0] == "price":
        cell = (
            CELL_WORDS.get(path[1], path[1].replace("_", " ")) if path[1:] else "your own figures"
        )
        return cell[0].lower() + cell[1:]
    if path[0] == "parameters" and path[1:]:
        return f"parameter {path[1]}"
    return _named(f"model.{path[0]}")


def _named(field: str) -> str:
    return FIELDS.get(field) or field.rpartition(".")[2].replace("_", " ")


def _value(path: Path, value: Any) -> str:
    if path == TEXTS:
        texts = value[0]
        answered = sum(text.reference is not None for text in texts)
        return f"{count(len(texts), 'text')}, {answered:,} with an approved answer"
    if value is None or value == "":
        return "(empty)"
    if path[0] == "brief":
        return _answer(str(path[1]), value)
    if path == ("judge",) or (path[0] == "arms" and len(path) == 2):
        return value.model or "no model named"
    if path == ("currency",):
        return str(value.code)
    if path == ("training",):
        return f"{value.file}, {count(value.usable, 'usable example')}"
    if path == ("set_aside",):
        return count(len(value), "text")
    if path == ("checks",):
        return "as entered there"
    if path[-1] in SHARES:
        return f"{float(value) * 100:g} %"
    said = f"{value:,}" if isinstance(value, int) else str(value)
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


def _answer(key: str, value: Any) -> str:
    if key == "use_case":
        return use_case(value).title
    words = {c.value: c.label for q in ASKED if q.key == key for c in q.choices}
    if isinstance(value, tuple):
        return ", ".join(words.get(one, str(one)) for one in value) or "Nothing"
    number = f"{value:,}" if type(value) is int else str(value)
    return words.get(value, number)
