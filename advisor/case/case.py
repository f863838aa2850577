"""A whole case (brief, prompts, arms, run, volume), as a CASE.toml and the store hold it."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError

from advisor.brief import Brief, Frozen
from advisor.currency import Currency
from advisor.errors import AdvisorError, BadCase
from advisor.evidence.checks import Checks
from advisor.prompts import Prompt, from_file, read_objects
from advisor.training.summary import TrainingSummary
from advisor.use_cases import use_case
from pricing.cost import Volume
from pricing.offers import PriceCells, find_provider, load_providers
from pricing.people import People

ArmName = Literal["base", "base_examples", "base_retrieval", "tuned"]
ARMS: tuple[ArmName, ...] = ("base", "base_examples", "base_retrieval", "tuned")
BASE_ARMS: tuple[ArmName, ...] = ("base", "base_examples", "base_retrieval")

Role = ArmName | Literal["judge"]
"""Whose endpoint is asked: an arm's or the judge's."""

LONGEST_TITLE = 200
"""Characters."""

_MOST_SHOWN = 200  # characters of a name or a complaint that are repeated to whoever wrote it

SAMPLES = Path(__file__).parent / "data" / "samples"


class Model(Frozen):
    """A model that can be asked: where it answers, as what, at what price."""

    endpoint: str = ""
    """Base URL of an OpenAI-compatible API, or `replay:<sample>` for recorded answers."""
    model: str = ""
    api_key_env: str | None = None
    offer: str | None = None
    """`provider:model[:method]`; see `pricing.offers`."""
    price: PriceCells = PriceCells()
    """Figures of the reader's own, over those of the offer."""
    discount_percent: Decimal | None = Field(default=None, ge=0, le=100)
    """What the reader's contract takes off every list rate; the reader's own figures stay."""

    @property
    def answers(self) -> bool:
        """It can be asked: it has an address and a model."""
        return bool(self.endpoint.strip() and self.model.strip())

    def at(self, hosts: Mapping[str, str]) -> Self:
        """The model at the address behind its `host:<name>`, where it has one."""
        found = hosts.get(self.endpoint.strip().rstrip("/"))
        return self.model_copy(update={"endpoint": found}) if found else self

    @property
    def recorded(self) -> bool:
        """Its answers were recorded before and are replayed."""
        return self.endpoint.startswith("replay:")


class Arm(Model):
    """One option: a model with its instruction."""

    system_prompt: str = ""
    where_confirmed: bool = False
    """The reader has looked: texts of this option stay where they may go."""
    reasoning_multiplier: Decimal | None = Field(default=None, ge=1, le=1000)
    """Units billed for an answer over those of its text, where the model reasons first.

    Used on counted answers only: measured ones hold their reasoning already.
    """


class Judge(Model):
    """A model that prefers one of two answers, asked in both orders."""

    rubric: str = ""
    """What to look at, in the reader's words; "" = the rubric of the use case."""


class RunSettings(Frozen):
    """How a comparison is run; samples, max_output_tokens and temperature change what is bought."""

    concurrency: int = Field(default=8, ge=1, le=200)
    samples: int = Field(default=1, ge=1, le=10)
    max_output_tokens: int = Field(default=1024, ge=1, le=10**9)
    temperature: float | None = Field(default=0.0, ge=0, le=2)
    timeout_s: float = Field(default=60.0, gt=0)
    cap_usd: float | None = Field(default=None, ge=0)
    primary_metric: str = "rouge1"


class Judgment(Frozen):
    """A judge's preference between two arms' answers to a prompt, recorded before or given live."""

    prompt_id: str
    preference: Literal["base", "tuned", "tie", "both_bad"]
    judge: str
    base_arm: ArmName = "base"
    challenger: ArmName = "tuned"
    """The arm held against `base_arm`, which the preference "tuned" means."""
    order: Literal["base_first", "tuned_first", "both"]
    """`both`: asked in both orders and agreed (a flip is a tie)."""
    base_sha256: str
    """Of the judged answer's UTF-8 text: a judgment of other answers is not used."""
    tuned_sha256: str
    """Of the challenger's answer."""
    told_sha256: str = Field(default="", repr=False)  # what was decided before is known by its repr
    """Of what a live judge was told beside the answers, see `told`; "" = nobody kept it."""


class Case(Frozen):
    """All that a verdict rests on, apart from the run's outputs and the votes."""

    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    decided_by: str | None = Field(default=None, max_length=LONGEST_TITLE)
    """Who answers for the decision."""
    review_on: date | None = None
    """When it is to be looked at again."""
    brief: Brief
    prompts: tuple[Prompt, ...] = ()
    examples: tuple[Prompt, ...] = ()
    """With their approved answers; only the arm with examples gets them. None is compared."""
    arms: dict[ArmName, Arm] = Field(default_factory=dict)
    run: RunSettings = RunSettings()
    judge: Judge | None = None
    """None: people only, or the main measure."""
    checks: Checks = Checks()
    volume: Volume = Volume()
    people: People = People()
    currency: Currency = Currency()
    judgments: tuple[Judgment, ...] = ()
    training: TrainingSummary | None = None
    """The training file as it was checked; None = none was."""
    recorded: str | None = None
    """For a sample: when its answers were recorded."""
    sample_of: str | None = None
    """For a sample: what answered, and as what it is priced."""

    def at(self, hosts: Mapping[str, str]) -> Self:
        """The case with the address behind each `host:<name>` in its place."""
        asked = {name: arm.at(hosts) for name, arm in self.arms.items()}
        judge = self.judge and self.judge.at(hosts)
        return self.model_copy(update={"arms": asked, "judge": judge}) if hosts else self

    def bound_by(self, brief: Brief) -> Self:
        """The case with these answers; what was confirmed under another rule on the texts is not."""
        before, arms = self.brief, self.arms
        if (brief.data_may_go, brief.regions) != (before.data_may_go, before.regions):
            arms = {n: a.model_copy(update={"where_confirmed": False}) for n, a in arms.items()}
        return self.model_copy(update={"brief": brief, "arms": arms})

    @property
    def known(self) -> Brief:
        """The answers, with what was measured in the place of what was ticked."""
        if self.training is None:
            return self.brief
        return self.brief.model_copy(update={"training_pairs": self.training.usable})

    @property
    def leaked(self) -> frozenset[str]:
        """Ids of the prompts that stand in the training file; they prove nothing."""
        return self.training.leaked_among(self.prompts) if self.training else frozenset()


def load_case(path: Path) -> Case:
    """Read a CASE.toml and the files it names, which stand beside it.

    Raises:
        BadCase, BadImport: in one sentence, which file and key is wrong and what to do.
    """
    tables = _tables(path)
    files = tables.pop("prompts", {})
    if not isinstance(files, dict) or not set(files) <= {"file", "examples", "judgments"}:
        raise BadCase(
            f'[prompts] in {path.name} takes file = "…", examples = "…" and judgments = "…" only.'
        )
    if "file" in files:
        content = _beside(path, files["file"])
        tables["prompts"] = from_file(content, str(files["file"])).prompts
    if "examples" in files:
        content = _beside(path, files["examples"])
        tables["examples"] = from_file(content, str(files["examples"])).prompts
    if "judgments" in files:
        text = _beside(path, files["judgments"]).decode("utf-8-sig", "replace")
        tables["judgments"] = [row for _, row in read_objects(text, str(files["judgments"]))]
    training = tables.get("training")
    if isinstance(training, dict) and training.keys() == {"file"}:
        del tables["training"]
        return _with_checked(check_case(tables, path.name), path, str(training["file"]))
    return check_case(tables, path.name)


def _with_checked(case: Case, path: Path, name: str) -> Case:
    """The case with the training file that stands beside it, checked.

    Raises:
        BadCase, BadTrainingFile: it can't be opened, or is no training file.
    """
    from advisor.training.check import check_training_file, vocabulary_of
    from advisor.training.summary import summary_of

    content = _beside(path, name)
    report = check_training_file(content, name, case.prompts, model=vocabulary_of(case))
    return case.model_copy(update={"training": summary_of(report, case.prompts)})


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
        raise BadCase(f"{path.name} is not valid TOML: {_shown(error)}.") from error
    except (ValueError, RecursionError) as error:  # thousands of digits, or of brackets
        raise BadCase(f"{path.name} holds a number or a list that is too long to read.") from error


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
        if key != "brief.can_host" and not key.endswith(".where_confirmed"):  # others take it for 1
            raise BadCase(
                f"{name}: {key} does not fit (true and false are no figures); correct it."
            )
    try:
        use_case(case.brief.use_case)
    except AdvisorError as error:
        raise BadCase(f"{name}: {error}") from error
    return case.model_copy(update={"brief": _with_vendors(case.brief, name)})


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
    """Samples that ship, by folder; the first one is what "open the sample" opens."""
    order = ("clinic_notes", "chatbot", "chatbot_raw")
    found = [path.parent.name for path in SAMPLES.glob("*/CASE.toml")]
    return tuple(sorted(found, key=lambda n: (order.index(n) if n in order else len(order), n)))


@cache
def load_sample(name: str) -> Case:
    """A sample that ships with the app, read once per process."""
    return load_case(SAMPLES / name / "CASE.toml")


def _beside(path: Path, name: object) -> bytes:
    target = path.parent / str(name)
    try:
        return target.read_bytes()
    except (OSError, ValueError) as error:
        raise BadCase(
            f"{path.name} names the file {_shown(name)}, which can't be opened; put it beside "
            f"{path.name}."
        ) from error


def _sentence(error: ValidationError, name: str) -> str:
    first = error.errors()[0]
    # "[key]" is pydantic's word for the name of a table that is none of those there are.
    key = ".".join(_shown(part) for part in first["loc"] if part != "[key]")
    if first["type"] == "extra_forbidden":
        return f"{name}: {key} is not a key of a case file; check its spelling."
    if first["type"] == "missing":
        return f"{name}: {key} is missing; add it."
    said = first["msg"].removeprefix("Value error, ")
    message = said if said[:2].isupper() else said[0].lower() + said[1:]
    return f"{name}: {key} does not fit ({message}); correct it."


def _shown(given: object) -> str:
    """What somebody wrote, on one line and short enough for a sentence."""
    line = "".join(c if c.isprintable() else " " for c in str(given))
    return line if len(line) <= _MOST_SHOWN else f"{line[: _MOST_SHOWN - 1]}…"
