import asyncio
import json

import httpx2
import pytest

from advisor.llm.client import make_client
from advisor.llm.probe import probe
from advisor.llm.quirks import Call, Quirks
from advisor.llm.replies import Reply, ask
from advisor.llm.stream import LONGEST_ANSWER
from tests.fault_server import FaultServer, answer_to

KEY = "sk-canary-0123456789abcdef"
TEXT = "Where is the invoice?"
CALL = Call("m", [{"role": "user", "content": TEXT}], 50, 0.0)
EVENTS = {"content-type": "text/event-stream"}


def ask_at(url: str, timeout_s: float = 5, transport=None, call=CALL, quirks=None, live=None):
    async def go() -> Reply:
        async with make_client(url, KEY, timeout_s, transport) as client:
            return await ask(client, call, quirks, live)

    return asyncio.run(go())


def ask_server(fault: str | None, **options) -> tuple[Reply, FaultServer]:
    with FaultServer(fault=lambda asked, number: fault).running() as server:
        return ask_at(server.url, **options), server


def ask_mock(handler, url: str = "https://api.example.com/v1", **options) -> Reply:
    return ask_at(url, transport=httpx2.MockTransport(handler), **options)


def test_an_answer_comes_with_all_that_the_endpoint_says_of_it():
    pieces: list[str] = []
    reply, server = ask_server(None, live=pieces.append)
    assert reply.fault is None
    assert reply.text == answer_to(TEXT, "m") == "".join(pieces)
    assert len(pieces) == 2
    assert (reply.finish_reason, reply.served_model, reply.request_id) == ("stop", "m", "req-1")
    assert (reply.input_tokens, reply.cached_tokens) == (11, 4)
    assert (reply.output_tokens, reply.reasoning_tokens) == (7, 2)
    assert 0 < reply.first_token_ms <= reply.latency_ms < 5000
    assert server.requests == [
        {
            "model": "m",
            "messages": CALL.messages,
            "max_tokens": 50,
            "temperature": 0.0,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
    ]
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("fault", "severity", "says"),
    [
        ("429", "retry", "127.0.0.1 is answering too many requests: too many"),
        ("500", "retry", "127.0.0.1 had a fault (500): it broke"),
        ("408", "retry", "127.0.0.1 had a fault (408): it broke"),
        ("reset", "retry", "127.0.0.1 dropped the connection."),
        ("cut", "retry", "127.0.0.1 dropped the connection."),
        ("cut_clean", "retry", "The answer of 127.0.0.1 broke off before its end."),
        ("broken_json", "retry", "127.0.0.1 sent an answer that could not be read."),
        ("broken_event", "retry", "127.0.0.1 sent an answer that could not be read."),
        ("error_event", "retry", "127.0.0.1 had a fault: overloaded"),
        ("error_200", "retry", "127.0.0.1 had a fault: overloaded"),
        ("no_choices", "retry", "The answer of 127.0.0.1 broke off before its end."),
        ("400", "failed", "127.0.0.1 rejected the request (400): too long a prompt"),
        (
            "huge",
            "failed",
            "127.0.0.1 sent more than 200,000 characters for one answer; it was not read on.",
        ),
        ("refuse", "refused", "127.0.0.1 refused to answer this text."),
        ("refuse_400", "refused", "The content filter of 127.0.0.1 refused this text: filtered"),
        ("html", "suspect", "127.0.0.1 sent a web page, not an answer; check the address."),
        (
            "redirect",
            "suspect",
            "127.0.0.1 redirects to https://elsewhere.example/v1; enter that address instead.",
        ),
        ("404", "stop_arm", "127.0.0.1 does not know the model “m”: no m"),
        (
            "401",
            "stop_arm",
            "127.0.0.1 did not accept the key; check it: Incorrect API key provided: [key]",
        ),
        (
            "quota",
            "stop_arm",
            "The account at 127.0.0.1 has no credit left; top it up, then go on: You exceeded your "
            "current quota",
        ),
    ],
)
def test_each_fault_is_one_sentence_and_known_for_what_it_is(fault, severity, says):
    reply, server = ask_server(fault)
    assert reply.fault is not None
    assert (reply.fault.severity, reply.fault.sentence) == (severity, says)
    assert len(server.requests) == 1
    assert len(reply.text) <= LONGEST_ANSWER


@pytest.mark.parametrize("fault", ["no_usage", "json", "length"])
def test_odd_answers_are_answers(fault):
    reply, _ = ask_server(fault)
    assert (reply.fault, reply.why) == (None, None)
    assert reply.text == answer_to(TEXT, "m")
    assert reply.finish_reason == ("length" if fault == "length" else "stop")
    assert reply.input_tokens == (None if fault == "no_usage" else 11)


def test_a_silent_server_is_given_up_after_the_time_out():
    reply, _ = ask_server("hang", timeout_s=0.2)
    assert reply.fault.sentence == "127.0.0.1 did not answer within 0.2 seconds."
    assert reply.fault.severity == "retry"


def test_nothing_listening_and_no_such_server_each_have_their_sentence():
    reply = ask_at("http://127.0.0.1:9/v1")
    assert reply.fault.sentence == "Nothing answers at 127.0.0.1:9; check the address and the port."
    reply = ask_at("https://no-such-host.invalid/v1")
    assert reply.fault.sentence.startswith("There is no server called no-such-host.invalid")
    assert reply.fault.severity == "suspect"


def test_https_to_a_port_of_plain_http_says_so_at_once():
    with FaultServer().running() as server:
        reply = ask_at(server.url.replace("http://", "https://"))
    assert "speaks http, not https" in reply.fault.sentence
    assert reply.fault.severity == "stop_arm"


@pytest.mark.parametrize("name", ["temperature", "stream_options", "stream", "max_tokens"])
def test_a_parameter_the_endpoint_rejects_is_left_out_and_that_is_remembered(name):
    def fault(asked, number):
        return f"param:{name}" if name in asked else None

    quirks = Quirks()
    with FaultServer(fault=fault).running() as server:
        for _ in range(2):
            assert ask_at(server.url, quirks=quirks).text == answer_to(TEXT, "m")
    assert [name in asked for asked in server.requests] == [True, False, False]
    bound = {"max_tokens": "max_completion_tokens"}.get(name, "max_tokens")
    assert server.requests[-1][bound] == 50


def test_without_a_bound_on_the_answer_nothing_is_bought():
    def fault(asked, number):
        return "param:" + ("max_tokens" if "max_tokens" in asked else "max_completion_tokens")

    with FaultServer(fault=fault).running() as server:
        reply = ask_at(server.url)
    assert reply.fault.severity == "failed"
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://api.openai.com/v1", "max_completion_tokens"),
        ("https://mine.openai.azure.com/openai/v1", "max_completion_tokens"),
        ("https://api.mistral.ai/v1", "max_tokens"),
    ],
)
def test_the_bound_has_the_name_the_endpoint_knows(url, name):
    seen = []

    def handler(request):
        seen.append(json.loads(request.content))
        choice = {"message": {"content": "yes"}, "finish_reason": "stop"}
        return httpx2.Response(200, json={"choices": [choice]})

    assert ask_mock(handler, url).text == "yes"
    assert seen[0][name] == 50
    assert len({"max_tokens", "max_completion_tokens"} & seen[0].keys()) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"choices": []}',
        b'{"choices": [null]}',
        b'{"choices": [{"message": null}]}',
        b'{"choices": "x", "usage": 3, "model": 7}',
        b"\xff\xfe",
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "text/event-stream", "text/plain", ""])
def test_a_body_of_any_other_shape_is_a_passing_fault_and_no_crash(body, kind):
    content = b"data: " + body + b"\n\n" if kind == "text/event-stream" else body
    reply = ask_mock(
        lambda request: httpx2.Response(200, headers={"content-type": kind}, content=content)
    )
    assert reply.fault is not None
    assert reply.fault.severity == "retry"


def test_events_under_a_wrong_content_type_are_read():
    event = {"choices": [{"delta": {"content": "yes"}, "finish_reason": "stop"}]}
    content = b"data: " + json.dumps(event).encode() + b"\n\ndata: [DONE]\n\n"
    reply = ask_mock(
        lambda request: httpx2.Response(
            200, headers={"content-type": "application/octet-stream"}, content=content
        )
    )
    assert (reply.fault, reply.text) == (None, "yes")


def test_an_event_without_an_end_is_not_read_for_ever():
    class Endless(httpx2.AsyncByteStream):
        sent = 0

        async def __aiter__(self):
            yield b"data: "
            while True:
                self.sent += 100_000
                yield b"x" * 100_000

    stream = Endless()
    reply = ask_mock(lambda request: httpx2.Response(200, headers=EVENTS, stream=stream))
    assert "more than 200,000 characters" in reply.fault.sentence
    assert stream.sent < 20_000_000


def test_a_connection_lost_after_the_end_of_an_answer_loses_nothing():
    class Cut(httpx2.AsyncByteStream):
        async def __aiter__(self):
            event = {"choices": [{"delta": {"content": "yes"}, "finish_reason": "stop"}]}
            yield b"data: " + json.dumps(event).encode() + b"\n\n"
            raise httpx2.ReadError("gone")

    reply = ask_mock(lambda request: httpx2.Response(200, headers=EVENTS, stream=Cut()))
    assert (reply.fault, reply.text) == (None, "yes")


def test_reasoning_left_out_of_the_completion_is_still_counted():
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 40}
    choice = {"message": {"content": "yes"}, "finish_reason": "stop"}
    reply = ask_mock(
        lambda request: httpx2.Response(200, json={"choices": [choice], "usage": usage})
    )
    assert reply.output_tokens == 30


@pytest.mark.parametrize("status", [200, 400, 500])
def test_a_key_echoed_by_the_server_goes_no_further(status):
    choice = {"message": {"content": f"your key is {KEY}"}, "finish_reason": KEY}
    body = {"choices": [choice], "model": KEY, "error": {"message": f"bad {KEY}", "code": KEY}}
    if status == 200:
        del body["error"]
    reply = ask_mock(
        lambda request: httpx2.Response(status, json=body, headers={"x-request-id": KEY})
    )
    shown = [reply.text, reply.finish_reason, reply.served_model, reply.request_id]
    shown.append(reply.fault.sentence if reply.fault else "")
    assert KEY not in " ".join(map(str, shown))
    assert "[key]" in " ".join(map(str, shown))


def test_a_test_of_the_connection_says_what_is_wrong_or_how_fast_it_is():
    with FaultServer(fault=lambda asked, number: "401" if number > 1 else None).running() as server:
        good = probe(server.url, "m", KEY)
        bad = probe(server.url, "m", KEY)
    assert good.ok
    assert good.sentence == "m answered in 0.0 seconds."
    assert good.served_model == "m"
    assert not bad.ok
    assert bad.sentence.startswith("127.0.0.1 did not accept the key")
    assert KEY not in bad.sentence
