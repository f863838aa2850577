"""The endpoints of a run, as its calls share them: client, pace, quirks, whether they answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx2

from advisor.case import Role, RunSettings
from advisor.llm.client import Client, make_client
from advisor.llm.limits import EndpointLimit
from advisor.llm.replay import replayed_sample
from advisor.llm.replies import Quirks
from advisor.runs.spec import RunSpec

_GIVEN_UP_IN_A_ROW = 5


@dataclass(slots=True)
class Endpoint:
    """One address; both arms may share it."""

    limit: EndpointLimit
    quirks: Quirks = field(default_factory=Quirks)
    answers: bool = False
    """It has answered in this execution, so a strange reply is a passing one."""


@dataclass(slots=True)
class Side:
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
) -> dict[Role, Side]:
    """A side for each arm; arms at one address share its limit.

    Raises:
        BadEndpoint: an address can't be used.
    """
    endpoints: dict[str, Endpoint] = {}
    sides: dict[Role, Side] = {}
    for name, arm in spec.arms.items():
        client = make_client(arm, keys.get(name), settings.timeout_s, transports.get(name))
        endpoint = endpoints.setdefault(arm.endpoint, Endpoint(EndpointLimit(settings.concurrency)))
        sides[name] = Side(client, endpoint, replayed_sample(arm.endpoint) is not None)
    return sides
