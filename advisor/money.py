"""What a case's options cost: tokens of each from its own instruction, prices, and both joined."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from statistics import fmean

from advisor.case import ARMS, Arm, ArmName, Case
from advisor.evidence.model import Output
from advisor.prompts import Prompt
from pricing.cost import Cost, Option, Tokens, Volume, compare_costs, request_cost
from pricing.quotes import Quote, quote
from pricing.tokens import count_chat_tokens, count_tokens


@dataclass(frozen=True, slots=True)
class Money:
    """Prices and costs of the options of a case, by arm."""

    quotes: dict[ArmName, Quote]
    cost: Cost


def price_case(case: Case, outputs: Sequence[Output], today: date) -> Money:
    """Quote each option on the day and work out what each costs.

    Raises:
        PricingError: an offer is unknown or ambiguous; the message says what to choose.
    """
    quotes: dict[ArmName, Quote] = {}
    options: dict[str, Option] = {}
    for name in ARMS:
        arm = case.arms.get(name)
        if arm is None:
            continue
        tokens = tokens_per_request(case, arm, [o for o in outputs if o.arm == name])
        quotes[name] = found = quote(
            arm.offer,
            arm.price,
            "tuned" if name == "tuned" else "base",
            today,
            input_tokens=int(tokens.input or 0),
        )
        options[name] = Option(
            cells=found.cells,
            tokens=tokens,
            stops_on=found.tuned_stops_on,
            already_trained=name == "tuned" and case.brief.tuned_exists,
        )
    return Money(quotes, compare_costs(options, case.volume, today))


def tokens_per_request(case: Case, arm: Arm, outputs: Sequence[Output]) -> Tokens:
    """Mean tokens of one request to an arm: as given, else as measured, else as counted.

    Input is counted from the prompts with the arm's own instruction; output, before any run, from
    the approved answers. None where there is nothing to count.
    """
    given_in = case.volume.input_tokens_per_request
    given_out = case.volume.output_tokens_per_request
    answered = [o for o in outputs if o.outcome == "answered"]
    measured_in = _mean(o.input_tokens for o in answered)
    measured_out = _mean(o.output_tokens for o in answered)
    counted_in, counted_out = _counted(case.prompts, arm.system_prompt, arm.model)
    return Tokens(
        input=_first(given_in, measured_in, counted_in),
        output=_first(given_out, measured_out, counted_out),
        origin=(
            "given"
            if given_in is not None and given_out is not None
            else "measured"
            if measured_out is not None
            else "counted"
        ),
    )


@lru_cache(maxsize=32)
def prompt_tokens(prompts: tuple[Prompt, ...], model: str) -> tuple[int, ...]:
    """Tokens of each prompt's text, in order."""
    return tuple(count_tokens(prompt.text, model) for prompt in prompts)


@lru_cache(maxsize=32)
def _counted(
    prompts: tuple[Prompt, ...], system: str, model: str
) -> tuple[Decimal | None, Decimal | None]:
    fixed = count_chat_tokens(system, "", model)
    sent = [fixed + n for n in prompt_tokens(prompts, model)]
    approved = [count_tokens(p.reference, model) for p in prompts if p.reference]
    return _mean(sent), _mean(approved)


def _mean(counts: Iterable[int | None]) -> Decimal | None:
    known = [count for count in counts if count is not None]
    return Decimal(str(round(fmean(known), 3))) if known else None


def _first(*values: Decimal | None) -> Decimal | None:
    return next((value for value in values if value is not None), None)


def price_of_calls(case: Case, today: date) -> Callable[[ArmName, int, int], Decimal | None]:
    """What one call of an arm with so many tokens in and out costs, USD; None = not known.

    Recorded answers cost nothing: they were bought by whoever recorded them.

    Raises:
        PricingError: an offer is unknown or ambiguous.
    """
    quotes = price_case(case, (), today).quotes

    def price(arm: ArmName, input_tokens: int, output_tokens: int) -> Decimal | None:
        if case.arms[arm].recorded:
            return Decimal(0)
        tokens = Tokens(Decimal(input_tokens), Decimal(output_tokens), "measured")
        return request_cost(quotes[arm].cells, tokens, Volume()).usd

    return price
