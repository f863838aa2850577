"""A receipt says what was fixed, and what of it is otherwise now."""

import hashlib
import json
from datetime import UTC, datetime

import pytest

from advisor.case.case import Case
from advisor.case.options import Parameters
from advisor.case.run_spec import spec_of
from advisor.case.texts import Prompt
from advisor.evidence.receipt import Change, Receipt, changed_since, receipt_of
from advisor.verdict.rules import load_rules
from tests.make import case_at

LIMITS = load_rules().evidence
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CASE = case_at("http://127.0.0.1:9/v1", 8)
FIXED = receipt_of(CASE, LIMITS, NOON)


def with_brief(**answers: object) -> Case:
    return CASE.model_copy(update={"brief": CASE.brief.model_copy(update=answers)})


def with_texts(*texts: Prompt) -> Case:
    return CASE.model_copy(update={"prompts": texts})


def test_what_was_offered_is_what_was_fixed_where_nothing_was_entered():
    assert (FIXED.margin, FIXED.target, FIXED.measure) == (0.15, 0.90, "rouge1")
    assert receipt_of(with_brief(error_cost="high"), LIMITS, NOON).margin == 0.10
    assert Receipt.model_validate_json(FIXED.model_dump_json()) == FIXED


def test_an_unchanged_case_has_no_changes_and_the_order_of_its_texts_is_none():
    assert changed_since(FIXED, CASE, LIMITS) == ()
    turned = with_texts(*reversed(CASE.prompts))
    assert changed_since(FIXED, turned, LIMITS) == ()
    assert receipt_of(turned, LIMITS, NOON).texts_sha256 == FIXED.texts_sha256


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (with_brief(margin=0.05), Change("margin", 0.15, 0.05)),
        (with_brief(target_as_is=0.8), Change("target", 0.90, 0.8)),
        (
            CASE.model_copy(
                update={"run": CASE.run.model_copy(update={"primary_metric": "exact"})}
            ),
            Change("measure", "rouge1", "exact"),
        ),
        (
            CASE.put("base", CASE.arms["base"].model_copy(update={"system_prompt": "Be brief."})),
            Change("options", 2, 1),
        ),
        (CASE.without("tuned"), Change("options", 2, 1)),
        (
            with_texts(*CASE.prompts, Prompt(id="more", text="One more.")),
            Change("texts added", 8, 1),
        ),
        (with_texts(*CASE.prompts[2:]), Change("texts changed", 8, 2)),
        (
            with_texts(
                CASE.prompts[0].model_copy(update={"reference": "Another."}), *CASE.prompts[1:]
            ),
            Change("texts changed", 8, 1),
        ),
    ],
)
def test_each_thing_that_is_otherwise_is_named(now, change):
    assert changed_since(FIXED, now, LIMITS) == (change,)


def test_what_is_not_fixed_is_not_named():
    cap = CASE.run.model_copy(update={"cap_usd": 5.0, "concurrency": 2})
    assert changed_since(FIXED, CASE.model_copy(update={"run": cap}), LIMITS) == ()
    assert changed_since(FIXED, with_brief(training_pairs=7), LIMITS) == ()


def test_what_is_not_said_of_an_option_is_in_no_digest():
    """So a parameter that a later version knows turns no receipt of today into a change."""
    arm = CASE.arms["base"]
    said = CASE.put("base", arm.model_copy(update={"parameters": Parameters(stop=("END",))}))
    unsaid = CASE.put("base", arm.model_copy(update={"parameters": Parameters(stop=())}))
    assert receipt_of(said, LIMITS, NOON).options["base"] != FIXED.options["base"]
    assert receipt_of(unsaid, LIMITS, NOON).options == FIXED.options
    spec = spec_of(CASE).arms["base"].model_dump(mode="json", exclude_defaults=True)
    said_only = json.dumps(spec, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert FIXED.options["base"] == hashlib.sha256(said_only.encode()).hexdigest()
    assert "top_p" not in said_only
