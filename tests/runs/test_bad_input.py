"""Each way an address can be bad: one sentence, no key shown, the other option unharmed."""

import socket
import ssl
import threading

import pytest

from advisor.case.options import Arm
from advisor.llm import faults
from advisor.runs import attempts
from advisor.runs.compare import compare
from tests.fault_server import FaultServer
from tests.make import case_at

KEY = "canary-key-5f3a9c"


def both(good: FaultServer, bad_url: str, store, **run):
    """Base at a good server, tuned at a bad one."""
    case = case_at(good.url, 6, concurrency=3, **run)
    arms = case.arms | {"tuned": Arm(endpoint=bad_url, model="m-tuned")}
    summary = compare(case.model_copy(update={"arms": arms}), store, {"base": KEY, "tuned": KEY})
    outputs = store.outputs(summary.run_id)
    answered = sorted(o.prompt_id for o in outputs if o.arm == "base" and o.outcome == "answered")
    said = " ".join(filter(None, [summary.stop_reason, *(output.error for output in outputs)]))
    assert KEY not in said
    return summary, answered, said


ALL = [f"p{i}" for i in range(6)]


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("html", "sent a web page, not an answer; check the address."),
        ("error_200", "had a fault: overloaded"),
        ("no_choices", "broke off before its end."),
        ("cut_clean", "broke off before its end."),
        ("404", "does not know the model “m-tuned”"),
        ("reset", "dropped the connection."),
        ("huge", "sent more than 200,000 characters for one answer; it was not read on."),
    ],
)
def test_a_bad_option_leaves_the_other_unharmed(store, fault, says):
    with FaultServer().running() as good, FaultServer(fault=lambda a, n: fault).running() as bad:
        summary, answered, said = both(good, bad.url, store)
    assert answered == ALL
    assert (summary.status, summary.done) == ("partial", 6)
    assert says in said


def test_an_answer_without_usage_is_an_answer(store):
    with FaultServer().running() as good, FaultServer(fault=lambda *_: "no_usage").running() as odd:
        summary, answered, _ = both(good, odd.url, store)
    assert (answered, summary.status, summary.done) == (ALL, "done", 12)


def test_an_empty_answer_is_none(store):
    with FaultServer().running() as good, FaultServer(fault=lambda *_: "empty").running() as odd:
        summary, answered, said = both(good, odd.url, store)
    assert (answered, summary.status, summary.done) == (ALL, "done", 6)
    assert "It sent an empty answer." in said


def test_a_dead_address_is_said(store):
    with FaultServer().running() as good:
        summary, answered, said = both(good, "http://127.0.0.1:9/v1", store)
    assert (answered, summary.status) == (ALL, "partial")
    assert "Nothing answers at 127.0.0.1:9; check the address and the port." in said


def test_https_to_a_port_of_plain_http_is_said(store):
    with FaultServer().running() as good, FaultServer().running() as plain:
        summary, answered, said = both(good, plain.url.replace("http:", "https:"), store)
    assert (answered, summary.status) == (ALL, "partial")
    assert "speaks http, not https: let the address begin with http://." in said


def test_an_endpoint_that_never_answers_is_given_up(store, monkeypatch):
    monkeypatch.setattr(attempts, "_FIRST_ATTEMPTS", 2)
    with FaultServer().running() as good, FaultServer(fault=lambda a, n: "hang").running() as bad:
        summary, answered, said = both(good, bad.url, store, timeout_s=0.3)
    assert (answered, summary.status) == (ALL, "partial")
    assert "127.0.0.1 did not answer within 0.3 seconds." in said


def test_50_mb_for_one_answer_are_not_read(store):
    """A server that sends for as long as anyone listens."""
    sent = 0

    def pour(listening: socket.socket) -> None:
        nonlocal sent
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            try:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n")
                for _ in range(800):
                    connection.sendall(b'{"choices": "' + b"x" * 65536)
                    sent += 65536
            except OSError:
                pass
            connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listening, FaultServer().running() as good:
        threading.Thread(target=pour, args=(listening,), daemon=True).start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        summary, answered, said = both(good, url, store)
    assert (answered, summary.status) == (ALL, "partial")
    assert "sent more than 200,000 characters for one answer" in said
    assert sent < 6 * 30_000_000


def test_a_wrong_key_ends_the_run_and_the_echoed_key_is_not_shown(store):
    with FaultServer().running() as good, FaultServer(fault=lambda a, n: "401").running() as bad:
        _, _, said = both(good, bad.url, store)
    assert "did not accept the key; check it: Incorrect API key provided: [key]" in said


def test_a_certificate_fault_is_known_by_its_cause():
    error = ConnectionError("x")
    error.__cause__ = ssl.SSLCertVerificationError("self-signed certificate")
    said = faults.fault_of_error(error, faults.AskedHost("host", "host"), "m", 5)
    assert "no valid certificate" in said.sentence
