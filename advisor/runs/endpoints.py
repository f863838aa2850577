"""The endpoints of a run, as its calls share them: client, pace, quirks, whether they answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx2

from advisor.case.case import RunSettings
from advisor.case.options import Role
from advisor.case.run_spec import RunSpec
from advisor.host.endpoints import check_model, host_endpoint
from advisor.llm.client import Client, make_client
from advisor.llm.limits import EndpointLimit
from advisor.llm.replay import replayed_sample
from advisor.llm.replies import Quirks

if TYPE_CHECKING:
    from advisor.runs.workers.shared_limit import SharedLimit

_GIVEN_UP_IN_A_ROW = 5


@dataclass(slots=True)
class Endpoint:
    """One address; both arms may share it."""

    limit: EndpointLimit
    shared: "SharedLimit | None" = None
    """How often all processes together ask it; None = only this process counts."""
    quirks: Quirks = field(default_factory=Quirks)
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

    def heard(self, *, answered: bool) -> None:
        """Take note of a finished call."""
        if answered:
            self.endpoint.answers = True
            self.given_up = 0

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
) -> dict[Role, EndpointSide]:
    """A side for each arm; arms at one address share its limit.

    Args:
        spec: what is asked.
        settings: concurrency and time-out.
        keys: each arm's key; an address of the host takes the host's.
        transports: stand in for the network, by arm.
        database: URL of the Postgres over which all processes share an address's limit; None =
            this process keeps to it alone.

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
        sides[name] = EndpointSide(client, endpoint, replayed_sample(arm.endpoint) is not None)
    return sides


def _endpoint(address: str, settings: RunSettings, database: str | None) -> Endpoint:
    """An address with the limits that its host has set."""
    hosted = host_endpoint(address)
    if hosted is None or hosted.requests is None:
        return Endpoint(EndpointLimit(settings.concurrency))
    if database is None:
        return Endpoint(EndpointLimit(settings.concurrency, (hosted.requests, hosted.per_s)))
    from advisor.runs.workers.shared_limit import shared_limit  # needs requirements-scale.txt

    shared = shared_limit(database, address, hosted.requests, hosted.per_s)
    return Endpoint(EndpointLimit(settings.concurrency), shared)
