"""Snapshots: what is frozen, what is never in, and that an old one still opens."""

import json
import types
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.case.case import Case
from advisor.case.case_file import load_sample
from advisor.case.options import Arm, Judge, Parameters
from advisor.errors import BadSnapshot
from advisor.report import snapshot
from advisor.report.model import Report
from advisor.report.pdf.render import render_pdf
from advisor.report.report import write_report
from advisor.report.snapshot import Snapshot, copy_of, freeze, report_sha256
from pricing.offers import PriceCells
from tests.make import Whole, sample
from tests.report.reports import CLINIC
from tests.report.whole_cases import WHOLE

KEY = "sk-canary-" + "7" * 40
ADDRESS = "https://canary-models.example:8443/secret/v1"


def any_of(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a type that a report may hold."""
    origin, args = get_origin(hint), get_args(hint)
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return st.builds(hint, **{f.name: any_of(hints[f.name]) for f in fields(hint)})
    if origin is Literal:
        return st.sampled_from(args)
    if origin is tuple and args[-1] is ...:
        return st.lists(any_of(args[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(any_of, args))
    if origin in (Union, types.UnionType):
        return st.one_of(*map(any_of, args))
    return {
        type(None): st.none(),
        bool: st.booleans(),
        int: st.integers(),
        str: st.text(max_size=12),
        float: st.floats(allow_nan=False, allow_infinity=False),
        date: st.dates(),
        datetime: st.datetimes(timezones=st.just(UTC)),
        Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    }[hint]


@given(any_of(Report))
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_whatever_a_report_holds_comes_back_as_it_was(report):
    text = Snapshot(report).to_json()
    again = Snapshot.from_json(text)
    assert again.report == report
    assert again.to_json() == text
    assert report_sha256(again.report) == report_sha256(report)


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_decision_comes_back_as_it_was(name):
    decision = WHOLE[name].decided()
    frozen = freeze(
        decision.case, write_report(decision, show_texts=True), with_texts=True, may_copy=True
    )
    again = Snapshot.from_json(frozen.to_json())
    assert again == frozen
    assert again.report == write_report(decision, show_texts=True)
    assert again.to_json() == frozen.to_json()


def test_a_frozen_report_gives_the_very_pdf_that_it_gave_before(tmp_path):
    report = write_report(sample("clinic_notes", tmp_path).decided())
    again = Snapshot.from_json(Snapshot(report).to_json()).report
    assert render_pdf(again) == render_pdf(report)


def test_the_text_is_canonical():
    text = Snapshot(CLINIC).to_json()
    value = json.loads(text)
    assert list(value) == ["format", "report", "start"]
    assert value["format"] == 1
    assert text == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


# What is in, and what never is


def planted() -> Whole:
    """A voted case with a key and an address wherever either may stand."""
    whole = WHOLE["4_test_for_tuned"]
    arms = {
        name: arm.model_copy(
            update={"endpoint": ADDRESS, "api_key_env": KEY, "system_prompt": "Say CANARY TEXT."}
        )
        for name, arm in whole.case.arms.items()
    }
    prompts = tuple(
        p.model_copy(update={"text": f"CANARY TEXT {p.id}", "reference": "CANARY TEXT"})
        for p in whole.case.prompts
    )
    case = whole.case.model_copy(
        update={
            "arms": arms,
            "prompts": prompts,
            "examples": prompts[:2],
            "judge": Judge(endpoint=ADDRESS, model="judge", api_key_env=KEY, rubric="CANARY TEXT"),
        }
    )
    outputs = tuple(
        replace(o, text=f"CANARY TEXT {o.arm}", error=f"{KEY} at {ADDRESS}", request_id=KEY)
        for o in whole.record.outputs
    )
    return Whole(case, replace(whole.record, outputs=outputs))


@pytest.mark.parametrize("with_texts", [False, True])
def test_no_key_and_no_address_is_in_any_snapshot(with_texts):
    whole = planted()
    report = (
        write_report(whole.decided(), show_texts=True)
        if with_texts
        else write_report(whole.decided())
    )
    text = freeze(whole.case, report, with_texts=with_texts, may_copy=True).to_json()
    # Of an address at most the host is named: legal asks who received the texts.
    for canary in (KEY, ADDRESS, "8443", "secret/v1", "endpoint", "api_key_env"):
        assert canary not in text
    assert ("CANARY TEXT" in text) is with_texts


def test_texts_that_were_not_let_in_are_not_frozen_by_mistake():
    whole = planted()
    report = write_report(whole.decided(), show_texts=True)
    assert len(report.excerpts) == 3
    with pytest.raises(ValueError, match="texts that its owner keeps"):
        freeze(whole.case, report, with_texts=False, may_copy=False)


def test_without_texts_a_report_quotes_none_and_a_copy_has_none():
    whole = planted()
    report = write_report(whole.decided())
    frozen = freeze(whole.case, report, with_texts=False, may_copy=True)
    assert frozen.report == report
    assert report.excerpts == ()
    assert frozen.start.prompts == ()
    assert frozen.start.examples == ()
    assert [arm.system_prompt for arm in frozen.start.arms.values()] == ["", ""]
    assert frozen.start.brief == whole.case.brief
    assert frozen.start.volume == whole.case.volume


def test_with_texts_a_copy_has_them_and_the_instructions():
    whole = planted()
    frozen = freeze(whole.case, write_report(whole.decided()), with_texts=True, may_copy=True)
    assert frozen.start.prompts == whole.case.prompts
    assert [arm.system_prompt for arm in frozen.start.arms.values()] == ["Say CANARY TEXT."] * 2
    assert frozen.start.judge is None


def test_unless_the_owner_allows_it_nobody_starts_from_it():
    whole = planted()
    assert freeze(whole.case, CLINIC, with_texts=True, may_copy=False).start is None


def test_a_sample_may_be_quoted_but_its_copy_is_a_case_of_ones_own(tmp_path):
    whole = sample("clinic_notes", tmp_path)
    report = write_report(whole.decided())
    frozen = freeze(whole.case, report, with_texts=False, may_copy=True)
    assert frozen.report == report
    assert report.excerpts
    assert "Sample" in frozen.report.sample_note
    assert frozen.start.recorded is None
    assert frozen.start.prompts == ()
    assert frozen.start.title == "Clinic visit notes"


def test_a_copy_keeps_models_prices_and_currency():
    case = load_sample("chatbot")
    own = Arm(model="m", offer="openai:gpt-4.1-mini", price=PriceCells(input=Decimal("0.125")))
    case = case.model_copy(update={"arms": {"tuned": own}})
    copied = copy_of(case, with_texts=False)
    assert copied.arms["tuned"].price.input == Decimal("0.125")
    assert copied.arms["tuned"].offer == "openai:gpt-4.1-mini"
    again = Snapshot.from_json(Snapshot(CLINIC, copied).to_json()).start
    assert again == copied
    assert Case.model_validate(again.model_dump())


def test_a_copy_keeps_options_of_any_id_with_their_parameters_and_no_words_of_the_owner():
    asked = Parameters(
        temperature=0.5,
        response_format={"type": "object", "title": "Claims of Anna"},
        stop=("Anna",),
        extra={"token": KEY},
    )
    arms = {
        "mini": Arm(kind="base", label="Mini", model="mini", parameters=asked),
        "mini_examples": Arm(kind="base", variant="examples", follows="mini", model="mini"),
        "ours": Arm(kind="tuned", model="ft"),
    }
    case = load_sample("chatbot").model_copy(update={"arms": arms})
    bare = Snapshot.from_json(Snapshot(CLINIC, copy_of(case, with_texts=False)).to_json()).start
    assert bare is not None
    assert bare.options == ("mini", "mini_examples", "ours")
    assert (bare.bases, bare.tuned_options) == (("mini", "mini_examples"), ("ours",))
    assert bare.arms["mini_examples"] == arms["mini_examples"]
    assert bare.arms["mini"].label == "Mini"
    assert bare.arms["mini"].parameters == Parameters(temperature=0.5)
    text = Snapshot(CLINIC, copy_of(case, with_texts=True)).to_json()
    assert "Claims of Anna" in text
    assert KEY not in text


def test_somebody_has_decided_of_every_field_whether_others_get_it():
    kept_back = {"run", "judge", "people", "judgments", "recorded", "sample_of"}
    kept_back |= {"decided_by", "review_on", "training", "set_aside"}
    assert set(Case.model_fields) - kept_back == {*snapshot.OF_A_CASE, *snapshot.WITH_TEXTS}
    of_arm = {*snapshot.OF_AN_ARM, *snapshot.HELD_BACK, "system_prompt", "parameters"}
    assert set(Arm.model_fields) == of_arm


# Older snapshots

OLD = """{"format":1,"report":{
"title":"Letters of the claims desk","made_at":"2026-11-22T10:30:00Z","today":"2026-11-22",
"sample_note":"","recommendation":"fine-tuned","firmness":"decided","headline":"Fine-tuned.",
"firmness_label":"Decided by your own test","summary":"Go ahead.","line":"Decided: fine-tuned",
"rests_on":"12 of 12 questions answered","figures":[{"label":"Base, a month","value":"$34","help":""}],
"reasons":[{"topic":"Quality","text":"41 of 52.","source":{"label":"Your own test","url":null,
"checked":"2026-11-20","note":""}}],"missing":[],"changes":["Fewer texts."],"next_step":"Go ahead.",
"costs":[{"arm":"base","option":"Base","model":"gpt-6-luna at OpenAI","per_request":"$0.0085",
"first_month":"$34","all_in_month":"$34","training":"$0.00","hosting_month":"$0.00","total":"$408",
"basis":"list price","all_in_month_usd":34,"until":"No stop date is published"}],
"cost_note":"","evidence":{"heading":"Your own test: 60 texts","sentences":[],"base_wins":11,
"ties":8,"tuned_wins":41,"judged_by":"you","analyst":[["Win rate","79 %"]]},"score":41.5,
"signals":[{"name":"Use case","said":"brand voice","weight":25,"signal":1.0,"points":25.0}],
"caps":[],"gates":[],"excerpts":[],"assumptions":[["Texts a month","4,000"]],"sources":[],
"valid_until":"Update prices before relying on this.","dropped_since":{"a":[1]}},
"start":{"title":"Letters of the claims desk","brief":{"use_case":"brand_voice","asked_then":1},
"arms":{"base":{"model":"m","offer":null}},"dropped_since":[]},"dropped_since":2}"""
"""As it was written when reports had fewer fields, and one that they no longer have."""


def test_a_snapshot_of_an_older_report_still_opens():
    frozen = Snapshot.from_json(OLD)
    report = frozen.report
    assert report.made_at == datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
    assert report.today == date(2026, 11, 22)
    assert report.evidence.analyst == (("Win rate", "79 %"),)
    assert report.costs[0].people_month == ""
    assert report.costs[0].all_in_month_usd == 34.0
    assert report.moves == ()
    assert report.pictures.share is None
    assert frozen.start.brief.use_case == "brand_voice"
    assert frozen.start.arms["base"].model == "m"
    assert render_pdf(report).startswith(b"%PDF-")


def test_a_case_that_can_no_longer_be_read_is_not_started_from_and_the_report_opens():
    gone = OLD.replace('"brand_voice"', "7")
    assert Snapshot.from_json(gone).start is None
    assert Snapshot.from_json(gone).report == Snapshot.from_json(OLD).report


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"report":{"title":"x"}}', "\x00"])
def test_what_is_no_snapshot_is_said_to_be_one_of_another_version(text):
    with pytest.raises(BadSnapshot, match="frozen by another version"):
        Snapshot.from_json(text)


# Older than what the owner sees


def test_the_same_decision_taken_again_another_day_is_not_newer():
    again = replace(CLINIC, made_at=datetime(2026, 12, 1, tzinfo=UTC), today=date(2026, 12, 1))
    assert report_sha256(again) == report_sha256(CLINIC)
    whole = planted()
    quoting, silent = write_report(whole.decided(), show_texts=True), write_report(whole.decided())
    assert quoting != silent
    assert report_sha256(quoting) == report_sha256(silent)


@pytest.mark.parametrize(
    "change", [{"headline": "Fine-tuned."}, {"missing": ("a",)}, {"score": 1.5}, {"caps": ("a",)}]
)
def test_a_report_that_says_something_else_is(change):
    assert report_sha256(replace(CLINIC, **change)) != report_sha256(CLINIC)
