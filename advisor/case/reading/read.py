"""Read a file: its container, its shape, its columns, and what they hold."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from advisor.case.conversation import as_sent, calls_as_text
from advisor.case.given import GivenAnswer, GivenVote
from advisor.case.reading import columns as c
from advisor.case.reading import given as brought
from advisor.case.reading.drafts import collect, drafts_of
from advisor.case.reading.encoding import decode
from advisor.case.reading.exports import Export, tool_of
from advisor.case.reading.opening import Opened, open_table
from advisor.case.reading.table import Table
from advisor.case.reading.training_files import training_format
from advisor.case.texts import (
    Imported,
    Prompt,
    from_paste,
    nothing_found,
)
from advisor.errors import BadImport

ContentKind = Literal["texts", "answers", "votes", "judgments", "training"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a file."""

    kind: ContentKind
    format: str
    """In words: "Excel", "promptfoo tests (CSV with commas)"."""
    prompts: tuple[Prompt, ...] = ()
    passages: tuple[tuple[str, ...], ...] = ()
    """Of each text, one by one; () = of none."""
    columns: dict[str, str] = field(default_factory=dict)
    """What each column was taken for; those left out are not in it."""
    unread: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    answers: tuple[GivenAnswer, ...] = ()
    votes: tuple[GivenVote, ...] = ()
    empty_skipped: int = 0
    repeats_skipped: int = 0
    sheets: tuple[str, ...] = ()
    """Of a workbook: those that could be read, the one that was read among them."""
    sheet: str | None = None

    @property
    def imported(self) -> Imported:
        """The texts, and how many were left out."""
        return Imported(self.prompts, self.empty_skipped, self.repeats_skipped)

    @property
    def value(self) -> dict[str, Any]:
        """For programs."""
        told: dict[str, Any] = {
            "kind": self.kind,
            "format": self.format,
            "texts": [
                _text_value(prompt, passages)
                for prompt, passages in zip(
                    self.prompts, self.passages or ((),) * len(self.prompts), strict=True
                )
            ],
            "columns": self.columns,
            "unread": list(self.unread),
            "remarks": list(self.remarks),
        }
        if self.answers:
            told["answers"] = [a.model_dump(mode="json", exclude_none=True) for a in self.answers]
        if self.votes:
            told["votes"] = [v.model_dump(mode="json", exclude_none=True) for v in self.votes]
        return told


def read_file(
    content: bytes,
    name: str,
    columns: Mapping[str, object] | None = None,
    sheet: str | None = None,
    options: Mapping[str, Sequence[str]] | None = None,
) -> Reading:
    """Read texts, answers or votes from a file.

    Args:
        content: the file.
        name: what it is called; its ending says what it is.
        columns: what the columns hold, where somebody said so; None = they are guessed.
        sheet: of a workbook; None = the first one with anything in it.
        options: by the id of each option: other names it goes by, such as its label and model.

    Raises:
        BadImport: in one sentence, with the line, what is wrong and what to do.
    """
    opened = open_table(content, name, sheet, options)
    if opened is None:
        text, remark = decode(content, name)
        pasted = from_paste(text)
        return Reading(
            "texts",
            "plain text, one text a line",
            pasted.prompts,
            remarks=(remark,) if remark else (),
            empty_skipped=pasted.empty_skipped,
            repeats_skipped=pasted.repeats_skipped,
        )
    return read_opened(opened, name, columns, tuple(options or ()))


def _no_texts(opened: Opened) -> Reading | None:
    """A file of votes, judgments, answers or training examples; None = it holds texts."""
    table, remarks = opened.table, opened.remarks
    if brought.is_votes(table):
        votes, taken = brought.read_votes(table)
        return _beside("votes", table, taken, remarks, votes=votes)
    if brought.is_judgments(table):
        return _beside("judgments", table, {}, remarks)
    if brought.is_answers(table):
        answers, taken = brought.read_answers(table)
        return _beside("answers", table, taken, remarks, answers=answers)
    if training := training_format(table):
        return _beside("training", table, {}, remarks, form=training)
    return None


def holds_texts(opened: Opened) -> bool:
    """Whether a file holds texts, whichever columns they are in; what can't be read may."""
    try:
        return _no_texts(opened) is None
    except BadImport:
        return False


def read_opened(
    opened: Opened,
    name: str,
    columns: Mapping[str, object] | None = None,
    options: Sequence[str] = (),
) -> Reading:
    """Read a table by what its columns hold.

    Raises:
        BadImport: in one sentence, with the line, what is wrong and what to do.
    """
    table = opened.table
    if columns is None:
        if opened.export is not None:
            return _read_export(opened.export, opened.remarks)
        if (other := _no_texts(opened)) is not None:
            return other
    if not table.rows:
        raise BadImport(nothing_found())
    roles = opened.roles if columns is None else c.chosen_roles(table, columns, options)
    if c.TEXT not in roles.values():
        raise BadImport(_which_column(table, name))
    found = collect(drafts_of(table, roles))
    used = {column: role for column, role in roles.items() if role != c.LEAVE_OUT}
    unread = tuple(column for column in table.columns if column not in used)
    remarks = [*opened.remarks, *table.remarks]
    said = [col for col in unread if c.holds_model_answers(col) or col in table.answers]
    if said and columns is None:
        remarks.append(
            f"{c.named(said)}: read as what a model once answered, so not as an approved answer. "
            "If somebody approved it, choose “Approved answer”; if an option said it, that option."
        )
    if columns is None and (others := c.other_approved(table, roles)):
        remarks.append(
            f"{c.named(others)}: by its name an approved answer too. Choose “Another approved "
            "answer” if either is right."
        )
    if found.differing:
        remarks.append(
            f"{found.differing:,} of the repeated texts came with other answers, which were left out."
        )
    tool = table.tool or tool_of(table)
    return Reading(
        "texts",
        f"{tool} ({table.container})" if tool else table.container,
        found.prompts,
        found.passages,
        used,
        unread,
        tuple(remarks),
        found.answers,
        empty_skipped=found.empty,
        repeats_skipped=found.repeats,
        sheets=table.sheets,
        sheet=table.sheet,
    )


def _which_column(table: Table, name: str) -> str:
    """What to do where no column is known to hold the texts."""
    if all(column.startswith("column ") for column in table.columns):
        return (
            f"{name} names no columns: write “prompt” above your texts and “reference” above approved "
            "answers. On Texts you choose them from a list; in a case file, under [prompts.columns]."
        )
    return (
        f"Which column holds your texts? {name} has {c.named(table.columns)}. On Texts you choose it "
        "above the column; in a case file, under [prompts.columns]."
    )


def read_texts(
    content: bytes, name: str, columns: Mapping[str, object] | None = None, sheet: str | None = None
) -> Reading:
    """Read a file that is to hold texts.

    Raises:
        BadImport: it holds something else, or can't be read.
    """
    found = read_file(content, name, columns, sheet)
    if found.kind == "training":
        raise BadImport(
            f"{name} is a training file ({found.format}), not texts for the comparison; have it "
            "checked as a training file."
        )
    if found.kind != "texts":
        raise BadImport(f"{name} holds {found.kind}, not texts; name it where {found.kind} belong.")
    return found


def _read_export(export: Export, remarks: tuple[str, ...]) -> Reading:
    remarks = (*remarks, *export.remarks)
    if export.kind == "votes":
        return Reading(
            "votes", export.format, columns=export.columns, unread=export.unread, remarks=remarks,
            votes=export.votes,
        )  # fmt: skip
    found = collect(export.drafts)
    return Reading(
        "texts",
        export.format,
        found.prompts,
        found.passages,
        export.columns,
        export.unread,
        remarks,
        found.answers,
        empty_skipped=found.empty,
        repeats_skipped=found.repeats,
    )


def _beside(
    kind: ContentKind,
    table: Table,
    taken: dict[str, str],
    remarks: tuple[str, ...],
    *,
    form: str = "",
    answers: tuple[GivenAnswer, ...] = (),
    votes: tuple[GivenVote, ...] = (),
) -> Reading:
    """A file of something else than texts."""
    unread = tuple(name for name in table.columns if name not in taken)
    return Reading(
        kind,
        form or table.container,
        columns=taken,
        unread=unread if taken else (),
        remarks=(*remarks, *table.remarks),
        answers=answers,
        votes=votes,
    )


def _text_value(prompt: Prompt, passages: tuple[str, ...]) -> dict[str, Any]:
    """A text in the shape it could be brought again."""
    told: dict[str, Any] = {"id": prompt.id}
    if prompt.messages:
        told["messages"] = as_sent(prompt.messages)
    else:
        told["prompt"] = prompt.text
    told["references"] = list(prompt.references)
    told["passages"] = list(passages) or ([prompt.passages] if prompt.passages else [])
    told["case"], told["segment"] = prompt.cluster, prompt.segment
    told["weight"] = prompt.weight
    if prompt.tools is not None:
        told["tools"] = json.loads(prompt.tools)
    if prompt.calls is not None:
        told["calls"] = json.loads(calls_as_text(prompt.calls))
    return told
