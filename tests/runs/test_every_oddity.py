"""What servers really send, by whoever hears it: an option, a judge, the test of a connection, and
finding out what an address can do. One server each, which sends exactly that."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from advisor.case.options import Judge
from advisor.llm.capabilities import find_out
from advisor.llm.probe import probe
from advisor.runs.compare import compare
from tests.chat_events import Sent, Wire, body, events, lines
from tests.judge_server import reply
from tests.make import case_at

Says = Callable[[str, str], Sent]
"""Gets what is to be answered and the model asked, gives how it goes over the wire."""
USAGE = {"prompt_tokens": 400, "completion_tokens": 9}


def sent(text: str, model: str) -> Sent:
    return events(text, usage=USAGE, model=model)


def native(text: str, model: str) -> Sent:
    """As Ollama's own API answers: a JSON a line, the message without choices around it."""
    said = [{"message": {"content": one}, "done": False} for one in (text[:3], text[3:])]
    end = {"done": True, "done_reason": "stop", "prompt_eval_count": 400, "eval_count": 9}
    rows = (json.dumps({"model": model, **row}) for row in (*said, end))
    return Sent("\n".join(rows).encode(), "application/x-ndjson")


def unwrapped(sent: Sent, kind: str) -> Sent:
    """The same without "data:", a JSON a line."""
    return Sent(sent.content.replace(b"data: ", b"").replace(b"[DONE]", b""), kind)


def whole(text: str, model: str) -> Sent:
    choice = {"message": {"content": text}, "finish_reason": "stop"}
    return body({"model": model, "choices": [choice], "usage": USAGE})


def of_content(change: Callable[[bytes], bytes]) -> Says:
    def says(text: str, model: str) -> Sent:
        plain = sent(text, model)
        return replace(plain, content=change(plain.content))

    return says


HARMONY = (
    "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary<|message|>"
)
HARMONY += "Let me see.<|end|><|start|>assistant<|channel|>final<|message|>{}<|return|>"
ANSWERS: dict[str, Says] = {
    "as documented": sent,
    "a byte order mark first": of_content(lambda said: b"\xef\xbb\xbf" + said),
    "no blank line at the end": of_content(lambda said: said.rstrip(b"\n")),
    "lines of Windows": of_content(lambda said: said.replace(b"\n", b"\r\n")),
    "an empty reason, then the end": lambda text, model: events(
        text, finish="", usage=USAGE, model=model
    ),
    "events under another name": lambda text, model: replace(
        sent(text, model), kind="application/json"
    ),
    "the same marked with a byte order": lambda text, model: Sent(
        b"\xef\xbb\xbf" + sent(text, model).content, "application/octet-stream"
    ),
    "one body": whole,
    "a JSON a line": lambda text, model: unwrapped(sent(text, model), "application/x-ndjson"),
    "lines under another name": lambda text, model: unwrapped(
        sent(text, model), "application/json"
    ),
    "lines of Ollama's own": native,
    "thoughts in the text": lambda text, model: sent(f"<think>Hm.</think>{text}", model),
    "thoughts beside it": lambda text, model: events(
        {"reasoning_content": "Hm."}, text, usage=USAGE, model=model
    ),
    "channels": lambda text, model: sent(HARMONY.format(text), model),
    "parts of a list": lambda text, model: events(
        {"content": [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": text}]},
        usage=USAGE,
        model=model,
    ),
}


def answering(says: Says) -> Wire:
    def respond(asked: dict[str, Any], number: int) -> Sent:
        model = asked["model"]
        if model == "m-judge":
            return says(reply("no difference"), model)
        return says(
            '{"word": "OK"}' if "response_format" in asked else f"{model}: yes or no.", model
        )

    return Wire(respond)


@pytest.mark.parametrize("how", ANSWERS)
def test_an_answer_is_one_whoever_hears_it(store, how):
    with answering(ANSWERS[how]).running() as server:
        case = case_at(server.url, 1)
        judge = Judge(endpoint=server.url, model="m-judge")
        summary = compare(case.model_copy(update={"judge": judge}), store)
        tried = probe(server.url, "m-base")
        able = find_out(server.url, "m-base")
    outputs = store.outputs(summary.run_id)
    assert {output.text for output in outputs} == {"m-base: yes or no.", "m-tuned: yes or no."}
    assert {(output.input_tokens, output.output_tokens) for output in outputs} == {(400, 9)}
    assert {output.served_model for output in outputs} == {"m-base", "m-tuned"}
    assert summary.judged is not None
    assert (summary.judged.progress.answered, summary.judged.progress.failed) == (2, 0)
    assert tried.ok
    assert tried.sentence.startswith("m-base answered in ")
    found = (able.answers.able, able.usage.able, able.structured_output.able)
    assert found == (True, True, True)


FAULTS: dict[str, tuple[Sent, str]] = {
    "no credit": (body({"error": {"message": "Insufficient balance"}}, 402), "has no credit left"),
    "an error event": (
        lines({"object": "error", "message": "bad gateway", "code": 400}),
        "bad gateway",
    ),
    "words within words": (
        body({"error": {"message": "failed", "metadata": {"raw": "not here"}}}, 400),
        "not here",
    ),
    "a web page": (Sent(b"<!doctype html><p>Hi", "text/html"), "sent a web page"),
    "an hour to wait": (body({"error": {"message": "wait"}}, 429, retry_after="3600"), "wait"),
}


@pytest.mark.parametrize("how", FAULTS)
def test_a_fault_is_one_whoever_hears_it(store, how):
    fault, says = FAULTS[how]

    def respond(asked: dict[str, Any], number: int) -> Sent:
        return (
            fault
            if asked["model"] == "m-judge"
            else sent(f"{asked['model']}: yes.", asked["model"])
        )

    with Wire(respond).running() as server:
        case = case_at(server.url, 4, concurrency=1)
        judge = Judge(endpoint=server.url, model="m-judge")
        summary = compare(case.model_copy(update={"judge": judge}), store)
        tried = probe(server.url, "m-judge")
        able = find_out(server.url, "m-judge")
        asked = [one["model"] for one in server.asked].count("m-judge")
    assert summary.status == "done"
    assert summary.judged is not None
    assert says in (summary.judged.run.stop_reason or "")
    assert summary.judged.progress.answered == 0
    assert asked <= 5 + 1 + 3  # the run's judge, the test, and what was tried out
    assert (tried.ok, able.answers.able) == (False, False)
    assert says in tried.sentence
    assert says in able.answers.sentence


SPENT: dict[str, Sent] = {
    "nothing": events(finish="length", usage=USAGE, model="m-judge"),
    "thoughts without an end": events("<think>Hm.", usage=USAGE, model="m-judge"),
    "a refusal": events("I", finish="content_filter", model="m-judge"),
}


@pytest.mark.parametrize("how", SPENT)
def test_a_model_that_says_nothing_answers_a_test_and_prefers_nothing(store, how):
    def respond(asked: dict[str, Any], number: int) -> Sent:
        return (
            SPENT[how]
            if asked["model"] == "m-judge"
            else sent(f"{asked['model']}: yes.", asked["model"])
        )

    with Wire(respond).running() as server:
        judge = Judge(endpoint=server.url, model="m-judge")
        case = case_at(server.url, 1).model_copy(update={"judge": judge})
        summary = compare(case, store)
        tried = probe(server.url, "m-judge")
        able = find_out(server.url, "m-judge")
    assert summary.judged is not None
    assert summary.judged.progress.answered == 0
    assert store.judgments(summary.judged.run.id) == []
    assert (tried.ok, able.answers.able) == (True, True)
