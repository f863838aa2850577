"""Each row of what servers really send, from a server that sends exactly that."""

import asyncio
import json
from dataclasses import replace

import pytest

from advisor.llm.client import make_client
from advisor.llm.probe import probe
from advisor.llm.quirks import Call, Quirks
from advisor.llm.replies import Reply, ask
from tests.chat_events import Sent, Wire, body, events, lines, words

CALL = Call("m", [{"role": "user", "content": "Yes or no?"}], 50, 0.0)
USAGE = {"prompt_tokens": 10, "completion_tokens": 30, "total_tokens": 40}


def hear(says, *, calls: int = 1, call: Call = CALL, quirks: Quirks | None = None) -> Reply:
    return hear_all(says, calls=calls, call=call, quirks=quirks)[0][-1]


def hear_all(says, *, calls: int = 1, call: Call = CALL, quirks: Quirks | None = None):
    async def go(url: str) -> list[Reply]:
        async with make_client(url, "sk-0123456789", 5) as client:
            return [await ask(client, call, kept) for _ in range(calls)]

    kept = quirks or Quirks()
    with Wire(says).running() as server:
        return asyncio.run(go(server.url)), server


ERROR = {"message": "out of memory", "code": "oom"}
PART = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}


@pytest.mark.parametrize(
    ("sent", "finish"),
    [
        pytest.param(events("Ye", "s."), "stop", id="stop"),
        pytest.param(events("Yes.", finish="length"), "length", id="length"),
        pytest.param(events("Yes.", finish="MAX_TOKENS"), "length", id="length in other words"),
        pytest.param(
            events("Yes.", finish="FINISH_REASON_MAX_TOKENS"), "length", id="length, prefixed"
        ),
        pytest.param(
            events("Yes.", finish="model_context_window_exceeded"), "length", id="the window's end"
        ),
        pytest.param(events("Yes.", finish="tool_calls"), "tool_calls", id="tool calls"),
        pytest.param(events("Yes.", finish="eos_token"), "eos_token", id="a word of its own"),
        pytest.param(events("Yes.", finish=""), None, id="an empty reason, then the end"),
        pytest.param(events("Yes.", finish=None), None, id="no reason, then the end"),
        pytest.param(
            body({"choices": [{"message": {"content": "Yes."}, "finish_reason": None}]}),
            None,
            id="one body without a reason",
        ),
        pytest.param(
            lines(": a comment", "", {"choices": [{"delta": {"content": "Yes."}}]}, "[DONE]"),
            None,
            id="comments and empty lines",
        ),
    ],
)
def test_a_text_that_came_to_its_end_is_an_answer(sent: Sent, finish):
    if sent.content.startswith(b"data: :"):
        sent = replace(sent, content=sent.content.replace(b"data: : ", b": ", 1))
    reply = hear(sent)
    assert (reply.fault, reply.why, reply.text, reply.finish_reason) == (None, None, "Yes.", finish)


@pytest.mark.parametrize(
    "said",
    [
        b'{"message": {"content": "Ye"}, "done": false}\n',
        b'{"response": "Ye", "done": false}\n{"response": "s", "done": false}\n',
    ],
)
def test_lines_without_the_last_one_were_cut_off(said):
    fault = hear(Sent(said, "application/x-ndjson")).fault
    assert fault.sentence == "The answer of 127.0.0.1 broke off before its end."


@pytest.mark.parametrize("finish", ["", None])
def test_a_text_without_reason_and_end_was_cut_off(finish):
    reply = hear(events("Ye", finish=finish, done=False))
    assert (reply.fault.severity, reply.fault.sentence) == (
        "retry",
        "The answer of 127.0.0.1 broke off before its end.",
    )


@pytest.mark.parametrize("finish", ["error", "network_error", "insufficient_system_resource"])
def test_an_end_that_is_a_failure_is_asked_again(finish):
    fault = hear(events("Ye", finish=finish)).fault
    assert (fault.severity, fault.sentence) == (
        "retry",
        f"127.0.0.1 broke the answer off with “{finish}”.",
    )


@pytest.mark.parametrize("finish", ["content_filter", "sensitive", "safety", "SAFETY", "refusal"])
def test_a_refusal_is_a_finding_in_whatever_word(finish):
    fault = hear(events("I", finish=finish)).fault
    assert (fault.severity, fault.sentence) == ("refused", "127.0.0.1 refused to answer this text.")


OF_ERRORS = [
    pytest.param(lines({"error": ERROR}), id="an event with an error"),
    pytest.param(lines({"error": "out of memory"}), id="as a word"),
    pytest.param(lines({"choices": [{"error": ERROR, "delta": {}}]}), id="in a choice"),
    pytest.param(
        lines({"choices": [{"error": ERROR, "delta": {}, "finish_reason": "error"}]}),
        id="in a choice with a reason",
    ),
    pytest.param(lines({"object": "error", **ERROR}), id="without the key error"),
    pytest.param(lines({"detail": "out of memory"}), id="as a detail"),
    pytest.param(lines({"detail": [{"msg": "out of memory", "loc": ["x"]}]}), id="as details"),
    pytest.param(lines({"error_code": 336100, "error_msg": "out of memory"}), id="error_msg"),
    pytest.param(
        lines({"base_resp": {"status_code": 1000, "status_msg": "out of memory"}}), id="base_resp"
    ),
    pytest.param(
        lines(
            {"error": {"message": "Provider returned error", "metadata": {"raw": "out of memory"}}}
        ),
        id="raw",
    ),
    pytest.param(
        lines(
            {
                "error": {
                    "message": "Provider returned error",
                    "metadata": {"raw": json.dumps({"error": ERROR})},
                }
            }
        ),
        id="JSON in raw",
    ),
    pytest.param(
        lines({"error": {"message": f"litellm.APIError: {json.dumps({'error': ERROR})}"}}),
        id="JSON within words",
    ),
    pytest.param(Sent(b"event: error\ndata: out of memory\n\n"), id="an event of that kind"),
    pytest.param(Sent(b'event: error\ndata: {"message": "out of memory"}\n\n'), id="and its JSON"),
    pytest.param(body({"error": ERROR}), id="one body"),
    pytest.param(body({"code": "oom", "message": "out of memory"}), id="one body without the key"),
    pytest.param(body({"error": ERROR}, 500), id="500"),
    pytest.param(body({"detail": "out of memory"}, 500), id="500 with a detail"),
    pytest.param(words("out of memory", 500), id="500 in words"),
]


@pytest.mark.parametrize("sent", OF_ERRORS)
def test_an_error_of_any_shape_is_asked_again_and_its_innermost_reason_is_quoted(sent):
    fault = hear(sent).fault
    assert fault.severity == "retry"
    assert fault.sentence.endswith(": out of memory")


@pytest.mark.parametrize(
    ("code", "severity"), [(400, "failed"), (401, "stop_arm"), (402, "stop_arm"), (502, "retry")]
)
def test_an_error_in_an_answer_that_names_a_status_is_read_as_that(code, severity):
    assert hear(lines({"error": {"message": "no", "code": code}})).fault.severity == severity


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(events("<think>Hm.</think>Yes."), id="in the text"),
        pytest.param(events("<thi", "nk>H", "m.</th", "ink>Ye", "s."), id="in pieces"),
        pytest.param(events({"reasoning_content": "Hm."}, "Yes."), id="reasoning_content"),
        pytest.param(events({"reasoning": "H"}, {"reasoning": "m."}, "Yes."), id="reasoning"),
        pytest.param(
            events({"reasoning": "Hm.", "reasoning_details": [{"text": "Hm."}]}, "Yes."),
            id="said twice, kept once",
        ),
        pytest.param(
            Sent(
                b'{"message": {"thinking": "Hm."}, "done": false}\n'
                b'{"message": {"content": "Yes."}, "done": false}\n'
                b'{"message": {"content": ""}, "done_reason": "stop", "done": true}\n',
                "application/x-ndjson",
            ),
            id="in lines",
        ),
        pytest.param(events({"content": [PART]}, "Yes."), id="a part of a list"),
        pytest.param(
            events({"content": [PART, {"type": "text", "text": "Yes."}]}), id="parts of a list"
        ),
        pytest.param(
            body({"choices": [{"message": {"reasoning_content": "Hm.", "content": "Yes."}}]}),
            id="in one body",
        ),
    ],
)
def test_reasoning_stands_apart_wherever_it_is_sent(sent):
    reply = hear(sent)
    assert (reply.fault, reply.text, reply.reasoning) == (None, "Yes.", "Hm.")


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        pytest.param(events(finish="length", usage=USAGE), "thinking", id="nothing, tokens spent"),
        pytest.param(events("<think>Hm.", finish="length"), "thinking", id="cut while thinking"),
        pytest.param(
            events({"reasoning": "Hm."}, finish="length"), "thinking", id="apart, and cut"
        ),
        pytest.param(events("<think>Hm."), "unclosed", id="without an end"),
        pytest.param(events(), "empty", id="nothing"),
        pytest.param(events("<think>Hm.</think>\n"), "empty", id="thought only"),
        pytest.param(events({"reasoning": "Hm."}), "empty", id="thought only, apart"),
        pytest.param(body({"choices": [{"message": {"content": None}}]}), "empty", id="null"),
    ],
)
def test_no_text_is_no_answer_and_it_is_known_why(sent, why):
    reply = hear(sent)
    assert (reply.fault, reply.why, reply.text) == (None, why, "")


def test_calls_without_a_word_are_the_answer():
    call = {"index": 0, "function": {"name": "refund", "arguments": '{"id":'}}
    more = {"index": 0, "function": {"arguments": " 7}"}}
    reply = hear(events({"tool_calls": [call]}, {"tool_calls": [more]}, finish="tool_calls"))
    assert (reply.fault, reply.why) == (None, None)
    assert json.loads(reply.text) == [{"name": "refund", "arguments": {"id": 7}}]


@pytest.mark.parametrize(
    "said",
    [
        {"prompt_tokens_details": {"cached_tokens": 8}},
        {"prompt_cache_hit_tokens": 8, "prompt_cache_miss_tokens": 2},
        {"cache_read_input_tokens": 8},
    ],
)
def test_cached_tokens_are_known_in_all_three_shapes(said):
    reply = hear(events("Yes.", usage=USAGE | said))
    assert (reply.input_tokens, reply.cached_tokens) == (10, 8)


def test_cached_tokens_counted_beside_the_others_are_added():
    reply = hear(events("Yes.", usage=USAGE | {"cache_read_input_tokens": 80}))
    assert (reply.input_tokens, reply.cached_tokens) == (90, 80)


ANSWER = {"model": "m", "choices": [{"index": 0, "delta": {"content": "Yes."}}]}
END = {"model": "m", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
COUNTED = {"prompt_tokens": 10, "completion_tokens": 30}


@pytest.mark.parametrize(
    ("sent", "counted"),
    [
        pytest.param([ANSWER | {"usage": COUNTED}, END], (10, 30), id="in the middle"),
        pytest.param([ANSWER | {"usage": COUNTED}, END | {"usage": {}}], (10, 30), id="then none"),
        pytest.param(
            [ANSWER | {"usage": COUNTED}, END | {"usage": dict.fromkeys(COUNTED, 0)}],
            (10, 30),
            id="then zeros",
        ),
        pytest.param(
            [
                ANSWER | {"usage": {"prompt_tokens": 10, "completion_tokens": 1}},
                END | {"usage": COUNTED},
            ],
            (10, 30),
            id="as it grows",
        ),
        pytest.param(
            [ANSWER, END | {"usage": {"input_tokens": 10, "output_tokens": 30}}],
            (10, 30),
            id="named otherwise",
        ),
        pytest.param(
            [ANSWER, END | {"usage": {"prompt_tokens": 10.0, "completion_tokens": "30"}}],
            (10, 30),
            id="not as integers",
        ),
        pytest.param(
            [ANSWER, END | {"x_vendor": {"usage": COUNTED}}], (10, 30), id="in a field of its own"
        ),
        pytest.param(
            [ANSWER, END | {"usage": dict.fromkeys(COUNTED, -1)}], (None, None), id="below zero"
        ),
        pytest.param(
            [ANSWER, END | {"usage": dict.fromkeys(COUNTED, float("nan"))}],
            (None, None),
            id="no number",
        ),
        pytest.param(
            [ANSWER, END | {"usage": dict.fromkeys(COUNTED, 10**30)}],
            (None, None),
            id="more than there can be",
        ),
        pytest.param([ANSWER, END | {"usage": None}], (None, None), id="null"),
    ],
)
def test_tokens_are_read_wherever_and_however_they_are_counted(sent, counted):
    reply = hear(lines(*sent, "[DONE]"))
    assert (reply.fault, reply.text) == (None, "Yes.")
    assert (reply.input_tokens, reply.output_tokens) == counted


def test_the_whole_message_at_the_end_of_a_stream_is_not_heard_twice():
    end = {"delta": {}, "message": {"content": "Yes."}, "finish_reason": "stop"}
    assert hear(lines(ANSWER, {"choices": [end]}, "[DONE]")).text == "Yes."


def test_of_several_answers_side_by_side_one_is_heard():
    other = {"choices": [{"index": 1, "delta": {"content": "No."}}]}
    assert hear(lines(ANSWER, other, END, "[DONE]")).text == "Yes."


@pytest.mark.parametrize(
    ("pieces", "text"), [(["\ud83d", "\ude00"], "😀"), (["Yes\ud83d"], "Yes\ufffd")]
)
def test_half_a_character_is_joined_to_its_other_half_or_replaced(pieces, text):
    assert hear(events(*pieces)).text == text


@pytest.mark.parametrize(
    ("location", "there"),
    [
        (
            "https://127.0.0.1/v1/chat/completions?token=x",
            "https://127.0.0.1/v1; enter that address",
        ),
        ("/elsewhere", "another address; enter that one"),
        ("", "another address; enter that one"),
    ],
)
def test_a_redirect_says_where_to(location, there):
    fault = hear(Sent(b"", "text/html", 301, {"location": location})).fault
    assert fault.severity == "suspect"
    assert fault.sentence == f"127.0.0.1 redirects to {there} instead."


def test_what_a_failed_answer_has_used_is_known():
    reply = hear(events("Ye", finish="error", usage=USAGE))
    assert reply.fault is not None
    assert (reply.input_tokens, reply.output_tokens) == (10, 30)


@pytest.mark.parametrize(
    ("said", "most"),
    [
        ("Range of max_tokens should be [1, 40]", 40),
        ("Invalid max_tokens value, the valid range of max_tokens is 1..40", 40),
        ("max_tokens is too large: 50. This model supports at most 40 completion tokens.", 40),
        ("max_tokens: 50 > 40, which is the maximum allowed number of output tokens", 40),
        ("`max_tokens` must be less than or equal to `40`", 40),
        ("max_tokens must be within 1 - 40", 40),
    ],
)
def test_a_bound_out_of_range_is_lowered_and_said_and_remembered(said, most):
    def says(asked, number):
        return (
            body({"error": {"message": said}}, 400) if asked["max_tokens"] > most else events("Y")
        )

    quirks = Quirks()
    replies, server = hear_all(says, calls=2, quirks=quirks)
    assert [reply.fault for reply in replies] == [None, None]
    assert [asked["max_tokens"] for asked in server.asked] == [50, 40, 40]
    assert quirks.notes == [
        "“m” writes at most 40 tokens an answer, so the limit of 50 was lowered to that."
    ]


@pytest.mark.parametrize(
    ("said", "most"),
    [
        (
            "'max_tokens' is too large: 50. This model's maximum context length is 60 tokens and "
            "your request has 20 input tokens (50 > 60 - 20).",
            40,
        ),
        (
            "This model's maximum context length is 60 tokens. However, you requested 70 tokens (20 "
            "in the messages, 50 in the completion). Please reduce the max_tokens.",
            40,
        ),
    ],
)
def test_a_bound_that_one_text_leaves_no_room_for_is_lowered_for_that_text_alone(said, most):
    long = replace(CALL, messages=[{"role": "user", "content": "A long one."}])

    def says(asked, number):
        full = asked["messages"][0]["content"] == "A long one." and asked["max_tokens"] > most
        return body({"error": {"message": said}}, 400) if full else events("Y")

    async def go(url: str) -> list[Reply]:
        async with make_client(url, None, 5) as client:
            return [await ask(client, call, quirks) for call in (long, CALL)]

    quirks = Quirks()
    with Wire(says).running() as server:
        replies = asyncio.run(go(server.url))
    assert [reply.fault for reply in replies] == [None, None]
    assert [asked["max_tokens"] for asked in server.asked] == [50, 40, 50]
    assert quirks.learnt == {}
    assert quirks.notes == [
        "Some texts left “m” too little room for the limit of 50 tokens; for those it was lowered."
    ]


def test_a_text_too_long_for_the_window_is_no_complaint_about_the_bound():
    said = (
        "This model's maximum context length is 60 tokens. However, your messages have 90 tokens."
    )
    reply, server = hear_all(body({"error": {"message": said}}, 400))
    assert reply[0].fault.severity == "failed"
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "said", ["System role not supported", "Developer instruction is not enabled for models/gemma-3"]
)
def test_an_instruction_that_can_not_be_sent_apart_stands_before_the_text(said):
    def says(asked, number):
        apart = asked["messages"][0]["role"] == "system"
        return body({"error": {"message": said}}, 400) if apart else events("Y")

    call = replace(CALL, messages=[{"role": "system", "content": "Be brief."}, *CALL.messages])
    quirks = Quirks()
    replies, server = hear_all(says, calls=2, call=call, quirks=quirks)
    assert [reply.fault for reply in replies] == [None, None]
    assert [asked["messages"][0]["content"] for asked in server.asked] == [
        "Be brief.",
        "Be brief.\n\nYes or no?",
        "Be brief.\n\nYes or no?",
    ]
    assert quirks.notes == ["“m” takes no instruction apart from the text, so it stands before it."]


NOWHERE = [
    words("404 page not found", 404),
    body({"error": "Unexpected endpoint or method. (POST /chat/completions)"}, 404),
    body({"error": {"code": "404", "message": "Resource not found"}}, 404),
    body({"detail": "Not Found"}, 404),
]


@pytest.mark.parametrize("nowhere", NOWHERE)
@pytest.mark.parametrize("end", ["/v1", "/openai/v1"])
def test_an_address_that_lacks_its_end_is_mended(nowhere, end):
    def says(asked, number):
        return events("Y") if asked["path"] == f"{end}/chat/completions" else nowhere

    async def go(url: str) -> list[Reply]:
        async with make_client(url.removesuffix("/v1"), None, 5) as client:
            return [await ask(client, CALL, quirks) for _ in range(2)]

    quirks = Quirks()
    with Wire(says).running() as server:
        replies = asyncio.run(go(server.url))
    assert [reply.fault for reply in replies] == [None, None]
    assert server.paths[-1] == f"{end}/chat/completions"
    assert len(server.paths) == (3 if end == "/v1" else 4)
    assert quirks.notes == [f"The address lacked {end} at its end; it was asked with it."]


@pytest.mark.parametrize("nowhere", NOWHERE)
def test_an_address_that_can_not_be_mended_says_what_to_enter(nowhere):
    fault = hear(nowhere).fault
    assert fault.severity == "stop_arm"
    assert "enter the one that its maker gives" in fault.sentence
    assert "no model" not in fault.sentence


@pytest.mark.parametrize(
    "end", ["/v1", "/v1/", "/v1/chat/completions", ""], ids=["whole", "slash", "pasted", "lacking"]
)
def test_what_an_address_asks_for_behind_a_question_mark_stays_behind_the_path(end):
    def says(asked, number):
        wanted = "/v1/chat/completions?api-version=preview&region=eu&beta="
        return events("Y") if asked["path"] == wanted else NOWHERE[0]

    with Wire(says).running() as server:
        address = f"{server.url.removesuffix('/v1')}{end}?api-version=preview&region=eu&beta=#top"

        async def go() -> Reply:
            async with make_client(address, None, 5) as client:
                return await ask(client, CALL, Quirks())

        assert asyncio.run(go()).text == "Y"


def test_a_pasted_path_of_the_api_is_taken_off():
    with Wire(events("Y")).running() as server:
        assert probe(f"{server.url}/chat/completions", "m").ok
    assert server.paths == ["/v1/chat/completions"]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        pytest.param(body({"error": {"message": "Payment Required"}}, 402), "no credit", id="402"),
        pytest.param(
            body({"error": {"message": "Your credit balance is too low to access it"}}, 400),
            "no credit",
            id="400 that says so",
        ),
        pytest.param(
            body({"error": {"message": "Insufficient Balance"}}, 402), "no credit", id="balance"
        ),
        pytest.param(
            body({"error": {"message": "wait"}}, 429, retry_after="3600"),
            "takes no more requests until",
            id="an hour",
        ),
        pytest.param(
            body({"error": {"message": "Rate limit reached on tokens per day (TPD)"}}, 429),
            "quota of the day",
            id="a day's quota",
        ),
        pytest.param(
            body({"error": {"message": "Limit reached. Please try again in 2h7m12.5s."}}, 429),
            "takes no more requests until",
            id="said in words",
        ),
        pytest.param(
            body(
                {
                    "error": {
                        "message": "Quota exceeded",
                        "details": [{"retryDelay": "40000s"}],
                    }
                },
                429,
            ),
            "takes no more requests until",
            id="said in a detail",
        ),
    ],
)
def test_what_lasts_for_hours_stops_the_option_with_the_reason(sent, says):
    fault = hear(sent).fault
    assert fault.severity == "stop_arm"
    assert says in fault.sentence
    assert "go on" in fault.sentence


@pytest.mark.parametrize("after", ["2", "120"])
def test_a_short_wait_is_waited_for(after):
    sent = body({"error": {"message": "slow down"}}, 429, retry_after=after)
    assert hear(sent).fault.severity == "retry"


@pytest.mark.parametrize(
    "sent",
    [
        body({"error": {"message": "Loading model", "type": "unavailable_error"}}, 503),
        body({"error": "Model m is currently loading", "estimated_time": 20.0}, 503),
    ],
)
def test_a_model_that_is_being_loaded_is_told_from_a_fault(sent):
    fault = hear(sent).fault
    assert (fault.severity, fault.cause) == ("retry", "loading")
    assert "is still loading the model “m”" in fault.sentence


def test_a_model_that_calls_itself_otherwise_is_told_in_the_test_of_the_connection():
    with Wire(events("OK", model="llama-3")).running() as server:
        said = probe(server.url, "no-such-model").sentence
        alike = probe(server.url, "meta/llama-3-8b").sentence
    assert "But it calls itself “llama-3”: check that this is the model you want." in said
    assert "calls itself" not in alike


def test_a_connection_that_was_closed_is_tried_once_more():
    with Wire(
        lambda asked, n: events("O", done=False, finish=None) if n == 1 else events("OK")
    ).running() as server:
        assert probe(server.url, "m").ok
    assert len(server.asked) == 2


def test_http_to_a_port_of_https_is_told_what_to_enter():
    sent = words("Client sent an HTTP request to an HTTPS server.", 400)
    assert hear(sent).fault.sentence == (
        "127.0.0.1 wants https: let the address begin with https://."
    )
