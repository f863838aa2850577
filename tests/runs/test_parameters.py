"""Parameters of an option on the wire: sent as they are, left out where they are refused."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from advisor.case.options import Parameters
from advisor.case.refusals import Refusals
from advisor.case.run_spec import spec_of
from advisor.llm.client import make_client
from advisor.llm.quirks import Call, Quirks
from advisor.llm.replies import Reply, ask
from advisor.runs.compare import compare
from tests.chat_server import ChatHandler, ChatServer
from tests.make import case_at

SCHEMA = {"type": "object", "properties": {"desk": {"type": "string"}}}
ALL = Parameters(
    temperature=0.3,
    top_p=0.9,
    reasoning_effort="low",
    response_format=SCHEMA,
    stop=("END",),
    max_output_tokens=77,
    extra={"top_k": 20, "chat_template_kwargs": {"enable_thinking": False}},
)


class Picky(ChatServer):
    """Turns a request away for the first of these that it names, each in its own way."""

    def __init__(self, *refused: str, says: str = "param", models: tuple[str, ...] = ()) -> None:
        super().__init__(_Handler)
        self.refused, self.says, self.models = refused, says, models


class _Handler(ChatHandler):
    server: Picky

    def respond(self, asked: dict[str, Any], model: str, text: str) -> None:
        names = [name for name in self.server.refused if name in asked]
        if not names or (self.server.models and model not in self.server.models):
            self.answer(model, f"about {text}")
            return
        name = names[0]
        said: dict[str, Any] = {
            "param": {"error": {"message": "Not supported.", "param": name, "code": "x"}},
            "within": {"error": {"message": "Not supported.", "param": f"{name}.type"}},
            "words": {"error": {"message": f"Unrecognized request argument supplied: '{name}'"}},
            "body": {"detail": [{"type": "extra_forbidden", "loc": ["body", name], "msg": "No."}]},
        }[self.server.says]
        self.send(422 if self.server.says == "body" else 400, json.dumps(said).encode())


def ask_all(url: str, quirks: Quirks, model: str = "m") -> Reply:
    async def go() -> Reply:
        client = make_client(url, None, 5)
        try:
            sent = Call(model, [{"role": "user", "content": "hi"}], 77, 0.3, ALL.sent)
            return await ask(client, sent, quirks)
        finally:
            await client.close()

    return asyncio.run(go())


def test_every_parameter_of_an_option_is_sent_and_only_to_it(store):
    with Picky().running() as server:
        case = case_at(server.url, 2)
        tuned = case.arms["tuned"].model_copy(update={"parameters": ALL})
        assert compare(case.put("tuned", tuned), store).done == 4
    plain = [asked for asked in server.asked if asked["model"] == "m-base"]
    for asked in server.asked:
        del asked["messages"], asked["stream"], asked["stream_options"]
        asked.pop("seed", None)  # the run's own, where the server takes one
    form = {"name": "answer", "strict": False, "schema": SCHEMA}
    assert plain == [{"model": "m-base", "max_tokens": 1024, "temperature": 0.0}] * 2
    assert [asked for asked in server.asked if asked not in plain] == [
        {
            "model": "m-tuned",
            "max_tokens": 77,
            "temperature": 0.3,
            "top_p": 0.9,
            "reasoning_effort": "low",
            "stop": ["END"],
            "response_format": {"type": "json_schema", "json_schema": form},
            "top_k": 20,
            "chat_template_kwargs": {"enable_thinking": False},
        }
    ] * 2


@pytest.mark.parametrize("says", ["param", "within", "words", "body"])
@pytest.mark.parametrize("name", [*ALL.sent, "temperature"])
def test_a_refused_parameter_is_dropped_once_said_and_remembered(name, says):
    quirks = Quirks()
    with Picky(name, says=says).running() as server:
        for _ in range(3):
            assert ask_all(server.url, quirks).text == "about hi"
    assert [name in asked for asked in server.asked] == [True, False, False, False]
    assert server.asked[-1].keys() >= ALL.sent.keys() - {name}
    assert quirks.notes == [f"“m” does not take {name}, so it was asked without it."]


def test_calls_that_are_refused_at_the_same_time_are_all_sent_once_more_without_it():
    quirks = Quirks()

    async def at_once(url: str) -> list[Reply]:
        client = make_client(url, None, 5)
        sent = Call("m", [{"role": "user", "content": "hi"}], 77, 0.3, ALL.sent)
        try:
            return await asyncio.gather(*(ask(client, sent, quirks) for _ in range(6)))
        finally:
            await client.close()

    with Picky("top_p").running() as server:
        replies = asyncio.run(at_once(server.url))
    assert [reply.text for reply in replies] == ["about hi"] * 6
    assert len(quirks.notes) == 1


def test_what_one_model_does_not_take_the_other_at_the_address_still_gets():
    quirks = Quirks()
    with Picky("top_p", "stop", models=("m",)).running() as server:
        ask_all(server.url, quirks)
        ask_all(server.url, quirks, "other")
    assert [asked.get("top_p") for asked in server.asked] == [0.9, None, None, 0.9]
    assert len(quirks.notes) == 2


def test_a_complaint_that_only_has_a_word_in_common_drops_nothing():
    class Handler(ChatHandler):
        def respond(self, asked: dict[str, Any], model: str, text: str) -> None:
            self.fail(400, "We had to stop: this text has no top place, please try another.")

    with ChatServer(Handler).running() as server:
        reply = ask_all(server.url, Quirks())
    assert reply.fault is not None
    assert reply.fault.severity == "failed"
    assert len(server.asked) == 1


def test_a_spec_with_parameters_comes_back_from_the_store_as_it_was(store):
    case = case_at("https://host/v1", 1)
    case = case.put("tuned", case.arms["tuned"].model_copy(update={"parameters": ALL}))
    spec = spec_of(case)
    run = store.run(store.start_run(store.save_case(case), spec, case.run))
    assert run.spec == spec
    assert run.spec.spec_hash == run.spec_hash
    assert store.load_case(run.case_id) == case


def case_with(url: str, top_p: float, title: str = "A case"):
    """Two options over two texts; the tuned one says `top_p`."""
    case = case_at(url, 2).model_copy(update={"title": title})
    asked = case.arms["tuned"].model_copy(update={"parameters": Parameters(top_p=top_p)})
    return case.put("tuned", asked)


NOTE = "“m-tuned” does not take top_p, so it was asked without it."


def test_the_next_run_does_not_send_what_was_refused_and_says_so_too(store):
    with Picky("top_p", models=("m-tuned",)).running() as server:
        first = compare(case_with(server.url, 0.9), store)
        refused = [asked for asked in server.asked if "top_p" in asked]
        assert 1 <= len(refused) <= 2  # both texts may be on their way before the first is refused
        assert store.refused() == {(server.url, "m-tuned"): Refusals(frozenset({"top_p"}))}
        server.asked.clear()
        second = compare(case_with(server.url, 0.5, "Another case"), store)
    assert (first.done, second.done, second.reused) == (4, 4, 2)
    assert first.notes == second.notes == (NOTE,)
    assert [asked["model"] for asked in server.asked] == ["m-tuned"] * 2
    assert not [asked for asked in server.asked if "top_p" in asked]


def test_what_was_refused_is_sent_again_once_that_is_asked_for(store):
    with Picky("top_p", models=("m-tuned",)).running() as server:
        compare(case_with(server.url, 0.9), store)
        store.send_again(server.url, "m-base")
        assert store.refused() != {}
        store.send_again(server.url, "m-tuned")
        assert store.refused() == {}
        server.refused = ()
        server.asked.clear()
        again = compare(case_with(server.url, 0.5), store)
    assert [asked["top_p"] for asked in server.asked] == [0.5] * 2
    assert again.notes == ()


def test_what_was_refused_is_known_for_a_month_and_to_its_owner_alone(store, monkeypatch):
    with Picky("top_p", models=("m-tuned",)).running() as server:
        compare(case_with(server.url, 0.9), store)
        known = {(server.url, "m-tuned"): Refusals(frozenset({"top_p"}))}
        assert store.for_owner("somebody else").refused() == {}
        now = datetime.now(UTC)
        for days, found in ((29, known), (31, {})):
            monkeypatch.setattr("advisor.store.runs.utc_now", lambda d=days: now + timedelta(d))
            assert store.refused() == found
