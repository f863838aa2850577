"""What went wrong with a call, in one sentence, and what that means for the run."""

import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

import httpx2
import openai

from advisor.errors import BadEndpoint
from advisor.llm.addresses import mended
from advisor.llm.kinds import kinds
from advisor.llm.reason import SaidError, quoted, reason_of

Severity = Literal["retry", "failed", "refused", "suspect", "stop_arm"]
"""`retry`: may pass. `failed`: this call won't. `refused`: a content filter. `suspect`: the address
looks wrong, unless it has answered before. `stop_arm`: nor will the option's other calls."""

FaultCause = Literal["", "loading", "address", "system_role", "bound", "room", "too_long"]
"""Of those that are met in a way of their own: the model is being loaded; nothing answers chat
completions at this path; an instruction can't be sent as one; the answer's bound is larger than the
server takes; it is larger than this text has left of the window; this text is longer than that, which
says nothing of the others."""

_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG")
"""What OpenSSL calls an answer in plain http."""
LONGEST_WAIT_S = 120.0
"""A server that asks to wait for longer stops the option: nobody looks at a screen for hours."""
_RETRIED = (408, 409, 425, 429, 499)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a call has no answer."""

    severity: Severity
    sentence: str
    status: int | None = None
    code: str = ""
    param: str = ""
    cause: FaultCause = ""
    wait_s: float | None = None
    """How long the server asks to wait."""
    bound: int | None = None
    """The most tokens of an answer that the server takes, where it has said so."""


@dataclass(frozen=True, slots=True)
class AskedHost:
    """Who is asked, as a sentence names it."""

    host: str
    where: str
    """With the port, where the address names one."""


def redact(text: str, key: str) -> str:
    """The text without the key, and without what looks like one."""
    if len(key) >= 4:
        text = text.replace(key, "[key]")
    return re.sub(r"\b(sk-|Bearer\s+)[A-Za-z0-9_\-.~+/=]{8,}", r"\1[key]", text)


def fault_of_body(
    body: object, status: int, host: str, model: str, wait_s: float | None = None
) -> Fault:
    """Read an error a server sent, as a body or within a stream.

    Args:
        body: the `error` object, or the text where it was no JSON.
        status: HTTP status; 200 for an error within an answer.
        host: who sent it.
        model: the model asked for.
        wait_s: how long the headers ask to wait.
    """
    reason = reason_of(body)
    status = reason.status or status if status == 200 else status
    page = isinstance(body, str) and body.lstrip().startswith("<")
    said = _Complaint(
        reason, status, host, model, reason.wait_s if wait_s is None else wait_s, page
    )
    for look in (_of_the_account, _of_the_text, _of_the_key, _of_the_model, _of_the_address):
        if (found := look(said)) is not None:
            return found
    return _of_the_request(said)


@dataclass(frozen=True, slots=True)
class _Complaint:
    """An error as it is read: what it says, by which status, and of whom."""

    reason: SaidError
    status: int
    host: str
    model: str
    asked_s: float | None
    page: bool
    """It is a web page."""

    @property
    def quote(self) -> str:
        """Its reason, behind our own words."""
        return f": {self.reason.said}" if self.reason.said else "."

    def has(self, said: tuple[str, ...]) -> bool:
        """Whether any of these stands in its codes or words."""
        return any(word in self.reason.words for word in said)

    def has_code(self, said: tuple[str, ...]) -> bool:
        """Whether any of these stands in its codes."""
        return any(word in self.reason.codes.lower() for word in said)

    def fault(
        self, severity: Severity, sentence: str, cause: FaultCause = "", bound: int | None = None
    ) -> Fault:
        codes, param = self.reason.codes, self.reason.param
        return Fault(severity, sentence, self.status, codes, param, cause, self.asked_s, bound)


def _of_the_account(said: _Complaint) -> Fault | None:
    """Money and quotas: nothing more is to be had."""
    says, busy = kinds().says, said.status in (429, 503)
    if busy and said.has(says.of_the_day):
        return said.fault("stop_arm", _used_up(said.host, said.asked_s, said.quote))
    spent = said.has(says.no_credit) or (said.has(says.no_quota) and said.asked_s is None)
    if said.status == 402 or spent:
        return said.fault(
            "stop_arm",
            f"The account at {said.host} has no credit left; top it up, then go on{said.quote}",
        )
    if busy and (said.asked_s or 0) > LONGEST_WAIT_S:
        return said.fault("stop_arm", _used_up(said.host, said.asked_s, said.quote))
    return None


def _of_the_text(said: _Complaint) -> Fault | None:
    """This text is refused or too long, which says nothing of the others."""
    says = kinds().says
    if said.has_code(says.refused) or said.has(says.refused_for):
        return said.fault(
            "refused", f"The content filter of {said.host} refused this text{said.quote}"
        )
    too_long = said.has(says.too_long) and said.status not in (401, 403, 404, 429)
    too_long = too_long and most_tokens(said.reason.words) is None
    if said.status == 413 or said.has(says.too_large) or too_long:
        return said.fault(
            "failed",
            f"The text is longer than “{said.model}” at {said.host} takes in one go{said.quote}",
            "too_long",
        )
    return None


def _of_the_key(said: _Complaint) -> Fault | None:
    """Who asks is not let in."""
    host = said.host
    if said.status == 401:
        return said.fault("stop_arm", f"{host} did not accept the key; check it{said.quote}")
    if said.status == 403 and said.page:
        return said.fault(
            "suspect",
            f"{host} sent a web page in place of an answer (403): something in front of it, such "
            "as a firewall, lets no program through.",
        )
    if said.status == 403:
        return said.fault("stop_arm", f"{host} does not allow this key to do that{said.quote}")
    return None


def _of_the_model(said: _Complaint) -> Fault | None:
    """The model is not to be had, or not yet."""
    says, host, model, quote = kinds().says, said.host, said.model, said.quote
    if said.has_code(("not_recorded",)):
        return said.fault("failed", said.reason.said)
    if said.has(says.no_offer):
        return said.fault(
            "stop_arm", f"{host} has nobody who serves “{model}” on your account's terms{quote}"
        )
    if said.has(says.no_memory):
        return said.fault(
            "stop_arm", f"{host} has too little memory for the model “{model}”{quote}"
        )
    named = re.search(rf"(?<![\w/.-]){re.escape(model.lower())}(?![\w.-])", said.reason.words)
    not_found = said.status == 404 and named and not said.has(says.no_address)
    if said.has_code(says.no_model) or not_found:
        return said.fault("stop_arm", f"{host} does not know the model “{model}”{quote}")
    if said.status == 503 and said.has(says.loading):
        return said.fault("retry", f"{host} is still loading the model “{model}”{quote}", "loading")
    return None


def _of_the_address(said: _Complaint) -> Fault | None:
    """Nothing answers chat completions there."""
    says = kinds().says
    if said.has(says.wants_https):
        return said.fault(
            "stop_arm", f"{said.host} wants https: let the address begin with https://."
        )
    if said.status in (404, 405) or said.has(says.no_address):
        return said.fault("stop_arm", _nowhere(said.host, said.quote), "address")
    return None


def _of_the_request(said: _Complaint) -> Fault:
    """A fault that may pass, or a request that is turned away as it stands."""
    says, status, words = kinds().says, said.status, said.reason.words
    if said.has(says.no_system_role):
        return said.fault(
            "failed", f"{said.host} takes no instruction apart{said.quote}", "system_role"
        )
    of_no_use = status == 200 and said.has_code(says.no_use)
    number = "" if status == 200 else f" ({status})"
    if status in _RETRIED or status >= 500 or (status == 200 and not of_no_use):
        what = "is answering too many requests" if status == 429 else f"had a fault{number}"
        return said.fault("retry", f"{said.host} {what}{said.quote}")
    rejected = f"{said.host} rejected the request{number}{said.quote}"
    bound = most_tokens(words)
    if bound is None:
        return said.fault("failed", rejected)
    of_this_text = _ROOM_LEFT.search(words) or _WINDOW.search(words)
    return said.fault("failed", rejected, "room" if of_this_text else "bound", bound)


def _nowhere(host: str, quote: str) -> str:
    return (
        f"{host} answers, but no chat completions at this address; enter the one that its maker "
        f"gives for them, most often ending in /v1{quote}"
    )


def _redirected(host: str, location: str, status: int) -> Fault:
    parts = urlsplit(location)
    there = "another address; enter that one instead"
    if parts.scheme in ("http", "https") and parts.hostname:
        bare = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
        there = f"{quoted(mended(bare))}; enter that address instead"
    return Fault("suspect", f"{host} redirects to {there}.", status)


def _used_up(host: str, wait_s: float | None, quote: str) -> str:
    if not wait_s or wait_s <= LONGEST_WAIT_S:
        return f"The quota of the day at {host} is used up; go on tomorrow{quote}"
    until = datetime.now(UTC) + timedelta(seconds=min(wait_s, _LONGEST_SAID_S))
    return f"{host} takes no more requests until {until:%-d %b, %H:%M} UTC; go on then{quote}"


def most_tokens(words: str) -> int | None:
    """The most tokens of an answer that a complaint about the bound allows; None = it is none."""
    if not _ABOUT_BOUND.search(words):
        return None
    if whole := _WINDOW.search(words):
        return max(0, int(whole[1]) - int(whole[2])) or None
    if below := re.search(r"to (\d+) \(exclusive\)", words):
        return int(below[1]) - 1
    if (left := re.search(r"(\d+) - (\d+)", words)) and int(left[1]) > int(left[2]):
        return int(left[1]) - int(left[2])  # the window, less what was sent
    window = _ROOM_LEFT.search(words)
    sent = re.search(r"(\d+) in the messages", words)
    if window:
        return max(0, int(window[1]) - int(sent[1])) or None if sent else None
    if allowed := _ALLOWED.search(words):
        return int(next(filter(None, allowed.groups())))
    return None


_ROOM_LEFT = re.compile(r"context length is (\d+)")
_WINDOW = re.compile(r"must be <= (\d+)\. given: (\d+) `inputs`")
_ABOUT_BOUND = re.compile(
    r"max_(?:completion_|new_|output_)?tokens|maxoutputtokens|completion tokens|output tokens"
    r"|maximum tokens"
)
_ALLOWED = re.compile(
    r"\[\s*\d+\s*,\s*(\d+)\s*\]"
    r"|\b\d+\s*(?:\.\.+|to|and|-|–)\s*(\d+)\b"
    r"|(?:at most|maximum(?: value)?(?: allowed)?(?: of| is)?|less than or equal to|up to|<="
    r"|limit(?: of| is))\W{0,3}(\d+)"
    r"|> (\d+), which is the maximum"
)
_LONGEST_SAID_S = 366 * 86_400.0


def fault_of_error(
    error: Exception, place: AskedHost, model: str, timeout_s: float, wait_s: float | None = None
) -> Fault:
    """Read an error raised on the way to an answer; `wait_s`: how long its headers ask to wait."""
    host, where = place.host, place.where
    if isinstance(error, openai.APIStatusError):
        if 300 <= error.status_code < 400:
            return _redirected(host, error.response.headers.get("location", ""), error.status_code)
        said = error.body if error.body is not None else error.response.text
        return fault_of_body(said, error.status_code, host, model, wait_s)
    if isinstance(error, (openai.APITimeoutError, httpx2.TimeoutException, TimeoutError)):
        return Fault("retry", f"{host} did not answer within {timeout_s:g} seconds.")
    causes = list(_causes(error))
    refused = next((cause for cause in causes if isinstance(cause, BadEndpoint)), None)
    if refused is not None:
        return Fault("stop_arm", str(refused))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return Fault("suspect", f"There is no server called {host}; check the address.")
    unmet = [cause for cause in causes if isinstance(cause, ssl.SSLError)]
    if any((getattr(cause, "reason", None) or "") in _NO_TLS for cause in unmet):
        return Fault(
            "stop_arm", f"{where} speaks http, not https: let the address begin with http://."
        )
    if unmet:
        return Fault(
            "suspect", f"{host} has no valid certificate; check the address and its https or http."
        )
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return Fault("retry", f"Nothing answers at {where}; check the address and the port.")
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
