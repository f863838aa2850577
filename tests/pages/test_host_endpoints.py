"""Addresses of the host: chosen by name, and their key is neither asked for nor shown."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.host.endpoints import address_of, host_addresses, host_endpoints
from advisor.host.settings import exposure, settings
from advisor.report.before import where_it_runs
from advisor.report.for_legal import host_of
from pages.ui import session
from tests.fault_server import FaultServer
from tests.make import case_at

from .reader import Reader

KEY = "canary-host-key"


@pytest.fixture
def server(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    """What stands behind host:ours."""
    with FaultServer().running() as running:
        named = {"ours": {"url": running.url, "key_env": "THE_HOSTS_KEY"}}
        monkeypatch.setenv("WORTH_TUNING_ENDPOINTS", json.dumps(named))
        monkeypatch.setenv("THE_HOSTS_KEY", KEY)
        settings.cache_clear()
        host_endpoints.cache_clear()
        yield running
    host_endpoints.cache_clear()


def reader_of(page: str) -> Reader:
    return Reader(page, case_id=session.store().save_case(case_at("host:ours", 3)))


def test_an_address_of_the_host_is_chosen_by_name_and_takes_no_key(server):
    reader = reader_of("options")
    assert "host:ours" in reader.field("selectbox", "Model address").options
    assert reader.field("text_input", "Key").disabled
    assert "This server has its key." in reader.says
    assert KEY not in reader.says


def test_a_run_at_an_address_of_the_host_sends_the_hosts_key_and_says_where_texts_go(server):
    reader = reader_of("compare")
    assert "Your texts go to 127.0.0.1" in reader.says
    assert "No key is entered" not in reader.says
    reader.click("Start the comparison").finish()
    assert "6 of 6 answers in." in reader.says
    assert {headers["authorization"] for headers in server.headers} == {f"Bearer {KEY}"}
    assert KEY not in reader.says


def test_a_key_that_was_typed_in_is_not_sent_to_an_address_of_the_host(server):
    reader = reader_of("compare")
    typed = {(reader.case_id, name, "host:ours"): "typed-in" for name in ("base", "tuned")}
    reader.at.session_state["keys"] = typed
    reader.click("Start the comparison").finish()
    assert {headers["authorization"] for headers in server.headers} == {f"Bearer {KEY}"}


def test_a_name_that_the_host_does_not_have_is_a_sentence(server):
    case = case_at("host:theirs", 3)
    reader = Reader("compare", case_id=session.store().save_case(case))
    reader.click("Start the comparison")
    assert "The host has no address called “theirs”; choose one of: host:ours." in reader.says


@pytest.fixture
def only(server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A host that lets nobody enter an address."""
    monkeypatch.setenv("WORTH_TUNING_ONLY_ENDPOINTS", "true")
    exposure.cache_clear()
    yield
    exposure.cache_clear()


def test_where_the_host_says_so_an_address_is_chosen_and_none_is_entered(only):
    field = reader_of("options").field("selectbox", "Model address")
    assert field.options == ["host:ours"]
    assert not field.proto.accept_new_options
    assert field.help.endswith("It asks models nowhere else.")


def test_an_address_that_was_there_before_is_not_asked_then(only, server):
    case_id = session.store().save_case(case_at(server.url, 3))
    reader = Reader("compare", case_id=case_id).click("Start the comparison")
    assert "only where its host has set them up; choose one of: host:ours." in reader.says
    assert server.requests == []


def test_a_key_that_the_host_forgot_is_a_sentence(server, monkeypatch):
    monkeypatch.delenv("THE_HOSTS_KEY")
    reader = reader_of("compare").click("Start the comparison")
    assert "the people who run the app must set it" in reader.says
    assert server.requests == []


def test_who_receives_the_texts_is_who_stands_behind_the_name(monkeypatch):
    named = {"ours": {"url": "https://api.openai.com/v1"}}
    monkeypatch.setenv("WORTH_TUNING_ENDPOINTS", json.dumps(named))
    settings.cache_clear()
    host_endpoints.cache_clear()
    assert address_of("host:ours") == "https://api.openai.com/v1"
    asked = case_at("host:ours", 3).at(host_addresses())
    assert {host_of(arm.endpoint) for arm in asked.arms.values()} == {"OpenAI, api.openai.com"}
    host_endpoints.cache_clear()


@pytest.mark.parametrize(
    ("workers", "shared", "said"),
    [(True, True, "workers make the calls"), (False, True, "typed in"), (False, False, "")],
)
def test_which_process_makes_the_calls_is_said_where_there_are_several(workers, shared, said):
    found = where_it_runs(case_at("host:ours", 3), with_workers=workers, shared=shared)
    assert said in found
    assert bool(found) == shared
