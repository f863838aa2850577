"""The case file: a CASE.toml read with the files it names, and the samples that ship."""

import re
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from advisor.case.brief import Brief, Frozen
from advisor.case.case import Case, Judgment
from advisor.case.given import Brought, GivenAnswer, GivenVote, check_votes, with_answers
from advisor.case.options import NAMED
from advisor.case.reading.encoding import decode
from advisor.case.reading.objects import objects_in
from advisor.case.reading.read import ContentKind, Reading, read_file, read_texts
from advisor.case.training_summary import TrainingSummary
from advisor.case.use_cases import use_case
from advisor.errors import AdvisorError, BadCase
from advisor.words import listed
from pricing.offers import find_provider, load_providers

_MOST_SHOWN = 200  # characters of a name or a complaint that are repeated to whoever wrote it

SAMPLES = Path(__file__).parent.parent / "data" / "samples"

Check = Callable[[Case, bytes, str], TrainingSummary]
"""What a training file comes to, by its content and name, beside the case that names it."""


def read_case(path: Path, check: Check | None = None) -> Case:
    """Read a CASE.toml and the files it names, which stand beside it.

    Raises:
        BadCase, BadImport: in one sentence, which file and key is wrong and what to do.
    """
    case, _, training = _read(path)
    return case if training is None else _with_checked(case, path, training, check)


def read_brought(path: Path) -> Brought:
    """The answers and votes that come with a case file, none where it names none.

    Raises:
        BadCase, BadImport: in one sentence, which file and key is wrong and what to do.
    """
    return _read(path)[1]


def training_file(path: Path) -> tuple[bytes, str] | None:
    """Content and name of the training file that a case file names; None = it names none.

    Raises:
        BadCase: one of the two can't be opened.
    """
    name = _read(path)[2]
    return None if name is None else (_beside(path, name), name)


def _read(path: Path) -> tuple[Case, Brought, str | None]:
    """A case, what comes with it, and the name of the training file it names."""
    tables = _tables(path)
    files = tables.pop("prompts", {})
    _check_files(files, path.name)
    texts = _texts(path, files) if "file" in files else None
    if texts is not None:
        tables["prompts"] = texts.prompts
        run = tables.setdefault("run", {})
        if isinstance(run, dict) and any(text.calls is not None for text in texts.prompts):
            run.setdefault("primary_metric", "same_calls")
    if "examples" in files:
        content = _beside(path, files["examples"])
        tables["examples"] = read_texts(content, str(files["examples"])).prompts
    if "set_aside" in files:
        content = _beside(path, files["set_aside"])
        tables["set_aside"] = read_texts(content, str(files["set_aside"])).prompts
    if "judgments" in files:
        name = str(files["judgments"])
        text, _ = decode(_beside(path, name), name)
        tables["judgments"] = [row for _, row in objects_in(text, name)]
    training = tables.get("training")
    named = None
    if isinstance(training, dict) and training.keys() == {"file"}:
        named = str(tables.pop("training")["file"])
    case = check_case(tables, path.name)
    answers = _answers(path, files, texts, case)
    if answers:
        case = with_answers(case, answers, str(files.get("answers", files.get("file"))))
    votes: tuple[GivenVote, ...] = ()
    if "votes" in files:
        votes = _of_kind(path, files["votes"], "votes").votes
        check_votes(case, votes, str(files["votes"]))
    return case, Brought(answers=answers, votes=votes), named


_FILES = ("file", "columns", "sheet", "examples", "set_aside", "judgments", "answers", "votes")


def _check_files(files: object, name: str) -> None:
    """Refuse unknown keys of `[prompts]`.

    Raises:
        BadCase: says what it takes.
    """
    if not isinstance(files, dict) or not set(files) <= set(_FILES):
        keys = listed([f'{key} = "…"' for key in _FILES if key != "columns"])
        raise BadCase(f"[prompts] in {name} takes {keys} and a table [prompts.columns] only.")
    columns = files.get("columns")
    if columns is not None and not isinstance(columns, dict):
        raise BadCase(
            f'[prompts.columns] in {name} is a table: write a line like "Letter" = "text" for '
            "each column."
        )


def _texts(path: Path, files: dict[str, Any]) -> Reading:
    """The file of texts that `[prompts]` names."""
    name, sheet = str(files["file"]), files.get("sheet")
    return read_texts(
        _beside(path, name), name, files.get("columns"), None if sheet is None else str(sheet)
    )


def _answers(
    path: Path, files: dict[str, Any], texts: Reading | None, case: Case
) -> tuple[GivenAnswer, ...]:
    """Answers of columns beside the texts, and of a file of their own."""
    beside = texts.answers if texts is not None else ()
    if "columns" not in files:
        # A guess by a column's name takes no option its address away.
        asked = {option for option, arm in case.arms.items() if arm.answers}
        beside = tuple(answer for answer in beside if answer.arm not in asked)
    if "answers" not in files:
        return beside
    return (*beside, *_of_kind(path, files["answers"], "answers").answers)


def _of_kind(path: Path, name: object, kind: ContentKind) -> Reading:
    """Read a file that has to hold answers or votes.

    Raises:
        BadCase: it holds something else.
    """
    found = read_file(_beside(path, name), str(name))
    if found.kind != kind:
        columns = {
            "answers": "prompt_id, arm and text",
            "votes": "prompt_id, voter, pair and preference",
        }
        raise BadCase(
            f"{_shown(name)} holds {found.kind}, not {kind}; it needs the columns {columns[kind]}."
        )
    return found


def _with_checked(case: Case, path: Path, name: str, check: Check | None) -> Case:
    """The case with the training file that stands beside it, checked.

    Raises:
        BadCase, BadTrainingFile: it can't be opened, or is no training file.
    """
    if check is None:
        raise BadCase(f"{path.name} names a training file, and none can be checked here.")
    return case.model_copy(update={"training": check(case, _beside(path, name), name)})


def _tables(path: Path) -> dict[str, Any]:
    """What stands in a case file, before it is fitted to the schema."""
    try:
        text = path.read_text("utf-8-sig")  # an editor of Windows puts a mark before the first line
        return tomllib.loads(text, parse_float=Decimal)
    except OSError as error:
        raise BadCase(
            f"{_shown(path)} can't be opened; check the name of the case file."
        ) from error
    except UnicodeDecodeError as error:
        raise BadCase(f"{path.name} is not UTF-8 text; save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        if twice := re.search(r"declare \('arms', '([^']*)'\) twice", str(error)):
            raise BadCase(
                f"{path.name} has two options of the id “{_shown(twice[1])}”; give one another id."
            ) from error
        raise BadCase(f"{path.name} is not valid TOML: {_shown(error)}.") from error
    except (ValueError, RecursionError) as error:  # thousands of digits, or of brackets
        raise BadCase(f"{path.name} holds a number or a list that is too long to read.") from error


_YES_OR_NO = ("brief.can_host", "brief.together")


def check_case(tables: dict[str, Any], name: str) -> Case:
    """Fit tables to the schema.

    Raises:
        BadCase: names the first key that does not fit.
    """
    try:
        case = Case.model_validate(tables)
    except ValidationError as error:
        raise BadCase(_sentence(error, name)) from error
    for key in _flags(tables):
        may = key in _YES_OR_NO or key.endswith(".where_confirmed") or _is_sent(key)
        if not may:  # pydantic would take a bool for 1
            raise BadCase(
                f"{name}: {key} does not fit (true and false are no figures); correct it."
            )
    try:
        use_case(case.brief.use_case)
    except AdvisorError as error:
        raise BadCase(f"{name}: {error}") from error
    _check_followed(case, name)
    return case.model_copy(
        update={"brief": _with_vendors(case.brief, name), "judgments": _in_pairs(case, name)}
    )


def _check_followed(case: Case, name: str) -> None:
    """Refuse an option that follows none, or goes round in a circle.

    Raises:
        BadCase: which one.
    """
    for option, arm in case.arms.items():
        seen, leader = {option}, arm.follows
        if leader is not None and (leader == option or leader not in case.arms):
            raise BadCase(f"{name}: arms.{option}.follows names no other option; correct it.")
        while leader is not None and leader in case.arms:
            if leader in seen:
                raise BadCase(
                    f"{name}: arms.{option}.follows leads round in a circle; let one of them have a "
                    "model of its own."
                )
            seen.add(leader)
            leader = case.arms[leader].follows


def _in_pairs(case: Case, name: str) -> tuple[Judgment, ...]:
    """The judgments, each pair in the order in which its options are held against each other.

    Raises:
        BadCase: one is about an option that the case does not have.
    """
    known = {*case.arms, *NAMED}
    for pair in case.judge.pairs if case.judge is not None else ():
        if strange := [option for option in pair if option not in case.arms]:
            raise BadCase(
                f"{name}: judge.pairs names the option “{strange[0]}”, which is none of the case; "
                "correct its id."
            )
    for judgment in case.judgments:
        if strange := [option for option in judgment.pair if option not in known]:
            raise BadCase(
                f"{name}: the judgments name the option “{strange[0]}”, which is none of the case; "
                "correct its id."
            )
    return tuple(j if case.pair_of(*j.pair) == j.pair else j.turned() for j in case.judgments)


def _is_sent(key: str) -> bool:
    """Whether a key is a server's, not ours."""
    parts = key.split(".")
    return parts[2:3] == ["parameters"] and parts[3:4] in (["extra"], ["response_format"])


def _flags(tables: dict[str, Any], before: str = "") -> Iterator[str]:
    """Keys that hold true or false, from the outermost table on."""
    for key, value in tables.items():
        if isinstance(value, bool):
            yield f"{before}{_shown(key)}"
        elif isinstance(value, dict):
            yield from _flags(value, f"{before}{_shown(key)}.")


def _with_vendors(brief: Brief, name: str) -> Brief:
    """The brief with its vendors by the names of the price sheets: "azure" is "azure_foundry".

    Raises:
        BadCase: no such vendor sells tuning; an unknown one would silently count for nothing.
    """
    standing = {}
    for vendor, customer in brief.customer_of.items():
        found = find_provider(vendor)
        if found is None:
            known = ", ".join(load_providers())
            raise BadCase(
                f"{name}: brief.customer_of names no vendor “{_shown(vendor)}”; choose from: {known}."
            )
        standing[found.provider] = customer
    return brief.model_copy(update={"customer_of": standing})


def sample_names() -> tuple[str, ...]:
    """Samples that ship, by folder, in the order in which they are offered."""
    order = ("tuned_tickets", "chatbot", "clinic_notes", "chatbot_raw")
    found = [path.parent.name for path in SAMPLES.glob("*/CASE.toml")]
    return tuple(sorted(found, key=lambda n: (order.index(n) if n in order else len(order), n)))


@cache
def load_sample(name: str) -> Case:
    """A sample that ships with the app, read once per process."""
    return read_case(SAMPLES / name / "CASE.toml")


class Glance(Frozen):
    """What a sample's verdict comes to, to be shown before anything is worked out."""

    recommendation: Literal["base", "tuned"]
    firmness: str
    texts: int
    right: dict[str, int]
    """Texts answered right, by option."""
    usd_per_month: dict[str, Decimal]


@cache
def sample_glance(name: str) -> Glance | None:
    """What a sample's verdict comes to; None = the sample keeps none."""
    path = SAMPLES / name / "glance.toml"
    if not path.is_file():
        return None
    return Glance.model_validate(tomllib.loads(path.read_text("utf-8"), parse_float=Decimal))


def _beside(path: Path, name: object) -> bytes:
    target = path.parent / str(name)
    try:
        return target.read_bytes()
    except (OSError, ValueError) as error:
        raise BadCase(
            f"{path.name} names the file {_shown(name)}, which can't be opened; put it beside "
            f"{path.name}."
        ) from error


_ID = "use up to 40 small letters, digits, - and _, a letter first, and put its name in label"


def _sentence(error: ValidationError, name: str) -> str:
    first = error.errors()[0]
    # "[key]" is pydantic's word for the name of a table that is none of those there are.
    key = ".".join(_shown(part) for part in first["loc"] if part != "[key]")
    if first["type"] == "string_pattern_mismatch" and first["loc"][:1] == ("arms",):
        return f"{name}: {key} is no id of an option; {_ID}."
    if first["type"] == "extra_forbidden":
        if (
            len(first["loc"]) == 3
            and first["loc"][0] == "arms"
            and isinstance(first["input"], dict)
        ):
            return f"{name}: {key} is no id of an option; {_ID}."
        return f"{name}: {key} is not a key of a case file; check its spelling."
    if first["type"] == "missing":
        return f"{name}: {key} is missing; add it."
    if first["type"] == "sentence":
        return f"{name}: {first['msg']}."
    said = first["msg"].removeprefix("Value error, ")
    message = said if said[:2].isupper() else said[0].lower() + said[1:]
    return f"{name}: {key} does not fit ({message}); correct it."


def _shown(given: object) -> str:
    """What somebody wrote, on one line and short enough for a sentence."""
    line = "".join(c if c.isprintable() else " " for c in str(given))
    return line if len(line) <= _MOST_SHOWN else f"{line[: _MOST_SHOWN - 1]}…"
