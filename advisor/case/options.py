"""Options: the models that can be asked, each with its instruction, address and price."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, field_validator

from advisor.case.brief import Frozen
from pricing.offers import PriceCells

RESERVED = frozenset({"judge", "tie", "both_bad"})
"""Words that stand beside an option's id, so no option goes by them."""
MOST_OPTIONS = 8
_MOST_PAIRS = MOST_OPTIONS * (MOST_OPTIONS - 1) // 2
GIVEN = "given:"
"""Stands for the address of an option whose answers came with the texts, before their digest."""
LONGEST_LABEL = 60
"""Characters."""


def _not_reserved(given: str) -> str:
    if given in RESERVED:
        raise ValueError(f"“{given}” stands for something else; choose another id")
    return given


Role = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
"""Whose endpoint is asked: an option's id, or `judge`."""
OptionId = Annotated[Role, AfterValidator(_not_reserved)]
"""What an option goes by in a case, its runs and its votes."""

Kind = Literal["base", "tuned"]
Variant = Literal["plain", "examples", "passages", "improved"]
"""What an option gets beside its instruction: nothing; examples; passages; or an instruction that
was worked on."""
Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max", "default"]

NAMED: tuple[OptionId, ...] = ("base", "base_examples", "base_retrieval", "tuned")
"""Ids that have their kind and variant by name, in the order they are listed in."""

_VARIANT_OF: Mapping[str, Variant] = {"base_examples": "examples", "base_retrieval": "passages"}


KIND_WORDS: Mapping[Kind, str] = {"base": "Base", "tuned": "Fine-tuned"}
VARIANT_WORDS: Mapping[Variant, str] = {
    "plain": "",
    "examples": " with examples",
    "passages": " with look-up",
    "improved": " with an improved instruction",
}


def kind_by_name(option: OptionId) -> Kind:
    """The kind of an option that says none."""
    return "tuned" if option == "tuned" else "base"


def variant_by_name(option: OptionId) -> Variant:
    """The variant of an option that says none."""
    return _VARIANT_OF.get(option, "plain")


def name_by_id(option: OptionId) -> str:
    """What an option is called that no case tells of: in words where its id says it, else the id.

    `Case.name_of` tells what the options of a case are called, and gives this for all others.
    """
    if option not in NAMED:
        return option
    return KIND_WORDS[kind_by_name(option)] + VARIANT_WORDS[variant_by_name(option)]


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
        """Its answers are there already: replayed, or given with the texts."""
        return self.endpoint.startswith(("replay:", GIVEN))

    @property
    def given(self) -> bool:
        """Its answers came with the texts; nobody is asked."""
        return self.endpoint.startswith(GIVEN)


class Parameters(Frozen):
    """How an option is asked, beside its text. What is not said is as the run has it, or not sent."""

    temperature: float | None = Field(default=None, ge=0, le=2)
    """None = the run's."""
    top_p: float | None = Field(default=None, gt=0, le=1)
    reasoning_effort: Effort | None = None
    response_format: dict[str, Any] | None = None
    """A JSON Schema that every answer has to fit, enforced by the endpoint."""
    stop: tuple[Annotated[str, StringConstraints(min_length=1)], ...] = Field(
        default=(), max_length=4
    )
    max_output_tokens: int | None = Field(default=None, ge=1, le=10**9)
    """None = the run's."""
    extra: dict[str, Any] = Field(default_factory=dict)
    """Anything else a server takes, passed on as it is."""

    @field_validator("response_format", "extra", mode="before")
    @classmethod
    def _as_json(cls, given: object) -> object:
        """A TOML file has exact decimals; a request has JSON."""
        return _json(given)

    @field_validator("response_format")
    @classmethod
    def _is_a_schema(cls, given: dict[str, Any] | None) -> dict[str, Any] | None:
        """A JSON Schema that says something; one wrapped as it is sent is taken out of that."""
        if given is None:
            return None
        if given.get("type") == "json_schema" and isinstance(given.get("json_schema"), dict):
            given = given["json_schema"].get("schema")
        if not isinstance(given, dict) or not given:
            raise ValueError("it holds no JSON Schema; write one or leave it out")
        from jsonschema import SchemaError  # much to load, and most options have none
        from jsonschema.validators import validator_for

        try:
            validator_for(given).check_schema(given)
        except (SchemaError, RecursionError) as error:
            said = error.message[:200] if isinstance(error, SchemaError) else "it is too deep"
            raise ValueError(f"it is no JSON Schema: {said}") from error
        return given

    @field_validator("extra")
    @classmethod
    def _is_further(cls, given: dict[str, Any]) -> dict[str, Any]:
        """What has its own place stands there, where it is counted and shown."""
        for name in sorted(given.keys() & (_BESIDE | _OURS)):
            if name in _BESIDE:
                raise ValueError(f"{name} stands beside extra, not in it; move it there")
            raise ValueError(f"{name} can't be passed on, it would change what is compared")
        return given

    @property
    def sent(self) -> dict[str, Any]:
        """The fields of a request that say it, but for the temperature and the answer's bound."""
        fields: dict[str, Any] = dict(self.extra)
        if self.top_p is not None:
            fields["top_p"] = self.top_p
        if self.reasoning_effort is not None:
            fields["reasoning_effort"] = self.reasoning_effort
        if self.stop:
            fields["stop"] = list(self.stop)
        if (schema := self.response_format) is not None:
            form = {"name": "answer", "strict": _is_closed(schema), "schema": schema}
            fields["response_format"] = {"type": "json_schema", "json_schema": form}
        return fields


_BESIDE = frozenset(
    {
        *("temperature", "top_p", "reasoning_effort", "response_format", "stop"),
        *("max_output_tokens", "extra"),
    }
)
"""Parameters that had their own place from the start. One that gets its own later still stands in
`extra` where a file, a receipt or a run of before has it: moved, it would be another run."""
_OURS = frozenset(
    {"model", "messages", "stream", "stream_options", "n", "max_tokens", "max_completion_tokens"}
)
"""Fields of a request that say what is compared, or how it is paid for."""


def _is_closed(schema: object) -> bool:
    """Whether every object in a schema names all it may hold, as `strict` asks for."""
    if isinstance(schema, list):
        return all(map(_is_closed, schema))
    if not isinstance(schema, dict):
        return True
    properties = schema.get("properties")
    if isinstance(properties, dict):
        required = schema.get("required")
        if schema.get("additionalProperties") is not False or not isinstance(required, list):
            return False
        if set(required) != properties.keys():
            return False
        return all(map(_is_closed, [*properties.values(), schema.get("$defs", {})]))
    return schema.get("type") != "object" and all(map(_is_closed, schema.values()))


def _json(given: object) -> object:
    if isinstance(given, Decimal):
        return int(given) if given == given.to_integral_value() else float(given)
    if isinstance(given, dict):
        return {str(key): _json(value) for key, value in given.items()}
    if isinstance(given, list):
        return [_json(value) for value in given]
    if isinstance(given, date):  # a datetime is one too
        raise ValueError("a date is not JSON; put it in quotes")
    return given


class Arm(Model):
    """One option: a model with its instruction and its parameters."""

    system_prompt: str = ""
    kind: Kind | None = None
    """None = by its id, see `Case.kind_of`."""
    variant: Variant | None = None
    """None = by its id, see `Case.variant_of`."""
    follows: OptionId | None = None
    """Its model, address and price are always those of this option; see `variants.in_step`."""
    label: str = Field(default="", max_length=LONGEST_LABEL)
    """A name that a buyer knows; "" = made from its model."""
    parameters: Parameters = Parameters()
    where_confirmed: bool = False
    """The reader has looked: texts of this option stay where they may go."""
    corrected_share: Decimal | None = Field(default=None, ge=0, le=1)
    """Share of its answers that people correct; None = that of its kind, see `pricing.people`."""
    reasoning_multiplier: Decimal | None = Field(default=None, ge=1, le=1000)
    """Units billed for an answer over those of its text, where the model reasons first.

    Used on counted answers only: measured ones hold their reasoning already.
    """


class Judge(Model):
    """A model that prefers one of two answers, asked in both orders."""

    rubric: str = ""
    """What to look at, in the reader's words; "" = the rubric of the use case."""
    max_output_tokens: int = Field(default=1024, ge=16, le=10**9)
    """Of a reply, reasoning included; a reply that meets it is not read."""
    reasoning_effort: Effort | None = None
    """How long it thinks first, where its endpoint takes that; None = as the endpoint does."""
    pairs: tuple[tuple[OptionId, OptionId], ...] = Field(default=(), max_length=_MOST_PAIRS)
    """Options it is asked to compare, two by two; () = every base option with every tuned one."""

    @field_validator("pairs")
    @classmethod
    def _of_two(cls, given: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        if any(one == other for one, other in given):
            raise ValueError("an option can't be compared with itself; name two")
        return given
