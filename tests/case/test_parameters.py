"""Parameters: what an option is asked with, what of it is a new purchase, and what is none."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from advisor.case.case_file import read_case
from advisor.case.options import Parameters
from advisor.case.run_spec import spec_of
from advisor.errors import BadCase
from tests.make import case_at

BEFORE = Path(__file__).parents[1] / "store" / "before"
CLOSED = {
    "type": "object",
    "properties": {"desk": {"type": "string"}},
    "required": ["desk"],
    "additionalProperties": False,
}


def asked(**parameters: Any):
    case = case_at("https://host/v1", prompts=1)
    tuned = case.arms["tuned"].model_copy(update={"parameters": Parameters(**parameters)})
    spec = spec_of(case.put("tuned", tuned))
    base, other = spec.calls()
    return spec, base, other


def test_a_case_of_before_buys_what_it_bought_then():
    said = json.loads((BEFORE / "said.json").read_text())["whole"]
    spec = spec_of(read_case(BEFORE / "CASE.toml"))
    assert spec.spec_hash == said["spec_hash"]
    calls = {"/".join(map(str, call.key)): call.call_hash for call in spec.calls()}
    assert calls.items() >= said["calls"].items()


def test_parameters_that_say_what_the_run_says_buy_nothing_anew():
    plain, *_ = asked()
    same, *_ = asked(temperature=0.0, max_output_tokens=1024)
    assert same.spec_hash == plain.spec_hash


@pytest.mark.parametrize(
    "parameters",
    [
        {"temperature": 0.7},
        {"max_output_tokens": 64},
        {"top_p": 0.9},
        {"reasoning_effort": "high"},
        {"response_format": CLOSED},
        {"stop": ("END",)},
        {"extra": {"top_k": 20}},
    ],
)
def test_another_parameter_is_another_run_and_buys_only_that_option_again(parameters):
    plain, base, tuned = asked()
    spec, same, other = asked(**parameters)
    assert spec.spec_hash != plain.spec_hash
    assert same.call_hash == base.call_hash
    assert other.call_hash != tuned.call_hash


def test_what_an_option_says_goes_before_what_the_run_says():
    _, base, tuned = asked(temperature=0.7, max_output_tokens=64, top_p=0.9, stop=("END",))
    assert (base.temperature, base.max_output_tokens, base.further) == (0.0, 1024, {})
    assert (tuned.temperature, tuned.max_output_tokens) == (0.7, 64)
    assert tuned.further == {"top_p": 0.9, "stop": ["END"]}


@pytest.mark.parametrize(
    ("schema", "strict"),
    [
        pytest.param(CLOSED, True, id="closed"),
        pytest.param({**CLOSED, "additionalProperties": True}, False, id="open"),
        pytest.param({**CLOSED, "required": []}, False, id="one may be missing"),
        pytest.param({"type": "array", "items": CLOSED}, True, id="a list"),
        pytest.param({"type": "object"}, False, id="any object"),
        pytest.param(
            {**CLOSED, "properties": {"desk": {"type": "object"}}}, False, id="open within"
        ),
    ],
)
def test_a_schema_is_enforced_to_the_letter_where_it_names_everything(schema, strict):
    form = {"name": "answer", "strict": strict, "schema": schema}
    sent = {"response_format": {"type": "json_schema", "json_schema": form}}
    assert Parameters(response_format=schema).sent == sent
    assert Parameters(response_format=sent["response_format"]).response_format == schema


FILE = 'title = "t"\n[brief]\nuse_case = "classification"\n[arms.base.parameters]\n'


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('response_format = {type = "texts"}', "it is no JSON Schema: 'texts'"),
        ('response_format = {type = "json_object"}', "it is no JSON Schema: 'json_object'"),
        ("response_format = {}", "it holds no JSON Schema; write one or leave it out"),
        ('reasoning_effort = "much"', "arms.base.parameters.reasoning_effort does not fit"),
        ("extra = {temperature = 1}", "temperature stands beside extra, not in it; move it"),
        ("extra = {n = 3}", "n can't be passed on, it would change what is compared"),
        ("extra = {since = 2026-01-01}", "a date is not JSON; put it in quotes"),
        ("temperature = 3", "arms.base.parameters.temperature does not fit"),
        ("topp = 3", "arms.base.parameters.topp is not a key of a case file"),
    ],
)
def test_a_parameter_that_is_none_is_one_sentence(tmp_path, line, sentence):
    path = tmp_path / "CASE.toml"
    path.write_text(FILE + line + "\n")
    with pytest.raises(BadCase) as caught:
        read_case(path)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_case_file_says_every_parameter(tmp_path):
    path = tmp_path / "CASE.toml"
    path.write_text(
        FILE
        + 'temperature = 0.5\ntop_p = 0.9\nreasoning_effort = "low"\nstop = ["END"]\n'
        + "max_output_tokens = 300\n"
        + '[arms.base.parameters.response_format]\ntype = "object"\nadditionalProperties = false\n'
        + "[arms.base.parameters.extra]\ntop_k = 20\nmin_p = 0.05\nthinking = true\n"
    )
    found = read_case(path).arms["base"].parameters
    assert found == Parameters(
        temperature=0.5,
        top_p=0.9,
        reasoning_effort="low",
        stop=("END",),
        max_output_tokens=300,
        response_format={"type": "object", "additionalProperties": False},
        extra={"top_k": 20, "min_p": 0.05, "thinking": True},
    )


def test_a_number_of_a_file_is_sent_as_a_number():
    read = Parameters.model_validate({"extra": {"a": Decimal("0.1"), "b": [Decimal(3)]}})
    assert json.dumps(read.sent) == '{"a": 0.1, "b": [3]}'
    with pytest.raises(ValidationError):
        Parameters.model_validate({"top_p": 0})
