""" "Test this connection": one tiny call, so a wrong address, key or model shows before a run."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import httpx2

from advisor.case.refusals import Refusals
from advisor.host.endpoints import check_model
from advisor.llm.client import Client, make_client
from advisor.llm.quirks import Call, Quirks
from advisor.llm.replay import replayed_sample
from advisor.llm.replies import Reply, ask

_LONGEST_S = 10.0
_MAX_TOKENS = 16


@dataclass(frozen=True, slots=True)
class Probe:
    """What a connection test found."""

    ok: bool
    sentence: str
    latency_ms: float | None = None
    served_model: str | None = None
    refused: Refusals | None = None
    """What the address did not take, and was not known before; None = nothing."""


def probe(
    endpoint: str,
    model: str,
    key: str | None = None,
    transport: httpx2.AsyncBaseTransport | None = None,
    *,
    known: Refusals | None = None,
) -> Probe:
    """Ask a model for a word, for at most 10 seconds. Not for use on an event loop.

    Args:
        endpoint: the address.
        model: the model's id.
        key: the key, if the endpoint wants one.
        transport: stands in for the network.
        known: what the address did not take before.

    Raises:
        BadEndpoint: the address can't be used as it is.
    """
    quirks = Quirks.knowing(model, known)
    found = asyncio.run(_probe(endpoint, model, key, transport, quirks))
    return replace(found, refused=quirks.learnt.get(model))


async def ask_twice(
    client: Client,
    call: Call,
    quirks: Quirks | None = None,
    live: Callable[[str], None] | None = None,
) -> Reply:
    """One call, and another where the connection was lost: some servers close it after each."""
    reply = await ask(client, call, quirks, live)
    fault = reply.fault
    if fault is not None and fault.severity == "retry" and fault.status is None:
        reply = await ask(client, call, quirks, live)
    return reply


def another_model(asked: str, served: str | None) -> str:
    """That another model answered than was asked for, as a further sentence; "" = none is known."""
    if served is None or _alike(asked, served):
        return ""
    return f" But it calls itself “{served}”: check that this is the model you want."


def _alike(asked: str, served: str) -> bool:
    """Whether one name is the other with a date, a vendor or a folder."""
    names = [re.sub(r"[^a-z0-9]", "", name.lower().rsplit("/", 1)[-1]) for name in (asked, served)]
    return any(not one or one in other for one, other in (names, names[::-1]))


async def _probe(
    endpoint: str,
    model: str,
    key: str | None,
    transport: httpx2.AsyncBaseTransport | None,
    quirks: Quirks,
) -> Probe:
    check_model(endpoint, model)
    client = make_client(endpoint, key, _LONGEST_S, transport)
    if replayed_sample(endpoint) is not None:
        return Probe(True, "Recorded answers: they need no connection.")
    call = Call(model, [{"role": "user", "content": "Reply with the word OK."}], _MAX_TOKENS)
    first: list[float] = []
    began = time.monotonic()
    reply: Reply | None = None
    try:
        async with asyncio.timeout(_LONGEST_S):
            reply = await ask_twice(client, call, quirks, lambda _: first.append(time.monotonic()))
    except TimeoutError:
        if not first:
            host = client.base_url.host
            return Probe(False, f"{host} did not answer within {_LONGEST_S:g} seconds.")
    finally:
        await client.close()
    if reply is None:  # the first piece will do: it is a slow one, and it answers
        seconds = first[0] - began
        said = f"{model} began to answer after {seconds:.1f} seconds; it writes slowly."
        return Probe(True, said, seconds * 1000)
    if reply.fault is not None and reply.fault.severity != "refused":
        return Probe(False, reply.fault.sentence)
    seconds = (reply.latency_ms or 0) / 1000
    return Probe(
        True,
        f"{model} answered in {seconds:.1f} seconds.{another_model(model, reply.served_model)}",
        reply.latency_ms,
        reply.served_model,
    )
