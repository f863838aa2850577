"""RunSpec: what a run buys. Two runs with the same spec are the same run."""

import hashlib
import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, Protocol

from advisor.case.brief import Frozen
from advisor.case.case import Case, RunSettings
from advisor.case.conversation import ChatMessage, as_sent
from advisor.case.options import GIVEN, OptionId, Parameters, Role, variant_by_name
from advisor.case.order import random_order
from advisor.case.texts import Prompt, with_passages
from advisor.case.variants import turns

Message = dict[str, Any]


class Price(Protocol):
    """USD for one request of an option or the judge, by its tokens; None = not known."""

    def __call__(
        self, role: Role, input_tokens: int, output_tokens: int, cached_tokens: int = 0, /
    ) -> Decimal | None:
        """Of the input tokens so many were cached."""


class ExampleTurn(Frozen):
    """A text with its approved answer, sent before the prompt as turns of a conversation."""

    text: str
    answer: str


class SpecArm(Frozen):
    """One arm's side of the spec."""

    endpoint: str
    model: str
    system_prompt: str
    examples: tuple[ExampleTurn, ...] = ()
    reply: dict[str, Any] | None = None
    """The form an answer must have, as `response_format`; None = any."""
    with_passages: bool | None = None
    """It gets what was looked up for each text; None = by its name."""
    parameters: Parameters = Parameters()
    """Those in which it differs from the run."""


class SpecPrompt(Frozen):
    """One prompt as it is sent; references and clusters don't change what is bought."""

    id: str
    text: str
    passages: str | None = None
    """Set only where an option with passages is asked, which alone gets them."""
    group: str | None = None
    """Prompts of a group are asked one after the other; None = it stands alone."""
    messages: tuple[ChatMessage, ...] = ()
    """A conversation, sent as it is; () = the text is a single message."""
    tools: str | None = None
    """Tools the model may call, as JSON."""


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One call a run has to make. The key is the first three fields."""

    prompt_id: str
    arm: Role
    sample: int
    """0 to samples - 1."""
    endpoint: str
    model: str
    system_prompt: str
    text: str
    max_output_tokens: int
    temperature: float | None
    call_hash: str
    """Equal for two calls that would buy the same answer."""
    examples: tuple[ExampleTurn, ...] = ()
    further: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the request beside those above."""
    group: str | None = None
    conversation: tuple[ChatMessage, ...] = ()
    """In place of the text, where there is one."""

    @property
    def messages(self) -> list[Message]:
        """What is sent."""
        return _messages(self.system_prompt, self.examples, self.text, self.conversation)

    @property
    def key(self) -> tuple[str, Role, int]:
        """What tells this call from the others of its run."""
        return (self.prompt_id, self.arm, self.sample)


class RunSpec(Frozen):
    """Messages, endpoints, models, parameters and samples of a run.

    Cap, concurrency, time-out and prices are left out: changing them continues the same run.
    """

    prompts: tuple[SpecPrompt, ...]
    arms: dict[Role, SpecArm]
    samples: int
    max_output_tokens: int
    temperature: float | None
    system_in_text: Literal["follows", "replaces"] = "follows"

    @property
    def spec_hash(self) -> str:
        """SHA-256 of the spec's canonical JSON, in hex."""
        # Without defaults: a field that came later leaves the hash of earlier runs as it was.
        return _sha256(self.model_dump(mode="json", exclude_defaults=True))

    @property
    def planned(self) -> int:
        """How many calls the whole run has."""
        return len(self.prompts) * len(self.arms) * self.samples

    def calls(
        self, wanted: Callable[[tuple[str, Role, int]], bool] = lambda key: True
    ) -> Iterator[PlannedCall]:
        """Calls of the run, prompt by prompt, the arms of a prompt side by side.

        `wanted` says which, by their keys: a call is hashed as it is made, and there may be many.
        """
        for prompt in self.prompts:
            for sample in range(self.samples):
                for arm in self.arms:
                    if wanted((prompt.id, arm, sample)):
                        yield self.call(prompt, arm, sample)

    def call(
        self, prompt: SpecPrompt, arm: Role, sample: int, most: int | None = None
    ) -> PlannedCall:
        """One prompt put to one arm, once; `most` tokens of answer, where not as the spec says."""
        side, text = self.arms[arm], prompt.text
        if _gets_passages(arm, side):
            text = with_passages(text, prompt.passages)
        system, said = side.system_prompt, prompt.messages
        if said and said[0].role == "system":  # servers take one, so the two become one
            own_system = said[0].content
            follows = self.system_in_text == "follows" and system
            system = f"{system}\n\n{own_system}" if follows else own_system
            said = said[1:]
        if said and text != prompt.text:
            asked_last = with_passages(said[-1].content, prompt.passages)
            said = (*said[:-1], said[-1].model_copy(update={"content": asked_last}))
        messages = _messages(system, side.examples, text, said)
        own, further = side.parameters, side.parameters.sent
        most = most or own.max_output_tokens or self.max_output_tokens
        temperature = self.temperature if own.temperature is None else own.temperature
        asked: list[Any] = [most, temperature]
        if side.reply is not None:
            asked.append(side.reply)
        if prompt.tools is not None:
            further = {**further, "tools": json.loads(prompt.tools)}
        if further:  # a call without keeps the hash it had before there were any
            asked.append(further)
        if side.reply is not None:
            further = {**further, "response_format": side.reply}
        # A given answer is the same whatever it would be asked with today.
        whole: list[Any] = [messages, side.endpoint, side.model, asked, sample]
        if side.endpoint.startswith(GIVEN):
            whole = [side.endpoint, prompt.id, prompt.text, sample]
        return PlannedCall(
            prompt_id=prompt.id,
            arm=arm,
            sample=sample,
            endpoint=side.endpoint,
            model=side.model,
            system_prompt=system,
            text=text,
            examples=side.examples,
            conversation=said,
            max_output_tokens=most,
            temperature=temperature,
            call_hash=_sha256(whole),
            further=further,
            group=prompt.group,
        )


def spec_of(case: Case) -> RunSpec:
    """What running this case would buy; arms without an endpoint or a model are left out."""
    arms: dict[Role, SpecArm] = {
        option: side_of_option(case, option)
        for option in case.options
        if (arm := case.arms[option]).endpoint.strip() and arm.model.strip()
    }
    looked_up = any(_gets_passages(option, side) for option, side in arms.items())
    return RunSpec(
        prompts=tuple(as_asked(prompt, looked_up=looked_up) for prompt in case.prompts),
        arms=arms,
        samples=case.run.samples,
        max_output_tokens=case.run.max_output_tokens,
        temperature=case.run.temperature,
        system_in_text=case.run.system_in_text,
    )


def as_asked(prompt: Prompt, *, looked_up: bool = False) -> SpecPrompt:
    """A text as it is sent; with its passages where one of the options gets them."""
    return SpecPrompt(
        id=prompt.id,
        text=prompt.text,
        passages=prompt.passages if looked_up else None,
        messages=prompt.messages,
        tools=prompt.tools,
    )


def side_of_option(case: Case, option: OptionId) -> SpecArm:
    """An option as a run of the case asks it."""
    arm, variant = case.arms[option], case.variant_of(option)
    shown = turns(case) if variant == "examples" else ()
    passages = variant == "passages"
    return SpecArm(
        endpoint=arm.endpoint.strip().rstrip("/"),
        model=arm.model.strip(),
        system_prompt=arm.system_prompt,
        examples=tuple(ExampleTurn(text=text, answer=answer) for text, answer in shown),
        # As by its name is not said: what runs of before have bought is what this would buy.
        with_passages=None if passages == _passages_by_name(option) else passages,
        parameters=_beside_the_run(arm.parameters, case.run),
    )


def _beside_the_run(own: Parameters, run: RunSettings) -> Parameters:
    """An option's parameters without those that only repeat the run's."""
    same = {"temperature": run.temperature, "max_output_tokens": run.max_output_tokens}
    return own.model_copy(
        update={name: None for name, value in same.items() if getattr(own, name) == value}
    )


def _gets_passages(option: Role, side: SpecArm) -> bool:
    return _passages_by_name(option) if side.with_passages is None else side.with_passages


def _passages_by_name(option: Role) -> bool:
    return variant_by_name(option) == "passages"


def shuffled(
    calls: Iterable[PlannedCall], seed: int, order: Sequence[str] | None = None
) -> list[PlannedCall]:
    """Calls in an order of chance, a prompt's side by side, the same for the same seed.

    So drift and throttling of an endpoint hit all arms alike. The prompts come in the order in
    which they are voted on, so a reader can begin while the run goes on.

    Args:
        calls: of a run.
        seed: of the order.
        order: of the prompts; None = by the seed alone. Those it does not name come last.
    """
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret
    groups: dict[str, list[PlannedCall]] = {}
    for call in calls:
        groups.setdefault(call.group or call.prompt_id, []).append(call)
    named = [prompt_id for prompt_id in order or () if prompt_id in groups]
    rest = random_order(groups.keys() - set(named), seed)
    in_order = [groups[prompt_id] for prompt_id in (*named, *rest)]
    for group in in_order:
        chance.shuffle(group)
        group.sort(key=lambda call: call.sample)
    return [call for group in in_order for call in group]


def _messages(
    system_prompt: str,
    examples: Iterable[ExampleTurn],
    text: str,
    conversation: tuple[ChatMessage, ...] = (),
) -> list[Message]:
    """The prompt, behind the system prompt and the examples where there are any."""
    said = [("system", system_prompt)] if system_prompt else []
    for example in examples:
        said += [("user", example.text), ("assistant", example.answer)]
    before: list[Message] = [{"role": role, "content": content} for role, content in said]
    return before + (as_sent(conversation) or [{"role": "user", "content": text}])


def _sha256(value: object) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
