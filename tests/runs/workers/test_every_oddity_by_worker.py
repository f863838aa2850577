"""What servers really send, to a worker on Postgres: one run a row, each to a server that sends that.

All runs are handed over at once, each of another user, to one worker; then each is looked at.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from advisor.case.case import Case
from advisor.case.options import Judge
from advisor.case.refusals import Refusals
from advisor.evidence.model import Output
from advisor.evidence.run_state import Progress, RunState
from advisor.host.endpoints import host_endpoints
from advisor.host.settings import settings
from advisor.report.before import how_the_run_stands
from advisor.runs.judging import how_it_stands
from advisor.store.repository import Store
from tests import postgres
from tests.chat_events import Sent, Wire, body, events, lines
from tests.judge_server import reply
from tests.make import case_at
from tests.runs.workers.hosting import begin, until, workers

Says = Callable[[dict[str, Any], int], Sent]
"""Gets a request and its number, gives how it is answered."""
IN, OUT, CACHED = Decimal(1), Decimal(10), Decimal("0.5")
"""USD a million tokens."""
USAGE = {"prompt_tokens": 20, "completion_tokens": 10}
CACHED_TOKENS = ("prompt_cache_hit_tokens", "cache_read_input_tokens")
CALL = {"index": 0, "function": {"name": "look", "arguments": '{"id": 7}'}}
LONGEST_S = 60
"""In which all runs are to end."""


def bill(given: int = 20, written: int = 10, cached: int = 0) -> Decimal:
    return (IN * (given - cached) + CACHED * cached + OUT * written) / 1_000_000


class Till:
    """A server with a bill: it adds up what it reports, whatever it sends beside it."""

    def __init__(self, says: Says) -> None:
        self.bill = Decimal(0)
        self._says = says
        self._one = threading.Lock()

    def __call__(self, asked: dict[str, Any], number: int) -> Sent:
        with self._one:
            sent = self._says(asked, number)
            for said in re.findall(rb'"usage": ({.*?})}\n', sent.content):
                usage = json.loads(said)
                cached = [usage.get(name, 0) for name in CACHED_TOKENS]
                cached += usage.get("prompt_tokens_details", {}).values()
                self.bill += bill(usage["prompt_tokens"], usage["completion_tokens"], sum(cached))
        return sent


def yes(asked: dict[str, Any], usage: dict[str, Any] = USAGE) -> Sent:
    return events("Yes.", usage=usage, model=asked["model"])


def tuned_gets(*deltas: Any, usage: dict[str, Any] | None = USAGE, **end: Any) -> Says:
    """The base answers as documented; fine-tuned sends this."""

    def says(asked: dict[str, Any], number: int) -> Sent:
        if asked["model"] == "m-tuned":
            return events(*deltas, usage=usage, model="m-tuned", **end)
        return yes(asked)

    return says


def tuned_fails(sent: Sent) -> Says:
    return lambda asked, number: sent if asked["model"] == "m-tuned" else yes(asked)


def at_first(sent: Sent) -> Says:
    """This at the first request of each model, then an answer."""
    heard: set[str] = set()

    def says(asked: dict[str, Any], number: int) -> Sent:
        if asked["model"] in heard:
            return yes(asked)
        heard.add(asked["model"])
        return sent

    return says


def unless(taken: Callable[[dict[str, Any]], bool], complaint: Sent) -> Says:
    return lambda asked, number: yes(asked) if taken(asked) else complaint


def out_of_credit_after(texts: int) -> Says:
    asked_before = {"m-base": 0, "m-tuned": 0}

    def says(asked: dict[str, Any], number: int) -> Sent:
        asked_before[asked["model"]] += 1
        if asked["model"] == "m-tuned" and asked_before["m-tuned"] > texts:
            return body({"error": {"message": "Insufficient balance"}}, 402)
        return yes(asked)

    return says


def judge_that_thinks(asked: dict[str, Any], number: int) -> Sent:
    if asked["model"] == "m-judge":
        said = f"<think>The first, or not?</think>{reply('no difference')}"
        return events(said, usage={**USAGE, "prompt_tokens": 400}, model="m-judge")
    return events(f"{asked['model']}: yes.", usage=USAGE, model=asked["model"])


def judge_without_a_choice(asked: dict[str, Any], number: int) -> Sent:
    if asked["model"] == "m-judge":
        usage = {**USAGE, "prompt_tokens": 400}
        return events("Both are fine, I think.", usage=usage, model="m-judge")
    return events(f"{asked['model']}: yes.", usage=USAGE, model=asked["model"])


HARMONY = (
    "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes."
)


@dataclass(frozen=True)
class Row:
    """What a server sends, and what comes of it."""

    says: Says
    outcome: str = "answered"
    """Of fine-tuned's outputs."""
    kept: dict[str, Any] | None = None
    """Fields of each of those."""
    error: str = ""
    """Stands in the error of each."""
    status: str = "done"
    reason: str = ""
    """Stands in the run's reason to end."""
    note: str = ""
    texts: int = 2
    instruction: str = ""
    requests: int | None = None
    """That the server gets in all."""
    cost: Decimal | None = None
    """Of the run."""
    found: Refusals | None = None
    """Kept of fine-tuned for the runs after it."""
    lacks: str = ""
    judged: bool = False


def error(message: str, status: int = 400, **headers: str) -> Sent:
    return body({"error": {"message": message}}, status, **headers)


ROWS: dict[str, Row] = {
    "an answer": Row(
        tuned_gets("Ye", "s."), kept={"text": "Yes.", "truncated": False}, cost=4 * bill()
    ),
    "length": Row(tuned_gets("Ye", finish="length"), kept={"text": "Ye", "truncated": True}),
    "an empty reason": Row(
        tuned_gets("Yes.", finish=""), kept={"text": "Yes.", "truncated": False}
    ),
    "no reason": Row(tuned_gets("Yes.", finish=None), kept={"text": "Yes.", "attempts": 1}),
    "cut off": Row(
        at_first(events("Ye", finish=None, done=False)),
        texts=1,
        kept={"text": "Yes.", "attempts": 2},
        requests=4,
    ),
    "network_error": Row(
        at_first(events("Ye", finish="network_error", usage=USAGE)),
        texts=1,
        kept={"text": "Yes.", "attempts": 2},
        requests=4,
        cost=4 * bill(),
    ),
    "insufficient_system_resource": Row(
        at_first(events("Ye", finish="insufficient_system_resource", usage=USAGE)),
        texts=1,
        kept={"text": "Yes.", "attempts": 2},
        requests=4,
        cost=4 * bill(),
    ),
    "an error event": Row(
        tuned_fails(lines({"object": "error", "message": "bad gateway", "code": 400})),
        outcome="failed",
        error="bad gateway",
        status="partial",
        reason="bad gateway",
    ),
    "an error of a choice": Row(
        at_first(lines({"choices": [{"error": {"message": "out of memory", "code": 502}}]})),
        texts=1,
        kept={"text": "Yes.", "attempts": 2},
        requests=4,
    ),
    "content_filter": Row(tuned_gets("I", finish="content_filter"), outcome="refused"),
    "safety": Row(tuned_gets("I", finish="SAFETY"), outcome="refused"),
    "sensitive": Row(tuned_gets(finish="sensitive"), outcome="refused"),
    "a refusal": Row(
        tuned_gets({"refusal": "I will not."}), outcome="refused", error="I will not."
    ),
    "thoughts in the text": Row(
        tuned_gets("<think>Hm.</think>Yes."),
        kept={"text": "Yes.", "reasoning": "Hm.", "output_tokens": 10},
        cost=4 * bill(),
    ),
    "reasoning_content": Row(
        tuned_gets({"reasoning_content": "Hm."}, "Yes."), kept={"text": "Yes.", "reasoning": "Hm."}
    ),
    "reasoning": Row(
        tuned_gets({"reasoning": "Hm."}, "Yes."), kept={"text": "Yes.", "reasoning": "Hm."}
    ),
    "channels": Row(tuned_gets(HARMONY), kept={"text": "Yes.", "reasoning": "Hm."}),
    "thoughts without an end": Row(
        tuned_gets("<think>Hm."), outcome="no_answer", kept={"why": "unclosed", "text": ""}
    ),
    "tokens spent thinking": Row(
        tuned_gets(finish="length"),
        outcome="no_answer",
        kept={"why": "thinking"},
        reason="No fine-tuned answer came: the model spent its limit thinking; allow longer answers",
        requests=4,
        cost=4 * bill(),
    ),
    "tool calls": Row(
        tuned_gets({"tool_calls": [CALL]}, finish="tool_calls"),
        kept={"text": json.dumps([{"name": "look", "arguments": {"id": 7}}])},
    ),
    "one model behind both": Row(
        lambda asked, number: events("Yes.", usage=USAGE, model="llama"),
        outcome="",
        texts=20,
        status="partial",
        reason="One model, “llama”, answers for both",
    ),
    "a window too small": Row(
        tuned_gets("Yes.", usage={"prompt_tokens": 205, "completion_tokens": 1}),
        instruction="word " * 970,
        outcome="no_answer",
        kept={"why": "window"},
        error="The server read 205 of about",
    ),
    "prompt_tokens_details": Row(
        tuned_gets("Yes.", usage={**USAGE, "prompt_tokens_details": {"cached_tokens": 16}}),
        kept={"cached_tokens": 16},
        cost=2 * bill() + 2 * bill(cached=16),
    ),
    "prompt_cache_hit_tokens": Row(
        tuned_gets("Yes.", usage={**USAGE, "prompt_cache_hit_tokens": 16}),
        kept={"cached_tokens": 16},
        cost=2 * bill() + 2 * bill(cached=16),
    ),
    "cache_read_input_tokens": Row(
        tuned_gets("Yes.", usage={**USAGE, "cache_read_input_tokens": 16}),
        kept={"cached_tokens": 16},
        cost=2 * bill() + 2 * bill(cached=16),
    ),
    "a lower bound": Row(
        unless(lambda asked: asked["max_tokens"] <= 500, error("range of max_tokens is 1..500")),
        kept={"text": "Yes."},
        note="“m-tuned” writes at most 500 tokens an answer, so the limit of 1,024 was lowered",
        found=Refusals(above=500),
    ),
    "no system role": Row(
        unless(
            lambda asked: asked["messages"][0]["role"] == "user", error("System role not supported")
        ),
        instruction="Be brief.",
        kept={"text": "Yes."},
        note="“m-tuned” takes no instruction apart from the text, so it stands before it.",
        found=Refusals(instruction=True),
    ),
    "an address without its end": Row(
        unless(
            lambda asked: asked["path"] == "/v1/chat/completions",
            body({"error": "Unexpected endpoint or method. (POST /chat/completions)"}, 404),
        ),
        lacks="/v1",
        kept={"text": "Yes."},
        note="The address lacked /v1 at its end; it was asked with it.",
        found=Refusals(lacks="/v1"),
    ),
    "an address of Azure without its end": Row(
        unless(
            lambda asked: asked["path"] == "/openai/v1/chat/completions",
            body({"error": {"code": "404", "message": "Resource not found"}}, 404),
        ),
        lacks="/v1",
        kept={"text": "Yes."},
        note="The address lacked /openai/v1 at its end; it was asked with it.",
        found=Refusals(lacks="/openai/v1"),
    ),
    "a whole path pasted": Row(
        unless(
            lambda asked: asked["path"] == "/v1/chat/completions",
            body({"detail": "Not Found"}, 404),
        ),
        lacks="pasted",
        kept={"text": "Yes."},
        requests=4,
    ),
    "nothing at any end": Row(
        lambda asked, number: body({"detail": "Not Found"}, 404),
        outcome="failed",
        status="partial",
        reason="enter the one that its maker gives",
    ),
    "Loading model": Row(
        at_first(error("Loading model", 503)),
        texts=1,
        kept={"text": "Yes.", "attempts": 2},
        note="is still loading the model “m-tuned”: Loading model; it was waited for.",
    ),
    "an hour to wait": Row(
        tuned_fails(error("wait", 429, retry_after="3600")),
        outcome="failed",
        status="partial",
        reason="takes no more requests until",
    ),
    "a quota of the day": Row(
        tuned_fails(error("You exceeded your daily quota: requests per day", 429)),
        outcome="failed",
        status="partial",
        reason="The quota of the day at",
    ),
    "no credit, 402": Row(
        tuned_fails(error("Payment Required", 402)),
        outcome="failed",
        status="partial",
        reason="has no credit left",
        texts=6,
    ),
    "no credit, 400": Row(
        tuned_fails(error("Your credit balance is too low to access it")),
        outcome="failed",
        status="partial",
        reason="has no credit left",
        texts=6,
    ),
    "no credit from the middle on": Row(
        out_of_credit_after(5), outcome="", status="partial", reason="has no credit left", texts=12
    ),
    "words within words": Row(
        tuned_fails(body({"error": {"message": "failed", "metadata": {"raw": "not here"}}}, 400)),
        outcome="failed",
        error="not here",
        status="partial",
    ),
    "a detail": Row(
        tuned_fails(body({"detail": {"message": "not here"}}, 400)),
        outcome="failed",
        error="not here",
        status="partial",
    ),
    "a judge that thinks": Row(judge_that_thinks, judged=True, kept={"text": "m-tuned: yes."}),
    "a judge without a choice": Row(judge_without_a_choice, judged=True, texts=6),
}


@dataclass(frozen=True)
class Heard:
    """How a row's run ended."""

    case: Case
    state: RunState
    progress: Progress
    outputs: list[Output]
    server: Wire
    asked: list[dict[str, Any]]
    """Of the server, by the end of this run."""
    cost: Decimal
    bill: Decimal
    store: Store

    def of(self, arm: str) -> list[Output]:
        return [output for output in self.outputs if output.arm == arm]


def case_of(name: str, row: Row, texts: int | None = None) -> Case:
    case = case_at(f"host:{name}", texts or row.texts, system_prompt=row.instruction, concurrency=2)
    cells = {"input": IN, "output": OUT, "cached_input": CACHED}
    for option, arm in case.arms.items():
        case = case.put(option, arm.model_copy(update={"price": type(arm.price)(**cells)}))
    judge = Judge(endpoint=f"host:{name}", model="m-judge") if row.judged else None
    return case.model_copy(update={"judge": judge})


def address(server: Wire, row: Row) -> str:
    if row.lacks == "pasted":
        return f"{server.url}/chat/completions"
    return server.url.removesuffix(row.lacks)


@pytest.fixture(scope="module")
def heard(postgres_server: tuple[str, str]) -> Iterator[dict[str, Heard]]:
    """All rows' runs, made by one worker side by side."""
    named = {how: f"row{number}" for number, how in enumerate(ROWS)}
    with ExitStack() as stack:
        database = stack.enter_context(postgres.fresh(*postgres_server))
        tills = {how: Till(row.says) for how, row in ROWS.items()}
        servers = {how: stack.enter_context(Wire(till).running()) for how, till in tills.items()}
        hosts = {named[how]: {"url": address(servers[how], row)} for how, row in ROWS.items()}
        environment = {"DATABASE_URL": database, "WORTH_TUNING_ENDPOINTS": json.dumps(hosts)}
        changed = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in environment.items():
            changed.setenv(name, value)
        for read in (settings, host_endpoints):
            read.cache_clear()
            stack.callback(read.cache_clear)
        whole = Store.open(database)
        stack.callback(whole.close)
        stack.enter_context(workers(1, environment))
        stores = {how: whole.for_owner(named[how]) for how in ROWS}
        cases = {how: case_of(named[how], row) for how, row in ROWS.items()}
        begun = {how: begin(stores[how], cases[how], price=priced) for how in ROWS}

        def ended(how: str) -> bool:
            state = stores[how].run_state(begun[how])
            if state.status == "running" or not ROWS[how].judged:
                return state.status != "running"
            judged = how_it_stands(stores[how], cases[how], begun[how]).run
            return judged is not None and judged.status not in ("new", "running")

        until(lambda: all(map(ended, ROWS)), LONGEST_S)
        yield {
            how: Heard(
                cases[how],
                store.run_state(begun[how]),
                store.progress(begun[how]),
                store.outputs(begun[how]),
                servers[how],
                list(servers[how].asked),
                store.spent(begun[how]),
                tills[how].bill,
                store,
            )
            for how, store in stores.items()
        }


def priced(role: str, given: int, written: int, cached: int = 0, /) -> Decimal:
    return bill(given, written, cached)


@pytest.mark.parametrize("how", ROWS)
def test_what_a_server_sends_is_to_a_worker_what_the_table_says(heard, how):
    row, found = ROWS[how], heard[how]
    tuned, state = found.of("tuned"), found.state
    assert (state.status, len(tuned) > 0) == (row.status, True), state.stop_reason
    if row.outcome:
        assert {output.outcome for output in tuned} == {row.outcome}
    for output in tuned:
        assert {name: getattr(output, name) for name in row.kept or {}} == (row.kept or {})
        assert row.error in (output.error or "")
    assert row.reason in (state.stop_reason or "")
    assert row.note in "\n".join(state.notes)
    shown = how_the_run_stands(state, found.progress, recorded=False, currency=found.case.currency)
    assert shown.startswith(f"{found.progress.answered} of {2 * row.texts} answers in.")
    for said in (row.reason, row.note):
        assert said in shown
    assert row.requests in (None, len(found.asked))
    assert row.cost in (None, found.cost)
    if how != "cut off" and not row.judged:  # counted by us; a run of its own
        assert found.cost == found.bill
    if row.found is not None:
        assert row.found in found.store.refused().values()
    assert {one["stream"] for one in found.asked} == {True}


@pytest.mark.parametrize("how", [how for how, row in ROWS.items() if row.found is not None])
def test_the_next_run_by_worker_asks_nothing_in_vain_and_says_what_it_knows(heard, how):
    row, first = ROWS[how], heard[how]
    case = case_of(first.case.arms["base"].endpoint.removeprefix("host:"), row, row.texts + 1)
    before = len(first.server.asked)
    run_id = begin(first.store, case, price=priced)
    until(lambda: first.store.run_state(run_id).status != "running", LONGEST_S)
    state = first.store.run_state(run_id)
    assert (state.status, len(first.server.asked) - before) == ("done", 2)
    assert row.note in "\n".join(state.notes)


STOPPED = [how for how, row in ROWS.items() if "credit" in how or "quota" in how or "hour" in how]


@pytest.mark.parametrize("how", STOPPED)
def test_an_option_that_can_not_go_on_stops_alone_by_worker_too(heard, how):
    row, found = ROWS[how], heard[how]
    assert [output.outcome for output in found.of("base")] == ["answered"] * row.texts
    assert found.state.stop_reason.startswith("Fine-tuned: ")
    paid = 5 if "middle" in how else 0
    assert sum(output.outcome == "answered" for output in found.of("tuned")) == paid
    assert sum(one["model"] == "m-tuned" for one in found.asked) <= paid + 2  # two at once


def test_one_model_behind_both_is_said_before_many_texts_are_paid_for(heard):
    found = heard["one model behind both"]
    assert len(found.asked) <= 4  # two at once, and those in flight


def test_what_a_judge_thinks_is_no_part_of_its_choice(heard):
    found = heard["a judge that thinks"]
    judged = how_it_stands(found.store, found.case, found.state.id)
    assert judged.run.status == "done"
    judgments = found.store.judgments(found.state.id)
    assert {one.preference for one in judgments} == {"tie"}
    assert "The first, or not?" not in str(judgments)


def test_a_judge_that_names_no_choice_is_stopped_by_worker_too(heard):
    found = heard["a judge without a choice"]
    judged = how_it_stands(found.store, found.case, found.state.id)
    assert "5 replies of the judge in a row can't be used: 5 named no choice." in (
        judged.run.stop_reason
    )
    assert sum(one["model"] == "m-judge" for one in found.asked) <= 6  # of 12; two at once
    assert found.store.judgments(found.state.id) == []
