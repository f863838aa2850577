import asyncio
import json

import httpx2
import pytest

from advisor.errors import BadEndpoint
from advisor.llm.client import PLACEHOLDER_KEY, make_client
from advisor.llm.quirks import Call
from advisor.llm.replay import ReplayTransport
from advisor.llm.replies import ask


@pytest.mark.parametrize(
    "address",
    [
        "",
        "localhost:8000",
        "ftp://host/v1",
        "https://",
        "https:///v1",
        "file:///etc/passwd",
        "https://host:port/v1",
        "https://ho st/v1",
        "https://user:secret@host/v1",
        "replay:",
        "replay:../secrets",
        "replay:Vicuna",
        "replay:not_a_sample",
    ],
)
def test_an_address_that_is_none_is_refused_in_one_sentence(address):
    with pytest.raises(BadEndpoint) as refused:
        make_client(address)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "secret@" not in sentence


@pytest.mark.parametrize("key", ["two words", "schlüssel", "line\nbreak"])
def test_a_key_that_is_none_is_refused_without_being_shown(key):
    with pytest.raises(BadEndpoint) as refused:
        make_client("https://host/v1", key)
    assert key not in str(refused.value)


def test_no_retry_redirect_proxy_or_setting_of_the_machine(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-machine")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-the-machine")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-the-machine")
    seen: list[httpx2.Request] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(503)

    client = make_client("https://host.example/v1/", None, 3, httpx2.MockTransport(handler))
    reply = asyncio.run(ask(client, Call("m", [{"role": "user", "content": "x"}], 5)))
    assert reply.fault is not None
    assert len(seen) == 1
    assert str(seen[0].url) == "https://host.example/v1/chat/completions"
    assert seen[0].headers["authorization"] == f"Bearer {PLACEHOLDER_KEY}"
    assert "of-the-machine" not in str(seen[0].headers)
    assert seen[0].extensions["timeout"]["read"] == 3


@pytest.fixture
def sample(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    prompts = [{"id": "a", "prompt": "Hello?"}, {"id": "b", "prompt": "Grüße 🙂"}]
    answers = [
        {"prompt_id": "a", "arm": "base", "model": "m-1", "text": "A long enough answer 🙂"},
        {"prompt_id": "a", "arm": "tuned", "model": "m-2", "text": "Other"},
        {"prompt_id": "b", "arm": "base", "model": "m-1", "text": ""},
    ]
    for name, rows in (("prompts", prompts), ("answers", answers)):
        lines = "\n".join(json.dumps(row) for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, "utf-8")
    return tmp_path


def replay(sample, model: str, text: str, stream: bool = True):
    transport = ReplayTransport("mine", sample)
    client = make_client("http://replay.invalid/v1", transport=transport)
    messages = [{"role": "system", "content": "Any."}, {"role": "user", "content": text}]
    return asyncio.run(ask(client, Call(model, messages, 50)))


@pytest.mark.parametrize(
    ("model", "text", "answer"),
    [
        ("m-1", "Hello?", "A long enough answer 🙂"),
        ("m-2", "Hello?", "Other"),
        ("m-1", "Grüße 🙂", ""),
    ],
)
def test_a_recorded_answer_comes_back_whole_even_an_empty_one(sample, model, text, answer):
    reply = replay(sample, model, text)
    assert (reply.fault, reply.text, reply.finish_reason) == (None, answer, "stop")
    assert reply.output_tokens is None


def test_what_was_not_recorded_is_said_so_and_fails_alone(sample):
    reply = replay(sample, "m-2", "Grüße 🙂")
    assert (
        reply.fault.sentence == "This sample holds no recorded answer to that text of that model."
    )
    assert reply.fault.severity == "failed"


def test_a_recorded_answer_comes_without_streaming_too(sample):
    async def go() -> str:
        async with make_client(
            "http://replay.invalid/v1", transport=ReplayTransport("mine", sample)
        ) as client:
            answer = await client.chat.completions.create(
                model="m-2", messages=[{"role": "user", "content": "Hello?"}]
            )
            return answer.choices[0].message.content

    assert asyncio.run(go()) == "Other"
