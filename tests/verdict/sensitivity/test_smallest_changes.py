"""Flips: each turns the verdict, one step short of it does not, and the figures are worked by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.options import Arm
from advisor.verdict.sensitivity import choices, dials
from advisor.verdict.sensitivity.model import ChoiceLever, NumberLever
from advisor.verdict.sensitivity.smallest_changes import find_smallest_changes
from pricing.offers import PriceCells, load_providers
from pricing.people import People
from tests.make import FULL, VOLUME, Whole, arm, case, preferred, tuned, voted
from tests.report.whole_cases import WHOLE
from tests.verdict.test_properties import briefs

D = Decimal


def flips_of(whole: Whole):
    return {(str(flip.input), flip.to): flip for flip in whole.decided().smallest_changes}


def only(use_case: str, **answers) -> Whole:
    """A brief, and nothing else."""
    return Whole(Case(title="A case", brief=Brief(use_case=use_case, **answers)))


def own_prices(months: int, **people) -> Whole:
    """Level in quality; base 0.0062 a text, fine-tuned 0.00124, training 50M x 3 at 1 USD = 150."""
    whole = voted(
        case(
            "brand_voice",
            {
                "base": arm(None, input=D(2), output=D(8)),
                "tuned": arm(
                    None,
                    input=D("0.4"),
                    output=D("1.6"),
                    training_per_1m=D(1),
                    training_tokens=50_000_000,
                    epochs=3,
                ),
            },
            texts=120,
            volume=VOLUME.model_copy(update={"horizon_months": months}),
            **FULL,
        ),
        preferred(5, 5, 110),
    )
    found = whole.case.model_copy(update={"people": People(**people)})
    return Whole(found, whole.record)


LEVEL = "5_level_and_tuned_is_cheaper"
# Base gpt-4.1 0.0062 a text; fine-tuned mini 0.00124, hosting 1,241 a month, training 30 over the
# 326 / 30.4375 = 10.7105 months until it stops: 2.801 a month. Fine-tuned must be 5 % cheaper.
#   2,000,000 texts: base 12,400, of which 95 % are 11,780; fine-tuned 2,480 + 1,243.801 = 3,723.80
ALL_NEW = dict.fromkeys(load_providers(), "new")
TABLE = [
    # 0.0062 x 0.95 - 0.00124 = 0.00465 saved a text: 1,243.801 / 0.00465 = 267,484.1 texts
    (WHOLE[LEVEL], "volume.requests_per_month", 2_000_000, 267_484, "base"),
    # 1,200 for reading + 800 x price + 1,243.801 >= 11,780: from 11.67025 on
    (WHOLE[LEVEL], "arms.tuned.price.output", D("1.60"), D("11.6703"), "base"),
    # 3,000 x price + 1,280 for writing + 1,243.801 >= 11,780: from 3.08540 on
    (WHOLE[LEVEL], "arms.tuned.price.input", D("0.40"), D("3.0854"), "base"),
    # 2,480 + 2.801 + 730 x price >= 11,780: from 12.73589 on
    (WHOLE[LEVEL], "arms.tuned.price.hosting_per_hour", D("1.70"), D("12.7359"), "base"),
    # Three months are 91.3 days: with 91 left, to 21 Feb 2027, it stops too soon
    (WHOLE[LEVEL], "arms.tuned.stops_on", date(2027, 10, 14), date(2027, 2, 21), "base"),
    (
        WHOLE["1_live_and_stops_soon"],
        "arms.tuned.stops_on",
        date(2027, 1, 14),
        date(2027, 2, 22),
        "tuned",
    ),
    # Base 24.80 a month, 95 % are 23.56; fine-tuned 4.96 and 150 once: 150 / 18.60 = 8.06 months
    (own_prices(6), "volume.horizon_months", 6, 9, "tuned"),
    # Over 6 months 18.60 x 6 = 111.60 pays the training: 150M tokens at 0.744
    (own_prices(6), "arms.tuned.price.training_per_1m", D(1), D("0.7439"), "tuned"),
    # A month 6M units in and 1.6M out at 8: 0.95 x (6 p + 12.80) > 4.96 + 150 / 6, from 3.12281 on
    (own_prices(6), "arms.base.price.input", D(2), D("3.1229"), "tuned"),
    # Over 12 months base is 0.95 x 297.60 = 282.72, fine-tuned 209.52; an hour once is 73.20 more
    (
        own_prices(12, hourly_rate=D(10), one_off_days_it=D("0.125")),
        "people.hourly_rate",
        D(10),
        D("73.20"),
        "base",
    ),
    # It takes ln(0.65 / 0.35) / 0.03 = 20.635 points. 5 are there; 20 x log(n / 200) / log 5 are
    # the other 15.635 from 200 x 5 ** 0.78174 = 703.8 on.
    (only("translation", task_change="frozen"), "brief.training_pairs", None, 704, "tuned"),
    # 25 for practice and at most -4.365: below 200 / 4 ** 0.21827 = 147.8
    (only("brand_voice"), "brief.training_pairs", None, 147, "base"),
    (WHOLE["1_too_few_pairs"], "brief.training_pairs", 5, 10, "possible"),
    # A change a quarter is four a year: with three retrainings, looking up comes first
    (
        Whole(
            Case(
                title="A case",
                brief=Brief(use_case="brand_voice", fact_change="quarterly"),
                volume=VOLUME.model_copy(update={"retrainings_per_year": D(4)}),
            )
        ),
        "volume.retrainings_per_year",
        4,
        3,
        "base",
    ),
    # -25 for a chat model, +25 where the base was never taught to chat
    (only("general_chatbots"), "brief.base_kind", "general", "raw", "tuned"),
    (only("brand_voice"), "brief.strictness", None, "loose", "base"),  # 25 - 10
    (only("brand_voice"), "brief.tried", None, (), "base"),  # something comes first
    (only("domain_summarization"), "brief.human_check", None, "never", "base"),  # practice turns
    (only("brand_voice"), "brief.task_change", None, "monthly", "base"),  # practice turns
    (only("brand_voice"), "brief.training_permission", None, "no", "base"),
    (
        only("domain_summarization", tried=("few_shot",)),
        "brief.gap",
        None,
        "good_enough",
        "base",
    ),  # 25 - 15
    (
        only("domain_summarization", tried=("few_shot",)),
        "brief.fact_change",
        None,
        "weekly",
        "base",
    ),
    (
        only("brand_voice", training_permission="no"),
        "brief.training_permission",
        "no",
        "yes",
        "tuned",
    ),
    (WHOLE["1_nowhere_to_train"], "brief.can_host", False, True, "possible"),
    # Hosted by the hour it costs 100 times as much as base, so that base stays the answer
    (WHOLE["1_nowhere_to_train"], "brief.data_may_go", "own_machines", "region", "possible"),
    (WHOLE["1_nowhere_to_train"], "brief.stage", "base_in_use", "tuned_on_trial", "possible"),
    (
        WHOLE["1_facts_change_too_fast"],
        "brief.tried",
        ("prompt",),
        ("prompt", "retrieval"),
        "possible",
    ),
    (
        Whole(case("brand_voice", **{**FULL, "stage": "idea", "customer_of": ALL_NEW})),
        "brief.customer_of.azure_foundry",
        "new",
        "existing",
        "tuned",
    ),
    # 42 to 18 clears the bar of 20 and not that of 100, which errors that harm ask for
    (
        voted(
            case("general_chatbots", texts=60, **FULL | {"strictness": "loose"}), preferred(42, 18)
        ),
        "brief.error_cost",
        "medium",
        "high",
        "base",
    ),
    # 60 of 60 go out as they are: at least 94.0 % do, which is below 95 % and not below 94 %
    (WHOLE["2_nothing_left_to_gain"], "brief.target_as_is", D("0.9"), D("0.94"), "tuned"),
]


@pytest.mark.parametrize(
    ("whole", "key", "now", "at", "to"), TABLE, ids=lambda it: it if isinstance(it, str) else ""
)
def test_the_nearest_turn_of_an_input(whole, key, now, at, to):
    flip = flips_of(whole)[key, to]
    assert (flip.now, flip.flips_at) == (now, at)


def test_texts_that_stand_in_the_training_file_close_no_room_whatever_the_target():
    facts = WHOLE["2_nothing_left_to_gain"].decided().facts
    void = replace(facts.evidence, leaked=1, nothing_left_to_gain=False)
    leaked = replace(facts, evidence=void)
    assert leaked.verdict().rule != "base_wins"
    assert "brief.target_as_is" not in {str(flip.input) for flip in find_smallest_changes(leaked)}
    dial = next(d for d in dials(leaked) if str(d.input) == "brief.target_as_is")
    assert not dial.put(1).evidence.nothing_left_to_gain


def test_no_stop_date_is_looked_for_after_the_last_day_there_is():
    facts = replace(WHOLE["1_live_and_stops_soon"].decided().facts, today=date(9999, 12, 30))
    assert "arms.tuned.stops_on" not in {str(flip.input) for flip in find_smallest_changes(facts)}


def test_texts_won_are_moved_until_the_test_decides():
    # Ties are kept, a loss becomes a win: what it takes, another test of so many wins takes too.
    whole = WHOLE["4_overrules_the_matrix"]
    flip = flips_of(whole)["evidence.wins", "base"]
    assert (flip.now, flip.of) == (50, 56)
    won, decided = flip.flips_at, whole.decided()
    dial = next(d for d in dials(decided.facts) if str(d.input) == "evidence.wins")
    assert dial.put(won).evidence.tally.losses == 56 - won
    assert dial.put(won).evidence.word == "not_enough"
    assert dial.put(won + 1).evidence.word == "decides"


def short_of(lever, flip):
    """One step less than the value it turns at; of a question, nothing lies between."""
    if isinstance(lever, ChoiceLever):
        return None
    n = at(lever, flip)
    return lever.put(n - 1 if flip.more else n + 1)


def at(dial: NumberLever, flip) -> int:
    low, high = dial.least, dial.most
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if dial.value(middle) < flip.flips_at else (low, middle)
    return low


def check_every_flip(facts):
    """Each flip turns the verdict as it says; one step short, or nothing, leaves it."""
    here = facts.verdict()
    before = {gate.key for gate in here.gates}
    found = find_smallest_changes(facts)
    levers = {str(lever.input): lever for lever in chain(dials(facts), choices(facts))}
    for flip in found:
        lever = levers[str(flip.input)]
        there = lever.put(
            flip.flips_at if isinstance(lever, ChoiceLever) else at(lever, flip)
        ).verdict()
        after = {gate.key for gate in there.gates}
        if flip.to in ("base", "tuned"):
            assert there.recommendation == flip.to != here.recommendation
        else:
            assert after < before
            assert (flip.to == "possible") is (not after)
        short = short_of(lever, flip)
        if short is not None and flip.now is not None:
            close = short.verdict()
            assert close.recommendation == here.recommendation
            if flip.to in ("possible", "fewer_stoppers"):
                assert not {gate.key for gate in close.gates} < before
    assert [flip.distance for flip in found] == sorted(flip.distance for flip in found)


@pytest.mark.parametrize("name", WHOLE)
def test_every_flip_turns_the_verdict_and_one_step_short_does_not(name):
    check_every_flip(WHOLE[name].decided().facts)


def with_value(found: Case, key: str, value) -> Case:
    """The case with a figure of `volume`, `brief` or a price in its place."""
    section, _, name = key.partition(".")
    if section != "arms":
        value = D(value) if name == "retrainings_per_year" else value
        part = getattr(found, section).model_copy(update={name: value})
        return found.model_copy(update={section: part})
    option, _, cell = name.partition(".price.")
    own: Arm = found.arms[option]
    price = PriceCells(**{**own.price.model_dump(), cell: value})
    moved = own.model_copy(update={"price": price})
    return found.model_copy(update={"arms": {**found.arms, option: moved}})


@pytest.mark.parametrize(
    ("whole", "key", "at", "to"),
    [
        row[:2] + row[3:]
        for row in TABLE
        if row[1].startswith(("volume.", "brief.", "arms."))
        and row[1] != "arms.tuned.stops_on"
        and "customer_of" not in row[1]
        and row[4] in ("base", "tuned")
    ],
    ids=lambda it: it if isinstance(it, str) else "",
)
def test_a_case_with_the_value_in_its_place_is_decided_so(whole, key, at, to):
    # By the path of a page: evidence, prices and access are worked out from the start.
    value = float(at) if key == "brief.target_as_is" else at
    moved = Whole(with_value(whole.case, key, value), whole.record)
    assert whole.decided().verdict.recommendation != to
    assert moved.decided().verdict.recommendation == to


@settings(max_examples=40)
@given(
    briefs,
    st.one_of(st.none(), st.integers(0, 10**7)),
    st.lists(st.decimals("0.01", "50", places=2), min_size=4, max_size=4),
    st.integers(1, 36),
    st.sampled_from([None, 1_000_000]),
)
def test_whatever_the_case_a_flip_turns_it_and_one_step_short_does_not(
    brief, requests, prices, months, training
):
    found = Case(
        title="A case",
        brief=brief,
        arms={
            "base": arm(None, input=prices[0], output=prices[1]),
            "tuned": arm(
                None,
                input=prices[2],
                output=prices[3],
                training_per_1m=prices[0],
                training_tokens=training,
                hosting_per_hour=prices[1],
            ),
        },
        volume=VOLUME.model_copy(update={"requests_per_month": requests, "horizon_months": months}),
    )
    check_every_flip(Whole(found).decided().facts)


@settings(max_examples=8)
@given(st.integers(0, 60), st.integers(0, 10**6), st.sampled_from(["cost_cutting", "brand_voice"]))
def test_whatever_the_test_shows_a_flip_turns_it(wins, requests, use_case):
    volume = VOLUME.model_copy(update={"requests_per_month": requests})
    arms = {"base": arm("openai:gpt-4.1"), "tuned": tuned()}
    whole = voted(case(use_case, arms, texts=60, volume=volume, **FULL), preferred(wins, 60 - wins))
    check_every_flip(whole.decided().facts)


def test_a_window_in_which_tuning_pays_back_too_late_is_found():
    # Fine-tuned decides. As base grows dearer tuning never pays back, then too late, then in time:
    # only the middle is a no, and both its ends are found.
    whole = WHOLE["4_test_for_tuned"]
    into = flips_of(whole)["arms.base.price.output", "base"]
    moved = Whole(with_value(whole.case, str(into.input), into.flips_at), whole.record)
    out = flips_of(moved)["arms.base.price.output", "tuned"]
    assert out.flips_at == into.flips_at - D("0.0001")
    above = moved.case.arms["base"].price.output + 10
    dearer = Whole(with_value(whole.case, str(into.input), above), whole.record)
    assert dearer.decided().verdict.rule == "tuned_wins"


@pytest.mark.parametrize("name", ["1_nowhere_to_train", "5_level_and_tuned_is_cheaper"])
def test_the_order_of_the_inputs_changes_nothing(name):
    whole = WHOLE[name]
    found, record = whole.case, whole.record
    turned = found.model_copy(
        update={
            "arms": dict(reversed(found.arms.items())),
            "brief": found.brief.model_copy(
                update={
                    "tried": tuple(reversed(found.brief.tried)),
                    "customer_of": dict(reversed({**found.brief.customer_of, "x": "new"}.items())),
                }
            ),
        }
    )
    mixed = replace(record, outputs=record.outputs[::-1], votes=record.votes[::-1])
    one, other = whole.decided(), Whole(turned, mixed).decided()
    assert one.verdict.recommendation == other.verdict.recommendation
    assert one.verdict.lean.score == other.verdict.lean.score
    assert one.verdict.gates == other.verdict.gates
    assert {
        str(f.input): f.flips_at for f in one.smallest_changes if str(f.input) != "brief.tried"
    } == {str(f.input): f.flips_at for f in other.smallest_changes if str(f.input) != "brief.tried"}


def test_a_distance_is_a_doubling_or_a_step():
    found = flips_of(WHOLE[LEVEL])
    # log2(2,000,001 / 267,485) = 2.90; from "yes" over "not asked" to "no" are two steps
    assert found["volume.requests_per_month", "base"].distance == pytest.approx(2.9025, abs=1e-3)
    assert found["brief.training_permission", "base"].distance == 2
    assert flips_of(only("brand_voice"))["brief.training_pairs", "base"].distance == 1


def test_nothing_that_is_there_is_undone():
    # An answer is not forgotten, a step tried is not untried, a tuned model that answered exists.
    found = WHOLE["4_test_for_tuned"].decided()
    keys = {str(lever.input): lever for lever in choices(found.facts)}
    assert "brief.stage" not in keys
    assert all(None not in [value for value, _ in lever.ways] for lever in keys.values())
    tried = keys["brief.tried"]
    assert all(set(tried.now) < set(value) for value, _ in tried.ways)
