"""Starting a search: here and now for the command line, or in the background for a page."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal

from advisor.case.case import Case
from advisor.case.options import OptionId, Role
from advisor.case.run_spec import Price
from advisor.evidence.instruction_search import InstructionSearch, SearchPlan
from advisor.runs import inline
from advisor.runs.improve.plan import REFLECTS, spec_of_search
from advisor.runs.prices import price_of_calls
from advisor.runs.runner import Means
from advisor.store.repository import Store


def keep_search(store: Store, case_id: str, case: Case, plan: SearchPlan) -> str:
    """Write what a search does, and give its run's id; the same search again is the same run."""
    cap = None if plan.usd is None else float(plan.usd)
    settings = case.run.model_copy(update={"cap_usd": cap})
    return store.start_search(case_id, spec_of_search(case, plan), plan, settings)


def means_of(case: Case, option: OptionId, keys: Mapping[Role, str], today: date) -> Means:
    """Keys and prices of a search: who proposes has the judge's, else the option's own.

    Raises:
        PricingError: an offer is unknown or ambiguous.
    """
    who = proposer(case, option)
    mine = {option: keys[option]} if option in keys else {}
    if who in keys:
        mine[REFLECTS] = keys[who]
    return Means(mine, None, price_of_search(case, option, today))


def price_of_search(case: Case, option: OptionId, today: date) -> Price:
    """What one call of a search costs.

    Raises:
        PricingError: an offer is unknown or ambiguous.
    """
    of_case, who = price_of_calls(case, today), proposer(case, option)

    def price(
        role: Role, input_tokens: int, output_tokens: int, cached_tokens: int = 0, /
    ) -> Decimal | None:
        asked = who if role == REFLECTS else role
        return of_case(asked, input_tokens, output_tokens, cached_tokens)

    return price


def proposer(case: Case, option: OptionId) -> Role:
    """Whose model proposes instructions: the judge's where there is one, else the option's."""
    return REFLECTS if case.judge is not None and case.judge.answers else option


def price_is_known(case: Case, option: OptionId, today: date) -> bool:
    """Whether a search can be held to an amount of money."""
    price = price_of_search(case, option, today)
    return all(price(role, 1, 1) is not None for role in (option, REFLECTS))


def start(store: Store, run_id: str, case: Case, plan: SearchPlan, means: Means) -> bool:
    """Start a search or go on with it, and come back at once; False = it goes on already, here.

    Raises:
        RunIsLive, BadEndpoint, UnpricedCap: nothing was sent.
    """
    return inline.start_search(store, run_id, case, plan, means)


def improve(
    store: Store, case_id: str, case: Case, plan: SearchPlan, means: Means
) -> InstructionSearch:
    """Search, or go on with a search; waits until it ends.

    Raises:
        RunIsLive, BadEndpoint, UnpricedCap: nothing was sent.
    """
    from advisor.runs.improve.search import Search  # gepa takes half a second to load

    run_id = keep_search(store, case_id, case, plan)

    async def go() -> None:
        await Search(store, run_id, case, plan, means).run()

    with suppress(KeyboardInterrupt):  # what was answered is kept, and how it stands is said
        asyncio.run(go())
    return next(one for one in store.searches(case_id) if one.run_id == run_id)
