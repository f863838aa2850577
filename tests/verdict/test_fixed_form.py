"""Where answers have fixed fields or labels, an enforced form is suggested before tuning."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from advisor.case.checks import Checks
from advisor.case.options import Arm
from advisor.case.run_spec import spec_of
from advisor.case.texts import Prompt
from advisor.verdict.fixed_form import suggest_fixed_form, with_fixed_form
from tests import make


def case_of(answers, **more):
    case = make.case("extraction", {"base": make.arm(make.LUNA)})
    texts = [
        Prompt(id=f"t{n}", text=f"Letter {n}", reference=a if isinstance(a, str) else json.dumps(a))
        for n, a in enumerate(answers)
    ]
    return case.model_copy(update={"prompts": tuple(texts), **more})


ROW = {"name": "Ada", "amount": 12.5, "paid": True, "lines": [{"item": "ink"}]}


def test_the_form_of_the_approved_answers_is_enforced_and_priced_as_its_base():
    case = case_of([ROW] * 6)
    form = suggest_fixed_form(case)
    assert form is not None
    assert (form.taken_from, form.fields) == ("fields", ("name", "amount", "paid", "lines"))
    assert form.schema["properties"]["lines"]["items"]["properties"] == {"item": {"type": "string"}}
    after = with_fixed_form(case, form)
    new = after.arms["base_fixed_form"]
    assert new.parameters.sent["response_format"]["json_schema"]["strict"]
    assert (new.offer, new.model, new.follows) == (make.LUNA, "m", "base")
    assert after.name_of("base_fixed_form") == "Base, fixed form"
    sent = [call.further.get("response_format") for call in spec_of(after).calls()]
    assert sum(one is not None for one in sent) == len(sent) / 2
    base, formed = (make.decide(after).money.cost.arms[o] for o in ("base", "base_fixed_form"))
    assert formed.usd_per_month_all_in == base.usd_per_month_all_in
    assert suggest_fixed_form(after) is None


def test_labels_are_a_form_where_the_label_is_what_counts():
    run = case_of([]).run.model_copy(update={"primary_metric": "label_accuracy"})
    labels = Checks(labels=("refund", "delay"))
    form = suggest_fixed_form(case_of(["refund", "delay"] * 5, checks=labels, run=run))
    assert form is not None
    assert form.schema["properties"]["label"]["enum"] == ["refund", "delay"]
    assert suggest_fixed_form(case_of(["refund", "delay"] * 5, checks=labels)) is None


def test_the_reader_s_own_schema_comes_first():
    own = {"type": "object", "properties": {"id": {"type": "string"}}}
    form = suggest_fixed_form(case_of([ROW] * 6, checks=Checks(json_schema=json.dumps(own))))
    assert form is not None
    assert (form.schema, form.taken_from) == (own, "schema")


@pytest.mark.parametrize(
    "answers", [[], ["A letter."] * 9, [ROW] * 4, [ROW] * 9 + ["a sentence"], ["[1, 2]"] * 9]
)
def test_what_has_no_fixed_form_is_suggested_none(answers):
    assert suggest_fixed_form(case_of(answers)) is None


def test_recorded_options_are_not_asked_anew():
    recorded = {"base": Arm(endpoint="replay:clinic_notes", model="m")}
    assert suggest_fixed_form(case_of([ROW] * 6, arms=recorded)) is None


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab", max_size=2),
    lambda of: st.lists(of, max_size=2) | st.dictionaries(st.sampled_from("xyz"), of, max_size=2),
    max_leaves=4,
)
rows = st.lists(
    st.dictionaries(st.sampled_from("xyz"), values, min_size=1, max_size=3), min_size=5, max_size=6
)


@given(rows)
@settings(max_examples=40)
def test_every_approved_answer_fits_the_form_taken_from_them(rows):
    form = suggest_fixed_form(case_of(rows))
    assert form is not None
    fits = Draft202012Validator(form.schema)
    assert [row for row in rows if not fits.is_valid(row)] == []
