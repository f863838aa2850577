"""What went wrong with a call, in one sentence, and what that means for the run."""

import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import httpx2
import openai

from advisor.errors import BadEndpoint

Severity = Literal["retry", "failed", "refused", "suspect", "stop_arm", "stop_run"]
"""`retry`: may pass. `failed`: this call won't. `refused`: a content filter. `suspect`: the address
looks wrong, unless it has answered before. `stop_arm`, `stop_run`: nor will the other calls."""

_REFUSALS = ("content_filter", "content_policy", "responsibleaipolicyviolation")
_BROKE = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active")
_NO_MODEL = ("model_not_found", "invalid_model", "model_decommissioned", "deploymentnotfound")
_RETRIED = (408, 409, 425, 429)
_LONGEST_QUOTE = 300


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a call has no answer."""

    severity: Severity
    sentence: str
    status: int | None = None
    code: str = ""
    param: str = ""


def redact(text: str, key: str) -> str:
    """The text without the key, and without what looks like one."""
    if len(key) >= 4:
        text = text.replace(key, "[key]")
    return re.sub(r"\b(sk-|Bearer\s+)[A-Za-z0-9_\-.~+/=]{8,}", r"\1[key]", text)


def fault_of_body(body: object, status: int, host: str, model: str) -> Fault:
    """Read an error a server sent, as a body or within a stream.

    Args:
        body: the `error` object, or the text where it was no JSON.
        status: HTTP status; 200 for an error within an answer.
        host: who sent it.
        model: the model asked for.
    """
    code, param, said = _read(body)
    words = code.lower()
    quote = f": {said}" if said else "."

    def fault(severity: Severity, sentence: str) -> Fault:
        return Fault(severity, sentence, status, code, param)

    if any(word in words for word in _REFUSALS):
        return fault("refused", f"The content filter of {host} refused this text{quote}")
    if status == 402 or any(word in words for word in _BROKE):
        return fault("stop_run", f"The account at {host} has no credit left{quote}")
    if status == 401:
        return fault("stop_run", f"{host} did not accept the key; check it{quote}")
    if status == 403:
        return fault("stop_run", f"{host} does not allow this key to do that{quote}")
    if words == "not_recorded":
        return fault("failed", said)
    if any(word in words for word in _NO_MODEL):
        return fault("stop_arm", f"{host} does not know the model “{model}”{quote}")
    if status == 404:
        return fault("stop_arm", f"{host} has no model “{model}” at this address{quote}")
    if 300 <= status < 400:
        return fault("suspect", f"{host} redirects to another address; enter that one instead.")
    if status in _RETRIED or status >= 500 or status == 200:
        what = "is answering too many requests" if status == 429 else f"had a fault ({status})"
        return fault("retry", f"{host} {what}{quote}")
    return fault("failed", f"{host} rejected the request ({status}){quote}")


def fault_of_error(error: Exception, host: str, model: str, timeout_s: float) -> Fault:
    """Read an error raised on the way to an answer."""
    if isinstance(error, openai.APIStatusError):
        return fault_of_body(error.body, error.status_code, host, model)
    if isinstance(error, (openai.APITimeoutError, httpx2.TimeoutException, TimeoutError)):
        return Fault("retry", f"{host} did not answer within {timeout_s:g} seconds.")
    causes = list(_causes(error))
    refused = next((cause for cause in causes if isinstance(cause, BadEndpoint)), None)
    if refused is not None:
        return Fault("stop_arm", str(refused))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return Fault("suspect", f"There is no server called {host}; check the address.")
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Fault(
            "suspect", f"{host} has no valid certificate; check the address and its https or http."
        )
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return Fault("retry", f"Nothing answers at {host}; check the address and the port.")
    if any(isinstance(cause, httpx2.ConnectError) for cause in causes):
        return Fault("retry", f"{host} could not be reached; check the address.")
    if isinstance(error, (openai.APIConnectionError, httpx2.TransportError)):
        return Fault("retry", f"{host} dropped the connection.")
    return Fault("retry", f"{host} sent an answer that could not be read.")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that led to it; anyio groups one error for each address it tried."""
    seen: set[int] = set()
    todo = [error]
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        todo += [cause for cause in (one.__cause__, one.__context__) if cause is not None]
        if isinstance(one, BaseExceptionGroup):
            todo += one.exceptions


def _read(body: object) -> tuple[str, str, str]:
    """(code, parameter, message) of an error object; each may be empty."""
    if isinstance(body, str):
        return "", "", "" if body.lstrip().startswith("<") else _quote(body)
    if isinstance(body, list) and body:  # Google wraps its errors in a list
        return _read(body[0])
    if not isinstance(body, Mapping):
        return "", "", ""
    if isinstance(body.get("error"), Mapping):
        return _read(body["error"])
    inner = body.get("innererror")
    codes = [body.get("code"), body.get("type")]
    if isinstance(inner, Mapping):
        codes.append(inner.get("code"))
    code = " ".join(str(code) for code in codes if code)
    message = body.get("message") or body.get("detail") or ""
    return code, str(body.get("param") or ""), _quote(str(message))


def _quote(said: str) -> str:
    one_line = " ".join(said.split())
    return one_line if len(one_line) <= _LONGEST_QUOTE else one_line[:_LONGEST_QUOTE] + "…"
