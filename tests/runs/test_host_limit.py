"""How often a host lets an address be asked holds for all runs of a process together."""

import json
from collections.abc import Iterator

import pytest

from advisor.case.run_spec import spec_of
from advisor.host.endpoints import host_endpoints
from advisor.host.settings import settings
from advisor.llm.limits import ToldWindow, told_window
from advisor.runs import inline
from tests.fault_server import FaultServer
from tests.make import case_at

REQUESTS, PER_S = 8, 1.0


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    with FaultServer().running() as running:
        ours = {"url": running.url, "requests": REQUESTS, "per_s": PER_S}
        monkeypatch.setenv("WORTH_TUNING_ENDPOINTS", json.dumps({"ours": ours}))
        for read in (settings, host_endpoints, told_window):
            read.cache_clear()
        yield running
    for read in (settings, host_endpoints, told_window):
        read.cache_clear()


def test_two_runs_at_once_keep_to_one_limit_together(server, store):
    if store.engine.dialect.name == "postgresql":
        pytest.skip("there the database counts; tests/runs/workers/test_scale_out.py")
    runs = []
    for prompts in (7, 8):  # 14 and 16 calls
        case = case_at("host:ours", prompts)
        runs.append(store.start_run(store.save_case(case), spec_of(case), case.run))
    for run_id in runs:
        inline.start(store, run_id)
    ended = [inline.wait(run_id, 60) for run_id in runs]
    assert [one.status for one in ended if one is not None] == ["done", "done"]
    came = sorted(server.arrivals)
    assert len(came) == 30
    # Requests of a busy machine arrive later than they go, some more than others.
    closest = min(later - one for one, later in zip(came, came[REQUESTS:], strict=False))
    assert closest > PER_S / 2


def test_a_window_slides_and_says_how_long_it_is_closed():
    window = ToldWindow(2, 10.0)
    assert [window.take(0.0), window.take(4.0)] == [0, 0]
    assert window.take(5.0) == window.closed_s(5.0) == pytest.approx(5.5)  # 10 x 1.05 after 0.0
    assert window.take(10.5) == 0
    assert window.take(10.5) == pytest.approx(4.0)  # 10.5 after 4.0
