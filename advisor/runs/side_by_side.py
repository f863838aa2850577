"""One message streamed from several options side by side, for a live try; nothing is stored."""

import asyncio
from collections.abc import Callable, Collection
from functools import partial

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.case.run_spec import PlannedCall, spec_of
from advisor.case.texts import Prompt
from advisor.llm.client import make_client
from advisor.llm.quirks import Call
from advisor.llm.replies import Reply, ask


def answer_beside(
    case: Case, options: Collection[OptionId], text: str, live: Callable[[OptionId, str], None]
) -> dict[OptionId, Reply]:
    """Ask these options and wait for them all. Not for use on an event loop.

    Args:
        case: with the options, whose addresses need no key.
        options: those asked.
        text: the message.
        live: gets each piece of an answer as it comes, in the caller's thread.

    Raises:
        BadEndpoint: an address can't be used.
    """
    spec = spec_of(case.model_copy(update={"prompts": (Prompt(id="own", text=text),)}))
    calls = [call for call in spec.calls() if call.arm in options and call.sample == 0]
    return asyncio.run(_answers(calls, case.run.timeout_s, live))


async def _answers(
    calls: Collection[PlannedCall], timeout_s: float, live: Callable[[OptionId, str], None]
) -> dict[OptionId, Reply]:
    asked = (_answer(call, timeout_s, partial(live, call.arm)) for call in calls)
    replies = await asyncio.gather(*asked)
    return {call.arm: reply for call, reply in zip(calls, replies, strict=True)}


async def _answer(call: PlannedCall, timeout_s: float, live: Callable[[str], None]) -> Reply:
    client = make_client(call.endpoint, timeout_s=timeout_s)
    planned = Call(
        call.model, call.messages, call.max_output_tokens, call.temperature, call.further
    )
    try:
        return await ask(client, planned, live=live)
    finally:
        await client.close()
