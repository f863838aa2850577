"""The reader's own rules, and what an answer makes of them."""

import pytest
from pydantic import ValidationError

from advisor.case.case_file import check_case
from advisor.case.checks import Checks, Glossary, Style
from advisor.errors import BadCase
from advisor.evidence.metrics.fields import (
    field_accuracy,
    json_valid,
    label_accuracy,
    pattern_match,
    schema_match,
)
from advisor.evidence.metrics.house import (
    glossary_use,
    left_out,
    length,
    lix,
    longest_sentence,
    must_haves,
    style_rules,
    words_a_sentence,
)

SCHEMA = '{"type": "object", "required": ["name"], "properties": {"age": {"type": "integer"}}}'


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ({"json_schema": "{"}, "not valid JSON"),
        ({"json_schema": '{"type": "thing"}'}, "not a JSON schema"),
        ({"json_schema": "3"}, "not a JSON schema"),
        ({"pattern": "("}, "not a regular expression"),
        ({"must_have": [""]}, "at least 1"),
        ({"must_have": ["..."]}, "match pattern"),
        ({"must_haves": ["fever"]}, "Extra inputs"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused(rules, says):
    with pytest.raises(ValidationError, match=says):
        Checks.model_validate(rules)


def test_a_case_names_the_rule_that_is_wrong():
    tables = {"title": "A", "brief": {"use_case": "sql"}, "checks": {"pattern": "("}}
    with pytest.raises(BadCase, match=r"checks\.pattern does not fit .* regular expression"):
        check_case(tables, "CASE.toml")


def test_facts_of_one_text_come_after_those_of_all():
    checks = Checks(must_have=("date",), must_have_by_text={"p1": ("fever",)})
    assert checks.facts("p1") == ("date", "fever")
    assert checks.facts("p2") == ("date",)


@pytest.mark.parametrize(
    ("answer", "share", "missing"),
    [
        pytest.param("HbA1c was 8.2; Metformin 1000 mg.", 1, 0, id="all, one said otherwise"),
        pytest.param("Hemoglobin A1c of 8", 0.5, 1, id="one of two"),
        pytest.param("1000 daily mg metformin", 0, 2, id="the words are not in a row"),
        pytest.param("", 0, 2, id="empty"),
    ],
)
def test_must_haves(answer, share, missing):
    facts = ("HbA1c | hemoglobin A1c", "metformin 1000 mg")
    assert must_haves(answer, facts) == share
    assert left_out(answer, facts) == missing


def test_house_terms():
    rules = Glossary(required=("member",), forbidden=("customer", "client"))
    assert glossary_use("Dear member, as a customer", rules) == pytest.approx(2 / 3)
    assert glossary_use("Dear members", rules) == 1  # another ending


@pytest.mark.parametrize(
    ("rules", "answer", "kept"),
    [
        pytest.param(Style(banned=("very",)), "Very good.", 0, id="a banned word"),
        pytest.param(Style(person="third"), "She rests.", 1, id="third"),
        pytest.param(Style(person="third"), "I rest.", 0, id="not third"),
        pytest.param(Style(person="second"), "You rest.", 1, id="second"),
        pytest.param(Style(person="second"), "You and I rest.", 0, id="not second"),
        pytest.param(Style(person="first"), "We rest.", 1, id="first"),
        pytest.param(Style(tense="past"), "She was ill and had rested.", 1, id="past"),
        pytest.param(Style(tense="past"), "She was ill and is well.", 0, id="half past"),
        pytest.param(Style(tense="past"), "It was, was, was, was and is.", 1, id="four of five"),
        pytest.param(Style(tense="present"), "She was ill.", 0, id="not present"),
        pytest.param(Style(tense="present"), "Rest.", 1, id="no form that tells"),
        pytest.param(Style(longest_sentence=3), "One two three. Four.", 1, id="short"),
        pytest.param(Style(longest_sentence=3), "One two three four.", 0, id="long"),
        pytest.param(Style(banned=("very", "quite")), "Quite.", 0.5, id="one of two"),
    ],
)
def test_house_style(rules, answer, kept):
    assert style_rules(answer, rules) == kept


def test_length():
    text = "Two words. And then\nfour in one line"
    assert (length(text), longest_sentence(text), words_a_sentence(text)) == (8, 4, 8 / 3)
    assert (length(""), longest_sentence(""), words_a_sentence("")) == (0, 0, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("We rest today. She waits.", 5 / 2, id="no long word"),
        # 10 words in 2 sentences; patient, reports, shortness are longer than 6 letters
        pytest.param(
            "The patient reports shortness of breath. She has no fever.", 5 + 30, id="by hand"
        ),
        pytest.param("Straßenverkehrsordnung", 1 + 100, id="one long word"),
        pytest.param("sixsix sevenab", 2 + 50, id="six letters are short"),
        pytest.param(" …", None, id="no word"),
    ],
)
def test_readability_is_lix(text, expected):
    assert lix(text) == expected


@pytest.mark.parametrize(
    ("answer", "valid", "fits"),
    [
        pytest.param('{"name": "A", "age": 3}', 1, 1, id="fits"),
        pytest.param('{"age": 3}', 1, 0, id="a field is missing"),
        pytest.param('{"name": "A", "age": "3"}', 1, 0, id="another type"),
        pytest.param('```json\n{"name": "A"}\n```', 0, 0, id="a fence is not JSON"),
        pytest.param('{"name": NaN}', 0, 0, id="NaN is not JSON"),
        pytest.param("[" * 100_000, 0, 0, id="nested too deep"),
        pytest.param("", 0, 0, id="empty"),
    ],
)
def test_json(answer, valid, fits):
    assert (json_valid(answer), schema_match(answer, SCHEMA)) == (valid, fits)


def test_a_schema_elsewhere_is_never_fetched():
    assert schema_match("{}", '{"$ref": "http://127.0.0.1:9/schema.json"}') == 0


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        pytest.param('{"a": " X y", "b": [1, 2]}', 1, id="whatever case and spaces"),
        pytest.param('Here:\n```json\n{"a": "x Y", "b": [1, 2]}\n```', 1, id="in a fence"),
        pytest.param('{"a": "x y", "b": [1, 3]}', 2 / 3, id="one of three is wrong"),
        pytest.param('{"a": "x y", "b": [1, 2], "c": 0, "d": 0, "e": 0}', 0.5, id="sprayed"),
        pytest.param("x y 1 2", 0, id="no JSON"),
        pytest.param('{"a": "x y", "b": [true, 2]}', 2 / 3, id="true is not 1"),
    ],
)
def test_fields(answer, right):
    assert field_accuracy(answer, '{"a": "x y", "b": [1, 2]}') == pytest.approx(right)
    assert field_accuracy(answer, "no JSON") is None


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("Refund", 1),
        ("The label is: refund.", 1),
        ("**Refund**\n\nThe customer asks for money.", 1),
        ('{"label": "refund"}', 1),
        ("refund request", 0),
        ("refund or complaint", 0),
        ("refund\ncomplaint", 0),
        ("I want a refund", 0),
        ("", 0),
    ],
)
def test_labels(answer, right):
    labels = ("refund", "refund request", "complaint")
    assert label_accuracy(answer, "Refund", labels) == right
    assert label_accuracy(answer, "another", labels) is None


def test_a_pattern_must_fit_the_whole_answer():
    assert pattern_match(" AB-12\n", r"[A-Z]{2}-\d+") == 1
    assert pattern_match("AB-12 or so", r"[A-Z]{2}-\d+") == 0


def test_a_pattern_without_end_says_nothing_of_an_answer():
    assert pattern_match("a" * 40 + "!", r"(a|aa|a?a)+$") is None
