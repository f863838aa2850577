"""Exports of other tools: recognised by their shape, and read without a question."""

import json
from pathlib import Path

from advisor.case.reading.read import read_file

CASES = Path(__file__).parent / "cases"


def pairs(found):
    return [(prompt.text, prompt.references) for prompt in found.prompts]


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


def test_a_log_of_inspect_holds_samples_with_their_targets():
    log = {
        "version": 2,
        "eval": {"task": "desk", "model": "openai/gpt-6-luna"},
        "samples": [
            {"id": 1, "epoch": 1, "input": "Colour of snow?", "target": ["white", "White"]},
            {"id": 1, "epoch": 2, "input": "Colour of snow?", "target": ["white", "White"]},
        ],
    }
    found = read_file(json.dumps(log, indent=1).encode(), "log.json")
    assert found.format == "Inspect log"
    assert pairs(found) == [("Colour of snow?", ("white", "White"))]
    assert found.remarks == ("The answers of openai/gpt-6-luna in this log were left out.",)


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


def test_spans_of_opentelemetry_hold_what_was_asked():
    asked = [{"role": "user", "parts": [{"type": "text", "content": "Where is it?"}]}]
    said = [{"role": "assistant", "parts": [{"type": "text", "content": "Here."}]}]
    attributes = [
        {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
        {"key": "gen_ai.input.messages", "value": {"stringValue": json.dumps(asked)}},
        {"key": "gen_ai.output.messages", "value": {"stringValue": json.dumps(said)}},
    ]
    span = {"name": "chat", "attributes": attributes}
    trace = {"resourceSpans": [{"scopeSpans": [{"spans": [span, {"name": "db"}]}]}]}
    found = read_file(json.dumps(trace, indent=1).encode(), "trace.json")
    assert (found.format, pairs(found)) == ("OpenTelemetry spans", [("Where is it?", ())])
    assert found.remarks == ("1 answer of models left out: they are no approved answers.",)
