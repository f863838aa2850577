""" "Test this connection": one tiny call, so a wrong address, key or model shows before a run."""

import asyncio
from dataclasses import dataclass

import httpx2

from advisor.host.endpoints import check_model
from advisor.llm.client import make_client
from advisor.llm.replay import replayed_sample
from advisor.llm.replies import Call, ask

_LONGEST_S = 10.0
_MAX_TOKENS = 16


@dataclass(frozen=True, slots=True)
class Probe:
    """What a connection test found."""

    ok: bool
    sentence: str
    latency_ms: float | None = None
    served_model: str | None = None


def probe(
    endpoint: str,
    model: str,
    key: str | None = None,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> Probe:
    """Ask a model for a word, for at most 10 seconds. Not for use on an event loop.

    Args:
        endpoint: the address.
        model: the model's id.
        key: the key, if the endpoint wants one.
        transport: stands in for the network.

    Raises:
        BadEndpoint: the address can't be used as it is.
    """
    return asyncio.run(_probe(endpoint, model, key, transport))


async def _probe(
    endpoint: str, model: str, key: str | None, transport: httpx2.AsyncBaseTransport | None
) -> Probe:
    check_model(endpoint, model)
    client = make_client(endpoint, key, _LONGEST_S, transport)
    if replayed_sample(endpoint) is not None:
        return Probe(True, "Recorded answers: they need no connection.")
    call = Call(model, [{"role": "user", "content": "Reply with the word OK."}], _MAX_TOKENS)
    try:
        async with asyncio.timeout(_LONGEST_S):
            reply = await ask(client, call)
    except TimeoutError:
        host = client.base_url.host
        return Probe(False, f"{host} did not answer within {_LONGEST_S:g} seconds.")
    finally:
        await client.close()
    if reply.fault is not None and reply.fault.severity != "refused":
        return Probe(False, reply.fault.sentence)
    seconds = (reply.latency_ms or 0) / 1000
    return Probe(
        True,
        f"{model} answered in {seconds:.1f} seconds.",
        reply.latency_ms,
        reply.served_model,
    )
