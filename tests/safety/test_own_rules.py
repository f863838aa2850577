"""A pattern or a schema of a stranger's takes no more time, memory or network than it is given."""

import json
import os
import resource
import socket
import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from advisor.case import rule_sandbox
from advisor.case.checks import Checks
from advisor.case.rule_sandbox import TOO_MUCH
from advisor.evidence.metrics.fields import pattern_match, schema_match

MOST_S = 0.5
"""Processor time of the app's own process; without the other one each of these takes seconds."""


def nested(levels: int) -> str:
    """A schema that asks twice as much at each level: 2^levels times the last one."""
    steps = {f"l{n}": {"allOf": [{"$ref": f"#/$defs/l{n + 1}"}] * 2} for n in range(levels)}
    return json.dumps({"$ref": "#/$defs/l0", "$defs": steps | {f"l{levels}": {}}})


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param({"pattern": "(?:a{1000}){9000}"}, id="a pattern of nine million signs"),
        pytest.param({"pattern": "(?:" * 140 + "a" + "){2}" * 140}, id="2^140 repeats"),
    ],
)
def test_a_rule_that_can_not_be_read_in_time_is_refused_in_a_sentence(rules):
    began = time.process_time()
    with pytest.raises(ValidationError, match=TOO_MUCH):
        Checks.model_validate(rules)
    assert time.process_time() - began < MOST_S


@pytest.mark.parametrize(
    ("match", "rule", "answer"),
    [
        (pattern_match, r"(?:a?){1000}a{1000}b", "a" * 2_000),
        (pattern_match, r"(a|aa|a?a)+$", "a" * 40 + "!"),
        (schema_match, '{"pattern": "(a+)+$"}', json.dumps("a" * 27 + "!")),
        (schema_match, '{"patternProperties": {"(a+)+$": {}}}', json.dumps({"a" * 27 + "!": 1})),
        (schema_match, nested(17), "1"),
        (schema_match, '{"uniqueItems": true}', json.dumps([{"a": n} for n in range(4_000)])),
    ],
    ids=["pattern", "another", "schema's pattern", "of its keys", "references", "each with each"],
)
def test_a_rule_that_can_not_be_tried_in_time_says_nothing_of_an_answer(match, rule, answer):
    began = time.process_time()
    assert match(answer, rule) is None
    assert time.process_time() - began < MOST_S


def test_a_rule_that_took_too_long_three_times_is_not_tried_again():
    def spent() -> float:
        rule_sandbox._apart._end()  # what a process has used counts once it has ended
        of_others = resource.getrusage(resource.RUSAGE_CHILDREN)
        return of_others.ru_utime + of_others.ru_stime

    rule = r"(b|bb|b?b)+$"
    assert [pattern_match("b" * n + "!", rule) for n in (41, 42, 43)] == [None] * 3
    before = spent()
    assert [pattern_match("b" * n + "!", rule) for n in range(50, 90)] == [None] * 40
    assert spent() - before < 1
    assert pattern_match("bb", "b+") == 1  # others are


def test_where_rules_are_tried_there_are_no_keys_and_no_network(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "canary-3f1")
    rule_sandbox._apart._end()
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/schema.json"
        assert schema_match("{}", json.dumps({"$ref": address})) == 0
        assert schema_match("{}", json.dumps({"$schema": address})) == 1
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    process = rule_sandbox._apart._process
    assert process is not None
    assert os.environ["OPENAI_API_KEY"] == "canary-3f1"
    assert Path(f"/proc/{process.pid}/environ").read_bytes() == b""


def test_a_rule_as_long_as_a_book_is_refused():
    with pytest.raises(ValidationError, match="at most 100000 characters"):
        Checks(json_schema=json.dumps({"title": "x" * 100_000}))
