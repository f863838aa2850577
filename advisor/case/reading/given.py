"""Files of answers and of votes that exist already, by the names of their columns."""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from advisor.case.conversation import calls_as_text
from advisor.case.given import GivenAnswer, GivenVote
from advisor.case.limits import MAX_CHARS
from advisor.case.reading import messages, values
from advisor.case.reading.columns import plain_name
from advisor.case.reading.table import Table, TableRow
from advisor.errors import BadImport

_PROMPT = ("promptid", "textid", "prompt_id", "id")
_ANSWER = {
    "prompt_id": _PROMPT,
    "arm": ("arm", "option"),
    "text": ("text", "answer", "output", "response"),
    "sample": ("sample",),
    "model": ("model",),
    "input_tokens": ("inputtokens", "prompttokens", "tokensin"),
    "output_tokens": ("outputtokens", "completiontokens", "tokensout"),
    "seconds": ("seconds",),
    "finish_reason": ("finishreason",),
    "calls": ("calls", "toolcalls"),
}
_VOTE = {
    "prompt_id": _PROMPT,
    "voter": ("voter", "annotator", "rater"),
    "pair": ("pair",),
    "base_arm": ("basearm",),
    "challenger": ("challenger",),
    "preference": ("preference", "preferred", "winner"),
    "seen_first": ("seenfirst", "first"),
}
_MOST = 200_000
"""Answers or votes of one file."""


def _found(table: Table, names: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """The column of each field, where there is one."""
    by_name = {plain_name(column): column for column in reversed(table.columns)}
    first = {f: next((by_name[n] for n in some if n in by_name), None) for f, some in names.items()}
    return {f: column for f, column in first.items() if column is not None}


def is_votes(table: Table) -> bool:
    """Who preferred what."""
    return {"prompt_id", "voter", "preference"} <= _found(table, _VOTE).keys()


def is_judgments(table: Table) -> bool:
    """What a judge preferred."""
    return {"prompt_id", "preference", "judge"} <= set(table.columns)


def is_answers(table: Table) -> bool:
    """Which option answered what to which text."""
    found = _found(table, _ANSWER)
    names = {plain_name(column) for column in table.columns}
    asks = names & {"prompt", "question", "messages", "query", "userinput"}
    return (
        {"prompt_id", "arm"} <= found.keys() and not asks and bool(found.keys() & {"text", "calls"})
    )


def read_answers(table: Table) -> tuple[tuple[GivenAnswer, ...], dict[str, str]]:
    """The answers, and what each column was taken for.

    Raises:
        BadImport: with the line, what is wrong and what to do.
    """
    fields = _found(table, _ANSWER)

    def one(row: TableRow, given: dict[str, Any], where: str) -> GivenAnswer:
        calls = messages.calls_of(given.pop("calls", None), where)
        text = values.plain(given.get("text"), where)
        if len(text) > MAX_CHARS:
            raise BadImport(
                f"{where}: the answer has {len(text):,} characters; the most one may have is "
                f"{MAX_CHARS:,}. Leave it out."
            )
        if calls is not None and not text:
            text = calls_as_text(calls)
        for name in ("sample", "input_tokens", "output_tokens", "seconds"):
            if isinstance(given.get(name), str) and (number := values.number_in(given[name])):
                given[name] = number
        kept = {name: value for name, value in given.items() if value not in (None, "")}
        return GivenAnswer.model_validate(
            kept | {"text": text, "prompt_id": str(kept.get("prompt_id", ""))}
        )

    return _all(table, fields, one), {column: field for field, column in fields.items()}


def read_votes(table: Table) -> tuple[tuple[GivenVote, ...], dict[str, str]]:
    """The votes, and what each column was taken for.

    Raises:
        BadImport: with the line, what is wrong and what to do.
    """
    fields = _found(table, _VOTE)

    def one(row: TableRow, given: dict[str, Any], where: str) -> GivenVote:
        pair = messages.parsed(given.pop("pair", None))
        base, challenger = given.pop("base_arm", None), given.pop("challenger", None)
        if isinstance(pair, str) and pair:
            pair = [part.strip() for part in pair.replace(" v ", ",").replace("/", ",").split(",")]
        if not pair:
            pair = [base or "base", challenger or "tuned"]
        kept = {name: str(value) for name, value in given.items() if value not in (None, "")}
        kept["preference"] = kept.get("preference", "").strip().replace(" ", "_")
        return GivenVote.model_validate(kept | {"pair": pair})

    return _all(table, fields, one), {column: field for field, column in fields.items()}


def _all(
    table: Table, fields: dict[str, str], one: Callable[[TableRow, dict[str, Any], str], Any]
) -> tuple[Any, ...]:
    """Every row, parsed.

    Raises:
        BadImport: names the first that is none, or says that there are too many.
    """
    if len(table.rows) > _MOST:
        raise BadImport(f"More than {_MOST:,} rows; bring those of the texts you compare.")
    made = []
    for row in table.rows:
        where = table.where(row)
        given = {name: row.values.get(column) for name, column in fields.items()}
        try:
            made.append(one(row, given, where))
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            said = first["msg"].removeprefix("Value error, ")
            about = f"“{key}” does not fit ({said[0].lower()}{said[1:]})" if key else said
            raise BadImport(f"{where}: {about}; correct it.") from error
    return tuple(made)
