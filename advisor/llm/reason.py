"""Extract the reason a server gives for an error: the innermost message, however it is wrapped."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from advisor.llm.kinds import kinds

_DEEPEST = 8
_LONGEST_QUOTE = 300
_LONGEST_READ = 20_000
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_WAIT_FIELDS = ("retryDelay", "retry_after", "retry_after_seconds", "retryAfter", "estimated_time")
_WAIT_WORDS = re.compile(
    r"(?:try again|retry|reset\w*|available)\D{0,20}? (?:in|after) ((?:\d+(?:\.\d+)?\s*"
    r"(?:ms|d\w*|h\w*|m\w*|s\w*)?[\s,]*)+)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class SaidError:
    """What an error says."""

    codes: str = ""
    """All its codes and types, from the outside to the inside."""
    param: str = ""
    """The parameter it names; may be empty."""
    said: str = ""
    """The innermost reason, as one line; may be empty."""
    words: str = ""
    """Codes and every text in it, in lower case, to look for what they mean."""
    status: int | None = None
    """The HTTP status it names, where it came as part of an answer."""
    wait_s: float | None = None
    """How long it asks to wait."""


def reason_of(body: object) -> SaidError:
    """Read an error: a body of any shape, or its text where it was no JSON."""
    codes: list[str] = []
    params: list[str] = []
    texts: list[str] = []
    waits: list[float] = []
    said = _innermost(body, codes, params, texts, waits, 0)
    code = " ".join(dict.fromkeys(codes))
    numbers = [int(one) for one in codes if one.isdecimal() and len(one) == 3]
    words = " ".join((code, *texts)).lower()
    if not waits and (asked := _WAIT_WORDS.search(words)):
        waits.append(_seconds(asked[1]))
    return SaidError(
        code,
        params[-1] if params else "",
        quoted(said),
        words,
        next((n for n in numbers if 400 <= n < 600), None),
        max(waits, default=None),
    )


def quoted(said: str) -> str:
    """Somebody else's words on one line, no longer than can be read."""
    one_line = " ".join(said.encode("utf-16", "surrogatepass").decode("utf-16", "replace").split())
    return one_line if len(one_line) <= _LONGEST_QUOTE else one_line[:_LONGEST_QUOTE] + "…"


def _innermost(
    body: object,
    codes: list[str],
    params: list[str],
    texts: list[str],
    waits: list[float],
    depth: int,
) -> str:
    """The innermost reason of a part of an error; what else it says is added to the lists."""
    if depth > _DEEPEST:
        return ""

    def look(inner: object) -> str:
        return _innermost(inner, codes, params, texts, waits, depth + 1)

    if isinstance(body, str):
        texts.append(body[:_LONGEST_READ])
        if body.lstrip().startswith("<"):
            return ""
        return next(filter(None, map(look, _json_within(body))), "") or body
    if isinstance(body, list):
        return next(filter(None, map(look, body)), "")
    if not isinstance(body, Mapping):
        return ""
    shapes = kinds().errors
    codes += [
        str(body[name])
        for name in shapes.codes
        if isinstance(body.get(name), (str, int)) and not isinstance(body[name], bool)
        if name != "error" or not any(body.get(other) for other in shapes.reason)
    ]
    if body.get("param"):
        params.append(str(body["param"]))
    if isinstance(loc := body.get("loc"), list) and loc[:1] == ["body"] and len(loc) > 1:
        params.append(".".join(map(str, loc[1:])))  # what FastAPI and pydantic say it by
    waits += [_seconds(str(body[name])) for name in _WAIT_FIELDS if body.get(name)]
    for name in ("details", "metadata", "loc"):  # no reason of its own, but words and a wait
        if isinstance(body.get(name), (list, dict)):
            texts.append(json.dumps(body[name])[:_LONGEST_READ])
            _waits_within(body[name], waits)
    inner = [look(body[name]) for name in shapes.inner if isinstance(body.get(name), (dict, list))]
    own = [look(body[name]) for name in shapes.reason if isinstance(body.get(name), str)]
    raw = [look(body[name]) for name in ("raw",) if isinstance(body.get(name), str)]
    lone = [body["error"]] if isinstance(body.get("error"), str) else []
    return next(filter(None, (*raw, *inner, *own, *lone)), "")


def _waits_within(details: object, waits: list[float]) -> None:
    rows = details if isinstance(details, list) else [details]
    for row in rows:
        if isinstance(row, dict):
            waits += [_seconds(str(row[name])) for name in _WAIT_FIELDS if row.get(name)]


def _json_within(said: str) -> Iterator[object]:
    """A JSON object that a reason wraps, alone or behind words of who passes it on."""
    start = said.find("{")
    if start < 0 or len(said) > _LONGEST_READ:
        return
    try:
        found, _ = json.JSONDecoder().raw_decode(said, start)
    except (ValueError, RecursionError):
        return
    if isinstance(found, dict) and found.keys() & {*kinds().errors.reason, *kinds().errors.inner}:
        yield found


def _seconds(said: str) -> float:
    """Seconds of "34s", "7m12.5s", "2 hours" or "30"; 0 where it can't be read."""
    found = re.findall(r"(\d{1,9}(?:\.\d{1,6})?)\s*(ms|d|h|m|s)?", said.lower())
    return sum(float(amount) * _UNITS[unit or "s"] for amount, unit in found)
