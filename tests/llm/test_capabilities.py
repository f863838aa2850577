"""Finding out what an endpoint can do never raises, whatever the server does."""

import json
import time
from datetime import date

import httpx2
import pytest

from advisor.llm import capabilities
from advisor.llm.capabilities import find_out
from tests.fault_server import FaultServer

KEY = "sk-canary-0123456789abcdef"
URL = "https://api.example.com/v1"


def mock(answer, listing=None):
    """A server that lists models, and answers a chat call by `answer(asked)`."""

    def handler(request):
        if request.url.path.endswith("/models"):
            return listing or httpx2.Response(404)
        return answer(json.loads(request.content))

    return httpx2.MockTransport(handler)


def said(text, **more):
    choice = {"message": {"content": text}, "finish_reason": "stop"}
    return httpx2.Response(200, json={"choices": [choice], **more})


def test_all_that_an_able_endpoint_can_do_is_found():
    usage = {"prompt_tokens": 5, "completion_tokens": 1}

    def answer(asked):
        if "response_format" in asked:
            return said('{"word": "OK"}')
        event = {
            "choices": [{"delta": {"content": "OK"}, "finish_reason": "stop"}], "usage": usage,
        }  # fmt: skip
        return httpx2.Response(
            200,
            headers={"content-type": "text/event-stream"},
            content=f"data: {json.dumps(event)}\n\ndata: [DONE]\n\n".encode(),
        )

    rows = [{"id": "m", "shutdown_date": "2027-10-14"}, {"id": "other"}]
    listing = httpx2.Response(200, json={"data": rows})
    found = find_out(URL, "m", KEY, mock(answer, listing))
    able = [found.answers, found.streaming, found.usage, found.seed, found.structured_output]
    assert [finding.able for finding in able] == [True] * 5
    assert (found.models, found.listed.able) == (("m", "other"), True)
    assert found.shutdown_date == date(2027, 10, 14)
    assert found.sentences[1:] == (
        "It streams its answers.",
        "It reports the tokens it bills.",
        "It accepts a seed, so that equal calls may answer alike.",
        "It keeps to a schema for its answers.",
        "It lists m among 2 models.",
        "The endpoint says this model stops on 2027-10-14.",
    )


def test_what_an_endpoint_refuses_is_told_from_what_is_not_known():
    def answer(asked):
        for name in ("seed", "response_format"):
            if name in asked:
                error = {"message": f"{name} is not supported", "param": name}
                return httpx2.Response(400, json={"error": error})
        return said("OK")

    found = find_out(URL, "m", KEY, mock(answer))
    assert (found.answers.able, found.streaming.able, found.usage.able) == (True, False, False)
    assert (found.seed.able, found.structured_output.able) == (False, False)
    assert (found.models, found.listed.able) == (None, None)
    assert found.shutdown_date is None


def test_a_schema_that_is_accepted_and_not_kept_to_is_not_an_ability():
    found = find_out(URL, "m", KEY, mock(lambda asked: said("Sure! OK.")))
    assert found.structured_output.able is False
    assert "does not keep to it" in found.structured_output.sentence


@pytest.mark.parametrize(
    "listing",
    [
        httpx2.Response(200, text="<html>"),
        httpx2.Response(200, json={"data": "no"}),
        httpx2.Response(200, json=[1, None, {"id": 3}]),
        httpx2.Response(200, text="[" * 100_000),
        httpx2.Response(500),
    ],
)
def test_a_strange_list_of_models_is_no_crash(listing):
    found = find_out(URL, "m", KEY, mock(lambda asked: said("OK"), listing))
    assert found.answers.able
    assert not found.models


@pytest.mark.parametrize("when", ["soon", "", None, 1e30, [], "9999-99-99"])
def test_a_strange_shutdown_date_is_none(when):
    listing = httpx2.Response(200, json={"data": [{"id": "m", "shutdown_date": when}]})
    assert find_out(URL, "m", KEY, mock(lambda a: said("OK"), listing)).shutdown_date is None


@pytest.mark.parametrize(
    "fault", ["401", "html", "error_200", "cut", "huge", "reset", "broken_json"]
)
def test_a_server_that_misbehaves_is_one_sentence_without_the_key(fault):
    with FaultServer(fault=lambda asked, number: fault).running() as server:
        found = find_out(server.url, "m", KEY)
    assert found.answers.able is False
    assert found.streaming.able is found.usage.able is found.seed.able is None
    assert KEY not in " ".join(found.sentences)


def test_an_endpoint_that_never_answers_is_left_in_time(monkeypatch):
    monkeypatch.setattr(capabilities, "_FIRST_S", 0.3)
    began = time.monotonic()
    with FaultServer(fault=lambda asked, number: "hang").running() as server:
        found = find_out(server.url, "m", KEY)
    assert time.monotonic() - began < 3
    assert found.answers.sentence == "127.0.0.1 did not answer within 0.3 seconds."


def test_recorded_answers_are_not_asked():
    assert find_out("replay:clinic_notes", "gpt-4").answers.able is None
