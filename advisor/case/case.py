"""A whole case (brief, prompts, arms, run, volume), as a CASE.toml and the store hold it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, ModelWrapValidatorHandler, model_validator
from pydantic_core import PydanticCustomError

from advisor.case.brief import Brief, Frozen
from advisor.case.checks import Checks
from advisor.case.currency import Currency
from advisor.case.endpoints import AT_ONCE
from advisor.case.options import (
    KIND_WORDS,
    MOST_OPTIONS,
    NAMED,
    VARIANT_WORDS,
    Arm,
    Judge,
    Kind,
    OptionId,
    Variant,
    kind_by_name,
    name_by_id,
    variant_by_name,
)
from advisor.case.preferences import Pair, Preference, chosen, side_of, with_pair
from advisor.case.texts import Prompt
from advisor.case.training_summary import TrainingSummary
from advisor.errors import AdvisorError
from pricing.cost import Volume
from pricing.people import People

LONGEST_TITLE = 200
"""Characters."""


def _sentence(said: str) -> PydanticCustomError:
    """A validation error as one sentence: what is wrong, and where."""
    return PydanticCustomError("sentence", "{said}", {"said": said})


class RunSettings(Frozen):
    """How a comparison is run; samples, max_output_tokens and temperature change what is bought."""

    concurrency: int = Field(default=AT_ONCE, ge=1, le=200)
    """Answers asked for at once, see `at_once`."""
    samples: int = Field(default=1, ge=1, le=10)
    max_output_tokens: int = Field(default=1024, ge=1, le=10**9)
    temperature: float | None = Field(default=0.0, ge=0, le=2)
    timeout_s: float = Field(default=60.0, gt=0)
    cap_usd: float | None = Field(default=None, ge=0)
    primary_metric: str = "rouge1"
    system_in_text: Literal["follows", "replaces"] = "follows"
    """Where a conversation begins with a system message: below the option's instruction, or in its
    place."""


class Judgment(Frozen):
    """A judge's preference between two options' answers to a prompt, recorded before or given live."""

    prompt_id: str
    preference: str
    """The id of the option preferred, `tie` or `both_bad`."""
    judge: str
    base_arm: OptionId = "base"
    challenger: OptionId = "tuned"
    """The option held against `base_arm`."""
    order: Literal["base_first", "tuned_first", "both"]
    """Whether `base_arm` stood first, or its challenger; `both`: asked in both orders and agreed
    (a flip is a tie)."""
    base_sha256: str
    """Of the judged answer's UTF-8 text: a judgment of other answers is not used."""
    tuned_sha256: str
    """Of the challenger's answer."""
    told_sha256: str = Field(default="", repr=False)  # older digests are of the repr
    """Of what a live judge was told beside the answers, see `told`; "" = nobody kept it."""

    @model_validator(mode="before")
    @classmethod
    def _by_pair(cls, given: object) -> object:
        return with_pair(given)

    @model_validator(mode="wrap")
    @classmethod
    def _of_its_pair(cls, given: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        found = handler(given)
        preferred = chosen(found.preference, found.pair)
        return found if preferred == found.preference else found.preferring(preferred)

    @property
    def pair(self) -> Pair:
        """The two options."""
        return self.base_arm, self.challenger

    @property
    def side(self) -> Preference:
        """The preference by side."""
        return side_of(self.preference, self.pair)

    def preferring(self, preferred: str) -> Self:
        """The same with another preference."""
        return self.model_copy(update={"preference": preferred})

    def turned(self) -> Self:
        """The same judgment with its two options swapped."""
        first = {"base_first": "tuned_first", "tuned_first": "base_first"}
        return self.model_copy(
            update={
                "base_arm": self.challenger,
                "challenger": self.base_arm,
                "base_sha256": self.tuned_sha256,
                "tuned_sha256": self.base_sha256,
                "order": first.get(self.order, self.order),
            }
        )


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
    set_aside: tuple[Prompt, ...] = ()
    """With their approved answers; instructions are improved on them. None is compared."""
    arms: dict[OptionId, Arm] = Field(default_factory=dict)
    """The options by id; read them in the order of `options`."""
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

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        if len(self.arms) > MOST_OPTIONS:
            raise _sentence(
                f"{len(self.arms)} options are more than can be compared; keep {MOST_OPTIONS} or fewer"
            )
        for option, arm in self.arms.items():
            if arm.kind is None and option not in NAMED:
                raise _sentence(f"arms.{option}.kind is missing; say “base” or “tuned”")
            if option in NAMED and arm.kind not in (None, kind_by_name(option)):
                raise _sentence(
                    f"arms.{option} can't be of kind “{arm.kind}”; give it another id or leave kind out"
                )
        return self

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
    def options(self) -> tuple[OptionId, ...]:
        """Ids of the options, in the order in which they are listed everywhere."""
        return self.in_order(self.arms)

    @property
    def bases(self) -> tuple[OptionId, ...]:
        """Ids of the base options, in order."""
        return tuple(i for i in self.options if self.kind_of(i) == "base")

    @property
    def tuned_options(self) -> tuple[OptionId, ...]:
        """Ids of the fine-tuned options, in order."""
        return tuple(i for i in self.options if self.kind_of(i) == "tuned")

    def in_order(self, options: Iterable[OptionId]) -> tuple[OptionId, ...]:
        """Base options first; within a kind those that have it by name, then as they were given.

        Any may be asked about, such as one that answered and was taken out since.
        """
        given = {option: place for place, option in enumerate(self.arms)}

        def place(option: OptionId) -> tuple[bool, int, int]:
            by_name = NAMED.index(option) if option in NAMED else len(NAMED)
            return self.kind_of(option) == "tuned", by_name, given.get(option, len(given))

        return tuple(sorted(options, key=place))

    def kind_of(self, option: OptionId) -> Kind:
        """Base or tuned; by its name where the case has no such option, or it says nothing."""
        arm = self.arms.get(option)
        return (arm.kind if arm else None) or kind_by_name(option)

    def variant_of(self, option: OptionId) -> Variant:
        """What it gets beside its instruction; by its name where it says nothing."""
        arm = self.arms.get(option)
        return (arm.variant if arm else None) or variant_by_name(option)

    def pair_of(self, one: OptionId, other: OptionId) -> Pair:
        """Two options in the order in which they are held against each other."""
        first, second = self.in_order((one, other))
        return first, second

    def name_of(self, option: OptionId) -> str:
        """What an option is called: by its label, else by its kind and variant.

        Those that would be called alike are told apart by their model, else by their id.
        """
        if option not in self.arms:
            return name_by_id(option)
        name, model = self._plain_name(option), self.arms[option].model.strip()
        alike = [i for i in self.arms if self._plain_name(i).casefold() == name.casefold()]
        if len(alike) == 1:
            return name
        models = [self.arms[other].model.strip() for other in alike]
        return f"{name} ({model if model and models.count(model) == 1 else option})"

    @property
    def names(self) -> dict[OptionId, str]:
        """What each option is called, by id."""
        return {option: self.name_of(option) for option in self.options}

    def _plain_name(self, option: OptionId) -> str:
        label = " ".join(self.arms[option].label.split())
        return label or KIND_WORDS[self.kind_of(option)] + VARIANT_WORDS[self.variant_of(option)]

    def put(self, option: OptionId, arm: Arm) -> Self:
        """The case with an option, new or in the place of the one with this id.

        Raises:
            AdvisorError: it would be one too many.
        """
        if option not in self.arms and len(self.arms) >= MOST_OPTIONS:
            raise AdvisorError(
                f"{MOST_OPTIONS} options are as many as can be compared; take one out first."
            )
        return self.model_copy(update={"arms": {**self.arms, option: arm}})

    def without(self, option: OptionId) -> Self:
        """The case without an option; whatever followed it has its own model from now on."""
        kept = {
            other: arm.model_copy(update={"follows": None}) if arm.follows == option else arm
            for other, arm in self.arms.items()
            if other != option
        }
        return self.model_copy(update={"arms": kept})

    @property
    def known(self) -> Brief:
        """The answers, with what was measured in the place of what was ticked."""
        if self.training is None or self.training.kind != "examples":
            return self.brief
        return self.brief.model_copy(update={"training_pairs": self.training.usable})

    @property
    def cases(self) -> int | None:
        """Cases that the texts come from, one without counting as its own; None = none has one."""
        named = {p.cluster for p in self.prompts if p.cluster is not None}
        return len(named) + sum(p.cluster is None for p in self.prompts) if named else None

    @property
    def leaked(self) -> frozenset[str]:
        """Ids of the prompts that stand in the training file; they prove nothing."""
        return self.training.leaked_among(self.prompts) if self.training else frozenset()
