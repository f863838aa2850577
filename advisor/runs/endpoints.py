"""The endpoints of a run, as its calls share them: client, pace, quirks, whether they answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import httpx2

from advisor.case.case import RunSettings
from advisor.case.endpoints import at_once
from advisor.case.options import Role
from advisor.case.run_spec import RunSpec
from advisor.host.endpoints import check_model, host_endpoint
from advisor.llm.client import Client, make_client
from advisor.llm.limits import EndpointLimit, told_window
from advisor.llm.quirks import Quirks
from advisor.llm.replay import replayed_sample
from advisor.store.refusals import Refused

if TYPE_CHECKING:
    from advisor.runs.workers.shared_limit import SharedLimit

_GIVEN_UP_IN_A_ROW = 5
_ALIKE_AT_FIRST = 3
_ALIKE_LATER = 8
"""Calls in a row that were turned away alike: before the option has answered once, and after."""


@dataclass(slots=True)
class Endpoint:
    """One address; both arms may share it."""

    limit: EndpointLimit
    shared: "SharedLimit | None" = None
    """How often all processes together ask it; None = only this process counts."""
    quirks: Quirks = field(default_factory=Quirks)
    address: str = ""
    answers: bool = False
    """It has answered in this execution, so a strange reply is a passing one."""


@dataclass(slots=True)
class EndpointSide:
    """One arm's way to its model."""

    client: Client
    endpoint: Endpoint
    replayed: bool
    stopped: str | None = None
    """Why no further call is made, in one sentence."""
    given_up: int = 0
    """Calls in a row that failed after all their attempts."""
    timeout_s: float = 60.0
    answered: bool = False
    served: str | None = None
    """The model that answered, as the endpoint calls it."""
    alike: tuple[str, int] = ("", 0)
    """Why the last call was turned away, and how many in a row were for the same."""
    times: Decimal = Decimal(1)
    """How many times its highest price a call has cost at most, where that was too low."""

    def heard(self, *, answered: bool) -> None:
        """Take note of a finished call."""
        if answered:
            self.endpoint.answers = self.answered = True
            self.given_up = 0

    def went_through(self) -> None:
        """A call has come to its end, and nothing was turned away."""
        self.alike = ("", 0)

    def turned_away(self, sentence: str) -> None:
        """A call was turned away for good; a few alike in a row, of whatever code, stop the arm."""
        kind = re.sub(r"\d+", "#", sentence)
        self.alike = (kind, self.alike[1] + 1 if self.alike[0] == kind else 1)
        if self.alike[1] >= (_ALIKE_LATER if self.answered else _ALIKE_AT_FIRST):
            self.stopped = sentence

    def gave_up(self, sentence: str) -> None:
        """A call failed after all its attempts; too many of them, or a first one, stop the arm."""
        self.given_up += 1
        if self.given_up >= _GIVEN_UP_IN_A_ROW or not self.endpoint.answers:
            self.stopped = sentence


def open_sides(
    spec: RunSpec,
    settings: RunSettings,
    keys: Mapping[Role, str],
    transports: Mapping[Role, httpx2.AsyncBaseTransport],
    database: str | None = None,
    refused: Refused | None = None,
) -> dict[Role, EndpointSide]:
    """A side for each arm; arms at one address share its limit.

    Args:
        spec: what is asked.
        settings: concurrency and time-out.
        keys: each arm's key; an address of the host takes the host's.
        transports: stand in for the network, by arm.
        database: URL of the Postgres over which all processes share an address's limit; None =
            this process counts alone, all its runs together.
        refused: what runs before this one have found out, so that nothing is sent in vain again.

    Raises:
        BadEndpoint: an address can't be used, or its host lets that model not be asked.
    """
    endpoints: dict[str, Endpoint] = {}
    sides: dict[Role, EndpointSide] = {}
    for name, arm in spec.arms.items():
        check_model(arm.endpoint, arm.model)
        client = make_client(arm, keys.get(name), settings.timeout_s, transports.get(name))
        endpoint = endpoints.get(arm.endpoint) or _endpoint(arm.endpoint, settings, database)
        endpoints[arm.endpoint] = endpoint
        if known := (refused or {}).get((arm.endpoint, arm.model)):
            endpoint.quirks.know(arm.model, known)
        sides[name] = EndpointSide(
            client,
            endpoint,
            replayed_sample(arm.endpoint) is not None,
            timeout_s=settings.timeout_s,
        )
    return sides


def _endpoint(address: str, settings: RunSettings, database: str | None) -> Endpoint:
    """An address with the limits that its host has set."""
    hosted = host_endpoint(address)
    if hosted is None or hosted.requests is None:
        limit = EndpointLimit(at_once(address, settings.concurrency))
        return Endpoint(limit, address=address)
    if database is None:
        told = told_window(address, hosted.requests, hosted.per_s)
        limit = EndpointLimit(settings.concurrency, told)
        return Endpoint(limit, address=address)
    from advisor.runs.workers.shared_limit import shared_limit  # needs requirements-scale.txt

    shared = shared_limit(database, address, hosted.requests, hosted.per_s)
    return Endpoint(EndpointLimit(settings.concurrency), shared, address=address)
