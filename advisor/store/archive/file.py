"""A whole decision as one file: to keep it, to hand it on, and for another person to repeat it.

The file holds no key and no name of one; what it holds is checked whole before any of it is kept.
"""

import json
import re
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal

from pydantic import AwareDatetime, ValidationError
from pydantic_core import from_json

from advisor.case.limits import MAX_CHARS
from advisor.case.use_cases import use_case
from advisor.errors import AdvisorError, BadImport
from advisor.store.archive.model import Archive
from advisor.version import VERSION, versions

WHAT = "worth-tuning decision"
FORMAT = 1
"""Raised when a file of an older version of the app would be misread."""
MAX_BYTES = 50 * 1024 * 1024
MAX_VALUES = 3_000_000
"""A list of three characters takes twenty times that in memory; 10,000 texts have under a million."""
_PIECES = re.compile(rb'"(?:[^"\\]+|\\.)*+"?|[\[{,]', re.S)


class _File(Archive):
    what: Literal["worth-tuning decision"]
    format: int
    exported_at: AwareDatetime
    written_by: dict[str, str]


def write_file(kept: Archive, exported_at: datetime) -> bytes:
    """A decision as the bytes of a JSON file; the same decision is the same bytes but for the time."""
    value = {
        "what": WHAT,
        "format": FORMAT,
        "exported_at": exported_at.astimezone(UTC).isoformat(),
        "written_by": versions(),
        **without_keys(kept).model_dump(mode="json"),
    }
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def without_keys(kept: Archive) -> Archive:
    """The decision without the names of variables that hold keys: they say nothing elsewhere."""
    case = kept.case
    arms = {n: arm.model_copy(update={"api_key_env": None}) for n, arm in case.arms.items()}
    judge = case.judge and case.judge.model_copy(update={"api_key_env": None})
    return kept.model_copy(update={"case": case.model_copy(update={"arms": arms, "judge": judge})})


def read_file(content: bytes) -> Archive:
    """Read a decision's file, and check all of it before anything is kept.

    Raises:
        BadImport: in one sentence, what is wrong with the file and what to do.
    """
    if len(content) > MAX_BYTES:
        raise BadImport(
            f"The file has {len(content) / 1024 / 1024:,.0f} MB, and "
            f"{MAX_BYTES // 1024 // 1024} MB is the most a decision may have."
        )
    if _values(content) > MAX_VALUES:
        raise BadImport(f"The file has more than {MAX_VALUES:,} values; no decision has so many.")
    value = _parsed(content)
    if not isinstance(value, dict) or value.get("what") != WHAT:
        raise BadImport(
            "This is not a decision's file; bring one that was saved here by “Save as a file”."
        )
    if not isinstance(value.get("format"), int) or value["format"] > FORMAT:
        raise BadImport(_from_newer(value))
    if _longest(value) > MAX_CHARS:
        raise BadImport(
            f"The file holds a text of more than {MAX_CHARS:,} characters; no decision has one."
        )
    try:
        file = _File.model_validate(value)
        use_case(file.case.brief.use_case)
    except ValidationError as error:
        raise BadImport(_misfit(error, value)) from error
    except AdvisorError as error:
        raise BadImport(
            f"The file's use case is not known to version {VERSION} of the app; update the app and "
            "bring the file again."
        ) from error
    except RecursionError as error:
        raise BadImport("The file is nested too deeply to be a decision.") from error
    kept = Archive.model_construct(**{name: getattr(file, name) for name in Archive.model_fields})
    return without_keys(kept)


def _parsed(content: bytes) -> Any:
    try:
        value = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
        if b"\\ud" in content.lower():  # half of a surrogate pair can't be stored or sent
            json.dumps(value, ensure_ascii=False).encode()
        return value
    except (ValueError, RecursionError) as error:
        if _ends_early(content):
            raise BadImport(
                "The file ends in the middle: it was cut short on its way. Save it again."
            ) from error
        raise BadImport(
            "This is not a decision's file; bring one that was saved here by “Save as a file”."
        ) from error


def _values(content: bytes) -> int:
    """About how many values JSON holds, or more than it does where it can't be too many."""
    marks = (b"[", b"{", b",")
    most = sum(map(content.count, marks))
    if most <= MAX_VALUES:
        return most
    outside_texts = (None for piece in _PIECES.finditer(content) if piece[0] in marks)
    return sum(1 for _ in islice(outside_texts, MAX_VALUES + 1))


def _longest(value: object) -> int:
    """Characters of the longest text in it: what is worked out of a text takes time by its length."""
    longest, left = 0, [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            longest = max(longest, len(one))
        elif isinstance(one, dict):
            left += one.keys()
            left += one.values()
        elif isinstance(one, list):
            left += one
    return longest


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _ends_early(content: bytes) -> bool:
    """Whether more of the same could have made it JSON."""
    try:
        from_json(content)
    except ValueError as error:
        return "EOF" in str(error)
    return False


def _from_newer(value: dict[str, Any]) -> str:
    """The sentence for a file that this version can't read."""
    written = value.get("written_by")
    by = written.get("worth-tuning") if isinstance(written, dict) else None
    which = f"version {by[:20]}" if isinstance(by, str) and by else "a newer version"
    return (
        f"The file was written by {which} of the app, and this is version {VERSION}; "
        "update the app and bring the file again."
    )


def _misfit(error: ValidationError, value: dict[str, Any]) -> str:
    first = error.errors()[0]
    if first["type"] == "extra_forbidden" and _newer(value):
        return _from_newer(value)
    place = ".".join(str(part) for part in first["loc"])[:120]
    said = first["msg"].removeprefix("Value error, ")
    where = f"{place} does not fit ({said[:200]})" if place else f"{said[:200]}"
    return f"The file can't be read: {where}. Save the decision again where it came from."


def _newer(value: dict[str, Any]) -> bool:
    """Whether a later version of the app says it wrote the file."""
    written = value.get("written_by")
    by = str(written.get("worth-tuning", "")) if isinstance(written, dict) else ""
    try:
        return tuple(map(int, by.split("."))) > tuple(map(int, VERSION.split(".")))
    except ValueError:
        return False
