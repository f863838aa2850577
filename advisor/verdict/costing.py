"""Costing: what a case's options cost, from prices, tokens and people's time, and the range.

Whoever asks what something costs asks here; nothing else of the advisor calls `pricing.cost`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.evidence.model import Output, Vote
from advisor.evidence.people.votes import sent_by_prompt
from advisor.verdict.costs import Assumed, Costs
from advisor.verdict.own_machine import on_its_machine
from advisor.verdict.rules import Rules, load_rules
from advisor.verdict.tokens import (
    Lesson,
    lesson_of,
    measured_calls,
    output_is_counted,
    tokens_per_request,
    with_training,
)
from pricing.charges import (
    USUAL_EPOCHS,
    Amount,
    add,
    assumes_epochs,
    hosting_cost,
    machine_cost,
    storage_cost,
    token_cost,
    training_cost,
)
from pricing.cost import (
    Cost,
    Option,
    OptionCost,
    Tokens,
    Volume,
    compare_costs,
    cost_of,
    request_cost,
)
from pricing.entries import PriceCells
from pricing.people import PeopleTime, is_counted, people_time, usd_per_accepted
from pricing.quotes import Quote, quote
from pricing.spending import SpendRange, spend_range
from pricing.successors import Handover, cells_from, handovers
from pricing.uncertainty import BreakEvenRange, Stated, break_even_range

SPREAD_SEED = 0
"""The same run gives the same range."""
PILOT_HOURS = Decimal(24)
"""Hours a tuned model is hosted for a test."""


def price_case(
    case: Case,
    outputs: Sequence[Output],
    today: date,
    votes: Sequence[Vote] = (),
    against: OptionId = "base",
    challenger: OptionId = "tuned",
    priced: "Priced | None" = None,
    rules: Rules | None = None,
) -> Costs:
    """Quote each option on the day and work out what each costs.

    Args:
        case: what was asked.
        outputs: a run's, for the tokens it measured; none before a run.
        today: the day of the prices.
        votes: people's; an answer they would not send as it is needs correcting.
        against: the base option that the tuned one is compared with; the first one of the case
            where it has no such.
        challenger: the tuned option compared, likewise.
        priced: the options as priced on that day, where that was done before.
        rules: for the level of the break-even's range; those that ship unless others are given.

    Raises:
        PricingError: an offer is unknown or ambiguous; the message says what to choose.
    """
    if against not in case.arms:
        against = next(iter(case.bases), against)
    if challenger not in case.arms:
        challenger = next(iter(case.tuned_options), challenger)
    known = priced or price_options(case, outputs, today)
    alpha = (rules or load_rules()).evidence.alpha
    quotes, options, stops = known.quotes, known.options, known.handovers
    people = _people(case, votes)
    if is_counted([people.get(arm) for arm in (against, challenger) if arm in options]):
        options = {arm: replace(of, people=people.get(arm)) for arm, of in options.items()}
    tuned = case.tuned_options
    cost = compare(options, case.volume, today, against, challenger=challenger, tuned=tuned)
    stated = None
    if challenger in options and against in options:
        stated = Stated(options[against], options[challenger], case.volume, today)
    return Costs(
        quotes=quotes,
        cost=cost,
        people=people,
        usd_per_accepted={
            arm: usd_per_accepted(
                cost.arms[arm].total_usd, time.corrected_share, case.volume, cost.months_of_use
            )
            for arm, time in people.items()
            if options[arm].people is not None or not case.people.given
        },
        break_even_range=_range(case, cost, stated, outputs, alpha),
        stated=stated,
        currency=case.currency,
        options=options,
        handovers=stops,
        names=case.names,
        assumed={arm: _assumed(case, arm, of, quotes[arm]) for arm, of in options.items()},
    )


@dataclass(frozen=True, slots=True)
class Priced:
    """The prices of each option on a day, and what is compared by them."""

    quotes: dict[OptionId, Quote]
    options: dict[OptionId, Option]
    handovers: dict[OptionId, tuple[Handover, ...]]

    def usd_per_request(self, option: OptionId) -> Decimal | None:
        """One request, without training and hosting; None = not known."""
        found = self.options[option]
        return request_cost(found.cells, found.tokens, Volume()).usd


def price_options(case: Case, outputs: Sequence[Output], today: date) -> Priced:
    """Look up what each option of a case costs, before they are compared.

    Raises:
        PricingError: an offer is unknown or ambiguous; the message says what to choose.
    """
    by_option: dict[str, list[Output]] = {}
    for output in outputs:
        by_option.setdefault(output.arm, []).append(output)
    quotes: dict[OptionId, Quote] = {}
    options: dict[OptionId, Option] = {}
    stops: dict[OptionId, tuple[Handover, ...]] = {}
    for name in case.options:
        arm = case.arms[name]
        tokens = tokens_per_request(case, name, by_option.get(name, ()))
        quotes[name] = found = quote(
            arm.offer,
            arm.price,
            case.kind_of(name),
            today,
            input_tokens=int(tokens.input or 0),
            discount_percent=arm.discount_percent,
        )
        stops[name] = handovers(found, case.volume, today, int(tokens.input or 0))
        cells, later = cells_from(found.cells, stops[name], today)
        option = Option(
            cells=cells,
            tokens=tokens,
            stops_on=found.tuned_stops_on,
            later=later,
        )
        options[name] = on_its_machine(case, name, option, outputs)
    lessons = {arm: lesson_of(case, case.arms[arm]) for arm in case.tuned_options}
    options = as_trained(options, lessons, case.known)
    return Priced(quotes, options, stops)


def _assumed(case: Case, name: OptionId, of: Option, found: Quote) -> Assumed:
    arm, times = case.arms[name], case.arms[name].reasoning_multiplier
    counted = times is not None and output_is_counted(case, of.tokens)
    reasoning = times if counted else None
    if case.kind_of(name) != "tuned":
        return Assumed(reasoning=reasoning)
    pairs = seen = None
    if of.cells != found.cells:
        pairs = case.known.training_pairs or 0
        if case.training is not None and case.training.kind == "examples":
            seen = arm.price.epochs or case.training.epochs
    usual = assumes_epochs(of.cells)
    return Assumed(USUAL_EPOCHS if usual else None, reasoning, pairs, seen)


def _people(case: Case, votes: Sequence[Vote]) -> dict[OptionId, PeopleTime]:
    """People's time by arm; empty where nothing was given and no vote says what is corrected."""
    found: dict[OptionId, PeopleTime] = {}
    for arm in case.arms:
        sent = sent_by_prompt(votes, arm)
        measured = 1 - Decimal(str(sum(sent.values()) / len(sent))) if sent else None
        trained, own = case.kind_of(arm) == "tuned", case.arms[arm].corrected_share
        time = people_time(case.people, trained, measured, own)
        if case.people.given or time.corrected_share is not None:
            found[arm] = time
    return found


def _range(
    case: Case, cost: Cost, stated: Stated | None, outputs: Sequence[Output], alpha: float
) -> BreakEvenRange | None:
    """The break-even over the spread of the measured tokens; None where no run measured them."""
    if stated is None or cost.months_of_use == 0:
        return None
    calls = measured_calls(case, outputs, (cost.against, cost.challenger))
    if calls is None:
        return None
    return break_even_range(
        stated.base, stated.tuned, calls, case.volume, cost.months_of_use, SPREAD_SEED, alpha
    )


def as_trained(
    options: Mapping[OptionId, Option], lessons: Mapping[OptionId, Lesson], brief: Brief
) -> dict[OptionId, Option]:
    """The options, each tuned one priced with its training job, or as the model that exists.

    Args:
        options: by id.
        lessons: what each tuned option is trained on.
        brief: how many pairs there are, and whether a tuned model exists.
    """
    found = dict(options)
    for arm, lesson in lessons.items():
        tuned = found[arm]
        cells = with_training(tuned.cells, lesson, brief)
        found[arm] = replace(tuned, cells=cells, already_trained=brief.tuned_exists)
    return found


def compare(
    options: Mapping[OptionId, Option],
    volume: Volume,
    today: date,
    against: OptionId = "base",
    ask: Literal["all", "month", "none"] = "all",
    challenger: OptionId = "tuned",
    tuned: Collection[OptionId] = ("tuned",),
) -> Cost:
    """Compare what options cost; see `pricing.cost.compare_costs`."""
    return compare_costs(options, volume, today, against, ask, challenger, tuned)


def in_its_place(case: Case, money: Costs, arm: OptionId, found: Quote, today: date) -> OptionCost:
    """What another base model would cost: same requests, months and people's time."""
    tokens = money.cost.arms[arm].tokens
    stops = handovers(found, case.volume, today, int(tokens.input or 0))
    cells, later = cells_from(found.cells, stops, today)
    there = replace(money.options[arm], cells=cells, tokens=tokens, later=later)
    return cost_of(there, case.volume, money.cost.months_of_use, trained=False)


def training_usd(cells: PriceCells) -> Decimal | None:
    """One training job; None = not known."""
    return training_cost(cells).usd


def pilot_usd(cells: PriceCells, tokens: Tokens, texts: int) -> Decimal | None:
    """A pilot: one training job, a day of hosting or a month of storage, and the texts once."""
    hosted = cells.model_copy(update={"hosting_hours_per_month": PILOT_HOURS, "replicas": None})
    one = request_cost(cells, tokens, Volume())
    run = Amount(None if one.usd is None else one.usd * texts, one.missing)
    return add(training_cost(cells), hosting_cost(hosted), storage_cost(cells), run).usd


def request_usd(money: Costs, arm: OptionId) -> Decimal | None:
    """One request with the tokens measured or counted, neither cached nor in a batch."""
    quoted, option = money.quotes.get(arm), money.cost.arms.get(arm)
    if quoted is None or option is None:
        return None
    tokens = token_cost(quoted.cells, option.tokens, Volume())
    return add(tokens, machine_cost(money.options[arm].cells)).usd


def call_usd(
    cells: PriceCells, input_tokens: int, output_tokens: int, cached_tokens: int = 0
) -> Decimal | None:
    """What is billed for one call: its own tokens, cached ones at their price where there is one.

    An own machine's hour is billed to nobody call by call.
    """
    volume = Volume()
    if cached_tokens and input_tokens and cells.cached_input is not None:
        volume = Volume(cached_share=Decimal(cached_tokens) / input_tokens)
    tokens = Tokens(Decimal(input_tokens), Decimal(output_tokens), "measured")
    return token_cost(cells, tokens, volume).usd


def answer_usd(money: Costs, output: Output) -> Decimal | None:
    """What one answer costs at its option's prices, from its own tokens; None = not known.

    A recorded answer costs what it would at the prices stated for its option.
    """
    quoted = None if output.arm == "judge" else money.quotes.get(output.arm)
    if quoted is None or output.input_tokens is None or output.output_tokens is None:
        return None
    cached = output.cached_tokens or 0
    billed = call_usd(quoted.cells, output.input_tokens, output.output_tokens, cached)
    machine = machine_cost(money.options[output.arm].cells)
    return add(Amount(billed), machine).usd


def spend_ranges(
    case: Case, money: Costs, outputs: Sequence[Output], alpha: float
) -> dict[OptionId, SpendRange]:
    """The total of each option as low and high, where it is known."""
    given = case.volume
    measured = None in (given.input_tokens_per_request, given.output_tokens_per_request)
    found: dict[OptionId, SpendRange] = {}
    for arm in money.options:
        calls = [
            (o.input_tokens, o.output_tokens)
            for o in (outputs if measured else ())
            if o.arm == arm
            and o.outcome == "answered"
            and o.input_tokens is not None
            and o.output_tokens is not None
        ]
        months = money.cost.months_of_use
        spread = spend_range(
            money.options[arm], case.volume, months, case.kind_of(arm) == "tuned", alpha, calls
        )
        if spread is not None:
            found[arm] = spread
    return found
