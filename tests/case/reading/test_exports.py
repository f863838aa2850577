"""Exports of other tools: recognised by their shape, and read without a question."""

import json
from pathlib import Path

import pytest

from advisor.case.reading.read import read_file
from advisor.errors import BadImport

CASES = Path(__file__).parent / "cases"


def pairs(found):
    return [(prompt.text, prompt.references) for prompt in found.prompts]


def said_by(found):
    """Whose answers a remark says were left out."""
    return found.remarks[-1].partition(": read as what a model once answered")[0]


def lines(*rows):
    return "\n".join(map(json.dumps, rows)).encode()


def test_the_tests_of_promptfoo_name_their_approved_answers_by_checks():
    found = read_file((CASES / "promptfoo-tests.csv").read_bytes(), "tests.csv")
    assert found.format == "promptfoo tests (CSV with commas)"
    assert pairs(found) == [
        ("What is the notice period?", ("three months",)),
        ("Who signs?", ("team lead",)),
    ]
    assert "2 of the checks name only words of an answer" in found.remarks[0]
    content = (
        b"question,__expected1,__expected2\n"
        b"a,equals: yes,javascript: output.length < 9\n"
        b"b,No: never,\n"
    )
    found = read_file(content, "tests.csv")
    assert pairs(found) == [("a", ("yes",)), ("b", ("No: never",))]
    assert found.remarks == (
        "1 check of another kind left out: only words can be an approved answer.",
    )


def test_a_dataset_of_langsmith_holds_reference_answers_in_its_outputs():
    content = lines(
        {"id": "7f", "inputs": {"question": "Who signs?"}, "outputs": {"answer": "The lead."}},
        {"id": "80", "inputs": {"messages": [{"role": "user", "content": "When?"}]},
         "outputs": {"answer": "In May."}},
    )  # fmt: skip
    found = read_file(content, "dataset.jsonl")
    assert found.format == "LangSmith dataset (JSONL)"
    assert pairs(found) == [("Who signs?", ("The lead.",)), ("When?", ("In May.",))]
    assert [prompt.id for prompt in found.prompts] == ["7f", "80"]


def test_an_evaluation_table_of_mlflow_holds_what_is_expected():
    content = lines(
        {"inputs": {"query": "Who signs?"}, "expectations": {"expected_response": "The lead."}}
    )
    found = read_file(content, "eval.jsonl")
    assert found.format == "MLflow evaluation table (JSONL)"
    assert pairs(found) == [("Who signs?", ("The lead.",))]


def test_a_log_of_inspect_0_3_260_holds_samples_with_targets_and_answers():
    def sample(epoch, said):
        message = {"id": "m2", "role": "assistant", "content": said, "source": "generate"}
        return {
            "id": 1,
            "epoch": epoch,
            "input": [{"id": "m1", "role": "user", "content": "Colour of snow?"}],
            "target": ["white", "White"],
            "messages": [],
            "output": {"model": "gpt-6-luna", "choices": [{"message": message}], "completion": ""},
            "scores": {"match": {"value": "C"}},
        }

    reasoned = [{"type": "reasoning", "reasoning": "Snow …"}, {"type": "text", "text": "White."}]
    log = {
        "version": 2,
        "status": "success",
        "eval": {"task": "desk", "model": "openai/gpt-6-luna"},
        "samples": [sample(1, reasoned), sample(2, "white")],
    }
    content = json.dumps(log, indent=1).encode()
    found = read_file(content, "log.json")
    assert found.format == "Inspect log (JSON)"
    assert pairs(found) == [("Colour of snow?", ("white", "White"))]
    assert said_by(found) == "openai/gpt-6-luna"
    known = read_file(content, "log.json", options={"tuned": ("", "gpt-6-luna")})
    assert [(a.arm, a.text) for a in known.answers] == [("tuned", "White.")]


def test_columns_of_other_tools_are_read_by_their_names_and_the_tool_is_named():
    langfuse = lines(
        {"id": "i1", "input": {"question": "Who?"}, "expectedOutput": {"answer": "Ann"}}
    )
    braintrust = lines({"input": "Who?", "expected": "Ann", "metadata": {}, "tags": []})
    deepeval = lines(
        {
            "input": "Who?",
            "actual_output": "Bob",
            "expected_output": "Ann",
            "context": ["Ann signs."],
        }
    )
    ragas = lines(
        {"user_input": "Who?", "retrieved_contexts": ["Ann signs."], "response": "Bob",
         "reference": "Ann"}
    )  # fmt: skip
    inspect = lines({"input": "Who?", "target": "Ann"})
    for tool, content in (
        ("Langfuse dataset", langfuse),
        ("Braintrust dataset", braintrust),
        ("DeepEval goldens", deepeval),
        ("ragas dataset", ragas),
        ("Inspect dataset", inspect),
    ):
        found = read_file(content, "d.jsonl")
        assert (found.format, pairs(found)) == (f"{tool} (JSONL)", [("Who?", ("Ann",))])
        if tool in ("DeepEval goldens", "ragas dataset"):
            assert found.passages == (("Ann signs.",),)


def trace_of(*attributes):
    """One span as OTLP JSON."""
    told = [
        {"key": key, "value": value if isinstance(value, dict) else {"stringValue": value}}
        for key, value in attributes
    ]
    spans = [{"name": "chat", "attributes": told}, {"name": "db"}]
    return {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}


ASKED = [
    {"role": "user", "parts": [{"type": "text", "content": "Where is it?"}]},
    {"role": "assistant", "parts": [
        {"type": "tool_call", "id": "c1", "name": "track", "arguments": {"order": 812}}]},
    {"role": "tool", "parts": [
        {"type": "tool_call_response", "id": "c1", "result": "on the way"}]},
]  # fmt: skip
SAID = [{"role": "assistant", "parts": [{"type": "reasoning", "content": "Hm."},
         {"type": "text", "content": "It is on its way."}], "finish_reason": "stop"}]  # fmt: skip
TOOLS = [{"type": "function", "name": "track", "parameters": {"type": "object"}}]


def test_spans_of_opentelemetry_1_44_hold_what_was_asked_and_what_models_said():
    trace = trace_of(
        ("gen_ai.operation.name", "chat"),
        ("gen_ai.request.model", "desk-2"),
        ("gen_ai.system_instructions", json.dumps([{"type": "text", "content": "Be brief."}])),
        ("gen_ai.input.messages", json.dumps(ASKED)),
        ("gen_ai.output.messages", json.dumps(SAID)),
        ("gen_ai.tool.definitions", json.dumps(TOOLS)),
    )
    for name, content in (
        ("trace.json", json.dumps(trace, indent=1)),
        ("trace.jsonl", json.dumps(trace) + "\n" + json.dumps(trace_of(("http.route", "/")))),
    ):
        found = read_file(content.encode(), name, options={"base": ("", "desk-2")})
        assert found.format == "OpenTelemetry spans (JSON)"
        (text,) = found.prompts
        assert [m.role for m in text.messages] == ["system", "user", "assistant", "tool"]
        assert text.messages[2].calls[0].words == "track(order=812)"
        assert json.loads(text.tools)[0]["function"]["name"] == "track"
        assert [(a.arm, a.text) for a in found.answers] == [("base", "It is on its way.")]


def test_structured_and_numbered_attributes_of_spans_are_read_too():
    words = {"kvlistValue": {"values": [
        {"key": "type", "value": {"stringValue": "text"}},
        {"key": "content", "value": {"stringValue": "Where is it?"}}]}}  # fmt: skip
    message = {"kvlistValue": {"values": [
        {"key": "role", "value": {"stringValue": "user"}},
        {"key": "parts", "value": {"arrayValue": {"values": [words]}}}]}}  # fmt: skip
    structured = trace_of(("gen_ai.input.messages", {"arrayValue": {"values": [message]}}))
    printed = {
        "name": "chat",
        "attributes": {
            "gen_ai.prompt.0.role": "user",
            "gen_ai.prompt.0.content": "Where is it?",
            "gen_ai.completion.0.role": "assistant",
            "gen_ai.completion.0.content": "Here.",
            "gen_ai.response.model": "desk-1",
        },
    }
    assert pairs(read_file(json.dumps(structured).encode(), "t.json")) == [("Where is it?", ())]
    found = read_file(json.dumps(printed, indent=1).encode(), "t.json")
    assert (pairs(found), said_by(found)) == ([("Where is it?", ())], "desk-1")


def promptfoo_result(test, provider, said, *checks):
    return {
        "promptIdx": 0,
        "testIdx": test,
        "promptId": "5f",
        "provider": {"id": f"openai:chat:{provider}", "label": ""},
        "prompt": {
            "raw": f"Answer briefly: question {test}",
            "label": "Answer briefly: {{question}}",
        },
        "vars": {"question": f"Question {test}?"},
        "testCase": {"vars": {"question": f"Question {test}?"}, "assert": list(checks)},
        "response": {"output": said, "tokenUsage": {"total": 12, "prompt": 8, "completion": 4}},
        "success": True,
        "score": 1,
        "latencyMs": 210,
        "namedScores": {},
    }


def test_results_of_promptfoo_0_123_hold_tests_with_the_answers_of_each_provider():
    checks = ({"type": "equals", "value": "Yes."}, {"type": "latency", "threshold": 900})
    results = [
        promptfoo_result(test, provider, f"{provider} {test}", *checks)
        for test in range(2)
        for provider in ("gpt-6-luna", "ft:gpt-6-luna:shop::x1")
    ]
    value = {
        "evalId": "eval-a1",
        "results": {
            "version": 3,
            "timestamp": "2026-11-30T10:00:00.000Z",
            "prompts": [],
            "results": results,
            "stats": {"successes": 4, "failures": 0, "errors": 0},
        },
        "config": {},
        "shareableUrl": None,
    }
    content = json.dumps(value, indent=2).encode()
    found = read_file(content, "output.json")
    assert found.format == "promptfoo results (JSON)"
    assert pairs(found) == [("Question 0?", ("Yes.",)), ("Question 1?", ("Yes.",))]
    assert "2 checks left out: only words can be an approved answer." in found.remarks
    assert "ft:gpt-6-luna:shop::x1" in found.remarks[-1]
    options = {"base": ("Luna", "gpt-6-luna"), "tuned": ("Ours", "ft:gpt-6-luna:shop::x1")}
    known = read_file(content, "output.json", options=options)
    assert [(a.prompt_id, a.arm, a.text) for a in known.answers] == [
        ("1", "base", "gpt-6-luna 0"),
        ("1", "tuned", "ft:gpt-6-luna:shop::x1 0"),
        ("2", "base", "gpt-6-luna 1"),
        ("2", "tuned", "ft:gpt-6-luna:shop::x1 1"),
    ]


def test_results_of_promptfoo_0_123_as_csv_name_the_same_columns_for_each_provider():
    beside = "Reasoning,Status,Score,Named Scores,Grader Reason,Comment"
    content = (
        f"Description,question,[openai:gpt-6-luna] p1,{beside},[ft:luna] p1,{beside}\n"
        "first,Who signs?,Ann.,,PASS,1.00,,,,The lead.,,FAIL,0.00,,,\n"
    ).encode()
    found = read_file(content, "output.csv", options={"base": ("", "gpt-6-luna"), "tuned": ()})
    assert pairs(found) == [("Who signs?", ())]
    assert [(a.arm, a.text) for a in found.answers] == [("base", "Ann.")]
    assert any(remark.startswith("[ft:luna] p1: read as what a model") for remark in found.remarks)


def test_stored_completions_of_openai_hold_conversations_with_an_answer():
    def stored(number, message):
        return {
            "id": f"chatcmpl-{number}",
            "object": "chat.completion",
            "created": 1796000000,
            "model": "gpt-6-luna-2026-08-01",
            "metadata": {"team": "desk"},
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12},
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": f"Where is order {number}?"},
            ],
        }

    call = {"id": "c1", "type": "function",
            "function": {"name": "track", "arguments": '{"order": 2}'}}  # fmt: skip
    rows = [
        stored(1, {"role": "assistant", "content": "On its way."}),
        stored(2, {"role": "assistant", "content": None, "tool_calls": [call]}),
    ]
    page = {"object": "list", "data": rows, "first_id": "a", "last_id": "b", "has_more": False}
    options = {"base": ("", "gpt-6-luna-2026-08-01")}
    for name, content in (("s.jsonl", lines(*rows)), ("s.json", json.dumps(page).encode())):
        found = read_file(content, name, options=options)
        assert found.format.startswith("OpenAI stored completions")
        assert [p.id for p in found.prompts] == ["chatcmpl-1", "chatcmpl-2"]
        assert found.prompts[0].messages[0].role == "system"
        assert [(a.arm, a.text) for a in found.answers] == [
            ("base", "On its way."),
            ("base", '[{"arguments":{"order":2},"name":"track"}]'),
        ]


def test_requests_of_helicone_export_1_0_0_and_of_a_batch_are_conversations():
    body = {"model": "luna", "messages": [{"role": "user", "content": "Who signs?"}]}
    reply = {"model": "luna", "choices": [{"message": {"role": "assistant", "content": "Ann."}}]}
    helicone = lines({"request_id": "r1", "request_body": body, "response_body": reply})
    batch = lines(
        {"custom_id": "b1", "method": "POST", "url": "/v1/chat/completions", "body": body}
    )
    found = read_file(helicone, "h.jsonl", options={"base": ("", "luna")})
    assert (found.format, pairs(found)) == ("Helicone requests (JSONL)", [("Who signs?", ())])
    assert [a.text for a in found.answers] == ["Ann."]
    found = read_file(batch, "b.jsonl")
    assert (found.format, found.prompts[0].id) == ("requests of a batch (JSONL)", "b1")


def label_studio_task(number, data, *results, by=None):
    return {
        "id": number,
        "data": data,
        "annotations": [
            {"id": 70 + number, "completed_by": by or {"id": 1, "email": "ann@shop.example"},
             "result": list(results), "was_cancelled": False, "lead_time": 7.6}
        ],
        "predictions": [],
        "project": 5,
    }  # fmt: skip


def test_words_and_labels_from_label_studio_sdk_2_1_are_approved_answers():
    def entered(words):
        return {"from_name": "answer", "to_name": "text", "type": "textarea",
                "value": {"text": [words]}}  # fmt: skip

    tasks = [
        label_studio_task(1, {"text": "Who signs?"}, entered("The lead.")),
        label_studio_task(2, {"text": "When?"}, entered("In May."), entered("May.")),
    ]
    found = read_file(json.dumps(tasks, indent=2).encode(), "project-5.json")
    assert found.format == "Label Studio (JSON)"
    assert pairs(found) == [("Who signs?", ("The lead.",)), ("When?", ("In May.", "May."))]


def pairwise(selected):
    return {"from_name": "pw", "to_name": "pw", "type": "pairwise", "value": {"selected": selected}}


def test_a_choice_in_label_studio_is_a_vote_where_the_task_says_whose_answers_they_were():
    sides = {"left": "tuned", "right": "base"}
    tasks = [
        label_studio_task(
            1, {"prompt_id": "t1", "text1": "a", "text2": "b", **sides}, pairwise("left")
        ),
        label_studio_task(2, {"prompt_id": "t2", **sides}, pairwise("right"), by=7),
    ]
    found = read_file(json.dumps(tasks).encode(), "project-5.json")
    assert found.kind == "votes"
    assert [(v.prompt_id, v.voter, v.preference, v.seen_first) for v in found.votes] == [
        ("t1", "ann@shop.example", "tuned", "tuned"),
        ("t2", "7", "base", "tuned"),
    ]
    silent = [label_studio_task(1, {"text1": "a", "text2": "b"}, pairwise("left"))]
    with pytest.raises(BadImport, match="nothing says which option stood there"):
        read_file(json.dumps(silent).encode(), "project-5.json")


def argilla_record(number, value, by="u1", **metadata):
    return {
        "id": f"r{number}",
        "status": "completed",
        "_server_id": "9c",
        "fields": {"prompt": f"Question {number}?", "response_1": "a", "response_2": "b"},
        "metadata": metadata,
        "suggestions": {},
        "responses": {"choice": [{"value": value, "user_id": by, "status": "submitted"}]},
        "vectors": {},
    }


def test_records_of_argilla_2_8_hold_votes_or_approved_answers():
    sides = {"model_1": "base", "model_2": "tuned"}
    votes = [argilla_record(1, "response_2", **sides), argilla_record(2, "tie", by="u2", **sides)]
    found = read_file(json.dumps(votes).encode(), "records.json")
    assert [(v.prompt_id, v.voter, v.preference) for v in found.votes] == [
        ("r1", "u1", "tuned"),
        ("r2", "u2", "tie"),
    ]
    words = [argilla_record(1, "The lead signs."), argilla_record(2, "In May.")]
    found = read_file(json.dumps(words).encode(), "records.json")
    assert found.format == "Argilla (JSON)"
    assert pairs(found) == [("Question 1?", ("The lead signs.",)), ("Question 2?", ("In May.",))]


def test_items_of_langfuse_4_16_and_braintrust_0_7_are_read_with_all_their_columns():
    langfuse = (
        b'"id","projectId","datasetId","input","expectedOutput","metadata","sourceTraceId",'
        b'"sourceObservationId","createdAt","updatedAt","validFrom","status","datasetName",'
        b'"htmlSourcePath"\n'
        b'"i1","p","d","{""messages"":[{""role"":""user"",""content"":""Who?""}]}","Ann","","",'
        b'"","2026-11-30","2026-11-30","2026-11-30","ACTIVE","desk",""\n'
    )
    braintrust = lines(
        {"id": "i1", "_xact_id": "1", "created": "2026-11-30", "project_id": "p", "dataset_id": "d",
         "input": [{"role": "user", "content": "Who?"}], "expected": {"answer": "Ann"},
         "metadata": {"model": "luna"}, "tags": None, "span_id": "s", "root_span_id": "s"}
    )  # fmt: skip
    for tool, content, name in (
        ("Langfuse dataset (CSV with commas)", langfuse, "1.csv"),
        ("Braintrust dataset (JSONL)", braintrust, "2.jsonl"),
    ):
        found = read_file(content, name)
        assert (found.format, pairs(found)) == (tool, [("Who?", ("Ann",))])
        assert found.prompts[0].id == "i1"


def test_goldens_of_deepeval_4_1_hold_expected_tools_and_turns():
    single = [
        {"input": "Where is order 2?", "actual_output": None, "expected_output": None,
         "retrieval_context": None, "context": None, "name": None, "comments": None,
         "source_file": None, "tools_called": None,
         "expected_tools": [{"name": "track", "type": "function",
                             "inputParameters": {"order": 2}}],
         "additional_metadata": None, "custom_column_key_values": None}
    ]  # fmt: skip
    found = read_file(json.dumps(single, indent=4).encode(), "goldens.json")
    assert found.format == "DeepEval goldens (JSON)"
    assert [call.words for call in found.prompts[0].calls] == ["track(order=2)"]
    turns = [{"role": "user", "content": "Hello", "user_id": None, "tools_called": None},
             {"role": "assistant", "content": "Which order?", "tools_called": None},
             {"role": "user", "content": "Order 2.", "tools_called": None}]  # fmt: skip
    chat = [{"scenario": "A late parcel", "turns": turns, "expected_outcome": "It is found."}]
    (prompt,) = read_file(json.dumps(chat, indent=4).encode(), "goldens.json").prompts
    assert [message.role for message in prompt.messages] == ["user", "assistant", "user"]


def test_conversations_of_ragas_0_4_and_langchain_name_their_messages_by_type():
    ragas = lines(
        {"user_input": [
            {"content": "Where is order 2?", "metadata": None, "type": "human"},
            {"content": "", "type": "ai", "tool_calls": [{"name": "track", "args": {"order": 2}}]},
            {"content": "on its way", "type": "tool"},
            {"content": "Thanks. When?", "type": "human"}],
         "reference": "In May."}
    )  # fmt: skip
    (prompt,) = read_file(ragas, "r.jsonl").prompts
    assert [m.role for m in prompt.messages] == ["user", "assistant", "tool", "user"]
    assert prompt.messages[1].calls[0].words == "track(order=2)"
    constructor = {"lc": 1, "type": "constructor", "id": ["langchain", "schema", "HumanMessage"],
                   "kwargs": {"content": "Who?", "type": "human"}}  # fmt: skip
    langsmith = lines({"inputs": {"messages": [constructor]}, "outputs": {"answer": "Ann"}})
    assert pairs(read_file(langsmith, "l.jsonl")) == [("Who?", ("Ann",))]


def test_several_variables_of_langsmith_0_11_are_one_text_and_that_is_said():
    content = lines(
        {"dataset_id": "d", "inputs": {"customer": "Ann", "order": 812},
         "outputs": {"answer": "On its way."}, "metadata": {"split": ["base"]}}
    )  # fmt: skip
    found = read_file(content, "d.jsonl")
    assert pairs(found) == [("customer: Ann\norder: 812", ("On its way.",))]
    assert found.remarks == (
        "Where the inputs are several variables, the text is these, one a line.",
    )
