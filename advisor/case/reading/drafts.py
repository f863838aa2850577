"""Texts as they are found in a file, before they are numbered, checked and told apart."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from advisor.case.conversation import ChatMessage, ToolCall, transcript
from advisor.case.given import GivenAnswer
from advisor.case.limits import MAX_CHARS, MAX_PROMPTS, too_many_texts
from advisor.case.reading import columns as c
from advisor.case.reading import messages, values
from advisor.case.reading.table import Table, TableRow
from advisor.case.texts import Prompt, free_id, nothing_found
from advisor.errors import BadImport

_SEVERAL = ("references", "groundtruths", "ideal", "approvedanswers")
"""Columns whose cells may hold a list of approved answers."""


@dataclass(slots=True)
class Draft:
    """One text with all that was found beside it."""

    where: str
    """The place it stands at, at the beginning of a sentence: "Line 3"."""
    text: str | tuple[ChatMessage, ...]
    references: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    case: str = ""
    segment: str = ""
    weight: float | None = None
    id: str = ""
    tools: str | None = None
    calls: tuple[ToolCall, ...] | None = None
    answers: dict[str, str] = field(default_factory=dict)
    """By option: what it answered."""


@dataclass(frozen=True, slots=True)
class Collected:
    """Texts that were told apart, and what was left out."""

    prompts: tuple[Prompt, ...]
    passages: tuple[tuple[str, ...], ...] = ()
    """Of each text, one by one."""
    answers: tuple[GivenAnswer, ...] = ()
    empty: int = 0
    repeats: int = 0
    differing: int = 0
    """Repeats that came with another approved answer or another answer of an option."""


def drafts_of(table: Table, roles: Mapping[str, str]) -> Iterator[Draft]:
    """The rows of a table by the roles of its columns."""
    of: dict[str, list[str]] = {}
    for column, role in roles.items():
        of.setdefault(role, []).append(column)
    answers = {
        role.removeprefix(c.ANSWER_OF): columns
        for role, columns in of.items()
        if role.startswith(c.ANSWER_OF)
    }
    approved = [
        (column, c.plain_name(column) in _SEVERAL)
        for column in (*of.get(c.REFERENCE, ()), *of.get(c.OTHER_REFERENCE, ()))
    ]
    for row in table.rows:
        where = table.where(row)
        yield Draft(
            where,
            _text(row, of.get(c.TEXT, []), where),
            references=_together(
                values.references_in(row.values.get(name), where, several)
                for name, several in approved
            ),
            passages=_together(
                values.passages_in(row.values.get(name), where) for name in of.get(c.PASSAGES, ())
            ),
            case=_first(row, of.get(c.CASE, ()), where),
            segment=_first(row, of.get(c.SEGMENT, ()), where),
            weight=next(
                (values.weight_in(row.values.get(name), where) for name in of.get(c.WEIGHT, ())),
                None,
            ),
            id=_first(row, of.get(c.ID, ()), where),
            tools=next(
                (messages.tools_in(row.values.get(name), where) for name in of.get(c.TOOLS, ())),
                None,
            ),
            calls=next(
                (messages.calls_of(row.values.get(name), where) for name in of.get(c.CALLS, ())),
                None,
            ),
            answers={
                option: answer
                for option, columns in answers.items()
                if (answer := _answer(row, columns, where))
            },
        )


def _text(row: TableRow, columns: list[str], where: str) -> str | tuple[ChatMessage, ...]:
    """The text of a row; several columns are its parts."""
    parts: list[str] = []
    for name in columns:
        found = values.text_in(row.values.get(name), where)
        if isinstance(found, tuple):
            if any(row.values.get(other) for other in columns if other != name):
                raise BadImport(
                    f"{where}: “{name[:40]}” holds a conversation; choose no second column for the "
                    "text."
                )
            return found
        parts.append(found)
    return "\n\n".join(filter(None, parts))


def _answer(row: TableRow, columns: Iterable[str], where: str) -> str:
    found = (values.answer_in(row.values.get(name), where) for name in columns)
    return next(filter(None, found), "")


def _first(row: TableRow, columns: Iterable[str], where: str) -> str:
    return next(filter(None, (values.plain(row.values.get(n), where) for n in columns)), "")


def _together(found: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The values joined, without repeats."""
    return tuple(dict.fromkeys(one for several in found for one in several))


def collect(drafts: Iterable[Draft]) -> Collected:
    """Number, trim and check texts; leave out empty ones and repeats of a text.

    Raises:
        BadImport: a text is too long, there are too many, or there is none.
    """
    prompts: list[Prompt] = []
    passages: list[tuple[str, ...]] = []
    answers: list[GivenAnswer] = []
    ids: dict[str, int] = {}
    seen: dict[str, tuple[object, object]] = {}
    empty = repeats = differing = 0
    for draft in drafts:
        text, messages, draft = _settled(draft)
        if not text:
            empty += 1
            continue
        _check_length(draft, text)
        beside = (draft.references, draft.answers)
        if text in seen:  # the same text twice is no second piece of evidence
            repeats += 1
            differing += beside not in (seen[text], ((), {}))
            continue
        if len(prompts) == MAX_PROMPTS:
            raise BadImport(too_many_texts())
        seen[text] = beside
        name = free_id(draft.id.strip()[:150] or str(len(prompts) + 1), ids)
        first, *others = draft.references or (None,)
        prompts.append(
            Prompt(
                id=name,
                text=text,
                reference=first,
                other_references=tuple(filter(None, others)),
                cluster=draft.case or None,
                passages="\n\n".join(draft.passages) or None,
                messages=messages,
                tools=draft.tools,
                calls=draft.calls,
                segment=draft.segment or None,
                weight=draft.weight,
            )
        )
        passages.append(draft.passages)
        answers += [
            GivenAnswer(prompt_id=name, arm=option, text=said)
            for option, said in draft.answers.items()
        ]
    if not prompts:
        raise BadImport(nothing_found())
    return Collected(tuple(prompts), tuple(passages), tuple(answers), empty, repeats, differing)


def _settled(draft: Draft) -> tuple[str, tuple[ChatMessage, ...], Draft]:
    """The text and its messages: an assistant's last word is the approved answer.

    Raises:
        BadImport: nobody asks anything in a conversation.
    """
    if isinstance(draft.text, str):
        return draft.text, (), draft
    messages = draft.text
    while messages and messages[-1].role == "assistant":
        last, messages = messages[-1], messages[:-1]
        if last.calls and draft.calls is None:
            draft.calls = last.calls
        if last.content.strip() and not last.calls and not draft.references:
            draft.references = (last.content.strip(),)
    if not messages:
        return "", (), draft
    if messages[-1].role == "system":
        raise BadImport(f"{draft.where}: a conversation has to end with a user's message.")
    if len(messages) == 1:
        return messages[0].content.strip(), (), draft
    return transcript(messages).strip(), messages, draft


def _check_length(draft: Draft, text: str) -> None:
    """Refuse what is longer than a text may be.

    Raises:
        BadImport: names what is too long.
    """
    beside = (*draft.references, *draft.passages, *draft.answers.values())
    if len(text) + sum(map(len, beside)) + len(draft.case) + len(draft.tools or "") <= MAX_CHARS:
        return
    for what, whole in (
        ("the text", text),
        *(("the approved answer", one) for one in draft.references),
        ("the passages of the text", "\n\n".join(draft.passages)),
        ("the name of the case", draft.case),
        ("the definition of the tools", draft.tools or ""),
        *((f"the answer of {option}", said) for option, said in draft.answers.items()),
    ):
        if len(whole) > MAX_CHARS:
            raise BadImport(
                f"{draft.where}: {what} has {len(whole):,} characters; the most one text may have "
                f"is {MAX_CHARS:,}. Split it or leave it out."
            )
