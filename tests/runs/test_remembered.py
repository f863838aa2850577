"""What one run has found out of an address, the next one knows: nothing is asked in vain again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from advisor.case.options import Judge
from advisor.case.refusals import Refusals
from advisor.llm.capabilities import find_out
from advisor.llm.probe import probe
from advisor.runs.compare import compare
from advisor.store.refusals import REFUSED_FOR
from advisor.store.tables import runs
from tests.chat_events import Sent, Wire, body, events
from tests.judge_server import reply
from tests.make import case_at

SEED = Refusals(frozenset({"seed"}))


def too_many(asked: dict[str, Any]) -> bool:
    return bool(asked["max_tokens"] > 500)


def apart(asked: dict[str, Any]) -> bool:
    return bool(asked["messages"][0]["role"] == "system")


def astray(asked: dict[str, Any]) -> bool:
    return bool(asked["path"] != "/v1/chat/completions")


ROWS: dict[str, tuple[Callable[[dict[str, Any]], bool], Sent, Refusals, str]] = {
    "a bound": (
        too_many,
        body({"error": {"message": "Range of max_tokens is 1..500"}}, 400),
        Refusals(above=500),
        "“m-base” writes at most 500 tokens an answer, so the limit of 1,024 was lowered to that.",
    ),
    "an instruction apart": (
        apart,
        body({"error": {"message": "System role not supported"}}, 400),
        Refusals(instruction=True),
        "“m-base” takes no instruction apart from the text, so it stands before it.",
    ),
    "an address": (
        astray,
        body({"detail": "Not Found"}, 404),
        Refusals(lacks="/v1"),
        "The address lacked /v1 at its end; it was asked with it.",
    ),
}


def a_case(url: str, texts: int):
    return case_at(url, texts, ("base",), system_prompt="Be brief.", concurrency=1)


@pytest.mark.parametrize("row", ROWS)
def test_the_second_run_asks_each_text_once_and_says_what_the_first_has_said(store, row):
    in_vain, sent, found, said = ROWS[row]

    def says(asked: dict[str, Any], number: int) -> Sent:
        return sent if in_vain(asked) else events("Yes.", model=asked["model"])

    with Wire(says).running() as server:
        url = server.url.removesuffix("/v1") if row == "an address" else server.url
        first = compare(a_case(url, 2), store)
        assert (first.status, len(server.asked)) == ("done", 3)
        assert store.refused() == {(url, "m-base"): found}
        second = compare(a_case(url, 5), store)
        assert (second.status, second.done, second.reused) == ("done", 5, 2)
        assert len(server.asked) == 3 + 3
    assert first.notes == second.notes == (said,)


@pytest.mark.parametrize("ask", [probe, find_out])
def test_what_asking_an_address_by_itself_has_found_runs_know_and_it_asks_by_what_they_know(
    store, ask
):
    def says(asked: dict[str, Any], number: int) -> Sent:
        if astray(asked):
            return body({"detail": "Not Found"}, 404)
        return events('{"word": "OK"}', model=asked["model"])

    with Wire(says).running() as server:
        url = server.url.removesuffix("/v1")
        first = ask(url, "m-base")
        assert first.refused == Refusals(lacks="/v1")
        assert server.paths.count("/chat/completions") == 1
        store.keep_refused({(url, "m-base"): first.refused})
        assert compare(a_case(url, 2), store).status == "done"
        again = ask(url, "m-base", known=store.refused()[url, "m-base"])
        assert server.paths.count("/chat/completions") == 1
    assert again.refused is None
    assert store.for_owner("oidc:otto").refused() == {}


def test_what_was_found_apart_from_a_run_is_sent_again_if_asked_for_and_forgotten_in_time(store):
    known = {("https://h.example", "m"): Refusals(lacks="/v1"), ("https://i.example", "m"): SEED}
    store.keep_refused(known)
    assert store.refused() == known
    store.send_again("https://h.example", "m")
    assert store.refused() == {("https://i.example", "m"): SEED}
    store.sweep(None, datetime.now(UTC) + REFUSED_FOR + timedelta(seconds=1))
    assert store.refused() == {}


@pytest.mark.parametrize("row", ["a bound", "an instruction apart"])
def test_the_next_judge_asks_each_question_once(store, row):
    in_vain, complaint, found, _ = ROWS[row]

    def says(asked: dict[str, Any], number: int) -> Sent:
        if asked["model"] != "m-judge":
            return events(f"{asked['model']}: yes.", model=asked["model"])
        return complaint if in_vain(asked) else events(reply("no difference"), model="m-judge")

    with Wire(says).running() as server:
        counts = []
        for texts in (1, 2):
            judge = Judge(endpoint=server.url, model="m-judge")
            case = case_at(server.url, texts, concurrency=1).model_copy(update={"judge": judge})
            summary = compare(case, store)
            assert summary.complete
            counts.append(sum(one["model"] == "m-judge" for one in server.asked))
    assert store.refused()[server.url, "m-judge"] == found
    assert counts == [3, 5]  # two orders a text, and one more for the complaint


def test_an_address_that_is_whole_by_now_is_asked_as_it_is_from_then_on(store):
    whole = False

    def says(asked: dict[str, Any], number: int) -> Sent:
        there = "/chat/completions" if whole else "/v1/chat/completions"
        return events("Yes.") if asked["path"] == there else body({"detail": "Not Found"}, 404)

    with Wire(says).running() as server:
        url = server.url.removesuffix("/v1")
        compare(a_case(url, 1), store)
        whole = True
        second = compare(a_case(url, 2), store)
        assert (second.status, second.notes) == ("done", ())
        server.paths.clear()
        third = compare(a_case(url, 3), store)
        assert (third.status, third.notes) == ("done", ())
        assert server.paths == ["/chat/completions"]


def test_what_a_run_of_an_older_version_kept_is_known(store):
    with Wire(events("Yes.")).running() as server:
        summary = compare(a_case(server.url, 1), store)
        known = {(server.url, "m-base"): Refusals(frozenset({"stop", "top_p"}))}
        old = [[server.url, "m-base", "stop"], [server.url, "m-base", "top_p"]]
        with store._write() as connection:
            connection.execute(update(runs).values(refused=old))
        assert store.refused() == known
        store.note(summary.run_id, (), {(server.url, "m-base"): Refusals(above=9)})
        assert store.refused() == {of: replace(kept, above=9) for of, kept in known.items()}
        with store._read() as connection:
            rows = connection.scalar(select(runs.c.refused))
        assert rows == [*old, [server.url, "m-base", "above=9"]]
