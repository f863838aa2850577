"""Which column is what: the guess by its name, and what a reader says instead."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unicodedata import normalize

from advisor.case.reading.table import Table
from advisor.errors import BadImport
from advisor.words import listed

TEXT, REFERENCE, OTHER_REFERENCE = "text", "approved answer", "another approved answer"
PASSAGES, CASE, SEGMENT, WEIGHT = "passages", "case", "segment", "share of traffic"
ID, TOOLS, CALLS, LEAVE_OUT = "id", "tools", "approved calls", "leave out"
ANSWER_OF = "answer of "
"""Before the id of an option: what that option answered."""

ROLES = (
    TEXT,
    REFERENCE,
    OTHER_REFERENCE,
    PASSAGES,
    CASE,
    SEGMENT,
    WEIGHT,
    ID,
    TOOLS,
    CALLS,
    LEAVE_OUT,
)

_ABROAD: dict[str, dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).parents[2] / "data" / "column_names.toml").read_text("utf-8")
)


def plain_name(column: str) -> str:
    """A column's name without case, blanks and marks: what two spellings have in common."""
    return re.sub(r"[\W_]", "", column).casefold()


def _abroad(held: str) -> tuple[str, ...]:
    """Names of such columns in other languages, with and without accents."""
    names = [name.casefold() for named in _ABROAD[held].values() for name in named]
    return tuple(dict.fromkeys([*names, *(plain_name(normalize("NFD", name)) for name in names)]))


# Names as `plain_name` has them, so that expectedOutput, expected_output and "Expected output" are
# one. The first that exists is the guess.
_TEXT = (
    "messages",
    "prompt",
    "input",
    "question",
    "query",
    "userinput",
    "message",
    "instruction",
    "text",
    "turns",
    "conversation",
    *_abroad("text"),
)
_REFERENCE = (
    "references",
    "expectedoutput",
    "expected",  # also __expected
    "groundtruth",
    "groundtruths",
    "reference",
    "referenceanswer",
    "ideal",
    "target",
    "gold",
    "approved",
    "approvedanswer",
    "approvedanswers",
    "expectedanswer",
    "referenceoutput",
    "referenceoutputs",
    "corrected",
    "correction",
    "edited",
    *_abroad("approved"),
)
_APPROVED = re.compile(
    "(?:approved|ideal|expected|correct|corrected|gold|golden|reference|target|right|true|revised|"
    "edited|final|human|expert)(?:answer|output|response|reply|text|label|completion|summary|"
    "translation)s?"
)
"""What people call a column of answers that somebody checked."""
_ASKS = (
    *("question", "prompt", "query", "message", "request", "input", "text", "ticket", "email"),
    *("mail", "letter", "complaint", "review", "inquiry", "enquiry"),
)
"""The last word of a column's name that may say it holds the texts: "Customer question"."""
_LAST_REFERENCES = ("completion", "label", *_abroad("label"))
"""Approved where nothing else is."""
_ANSWERS = (
    "output",
    "outputs",
    "answer",
    "response",
    "actualoutput",
    "actual",
    "generated",
    "prediction",
    "modeloutput",
    *_abroad("answer"),
)
"""What a model once said: never an approved answer."""
_PASSAGES = (
    "passages",
    "context",
    "contexts",
    "retrieved",
    "retrievedcontexts",
    "documents",
    "passage",
    "retrievalcontext",
)
_CASE = ("cluster", "case", "group", "belongsto", "category")
_SEGMENT = ("segment",)
_WEIGHT = ("weight", "shareoftraffic", "share", "traffic")
_ID = ("id", "key", "promptid", "textid")
_TOOLS = ("tools", "functions")
_CALLS = ("calls", "expectedtools", "referencetoolcalls", "expectedtoolcalls")
_LONG_DOCUMENT = 200
"""Characters on average from which a document is a passage, and not the name of a case."""

TEXT_NAMES = frozenset(_TEXT)
"""What a column of texts is called, as `plain_name` has it."""
_KNOWN = frozenset(
    (
        *_TEXT,
        *_REFERENCE,
        *_LAST_REFERENCES,
        *_ANSWERS,
        *_PASSAGES,
        *_CASE,
        *_SEGMENT,
        *_WEIGHT,
        *_ID,
        *_TOOLS,
        *_CALLS,
        *_abroad("beside"),
        "document",
        "arm",
        "voter",
        "preference",
        "pair",
    )
)

_ALIASES = {
    "prompt": TEXT,
    "messages": TEXT,
    "reference": REFERENCE,
    "references": REFERENCE,
    "approved": REFERENCE,
    "anotherreference": OTHER_REFERENCE,
    "passage": PASSAGES,
    "cluster": CASE,
    "belongstocase": CASE,
    "weight": WEIGHT,
    "calls": CALLS,
    "leftout": LEAVE_OUT,
    "ignore": LEAVE_OUT,
    "skip": LEAVE_OUT,
    **{re.sub(r"\W", "", role): role for role in ROLES},
}


def is_known(column: str) -> bool:
    """Whether this is a usual name of a column in files of texts, answers or votes."""
    return plain_name(column) in _KNOWN


def role_named(given: object, column: str, options: Iterable[str] = ()) -> str:
    """The role that somebody wrote beside a column.

    Raises:
        BadImport: there is no such role.
    """
    words = given if isinstance(given, str) else ""
    answer = re.fullmatch(r"\s*answers?(?: of |\s*:\s*|_of_)(.+?)\s*", words, re.I)
    if answer:
        option = answer[1]
        known = list(options)
        if known and option not in known:
            raise BadImport(
                f"“{column[:60]}” is to hold the answers of “{option[:60]}”, and there is no such "
                f"option; choose from: {', '.join(known)}."
            )
        return f"{ANSWER_OF}{option}"
    role = _ALIASES.get(plain_name(words))
    if role is None:
        allowed = listed([*ROLES, f"{ANSWER_OF}base"], "or")
        raise BadImport(f"Column “{column[:60]}” can't be “{words[:60]}”; write {allowed}.")
    return role


def chosen_roles(
    table: Table, given: Mapping[str, object], options: Sequence[str] = ()
) -> dict[str, str]:
    """The roles somebody chose; a column they left unnamed is left out.

    Raises:
        BadImport: a column is not there, a role is unknown, or no column holds the texts.
    """
    by_name = {column.casefold(): column for column in table.columns}
    roles = dict.fromkeys(table.columns, LEAVE_OUT)
    for column, role in given.items():
        found = by_name.get(" ".join(column.split()).casefold())
        if found is None:
            raise BadImport(
                f"There is no column “{column[:60]}”; the file has {named(table.columns)}."
            )
        roles[found] = role_named(role, column, options)
    return roles


def guess_roles(table: Table, options: Mapping[str, Sequence[str]] | None = None) -> dict[str, str]:
    """The likely role of each column, by its name.

    Args:
        table: as it was read.
        options: by the id of each option: other names it goes by, such as its label and model.
    """
    names = {plain_name(column): column for column in reversed(table.columns)}
    roles = dict.fromkeys(table.columns, LEAVE_OUT)

    approved = (name for name in names if _APPROVED.fullmatch(name))

    def first(candidates: Iterable[str]) -> str | None:
        free = [names[n] for n in candidates if n in names and roles[names[n]] == LEAVE_OUT]
        filled = next((column for column in free if _filled(table, column)), None)
        return filled or (free[0] if free else None)

    def take(role: str, *candidates: str) -> str | None:
        column = first(candidates)
        if column is not None:
            roles[column] = role
        return column

    def take_where_missing(role: str, *candidates: str) -> None:
        """Lines of JSON may each call the same thing by another name."""
        while (other := first(candidates)) is not None and _instead(table, roles, role, other):
            roles[other] = role

    roles |= _of_options(table, options or {})
    if "instruction" in names and "prompt" not in names and "messages" not in names:
        # An instruction, and below it what it is about; an empty second part adds nothing.
        take(TEXT, "instruction")
        take(TEXT, "input")
    else:
        take(TEXT, *_TEXT)
        take_where_missing(TEXT, *_TEXT)
    if TEXT not in roles.values() and (asks := _asks(table, roles)) is not None:
        roles[asks] = TEXT
    if take(REFERENCE, *_REFERENCE, *approved) is None:
        filled_in = (c for c in table.approved if roles[c] == LEAVE_OUT and _filled(table, c))
        if (by_people := next(filled_in, None)) is not None:
            roles[by_people] = REFERENCE
        else:
            take(REFERENCE, *_LAST_REFERENCES)
    take_where_missing(REFERENCE, *_REFERENCE)
    take(PASSAGES, *_PASSAGES)
    if "document" in names:
        take(PASSAGES if _is_long(table, names["document"]) else CASE, "document")
    if CASE not in roles.values():
        take(CASE, *_CASE)
    for role, candidates in (
        (SEGMENT, _SEGMENT),
        (WEIGHT, _WEIGHT),
        (ID, _ID),
        (TOOLS, _TOOLS),
        (CALLS, _CALLS),
    ):
        take(role, *candidates)
    return roles


def _of_options(table: Table, options: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The columns that go by an option."""
    roles: dict[str, str] = {}
    for option, called in options.items():
        for column in table.columns:
            by_model = _names_of(column) if column in table.answers else iter([column])
            if any(_is_answer_of(plain_name(name), (option, *called)) for name in by_model):
                roles[column] = f"{ANSWER_OF}{option}"
                break
    return roles


def _asks(table: Table, roles: Mapping[str, str]) -> str | None:
    """The column whose name ends like one of texts, where there is one; of a single column, that."""
    free = [column for column in table.columns if roles[column] == LEAVE_OUT]
    single = len(table.columns) == 1 and not table.container.startswith("JSON")
    if single and free and not is_known(free[0]):
        return free[0]
    words = {column: re.findall(r"[^\W_]+", column.casefold()) for column in free}
    found = [column for column in free if len(words[column]) > 1 and words[column][-1] in _ASKS]
    return found[0] if len(found) == 1 else None


def other_approved(table: Table, roles: Mapping[str, str]) -> list[str]:
    """Columns left out whose names say, too, that somebody approved what they hold."""
    return [
        column
        for column in table.columns
        if roles.get(column, LEAVE_OUT) == LEAVE_OUT
        and (plain_name(column) in _REFERENCE or _APPROVED.fullmatch(plain_name(column)))
        and _filled(table, column)
    ]


def _names_of(model: str) -> Iterator[str]:
    """A model's name, and without what stands around it: openai:chat:gpt-4.1, [gpt-4.1] prompt 1."""
    parts = re.split(r"([:/])", re.sub(r"^\[([^\]]+)\] .*", r"\1", model, flags=re.S))
    for start in range(0, len(parts), 2):
        yield "".join(parts[start:])


def _is_answer_of(column: str, called: Iterable[str]) -> bool:
    """A column that goes by an option: "base", "Answer of base", "tuned_output"."""
    for one in filter(None, map(plain_name, called)):
        if column == one:
            return True
        for word in ("answer", "answers", "output", "response"):
            if column in (f"{word}of{one}", f"{word}{one}", f"{one}{word}"):
                return True
    return False


def _filled(table: Table, column: str) -> bool:
    return next(table.column(column), None) is not None


def _instead(table: Table, roles: Mapping[str, str], role: str, other: str) -> bool:
    """Some rows hold the one, the rest the other, and none holds both."""
    taken = [column for column, found in roles.items() if found == role]
    gaps = False
    for row in table.rows:
        has = any(_is_there(row.values.get(column)) for column in taken)
        if _is_there(row.values.get(other)):
            if has:
                return False
            gaps = True
    return gaps and bool(taken)


def _is_there(value: object) -> bool:
    return value is not None and value != ""


def _is_long(table: Table, column: str) -> bool:
    """It holds passages: a name is short and given to several texts, a passage is neither."""
    found = [v if isinstance(v, str) else json.dumps(v) for v in _some(table, column)]
    if not found:
        return False
    if sum(map(len, found)) / len(found) > _LONG_DOCUMENT:
        return True
    sentences = all(len(one) > 40 and " " in one for one in found)
    return sentences and len(set(found)) == len(found) > 1


def _some(table: Table, column: str) -> list[Any]:
    return [value for _, value in zip(range(200), table.column(column), strict=False)]


def holds_model_answers(column: str) -> bool:
    """By its name, a column of what a model once said."""
    return plain_name(column) in _ANSWERS


def named(columns: Sequence[str]) -> str:
    """Columns in words, the first few of them."""
    if not columns:
        return "none"
    few = [column[:40] for column in columns[:8]]
    more = len(columns) - len(few)
    return ", ".join(few) + (f" and {more} more" if more else "")
