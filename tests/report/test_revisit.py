"""An old decision, held against today."""

from datetime import date
from decimal import Decimal

import pytest

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.options import Arm
from advisor.case.run_spec import spec_of
from advisor.report.revisit import revisit, would_change
from advisor.report.summary import DecisionSummary, OptionSummary
from advisor.verdict.newer_base import BaseOnList, best_base, on_base
from pricing.offers import PriceCells

THEN, NOW = date(2026, 11, 22), date(2027, 5, 22)
D = Decimal


def option(**changes) -> OptionSummary:
    return OptionSummary.model_validate(
        {
            "arm": "tuned",
            "model": "ft:m",
            "name": "fine-tuned m at OpenAI",
            "prices": {"input": D("0.40"), "output": D("1.60")},
            "checked": date(2026, 11, 20),
            "tuned_stops_on": date(2027, 10, 14),
            "served": ("ft:m-1",),
            **changes,
        }
    )


def standing(*options: OptionSummary, **changes) -> DecisionSummary:
    return DecisionSummary.model_validate(
        {
            "digest": "0",
            "decided_on": THEN,
            "recommendation": "fine-tuned",
            "firmness": "decided",
            "firmness_label": "Decided by your own test",
            "headline": "Fine-tuned.",
            "options": options or (option(),),
            "bases": (BaseOnList(name="luna", ref="openai:luna", checked=date(2026, 11, 20)),),
            "requests_per_month": 20_000,
            "months_planned": 12,
            **changes,
        }
    )


def said(
    topic: str, then: DecisionSummary, now: DecisionSummary, today=NOW, answering=None
) -> tuple[str, str]:
    (line,) = [x for x in revisit(then, now, today, answering) if x.topic == topic]
    return line.state, line.text


READ = {"checked": date(2027, 5, 1)}


@pytest.mark.parametrize(
    ("old", "new", "state", "text"),
    [
        pytest.param(
            {},
            READ,
            "still",
            "has the same price. Our list was read on 1 May 2027",
            id="read since",
        ),
        pytest.param({}, {}, "unknown", "our list was last read on 20 Nov 2026", id="not read"),
        pytest.param(
            {},
            READ | {"prices": {"input": D("0.30"), "output": D("1.60")}},
            "changed",
            "Input, USD per 1M units billed: 0.4 then, 0.3 now.",
            id="cheaper",
        ),
        pytest.param(
            {},
            {"prices": {"input": D("0.40")}},
            "changed",
            "Output, USD per 1M units billed: 1.6 then, none now.",
            id="gone from the list",
        ),
        pytest.param({"prices": {}}, {"prices": {}}, "unknown", "No price was known", id="none"),
        pytest.param(
            {"own": ("input", "output")},
            {"own": ("input", "output")},
            "unknown",
            "your own figures",
            id="own",
        ),
    ],
)
def test_a_price_holds_only_if_the_list_was_read_again(old, new, state, text):
    found = said("Price of fine-tuned", standing(option(**old)), standing(option(**new)))
    assert found[0] == state
    assert text in found[1]


@pytest.mark.parametrize(
    ("old", "new", "today", "state", "text"),
    [
        pytest.param({}, READ, NOW, "still", "on 14 Oct 2027, in 145 days.", id="still to come"),
        pytest.param({}, {}, NOW, "unknown", "in 145 days. But our list", id="not read since"),
        pytest.param(
            {}, READ, date(2027, 10, 14), "changed", "It stopped on 14 Oct 2027.", id="over"
        ),
        pytest.param(
            {"tuned_stops_on": date(2026, 1, 1)},
            {"tuned_stops_on": date(2026, 1, 1)},
            NOW,
            "still",
            "It stopped on 1 Jan 2026.",
            id="was over",
        ),
        pytest.param(
            {},
            {"tuned_stops_on": date(2027, 8, 1)},
            NOW,
            "changed",
            "14 Oct 2027 then, 1 Aug 2027 now.",
            id="brought forward",
        ),
        pytest.param(
            {"tuned_stops_on": None},
            {"tuned_stops_on": date(2027, 8, 1)},
            NOW,
            "changed",
            "no date published then, 1 Aug 2027 now",
            id="announced since",
        ),
    ],
)
def test_stop_dates(old, new, today, state, text):
    found = said("Runs until", standing(option(**old)), standing(option(**new)), today)
    assert found[0] == state
    assert text in found[1]


@pytest.mark.parametrize(
    ("decided_on", "today", "state", "text"),
    [
        (date(2027, 1, 1), date(2027, 1, 5), "still", "Training closes on 6 Jan 2027, in 1 day."),
        (date(2027, 1, 1), date(2027, 1, 6), "still", "Training closes on 6 Jan 2027, today."),
        (date(2027, 1, 6), date(2027, 1, 7), "changed", "It closed on 6 Jan 2027."),
        (date(2027, 1, 7), date(2027, 1, 7), "still", "It closed on 6 Jan 2027."),
    ],
)
def test_the_last_day_to_train_is_still_one(decided_on, today, state, text):
    closing = option(training_closes_on=date(2027, 1, 6), checked=date(2027, 1, 1))
    then = standing(closing, decided_on=decided_on)
    found = said("Can be trained until", then, standing(closing), today)
    assert found[0] == state
    assert found[1].startswith(text)


def test_a_newer_base_is_named_with_its_cost():
    luna = standing().bases[0]
    nova = BaseOnList(name="nova", ref="x:nova", usd_per_month=D(12))
    found = said("Newer base models", standing(), standing(bases=(nova, luna)))
    assert found == ("changed", "New on our list: nova ($12.00 a month).")
    assert said("Newer base models", standing(), standing())[0] == "unknown"


@pytest.mark.parametrize(
    ("then", "today", "state", "text"),
    [
        ({}, NOW, "unknown", "20,000 texts a month for 12 months were planned; only you know"),
        ({}, date(2027, 11, 23), "changed", "planned for 12 months; these are over"),
        ({"requests_per_month": None}, NOW, "unknown", "never said"),
    ],
)
def test_nobody_but_the_reader_knows_the_volume(then, today, state, text):
    found = said("Volume", standing(**then), standing(**then), today)
    assert found[0] == state
    assert text in found[1]


@pytest.mark.parametrize(
    ("old", "answering", "state", "text"),
    [
        ({}, {}, "unknown", "ft:m-1 answered then; the address was not asked today."),
        ({}, {"tuned": "ft:m-1"}, "still", "ft:m-1 answers, as it did then."),
        ({}, {"tuned": "ft:m-2"}, "changed", "ft:m-2 answers now; it was ft:m-1."),
        ({}, {"tuned": None}, "unknown", "does not say"),
        ({"served": ()}, {"tuned": "ft:m-2"}, "unknown", "which one did then was not kept"),
    ],
)
def test_who_answers_is_known_only_when_asked(old, answering, state, text):
    then = standing(option(**old))
    found = said("Who answers as fine-tuned", then, then, answering=answering)
    assert found[0] == state
    assert text in found[1]


def test_another_version_of_the_app_is_said():
    state, text = said("How a verdict is made", standing(app_version="0.0.1"), standing())
    assert state == "changed"
    assert "version 0.0.1" in text
    assert "How a verdict is made" not in {x.topic for x in revisit(standing(), standing(), NOW)}


def test_whether_the_verdict_would_change():
    base = {"recommendation": "base", "headline": "Base, for now."}
    weaker = {"firmness": "leaning", "firmness_label": "Leaning"}
    assert not would_change(standing(), standing()).changes
    other = would_change(standing(), standing(**base))
    assert other.changes
    assert "base, for now. It was: fine-tuned." in other.text
    less = would_change(standing(), standing(**weaker))
    assert less.changes
    assert "leaning, not decided by your own test" in less.text


# The same texts on today's best base

CASE = Case(
    title="Letters",
    brief=Brief(use_case="domain_summarization"),
    prompts=({"id": "1", "text": "a letter"},),
    arms={
        "base": Arm(
            endpoint="https://api.openai.com/v1",
            model="old",
            offer="openai:old",
            system_prompt="Be short.",
            price=PriceCells(input=D(9)),
            discount_percent=D(10),
        ),
        "base_examples": Arm(endpoint="https://api.openai.com/v1", model="old"),
        "tuned": Arm(endpoint="https://api.openai.com/v1", model="ft:old"),
    },
    review_on=NOW,
)
LUNA = BaseOnList(name="luna", ref="openai:luna", usd_per_month=D(1))


def test_the_best_base_is_the_cheapest_that_is_not_compared_yet():
    dear = BaseOnList(name="dear", ref="openai:dear", usd_per_month=D(5))
    unknown = BaseOnList(name="unknown", ref="openai:unknown")
    nowhere = BaseOnList(name="nowhere", ref="aws:x", usd_per_month=D(0))
    assert best_base(CASE, (nowhere, LUNA, dear, unknown)) == LUNA
    assert best_base(CASE, (nowhere,)) is None
    assert best_base(on_base(CASE, LUNA), (LUNA, dear)) is None
    assert best_base(CASE, (unknown,)) is None
    assert best_base(CASE.model_copy(update={"arms": {}}), (LUNA,)) is None


def test_the_same_texts_go_to_the_new_base_and_the_tuned_calls_stay_the_same():
    moved = on_base(CASE, LUNA)
    base = moved.arms["base"]
    assert (base.model, base.offer, base.system_prompt) == ("luna", "openai:luna", "Be short.")
    assert base.endpoint == "https://api.openai.com/v1"
    assert base.price == PriceCells()
    assert base.discount_percent == D(10)
    assert moved.arms["base_examples"].model == "luna"
    assert moved.arms["tuned"] == CASE.arms["tuned"]
    assert moved.title == "Letters, on luna"
    assert moved.review_on is None
    hashes = [{c.arm: c.call_hash for c in spec_of(case).calls()} for case in (CASE, moved)]
    assert hashes[0]["tuned"] == hashes[1]["tuned"]
    assert hashes[0]["base"] != hashes[1]["base"]


def test_a_recorded_option_counts_by_the_model_that_answered():
    recorded = CASE.arms["base"].model_copy(
        update={"endpoint": "replay:clinic_notes", "model": "gpt-4", "offer": "openai:luna"}
    )
    case = CASE.model_copy(update={"arms": CASE.arms | {"base": recorded}})
    assert best_base(case, (LUNA,)) == LUNA
    assert on_base(case, LUNA).arms["base"].endpoint == "https://api.openai.com/v1"


@pytest.mark.parametrize(
    ("ref", "endpoint"),
    [
        ("fireworks:accounts/fireworks/models/x", "https://api.fireworks.ai/inference/v1"),
        ("azure:gpt-x", ""),
        ("anthropic:claude-x", "https://api.anthropic.com/v1"),
        ("aws:nova-x", ""),
    ],
)
def test_another_provider_s_address_is_filled_in_where_it_is_known(ref, endpoint):
    moved = on_base(CASE, BaseOnList(name="x", ref=ref, usd_per_month=D(1))).arms["base"]
    assert (moved.endpoint, moved.discount_percent) == (endpoint, None)


def test_a_long_title_still_fits():
    long = CASE.model_copy(update={"title": "x" * 200})
    assert len(on_base(long, LUNA).title) == 200


def test_options_of_any_id_go_by_their_names_and_a_tuned_one_by_its_own_dates():
    ours = OptionSummary(
        arm="ours",
        kind="tuned",
        called="Our tuned one",
        model="ft",
        name="ft at OpenAI",
        prices={"input": D(1)},
        tuned_stops_on=date(2027, 3, 1),
    )
    then = standing(options=(ours,))
    now = standing(options=(ours.model_copy(update={"tuned_stops_on": date(2027, 2, 1)}),))
    topics = {line.topic: line for line in revisit(then, now, NOW)}
    assert "Price of Our tuned one" in topics
    assert "Who answers as Our tuned one" in topics
    assert topics["Runs until"].text == ("The tuned model stops: 1 Mar 2027 then, 1 Feb 2027 now.")
