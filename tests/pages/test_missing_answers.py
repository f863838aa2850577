"""What a reader is told where answers are missing, refused, cut or mended: page and command line.

Each row is a real run by `compare` of six texts, against a server that sends exactly that; then the
Compare page on the same database.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from advisor.cli.command import case_id_of, main
from advisor.runs import attempts
from tests.chat_events import Sent, Wire, body, events, lines
from tests.judge_server import reply
from tests.runs.conftest import _short_waits  # noqa: F401 - a fixture

from .reader import Reader

Says = Callable[[dict[str, Any], int], Sent]
TEXTS = 6
USAGE = {"prompt_tokens": 1000, "completion_tokens": 10}
CASE = """
title = "A test"
[brief]
use_case = "domain_summarization"
together = false
[prompts]
file = "prompts.jsonl"
[arms.base]
endpoint = {url}
model = "m-base"
system_prompt = {instruction}
[arms.tuned]
endpoint = {url}
model = "m-tuned"
system_prompt = {instruction}
[run]
concurrency = 1
timeout_s = 5
"""
JUDGE = '[judge]\nendpoint = {url}\nmodel = "m-judge"\n'


def yes(asked: dict[str, Any]) -> Sent:
    model = asked["model"]
    said = reply("no difference") if model == "m-judge" else f"{model}: yes."
    return events(said, usage=USAGE, model=model)


def of_tuned(sent: Sent, texts: int = TEXTS) -> Says:
    """This in place of the fine-tuned answers to the first so many texts."""

    def says(asked: dict[str, Any], number: int) -> Sent:
        wanted = asked["model"] == "m-tuned"
        return sent if wanted and int(asked["messages"][-1]["content"][-1]) < texts else yes(asked)

    return says


def after(texts: int, sent: Sent) -> Says:
    """This once fine-tuned has answered so many texts."""
    answered: list[int] = []

    def says(asked: dict[str, Any], number: int) -> Sent:
        if asked["model"] == "m-tuned":
            answered.append(number)
        return sent if asked["model"] == "m-tuned" and len(answered) > texts else yes(asked)

    return says


def unless(taken: Callable[[dict[str, Any]], bool], sent: Sent) -> Says:
    return lambda asked, number: yes(asked) if taken(asked) else sent


def judge_says(sent: Sent) -> Says:
    return lambda asked, number: sent if asked["model"] == "m-judge" else yes(asked)


def error(message: str, status: int, **headers: str) -> Sent:
    return body({"error": {"message": message}}, status, **headers)


def model_of(said: str, model: str = "m-tuned", **more: Any) -> Sent:
    return events(said, usage=USAGE, model=model, **more)


@dataclass(frozen=True)
class Row:
    """What a server sends, and what is said of it."""

    says: Says
    counts: str = "12 of 12 answered, 0 refused, 0 without an answer, 0 failed"
    """On the command line."""
    on_page: str = "12 of 12 answers in. Spent"
    """The same on Compare."""
    said: str = ""
    """A sentence that both show."""
    warned: str = ""
    """A sentence of the page alone: on the command line it is the verdict's."""
    instruction: str = "Be brief."
    lacks: str = ""
    judged: bool = False


def stopped(says: Says, said: str, answered: int = TEXTS) -> Row:
    """Fine-tuned could not go on."""
    return Row(
        says,
        f"{answered} of 12 answered, 0 refused, 0 without an answer, 1 failed",
        f"{answered} of 12 answers in. 1 failed. Spent",
        said,
    )


def gave_up(says: Says, said: str) -> Row:
    """Fine-tuned was asked again in vain; how many texts depends on whose turn was first."""
    counts = "6 of 12 answered, 0 refused, 0 without an answer,"
    return Row(says, counts, "6 of 12 answers in.", said)


def none_of(sent: Sent, texts: int, said: str) -> Row:
    """So many fine-tuned answers are none."""
    return Row(
        of_tuned(sent, texts),
        f"{12 - texts} of 12 answered, 0 refused, {texts} without an answer, 0 failed",
        f"{12 - texts} of 12 answers in. {texts} came without an answer. Spent",
        said,
    )


SPENT = events({"reasoning_content": "Hm."}, finish="length", usage=USAGE, model="m-tuned")
CALL = {"index": 0, "function": {"name": "look", "arguments": "{}"}}
PART = events("Yes.", usage={"prompt_tokens": 205, "completion_tokens": 1}, model="m-tuned")
ROWS: dict[str, Row] = {
    "answers": Row(of_tuned(model_of("Yes."))),
    "cut at the limit": Row(
        of_tuned(model_of("Ye", finish="length"), 2),
        "12 of 12 answered (2 cut off), 0 refused",
        "12 of 12 answers in. 2 cut off at the longest allowed. Spent",
        warned="2 of 6 fine-tuned answers are cut off: they met the limit; raise “Longest answer” on "
        "Compare and continue.",
    ),
    "one cut at the limit": Row(
        of_tuned(model_of("Ye", finish="length"), 1),
        "12 of 12 answered (1 cut off), 0 refused",
        "12 of 12 answers in. 1 cut off at the longest allowed. Spent",
        warned="1 of 6 fine-tuned answers is cut off: it met the limit; raise “Longest answer” on "
        "Compare and continue.",
    ),
    "broken off by the network": gave_up(
        of_tuned(model_of("Ye", finish="network_error")),
        "Fine-tuned: 127.0.0.1 broke the answer off with “network_error”.",
    ),
    "an error event": gave_up(
        of_tuned(lines({"object": "error", "message": "bad gateway", "code": 503})),
        "Fine-tuned: 127.0.0.1 had a fault (503): bad gateway",
    ),
    "a content filter": Row(
        of_tuned(model_of("I", finish="content_filter"), 2),
        "10 of 12 answered, 2 refused, 0 without an answer, 0 failed",
        "10 of 12 answers in. 2 refused by a content filter. Spent",
    ),
    "thoughts before the answer": Row(of_tuned(model_of("<think>Hm.</think>Yes."))),
    "thoughts without an end": none_of(
        model_of("<think>Hm."),
        2,
        "2 of 6 fine-tuned answers are missing: the model's thinking came to no end; allow longer "
        "answers, or ask it to think less, and continue.",
    ),
    "the limit spent thinking": none_of(
        SPENT,
        3,
        "3 of 6 fine-tuned answers are missing: the model spent its limit thinking; allow longer "
        "answers and continue.",
    ),
    "the limit spent thinking once": none_of(
        SPENT,
        1,
        "1 of 6 fine-tuned answers is missing: the model spent its limit thinking; allow longer "
        "answers and continue.",
    ),
    "the limit spent thinking each time": none_of(
        SPENT,
        6,
        "No fine-tuned answer came: the model spent its limit thinking; allow longer answers and "
        "continue.",
    ),
    "empty answers": none_of(
        model_of(""),
        2,
        "2 of 6 fine-tuned answers are missing: the model sent nothing; ask the model once by hand "
        "to see why, and continue.",
    ),
    "calls of a tool": Row(
        of_tuned(events({"tool_calls": [CALL]}, finish="tool_calls", usage=USAGE, model="m-tuned"))
    ),
    "one model behind both": Row(
        lambda asked, number: model_of("Yes.", "llama"),
        "2 of 12 answered, 0 refused, 0 without an answer, 0 failed",
        "2 of 12 answers in. Spent",
        "there is nothing to compare. Check which model the server has loaded; if they are two "
        "models, give each a name of its own.",
    ),
    "a window too small": Row(
        of_tuned(PART),
        "6 of 12 answered, 0 refused, 6 without an answer, 0 failed",
        "6 of 12 answers in. 6 came without an answer. Spent",
        "No fine-tuned answer came: the server did not read the whole text, as its window is too "
        "small; start the server with a larger one (num_ctx, --ctx-size) and continue.",
        instruction="word " * 970,
    ),
    "a bound of the model's": Row(
        unless(
            lambda asked: asked["max_tokens"] <= 500, error("range of max_tokens is 1..500", 400)
        ),
        said="“m-tuned” writes at most 500 tokens an answer, so the limit of 1,024 was lowered to "
        "that.",
    ),
    "no instruction apart": Row(
        unless(
            lambda asked: asked["messages"][0]["role"] == "user",
            error("System role not supported", 400),
        ),
        said="“m-tuned” takes no instruction apart from the text, so it stands before it.",
    ),
    "an address without its end": Row(
        unless(
            lambda asked: asked["path"] == "/v1/chat/completions",
            body({"detail": "Not Found"}, 404),
        ),
        said="The address lacked /v1 at its end; it was asked with it.",
        lacks="/v1",
    ),
    "no chat at this address": stopped(
        of_tuned(body({"detail": "Not Found"}, 404)),
        "Fine-tuned: 127.0.0.1 answers, but no chat completions at this address; enter the one that "
        "its maker gives for them, most often ending in /v1: Not Found",
    ),
    "a web page": gave_up(
        of_tuned(Sent(b"<!doctype html><p>Sign in", "text/html")),
        "Fine-tuned: 127.0.0.1 sent a web page, not an answer; check the address.",
    ),
    "a model being loaded": Row(
        lambda asked, number: error("Loading model", 503) if number == 1 else yes(asked),
        said="Loading model; it was waited for.",
    ),
    "an hour to wait": stopped(
        of_tuned(error("wait", 429, retry_after="3600")),
        "Fine-tuned: 127.0.0.1 takes no more requests until",
    ),
    "a quota of the day": stopped(
        of_tuned(error("You exceeded your daily quota", 429)),
        "Fine-tuned: The quota of the day at 127.0.0.1 is used up; go on tomorrow: You exceeded your "
        "daily quota",
    ),
    "no credit from the middle on": stopped(
        after(3, error("Insufficient balance", 402)),
        "Fine-tuned: The account at 127.0.0.1 has no credit left; top it up, then go on: "
        "Insufficient balance",
        TEXTS + 3,
    ),
    "a wrong key": stopped(
        of_tuned(error("Incorrect API key", 401)),
        "Fine-tuned: 127.0.0.1 did not accept the key; check it: Incorrect API key",
    ),
    "a wrong model": stopped(
        of_tuned(error("no m-tuned", 404)),
        "Fine-tuned: 127.0.0.1 does not know the model “m-tuned”: no m-tuned",
    ),
    "a reason within a reason": Row(
        of_tuned(body({"error": {"message": "failed", "metadata": {"raw": "not here"}}}, 400)),
        "6 of 12 answered, 0 refused, 0 without an answer, 3 failed",
        "6 of 12 answers in. 3 failed. Spent",
        "Fine-tuned: 127.0.0.1 rejected the request (400): not here",
    ),
    "a text too long": Row(
        of_tuned(error("This is beyond the context length", 400), 1),
        "11 of 12 answered, 0 refused, 0 without an answer, 1 failed",
        "11 of 12 answers in. 1 failed. Spent",
        "The text is longer than “m-tuned” at 127.0.0.1 takes in one go: This is beyond the context "
        "length",
    ),
    "a judge that names no choice": Row(
        judge_says(model_of("Both are fine.", "m-judge")),
        said="5 replies of the judge in a row can't be used: 5 named no choice.",
        judged=True,
    ),
    "a judge that spends its limit thinking": Row(
        judge_says(events(finish="length", usage=USAGE, model="m-judge")),
        said="5 replies of the judge in a row can't be used:",
        judged=True,
    ),
}


def compared(row: Row, url: str, folder: Path, database: Path) -> tuple[str, str]:
    """What `compare` prints, and the case's id."""
    case = folder / "CASE.toml"
    values = {"url": json.dumps(url), "instruction": json.dumps(row.instruction)}
    case.write_text((CASE + (JUDGE if row.judged else "")).format(**values), "utf-8")
    texts = (json.dumps({"id": f"t{i}", "prompt": f"text {i}"}) for i in range(TEXTS))
    (folder / "prompts.jsonl").write_text("\n".join(texts), "utf-8")
    done = CliRunner().invoke(main, ["compare", str(case), "--db", str(database)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output, case_id_of(case)


@pytest.mark.parametrize("how", ROWS)
def test_what_came_of_the_answers_is_said_on_the_page_and_on_the_command_line(
    how, own_store, tmp_path, monkeypatch
):
    monkeypatch.setattr(attempts, "_FIRST_ATTEMPTS", 2)
    row = ROWS[how]
    with Wire(row.says).running() as server:
        printed, case_id = compared(row, server.url.removesuffix(row.lacks), tmp_path, own_store)
    page = Reader("compare", case_id=case_id).says
    assert row.counts in printed
    assert row.on_page in page
    for said in (printed, page):
        assert row.said in said
    assert row.warned in page
    if not row.said and not row.warned:
        assert not re.search("mend|continue|check", printed)
