"""What real servers send, in a whole run: outcomes, money, what is asked again, what stops alone."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from advisor.case.options import Arm
from advisor.case.run_spec import spec_of
from advisor.runs import attempts
from advisor.runs.compare import compare
from tests.chat_events import Wire, body, events
from tests.make import case_at

IN, OUT, CACHED = Decimal("0.001"), Decimal("0.01"), Decimal("0.0001")


def price(role, input_tokens, output_tokens, cached_tokens=0):
    return IN * (input_tokens - cached_tokens) + CACHED * cached_tokens + OUT * output_tokens


class Till:
    """A server with a bill: it adds up what it reports, whatever it sends beside it."""

    def __init__(self, says):
        self.bill = Decimal(0)
        self._says = says

    def __call__(self, asked, number):
        usage, sent = self._says(asked, number)
        if usage is not None:
            cached = usage.get("prompt_tokens_details", {}).get("cached_tokens", 0)
            self.bill += price("", usage["prompt_tokens"], usage["completion_tokens"], cached)
        return sent


def usage(given=20, written=10, cached=0):
    details = {"prompt_tokens_details": {"cached_tokens": cached}} if cached else {}
    return {"prompt_tokens": given, "completion_tokens": written, **details}


def answered(asked, **more):
    return (use := usage(**more)), events("Yes.", usage=use, model=asked["model"])


def failed(asked):
    return (use := usage()), events("Ye", finish="error", usage=use, model=asked["model"])


def run(says, store, prompts=4, arms=("base", "tuned"), **settings):
    till = Till(says)
    with Wire(till).running() as server:
        case = case_at(server.url, prompts, arms, **{"concurrency": 2, **settings})
        summary = compare(case, store, price=price)
    return summary, till, server


def test_the_cost_is_the_servers_bill_every_attempt_counted(store):
    seen = set()

    def says(asked, number):
        key = asked["model"], asked["messages"][-1]["content"]
        if key in seen:
            return answered(asked)
        seen.add(key)
        return failed(asked) if number % 2 else answered(asked)

    summary, till, server = run(says, store)
    assert summary.status == "done"
    assert len(server.asked) > 8
    assert summary.cost_usd == till.bill


def test_cached_tokens_cost_what_cached_ones_cost(store):
    summary, till, _ = run(lambda asked, n: answered(asked, given=20, cached=16), store)
    # 8 calls: 4 tokens at 0.001, 16 at 0.0001 and 10 at 0.01.
    assert summary.cost_usd == till.bill == 8 * Decimal("0.1056")


def test_what_failed_for_good_is_paid_for_and_the_next_run_adds_to_it(store, monkeypatch):
    monkeypatch.setattr(attempts, "_FIRST_ATTEMPTS", 2)
    mended = False
    till = Till(lambda asked, number: answered(asked) if mended else failed(asked))
    with Wire(till).running() as server:
        case = case_at(server.url, 1, ("base",))
        first = compare(case, store, price=price)
        assert (first.failed, first.cost_usd) == (1, till.bill) == (1, 2 * Decimal("0.12"))
        mended = True
        second = compare(case, store, price=price)
    assert (second.status, second.cost_usd) == ("done", till.bill)
    assert till.bill == 3 * Decimal("0.12")


def test_no_attempt_is_made_that_the_cap_does_not_hold(store):
    """One call may cost 0.12 and no more; three attempts would cost 0.36."""
    summary, till, server = run(
        lambda asked, number: failed(asked), store, 1, ("base",), cap_usd=0.15, max_output_tokens=10
    )
    assert (summary.status, summary.stop_reason) == ("capped", "The cap of 0.15 USD was reached.")
    assert len(server.asked) == 1
    assert summary.cost_usd == till.bill == Decimal("0.12")


THINKS = {
    "thinking": (usage(), events({"reasoning_content": "Hm."}, finish="length", usage=usage())),
    "unclosed": (usage(), events("<think>Hm.", usage=usage())),
    "empty": (usage(), events(usage=usage())),
}


@pytest.mark.parametrize("why", THINKS)
def test_no_answer_is_paid_for_and_is_no_answer(store, why):
    summary, till, server = run(
        lambda asked, number: THINKS[why] if asked["model"] == "m-tuned" else answered(asked), store
    )
    assert (summary.done, summary.no_answer, summary.failed) == (4, 4, 0)
    assert (summary.status, summary.complete) == ("done", False)
    assert summary.cost_usd == till.bill
    outputs = [o for o in store.outputs(summary.run_id) if o.arm == "tuned"]
    assert {(o.outcome, o.why, o.text) for o in outputs} == {("no_answer", why, "")}
    assert len(server.asked) == 8
    if why == "thinking":
        assert summary.stop_reason == (
            "No fine-tuned answer came: the model spent its limit thinking; allow longer answers and "
            "continue."
        )


def test_once_the_limit_is_raised_only_what_was_missing_or_cut_is_asked_again(store):
    """Of eight texts two spend the limit on thinking and one is cut off."""

    def says(asked, number):
        text, enough = asked["messages"][-1]["content"], asked["max_tokens"] >= 2048
        if not enough and text in ("text 1", "text 2"):
            return THINKS["thinking"]
        if not enough and text == "text 3":
            return (use := usage()), events("Ye", finish="length", usage=use)
        return answered(asked)

    till = Till(says)
    with Wire(till).running() as server:
        case = case_at(server.url, 8, ("base",))
        first = compare(case, store, price=price)
        assert (first.done, first.no_answer) == (6, 2)
        more = case.run.model_copy(update={"max_output_tokens": 2048})
        second = compare(case.model_copy(update={"run": more}), store, price=price)
        asked = sorted(one["messages"][-1]["content"] for one in server.asked[8:])
    assert asked == ["text 1", "text 2", "text 3"]
    assert (second.status, second.done, second.reused) == ("done", 8, 5)
    assert first.cost_usd + second.cost_usd == till.bill
    assert {o.text for o in store.outputs(second.run_id)} == {"Yes."}


def test_reasoning_is_kept_apart_and_counted_where_the_server_counts_nothing(store):
    def says(asked, number):
        return None, events({"reasoning": "one two three"}, "Yes.", model=asked["model"])

    summary, _, _ = run(says, store, 1, ("base",))
    output = store.outputs(summary.run_id)[0]
    assert (output.text, output.reasoning) == ("Yes.", "one two three")
    assert (output.tokens_counted, output.output_tokens) == (True, 5)


def test_one_model_behind_both_options_ends_the_run_after_the_first_text(store):
    def says(asked, number):
        return (use := usage()), events("Yes.", usage=use, model="llama")

    summary, _, server = run(says, store, 20, concurrency=1)
    assert summary.status == "partial"
    (said,) = re.findall("One model, “llama”, answers for both (.*): there", summary.stop_reason)
    assert sorted(said.split(" and ")) == ["base", "fine-tuned"]
    assert len(server.asked) == 2


def test_one_model_name_behind_two_ports_ends_the_run_before_the_second_text(store):
    says = Till(lambda asked, number: ((use := usage()), events("Yes.", usage=use, model="llama")))
    with Wire(says).running() as one, Wire(says).running() as two:
        case = case_at(one.url, 20, concurrency=1)
        tuned = case.arms["tuned"].model_copy(update={"endpoint": two.url})
        case = case.model_copy(update={"arms": case.arms | {"tuned": tuned}})
        summary = compare(case, store, price=price)
    assert summary.status == "partial"
    assert summary.stop_reason.endswith("if they are two models, give each a name of its own.")
    assert (len(one.asked), len(two.asked)) == (1, 1)


def test_a_text_that_the_server_read_in_part_has_no_answer(store):
    with Wire(lambda asked, n: events("Yes.", usage=usage(given=205))).running() as server:
        case = case_at(server.url, 1, ("base",), system_prompt="word " * 970)
        summary = compare(case, store, price=price)
    output = store.outputs(summary.run_id)[0]
    assert (output.outcome, output.why) == ("no_answer", "window")
    assert output.error.startswith("The server read 205 of about 9")
    assert output.error.endswith(": its window is too small (num_ctx, --ctx-size).")


def test_an_option_whose_texts_are_all_read_in_part_is_left_after_a_few(store):
    with Wire(lambda asked, n: events("Yes.", usage=usage(given=205))).running() as server:
        case = case_at(server.url, 20, ("base",), system_prompt="word " * 970, concurrency=1)
        summary = compare(case, store)
    assert (summary.status, summary.no_answer, len(server.asked)) == ("partial", 8, 8)
    assert summary.stop_reason.startswith("The server read 205 of about 9")


def test_tokens_that_were_read_before_are_not_missed(store):
    """Some servers count only what was not cached."""
    sent = events("Yes.", usage=usage(given=205, cached=900))
    with Wire(lambda asked, n: sent).running() as server:
        case = case_at(server.url, 1, ("base",), system_prompt="word " * 970)
        assert compare(case, store, price=price).status == "done"


STOPS = {
    "no credit": body({"error": {"message": "Payment Required"}}, 402),
    "an hour": body({"error": {"message": "wait"}}, 429, retry_after="3600"),
    "alike 400s": body({"error": {"message": "no_db_connection", "code": "no_db_connection"}}, 400),
    "alike 418s": body({"error": {"message": "I am a teapot"}}, 418),
}


@pytest.mark.parametrize("which", STOPS)
def test_an_option_that_can_not_go_on_stops_alone_and_is_named(store, which):
    def says(asked, number):
        return (None, STOPS[which]) if asked["model"] == "m-tuned" else answered(asked)

    summary, till, server = run(says, store, 20)
    assert (summary.status, summary.done) == ("partial", 20)
    assert summary.stop_reason.startswith("Fine-tuned: ")
    assert sum(asked["model"] == "m-tuned" for asked in server.asked) <= 4
    assert summary.cost_usd == till.bill


def test_an_option_stops_in_the_middle_of_a_run(store):
    def says(asked, number):
        done = sum(one["model"] == "m-tuned" for one in server.asked) > 5
        if asked["model"] == "m-tuned" and done:
            return STOPS["no credit"]
        return events("Yes.", model=asked["model"])

    with Wire(says).running() as server:
        summary = compare(case_at(server.url, 20, concurrency=2), store)
    assert (summary.done, summary.status) == (25, "partial")
    assert "Fine-tuned: The account at 127.0.0.1 has no credit left" in summary.stop_reason


def test_a_text_that_is_too_long_stops_nothing(store):
    said = {"error": {"message": "maximum context length is 10 tokens", "code": "context_length"}}
    summary, _, server = run(lambda asked, n: (None, body(said, 400)), store, 6, ("base",))
    assert len(server.asked) == 6
    assert summary.failed == 6


def test_a_model_that_is_loaded_is_waited_for_and_that_is_said(store):
    loading = body({"error": {"message": "Loading model"}}, 503)
    summary, till, server = run(
        lambda asked, n: (None, loading) if n <= 12 else answered(asked), store, 1, ("base",)
    )
    assert (summary.status, len(server.asked)) == ("done", 13)
    assert summary.notes == (
        "127.0.0.1 is still loading the model “m-base”: Loading model; it was waited for.",
    )
    assert summary.cost_usd == till.bill


def test_what_was_found_out_of_an_endpoint_is_kept_with_the_run(store):
    def says(asked, number):
        if asked["max_tokens"] > 500:
            return None, body({"error": {"message": "Range of max_tokens is 1..500"}}, 400)
        return answered(asked)

    summary, till, _ = run(says, store, 3, ("base",))
    assert (summary.status, summary.cost_usd) == ("done", till.bill)
    assert summary.notes == (
        "“m-base” writes at most 500 tokens an answer, so the limit of 1,024 was lowered to that.",
    )


def test_sixty_texts_in_which_one_side_thinks_aloud_are_sixty_ties(store):
    def says(asked, number):
        said = "<think>Long, long thoughts.</think>Yes." if asked["model"] == "m-tuned" else "Yes."
        return events(said, model=asked["model"])

    with Wire(says).running() as server:
        case = case_at(server.url, 60)
        summary = compare(case, store)
    texts = {(o.arm, o.text) for o in store.outputs(summary.run_id)}
    assert texts == {("base", "Yes."), ("tuned", "Yes.")}
    assert spec_of(case).planned == summary.done == 120


def test_other_options_share_nothing_but_the_address(store):
    """A model that takes no instruction apart; the other one does."""

    def says(asked, number):
        apart = asked["messages"][0]["role"] == "system"
        if apart and asked["model"] == "m-tuned":
            return body({"error": {"message": "System role not supported"}}, 400)
        return events("Yes.", model=asked["model"])

    with Wire(says).running() as server:
        case = case_at(server.url, 2, system_prompt="Be brief.", concurrency=1)
        summary = compare(case, store)
        last = {one["model"]: one["messages"] for one in server.asked}
    assert summary.done == 4
    assert [m["role"] for m in last["m-base"]] == ["system", "user"]
    assert [m["role"] for m in last["m-tuned"]] == ["user"]
    assert isinstance(case.arms["base"], Arm)
    assert replace(store.outputs(summary.run_id)[0], sample=0).sample == 0
