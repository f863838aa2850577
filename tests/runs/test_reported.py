"""Replies as users of real servers have reported them, each sent exactly so, and what comes of it.

Every row is a run of six texts by one option, one text after the other, to a server that answers
each alike: so the number of requests tells whether a text was asked again, the option stopped, or
each text was taken by itself.
"""

import gzip
import json
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest

from advisor.runs import attempts
from advisor.runs.compare import compare
from tests.chat_events import EVENTS, Sent, Wire, body, lines, words
from tests.make import case_at

TEXTS = 6
EACH, STOPS, AGAIN, ALIKE = TEXTS, 1, 2, 3
"""Requests: each text by itself; the option stops with the first; the first text is asked for once
more, then the option stops; it stops with the third that is turned away for the same."""
USAGE = {"prompt_tokens": 20, "completion_tokens": 10, "total_tokens": 30}
BILLED = (20, 10, 0)


def price(role, given, written, cached=0):
    """0.001 a token read, a tenth of that for a cached one, 0.01 a token written."""
    return (10 * (given - cached) + cached + 100 * written) * Decimal("0.0001")


def chunk(content: Any = None, finish: Any = None, **more: Any) -> dict[str, Any]:
    """An event with one piece of text, or with none."""
    delta = {} if content is None else {"content": content}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"model": "m-base", "choices": [choice], **more}


def error(said: Any, status: int, **headers: str) -> Sent:
    return body({"error": said}, status, **headers)


def page(status: int, said: str) -> Sent:
    html = f"<html>\r\n<head><title>{said}</title></head>\r\n<body><h1>{said}</h1></body></html>"
    return Sent(html.encode(), "text/html; charset=UTF-8", status)


USED = {"model": "m-base", "choices": [], "usage": USAGE}
PLAIN = lines(chunk("Ye"), chunk("s."), chunk(finish="stop"), USED, "[DONE]")
WHOLE = {
    "model": "m-base",
    "choices": [{"message": {"role": "assistant", "content": "Yes."}, "finish_reason": "stop"}],
    "usage": USAGE,
}
FILTERED = {"hate": {"filtered": False, "severity": "safe"}}
HELP = "For more information head to https://docs.example/rate-limits."
QUOTA = f"You exceeded your current quota, please check your plan and billing details. {HELP}"


def quota(of: str) -> Sent:
    """A 429 whose body alone says which quota it is and when to come back."""
    violations = [{"quotaId": f"GenerateRequests{of}PerProjectPerModel-FreeTier"}]
    details = [
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": violations},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0.05s"},
    ]
    said = f"{QUOTA}\nPlease retry in 0.05s."
    return body(
        [
            {
                "error": {
                    "code": 429,
                    "message": said,
                    "status": "RESOURCE_EXHAUSTED",
                    "details": details,
                }
            }
        ],
        429,
    )


@dataclass(frozen=True)
class Row:
    """What is sent, and what has to come of it."""

    sent: Sent
    outcome: str
    asked: int = EACH
    text: str = ""
    says: str = ""
    """Stands in the error that is kept."""
    kept: dict[str, Any] = field(default_factory=dict)
    """Further fields of the output."""
    billed: tuple[int, int, int] = (0, 0, 0)
    """Tokens read, written and cached of each request."""
    path: str = "/v1"


def answer(sent: Sent, text: str = "Yes.", billed=BILLED, **kept: Any) -> Row:
    return Row(sent, "answered", text=text, billed=billed, kept=kept)


def again(sent: Sent, says: str, billed=(0, 0, 0)) -> Row:
    return Row(sent, "failed", AGAIN, says=says, billed=billed)


def alone(sent: Sent, says: str) -> Row:
    """This text fails by itself, and the next is asked all the same."""
    return Row(sent, "failed", says=says)


def stops(sent: Sent, says: str, asked: int = STOPS) -> Row:
    return Row(sent, "failed", asked, says=says)


def refused(sent: Sent, says: str = "", billed=(0, 0, 0)) -> Row:
    return Row(sent, "refused", says=says, billed=billed)


ROWS: dict[str, Row] = {
    # How a stream ends
    "the reason of the end in other letters, and no mark of the end": answer(
        lines(
            chunk("Yes."),
            {"choices": [{"delta": {}, "finish_reason": None, "finishReason": "stop"}]},
            USED,
        )
    ),
    "every piece says that it is the last": answer(
        lines(chunk("Ye", "stop"), chunk("s.", "stop"), USED, "[DONE]")
    ),
    "the reasoning says that it is the end": answer(
        lines(
            {"choices": [{"delta": {"reasoning_content": "Hm."}, "finish_reason": "stop"}]},
            chunk("Yes."),
            chunk(finish="stop"),
            USED,
            "[DONE]",
        ),
        reasoning="Hm.",
    ),
    "no reason in any event": answer(lines(chunk("Ye"), chunk("s."), USED, "[DONE]")),
    "an empty reason in every event": answer(
        lines(chunk("Ye", ""), chunk("s.", ""), chunk("", "stop"), USED, "[DONE]")
    ),
    "a reason as an object": answer(
        lines(chunk("Ye", {"type": "length", "length": 1}), USED, "[DONE]"),
        "Ye",
        truncated=True,
    ),
    "the mark of the end and nothing else": again(lines("[DONE]"), "broke off before its end"),
    "a reason and nothing else": Row(
        lines(
            chunk("", "stop"),
            {**USED, "usage": {"prompt_tokens": 20, "completion_tokens": 1}},
            "[DONE]",
        ),
        "no_answer",
        says="It sent an empty answer.",
        kept={"why": "empty"},
        billed=(20, 1, 0),
    ),
    "aborted, and then the mark of the end": again(
        lines(chunk("Ye"), chunk(finish="abort"), USED, "[DONE]"),
        "broke the answer off with “abort”",
        BILLED,
    ),
    "an end-of-text token as the reason": answer(
        lines(chunk("Yes."), chunk(finish="eos_token"), USED, "[DONE]")
    ),
    "complete, in capitals": answer(lines(chunk("Yes."), chunk(finish="COMPLETE"), USED, "[DONE]")),
    "cut by the window, in capitals": answer(
        lines(chunk("Ye"), chunk(finish="ERROR_LIMIT"), USED, "[DONE]"), "Ye", truncated=True
    ),
    "too toxic": refused(
        lines(chunk("I"), chunk(finish="ERROR_TOXIC"), USED, "[DONE]"), billed=BILLED
    ),
    "a filter and its kind in one": refused(
        lines(chunk(finish="content_filter: PROHIBITED_CONTENT"), USED, "[DONE]"), billed=BILLED
    ),
    "an image that was filtered": refused(
        lines(chunk(finish="IMAGE_PROHIBITED_CONTENT"), USED, "[DONE]"), billed=BILLED
    ),
    # What stands around the pieces of text
    "comments that keep the line open": answer(
        replace(PLAIN, content=b": PROCESSING\n\n: keep-alive\n\n" + PLAIN.content)
    ),
    "a first event without a choice and with an empty name": answer(
        lines(
            {"model": "", "choices": [], "prompt_filter_results": [FILTERED]},
            chunk("Yes.", "stop"),
            USED,
            "[DONE]",
        ),
        served_model="m-base",
    ),
    "a last event with an empty name and no piece": answer(
        lines(
            chunk("Yes.", "stop"),
            USED,
            {
                "model": "",
                "choices": [
                    {"index": 0, "finish_reason": None, "content_filter_results": FILTERED}
                ],
            },
            "[DONE]",
        ),
        served_model="m-base",
    ),
    "pieces that each hold all so far": answer(
        lines(
            chunk("Y"),
            chunk("Yes"),
            chunk("Yes, w"),
            chunk("Yes, we do."),
            chunk(finish="stop"),
            USED,
            "[DONE]",
        ),
        "Yes, we do.",
    ),
    "reasoning that each time holds all so far": answer(
        lines(
            *(
                {"choices": [{"delta": {"reasoning_content": said}}]}
                for said in ("H", "Hm", "Hm, s", "Hm, so.")
            ),
            chunk("Yes.", "stop"),
            USED,
            "[DONE]",
        ),
        reasoning="Hm, so.",
    ),
    "pieces beside the whole message so far": answer(
        lines(
            *(
                {
                    "choices": [
                        {
                            "delta": {"content": one},
                            "message": {"content": so_far},
                            "finish_reason": finish,
                        }
                    ]
                }
                for one, so_far, finish in (("Ye", "Ye", None), ("s.", "Yes.", "stop"))
            ),
            USED,
        )
    ),
    "a mark of the model's own at the end": answer(
        lines(chunk("Yes."), chunk("<|im_end|>", "stop"), USED, "[DONE]")
    ),
    "another mark, behind a line": answer(
        lines(chunk("Yes.\n<end_of_turn>\n", "stop"), USED, "[DONE]")
    ),
    "no blank behind data:": answer(
        replace(PLAIN, content=PLAIN.content.replace(b"data: ", b"data:"))
    ),
    # What the body is said to be, and what it is
    "events said to be plain words": answer(replace(PLAIN, kind="text/plain; charset=utf-8")),
    "events of no kind, without a mark of the end": answer(
        replace(lines(chunk("Yes.", "stop"), USED), kind="application/octet-stream")
    ),
    "one body said to be events": answer(replace(body(WHOLE), kind=EVENTS)),
    "one body said to be events, the mark of the end behind it": answer(
        Sent(json.dumps(WHOLE).encode() + b"\n\ndata: [DONE]\n\n", EVENTS)
    ),
    "one body over many lines, said to be events": answer(
        Sent(json.dumps(WHOLE, indent=2).encode(), EVENTS)
    ),
    "an error's body said to be events": again(
        replace(error({"message": "no healthy upstream", "code": 503}, 200), kind=EVENTS),
        "no healthy upstream",
    ),
    "empty lines before the body": answer(
        Sent(b"\n\n\n\n" + json.dumps(WHOLE).encode(), "application/json")
    ),
    "empty lines and no body": again(Sent(b"\n\n\n", "application/json"), "could not be read"),
    "a body packed": answer(
        Sent(gzip.compress(PLAIN.content), EVENTS, headers={"content-encoding": "gzip"})
    ),
    "an old protocol without a length": answer(replace(PLAIN, old=True)),
    "an old protocol, one body": answer(replace(body(WHOLE), old=True)),
    "the body within a result": answer(
        body({"result": WHOLE, "success": True, "errors": [], "messages": []})
    ),
    "an error beside an empty result": stops(
        body(
            {
                "result": None,
                "success": False,
                "errors": [{"code": 7003, "message": "No such account"}],
            },
            400,
        ),
        "No such account",
        ALIKE,
    ),
    # The message
    "a list of reasoning and text": answer(
        lines(
            chunk([{"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm."}]}]),
            chunk([{"type": "text", "text": "Yes."}], "stop"),
            USED,
            "[DONE]",
        ),
        reasoning="Hm.",
    ),
    "everything in the reasoning": Row(
        body(
            {
                **WHOLE,
                "choices": [
                    {
                        "message": {"content": None, "reasoning_content": "Yes."},
                        "finish_reason": "stop",
                    }
                ],
            }
        ),
        "no_answer",
        says="It thought, and gave no answer.",
        kept={"why": "empty", "reasoning": "Yes."},
        billed=BILLED,
    ),
    "nothing, at the limit, in one body": Row(
        body({**WHOLE, "choices": [{"message": {"content": None}, "finish_reason": "MAX_TOKENS"}]}),
        "no_answer",
        says="spent its 1,024 tokens thinking",
        kept={"why": "thinking"},
        billed=BILLED,
    ),
    "reasoning in its own tags within the text": answer(
        lines(chunk("<reasoning>Hm.</reasoning>Yes.", "stop"), USED, "[DONE]"), reasoning="Hm."
    ),
    "a call of a tool written into the text": answer(
        lines(chunk('<tool_call>\n{"name": "look"}\n</tool_call>', "stop"), USED, "[DONE]"),
        '<tool_call>\n{"name": "look"}\n</tool_call>',
    ),
    # Where tokens are counted
    "tokens within the choice": answer(
        lines(
            chunk("Yes."),
            {"choices": [{"delta": {}, "finish_reason": "stop", "usage": USAGE}]},
            "[DONE]",
        )
    ),
    "tokens in every event, growing": answer(
        lines(
            chunk("Ye", usage={**USAGE, "completion_tokens": 4, "total_tokens": 24}),
            chunk("s.", "stop", usage=USAGE),
            "[DONE]",
        )
    ),
    "tokens in a field of the vendor's": answer(
        lines(chunk("Yes."), chunk(finish="stop", x_vendor={"usage": USAGE}), "[DONE]")
    ),
    "tokens of the last event with the reason": answer(
        lines(chunk("Yes."), chunk(finish="stop", usage=USAGE), "[DONE]")
    ),
    # Errors within an answer
    "an error's kind and words apart, no choices": alone(
        lines(
            {
                "choices": None,
                "error_type": "BadRequestError",
                "error_message": "This model's maximum context length is 8192 tokens; shorten it.",
            },
            "[DONE]",
        ),
        "The text is longer than",
    ),
    "an error in the middle, with a reason and a piece": again(
        lines(
            chunk("Ye"),
            chunk("", "error", error={"code": 502, "message": "Provider disconnected"}),
            "[DONE]",
        ),
        "Provider disconnected",
        (10, 1, 0),  # counted by us
    ),
    "a window too small, as an event": alone(
        Sent(
            b'event: error\ndata: {"error":{"message":"Trying to keep the first 6547 tokens when '
            b"context the overflows. However, the model is loaded with context length of only 4096 "
            b'tokens, which is not enough."}}\n\n',
            EVENTS,
        ),
        "The text is longer than",
    ),
    "a window too small, by the code of a fault of the server's": alone(
        lines(
            {
                "error": {
                    "code": 500,
                    "message": "the request exceeds the available context size. try increasing it",
                    "type": "exceed_context_size_error",
                    "n_prompt_tokens": 1407,
                    "n_ctx": 256,
                }
            }
        ),
        "The text is longer than",
    ),
    "a window too small, by status": alone(
        body(
            {
                "error": "the prompt is greater than the context length (n_keep: 13055>= n_ctx: 4096)"
            },
            400,
        ),
        "The text is longer than",
    ),
    "checked only once the stream was open": stops(
        lines(
            {
                "error": "Input validation error: `stop` supports up to 4 stop sequences",
                "error_type": "validation",
            }
        ),
        "Input validation error",
        ALIKE,
    ),
    "out of money, with status 200": stops(
        body(
            {
                "choices": None,
                "base_resp": {"status_code": 1008, "status_msg": "insufficient balance"},
            }
        ),
        "has no credit left",
    ),
    "a text that is sensitive, with status 200": refused(
        body(
            {
                "choices": None,
                "base_resp": {"status_code": 1026, "status_msg": "input new_sensitive"},
            }
        ),
        "The content filter",
    ),
    "too many, with status 200": again(
        body({"error_code": 18, "error_msg": "Open api qps request limit reached"}),
        "Open api qps request limit reached",
    ),
    # Turned away for one text
    "a text that a rule forbids, by 403": refused(
        body(
            {
                "code": "The caller does not have permission to execute the specified operation",
                "error": "Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO",
            },
            403,
        ),
        "The content filter",
    ),
    "a text that was flagged, by 403": refused(
        error(
            {
                "code": 403,
                "message": 'It requires moderation. Your input was flagged for "harassment".',
                "metadata": {"reasons": ["harassment"], "flagged_input": "…"},
            },
            403,
        ),
        "The content filter",
    ),
    "a text too large for the proxy": alone(
        page(413, "413 Request Entity Too Large"), "The text is longer than"
    ),
    "a tool that was called and is none": stops(
        error(
            {
                "message": "Failed to call a function. Please adjust your prompt.",
                "type": "invalid_request_error",
                "code": "tool_use_failed",
                "failed_generation": "<function=look>",
            },
            400,
        ),
        "Failed to call a function",
        ALIKE,
    ),
    # Money and quotas
    "no credits yet, by 403": stops(
        body(
            {
                "code": "The caller does not have permission to execute the specified operation",
                "error": "Your newly created team doesn't have any credits or licenses yet.",
            },
            403,
        ),
        "has no credit left",
    ),
    "all credits used, by 429": stops(
        error(
            "Your team has either used all available credits or reached its monthly spending limit.",
            429,
        ),
        "has no credit left",
    ),
    "a quota of the minute that speaks of billing": again(
        quota("PerMinute"), "is answering too many requests"
    ),
    "a quota of the day that says to retry at once": stops(quota("PerDay"), "The quota of the day"),
    "a quota of the day by its name alone": stops(
        error({"message": "Rate limit exceeded: free-models-per-day", "code": 429}, 429),
        "The quota of the day",
    ),
    "too many, without an error": again(
        body({"message": "Requests rate limit exceeded"}, 429), "Requests rate limit exceeded"
    ),
    "no capacity, called a wrong request": again(
        body(
            {
                "object": "error",
                "message": "Service tier capacity exceeded for this model.",
                "type": "invalid_request_error",
                "param": None,
                "code": None,
            },
            429,
        ),
        "Service tier capacity exceeded",
    ),
    "overloaded": again(
        body(
            {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, 529
        ),
        "Overloaded",
    ),
    "cancelled by a proxy": again(
        error({"code": 499, "message": "The operation was cancelled.", "status": "CANCELLED"}, 499),
        "The operation was cancelled.",
    ),
    "a milliseconds' wait in a header": again(
        error({"message": "slow down"}, 429, retry_after_ms="40", retry_after="0"), "slow down"
    ),
    "more tokens than a minute ever holds": alone(
        error(
            {
                "message": "Request too large, on tokens per minute: Limit 6000, Requested 9000",
                "code": "rate_limit_exceeded",
            },
            429,
        ),
        "The text is longer than",
    ),
    # Nobody there
    "too little memory for the model": stops(
        error("model requires more system memory (7.5 GiB) than is available (5.2 GiB)", 500),
        "has too little memory for the model “m-base”",
    ),
    "a model that fell over": again(
        error(
            "model runner has unexpectedly stopped, this may be due to resource limitations", 500
        ),
        "model runner has unexpectedly stopped",
    ),
    "nobody serves it on these terms": stops(
        error({"message": "No endpoints found matching your data policy.", "code": 404}, 404),
        "has nobody who serves “m-base” on your account's terms",
    ),
    "a page of a gateway that waited": again(page(524, "A timeout occurred"), "had a fault (524)"),
    "a page that asks for a human": stops(
        page(403, "Just a moment..."), "sent a web page in place of an answer (403)"
    ),
    "JSON of a gateway": again(
        body({"cloudflare_error": True, "status": 520}, 520), "had a fault (520)"
    ),
    "words alone": again(
        words("upstream connect error or disconnect/reset before headers", 503),
        "upstream connect error",
    ),
}


MENDED: dict[str, tuple[Sent, str, Any, str]] = {
    # What is turned away, by which parameter, what is sent from then on, and the note.
    "a window said with what was given": (
        error(
            "`inputs` tokens + `max_new_tokens` must be <= 1000. Given: 11 `inputs` tokens and 1024",
            422,
        ),
        "max_tokens",
        989,
        "too little room for the limit of 1,024 tokens",
    ),
    "a range with words between": (
        error(
            "maxOutputTokens of 1024: the range is from 1 (inclusive) to 801 (exclusive)",
            400,
        ),
        "max_tokens",
        800,
        "writes at most 800 tokens an answer",
    ),
    "a limit of the model's": (
        error(
            "The maximum tokens you requested exceeds the model limit of 900; ask for fewer than 900.",
            400,
        ),
        "max_tokens",
        900,
        "writes at most 900 tokens an answer",
    ),
    "a limit in marks of code": (
        error(
            "`max_tokens` must be less than or equal to `512`: it is less than the `context_window`",
            400,
        ),
        "max_tokens",
        512,
        "writes at most 512 tokens an answer",
    ),
    "a parameter deep within a message": (
        body(
            {
                "object": "error",
                "message": {
                    "detail": [
                        {
                            "type": "extra_forbidden",
                            "loc": ["body", "stream_options"],
                            "msg": "Extra inputs are not permitted",
                        }
                    ]
                },
                "type": "invalid_request_error",
                "param": None,
            },
            422,
        ),
        "stream_options",
        None,
        "",
    ),
    "a model that takes one temperature": (
        error(
            {
                "message": "Unsupported value: 'temperature' does not support 0.0 with this model.",
                "param": "temperature",
                "code": "unsupported_value",
            },
            400,
        ),
        "temperature",
        None,
        "does not take temperature",
    ),
}


@pytest.mark.parametrize("how", MENDED)
def test_what_is_turned_away_once_is_sent_otherwise_from_then_on(store, how):
    complaint, name, taken, note = MENDED[how]

    def says(asked, number):
        return PLAIN if asked.get(name) == taken else complaint

    with Wire(says).running() as server:
        summary = compare(case_at(server.url, TEXTS, ("base",), concurrency=1), store, price=price)
    assert (summary.status, summary.done) == ("done", TEXTS)
    each = 2 if "room" in note else 1
    assert len(server.asked) == TEXTS * each + (each == 1)
    assert note in " ".join(summary.notes)
    assert summary.cost_usd == TEXTS * price("base", *BILLED)


@pytest.fixture(autouse=True)
def _twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "_FIRST_ATTEMPTS", 2)


@pytest.mark.parametrize("how", ROWS)
def test_what_was_reported_comes_to_what_it_is(store, how):
    row = ROWS[how]
    with Wire(row.sent).running() as server:
        summary = compare(case_at(server.url, TEXTS, ("base",), concurrency=1), store, price=price)
    outputs = store.outputs(summary.run_id)
    assert {output.outcome for output in outputs} == {row.outcome}, outputs[0].error
    assert len(server.asked) == row.asked
    said = " ".join(filter(None, (outputs[0].error, summary.stop_reason)))
    assert row.says in said
    assert len(outputs[0].error or "") < 500
    if row.outcome == "answered":
        assert {output.text for output in outputs} == {row.text}
    for output in outputs:
        assert {name: getattr(output, name) for name in row.kept} == row.kept
    assert summary.cost_usd == row.asked * price("base", *row.billed)
