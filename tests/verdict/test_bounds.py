"""Where the texts may go binds every option, base ones too: which are ruled out, and what is left."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.case_file import check_case
from advisor.case.options import Arm, Judge
from advisor.errors import BadCase
from advisor.report.as_json import decision_json
from advisor.report.report import write_report
from advisor.report.ruled_out import sent_against_the_rule
from advisor.verdict.bounds import of_model, ruled_out, sites_of
from pricing.offers import PriceCells
from tests.make import AZURE_MINI, FULL, H100, LUNA, Whole, case, preferred, voted
from tests.report.as_text import as_text

TOGETHER = "together:Qwen/Qwen3.5-9B:LoRA SFT"
GLOBAL = "azure_foundry:gpt-4.1-mini:SFT/DPO global"
FIGURES = PriceCells(input=Decimal("0.1"), output=Decimal("0.4"))


def barred(arm: Arm, name="base", **answers):
    """ "no", "unknown" or "yes": whether the texts may go to the option."""
    brief = Brief(use_case="brand_voice", **answers)
    found = ruled_out(brief, sites_of(Case(title="t", brief=brief, arms={name: arm}))).get(name)
    return "yes" if found is None else "no" if found.certain else "unknown"


OPENAI = Arm(offer=LUNA)
RENTED = Arm(offer=H100)
INSIDE = Arm(endpoint="http://10.0.0.5:8000/v1", model="m", price=FIGURES)
ELSEWHERE = Arm(endpoint="https://llm.acme.example/v1", model="m")
EUROPE = Arm(endpoint="https://eu.api.openai.com/v1", model="m", offer=LUNA)


@pytest.mark.parametrize(
    ("answer", "openai", "rented", "inside", "elsewhere"),
    [
        (None, "yes", "yes", "yes", "yes"),
        ("any_vendor", "yes", "yes", "yes", "yes"),
        ("under_contract", "yes", "yes", "yes", "yes"),
        ("region", "unknown", "unknown", "yes", "unknown"),
        ("own_or_rented", "no", "yes", "yes", "unknown"),
        ("own_machines", "no", "unknown", "yes", "unknown"),
    ],
)
def test_each_answer_binds_every_option(answer, openai, rented, inside, elsewhere):
    regions = ("eu",) if answer == "region" else None
    found = [
        barred(arm, data_may_go=answer, regions=regions)
        for arm in (OPENAI, RENTED, INSIDE, ELSEWHERE)
    ]
    assert found == [openai, rented, inside, elsewhere]


@pytest.mark.parametrize("name", ["base", "base_examples", "base_retrieval", "tuned"])
def test_what_is_not_known_is_confirmed_by_a_tick_and_what_is_known_is_not(name):
    ticked = {"update": {"where_confirmed": True}}
    offer = TOGETHER if name == "tuned" else LUNA
    vendor = Arm(offer=offer)
    region = {"data_may_go": "region", "regions": ("eu",)}
    assert barred(vendor, name, **region) == "unknown"
    assert barred(vendor.model_copy(**ticked), name, **region) == "yes"
    assert barred(vendor.model_copy(**ticked), name, data_may_go="own_machines") == "no"
    assert barred(vendor.model_copy(**ticked), name, data_may_go="own_or_rented") == "no"
    assert barred(RENTED.model_copy(**ticked), name, data_may_go="own_machines") == "yes"


def test_a_region_that_is_known_needs_no_tick_and_takes_none():
    ticked = Arm(offer=GLOBAL, where_confirmed=True)
    eu = {"data_may_go": "region", "regions": ("eu",)}
    assert barred(ticked, "tuned", **eu) == "no"  # "global": wherever there is room
    assert barred(EUROPE, **eu) == "yes"
    assert barred(EUROPE, data_may_go="region", regions=("us",)) == "no"
    assert barred(EUROPE, data_may_go="region") == "unknown"  # which was not said


def test_the_worse_of_seller_and_address_counts():
    assert barred(Arm(**OWN_ENDPOINT, offer=LUNA), data_may_go="own_machines") == "no"
    vendor = Arm(endpoint="https://api.openai.com/v1", model="m")
    assert barred(vendor, data_may_go="own_machines") == "no"
    assert barred(vendor, data_may_go="under_contract", customer_of={"openai": "new"}) == "no"


OWN_ENDPOINT = {"endpoint": "http://localhost:8000/v1", "model": "m"}


def test_vendors_under_contract_leaves_out_a_vendor_that_is_none():
    answers = {"data_may_go": "under_contract"}
    assert barred(OPENAI, **answers, customer_of={"openai": "new"}) == "no"
    assert barred(OPENAI, **answers, customer_of={"openai": "existing"}) == "yes"
    assert barred(OPENAI, **answers, customer_of={"azure_foundry": "existing"}) == "yes"


def everywhere(decision):
    """Headline, card, next step and first page in one text."""
    report = write_report(decision)
    page = report.first_page
    lines = [f"{line.topic}: {line.text}" for line in page.director]
    return "\n".join((report.headline, report.summary, report.next_step, page.request, *lines))


def decided(arms, texts=0, votes=(), **answers):
    given = {**FULL, "customer_of": {}, "can_host": True, **answers}
    found = case("brand_voice", arms, texts=texts, **given)
    return (voted(found, votes) if votes else Whole(found)).decided()


@pytest.mark.parametrize(
    "votes",
    [(), preferred(10, 44, 6), preferred(44, 10, 6), preferred(5, 5, 110)],
    ids=["no test", "base", "tuned", "level"],
)
@pytest.mark.parametrize("answer", ["own_machines", "own_or_rented"])
def test_with_two_vendors_nothing_is_left_whatever_the_test_says(answer, votes):
    arms = {"base": Arm(offer=LUNA), "tuned": Arm(offer=AZURE_MINI)}
    decision = decided(arms, len(votes), votes, data_may_go=answer)
    assert (decision.verdict.rule, decision.verdict.firmness) == ("none_fits", "open")
    said = everywhere(decision)
    assert "Use gpt-6-luna" not in said
    assert "No option fits yet" in write_report(decision).headline
    assert "No option of yours is left." in write_report(decision).summary
    assert write_report(decision).next_step.startswith("Choose on Options a base model that fits")
    assert write_report(decision).first_page.kind == "plan"


@pytest.mark.parametrize(
    ("votes", "firmness"),
    [((), "likely"), (preferred(10, 44, 6), "open"), (preferred(44, 10, 6), "leaning")],
    ids=["no test", "base", "tuned"],
)
def test_a_vendors_base_leaves_fine_tuned_on_an_own_machine(votes, firmness):
    tuned = Arm(**OWN_ENDPOINT, price=FIGURES)
    arms = {"base": Arm(offer=LUNA), "tuned": tuned}
    decision = decided(arms, len(votes), votes, data_may_go="own_machines", gap="small_edits")
    verdict = decision.verdict
    assert (verdict.recommendation, verdict.rule) == ("tuned", "what_is_left")
    assert verdict.firmness == firmness
    assert write_report(decision).headline == "Fine-tuned: it is the option that is left."
    assert "Use gpt-6-luna" not in everywhere(decision)
    assert "What is left: fine-tuned." in write_report(decision).summary


def test_a_vendors_tuned_model_leaves_base():
    arms = {"base": INSIDE, "tuned": Arm(offer=AZURE_MINI)}
    decision = decided(arms, 60, preferred(44, 10, 6), data_may_go="own_machines")
    verdict = decision.verdict
    assert (verdict.recommendation, verdict.firmness) == ("base", "blocked")
    headline = "Base. Fine-tuning is not possible for you at Azure (Microsoft Foundry)."
    assert write_report(decision).headline == headline
    assert write_report(decision).next_step == (
        "To fine-tune, choose a place that fits, such as an open model on your own machines."
    )


def test_the_base_that_fits_is_what_tuning_has_to_beat():
    """The vendor's base took 50 of 60; the one on an own machine 20: only the latter counts."""
    arms = {"base": Arm(offer=LUNA), "base_examples": INSIDE, "tuned": INSIDE}
    found = case("brand_voice", arms, texts=60, **{**FULL, "data_may_go": "own_machines"})
    whole = voted(found, preferred(10, 50))
    won = voted(found, preferred(40, 20)).record.votes
    others = [
        replace(vote, base_arm="base_examples", preference="base_examples")
        if vote.preference == "base"
        else replace(vote, base_arm="base_examples")
        for vote in won
    ]
    record = replace(whole.record, votes=(*whole.record.votes, *others))
    decision = Whole(found, record).decided()
    assert (decision.evidence.base_arm, decision.evidence.tally.wins) == ("base_examples", 40)
    free = Whole(
        found.model_copy(update={"brief": found.brief.model_copy(update={"data_may_go": None})}),
        record,
    ).decided()
    assert (free.evidence.base_arm, free.evidence.tally.wins) == ("base", 10)


def test_a_region_nobody_knows_of_is_recommended_once_it_is_ticked():
    answers = {"data_may_go": "region", "regions": ("eu", "ch")}
    votes = preferred(10, 44, 6)
    arms = {"base": Arm(offer=LUNA), "tuned": Arm(offer=TOGETHER)}
    open_ = decided(arms, 60, votes, **answers)
    assert open_.verdict.rule == "none_fits"
    assert write_report(open_).headline == (
        "No option is known to fit yet: the texts may go to the European Union or Switzerland only."
    )
    assert "base (gpt-6-luna at OpenAI)" in write_report(open_).next_step
    assert write_report(open_).next_step.endswith("and tick it on Options.")
    ticked = {**arms, "base": Arm(offer=LUNA, where_confirmed=True)}
    decision = decided(ticked, 60, votes, **answers)
    assert (decision.verdict.rule, write_report(decision).headline) == ("base_wins", "Base.")
    assert "Use gpt-6-luna at OpenAI" in write_report(decision).summary
    which = decided(arms, 60, votes, data_may_go="region")
    assert write_report(which).next_step.startswith("Say on Use case which regions")


def test_an_unconfirmed_tuned_model_that_won_waits_for_the_tick():
    answers = {"data_may_go": "region", "regions": ("eu",)}
    arms = {"base": Arm(offer=LUNA, where_confirmed=True), "tuned": Arm(offer=TOGETHER)}
    decision = decided(arms, 60, preferred(44, 10, 6), **answers)
    verdict = decision.verdict
    assert (verdict.recommendation, verdict.firmness) == ("base", "open")
    assert write_report(decision).headline == (
        "Base, for now. Confirm first where Together AI keeps the texts."
    )
    both = {**arms, "tuned": Arm(offer=TOGETHER, where_confirmed=True)}
    assert decided(both, 60, preferred(44, 10, 6), **answers).verdict.rule == "tuned_wins"


def test_json_names_what_is_ruled_out_and_what_is_left():
    arms = {"base": Arm(offer=LUNA), "tuned": INSIDE}
    value = json.loads(decision_json(decided(arms, data_may_go="own_machines")))
    assert value["left"] == ["tuned"]
    assert value["ruled_out"] == [
        {
            "option": "base",
            "reason": "your texts may go to your own machines only, and not to OpenAI",
            "certain": True,
            "by": "place",
        }
    ]


def test_no_base_model_of_a_vendor_is_named_beside_a_rule_it_breaks():
    for answers in ({"data_may_go": "own_or_rented"}, {"data_may_go": "region"}):
        decision = decided({"base": INSIDE, "tuned": INSIDE}, **answers)
        assert decision.current_bases == ()
        assert "on our list today" not in as_text(write_report(decision))


def test_what_is_sent_against_the_rule_is_warned_of_before_the_run():
    judge = Judge(endpoint="https://api.openai.com/v1", model="gpt")
    asked = Arm(endpoint="https://api.openai.com/v1", model="m")
    brief = Brief(use_case="brand_voice", data_may_go="own_machines")
    found = Case(title="t", brief=brief, arms={"base": asked, "tuned": INSIDE}, judge=judge)
    warnings = sent_against_the_rule(found)
    assert [w.partition(" doesn't")[0] for w in warnings] == ["Base", "The judge"]
    assert of_model(brief, judge).certain
    free = found.bound_by(brief.model_copy(update={"data_may_go": "any_vendor"}))
    assert sent_against_the_rule(free) == ()


def test_a_tick_holds_for_the_rule_it_was_made_under():
    arms = {"base": Arm(offer=LUNA, where_confirmed=True)}
    brief = Brief(use_case="brand_voice", data_may_go="region", regions=("eu",))
    found = Case(title="t", brief=brief, arms=arms)
    assert found.bound_by(brief.model_copy(update={"gap": "not_good"})) == found.model_copy(
        update={"brief": brief.model_copy(update={"gap": "not_good"})}
    )
    moved = found.bound_by(brief.model_copy(update={"regions": ("us",)}))
    assert not moved.arms["base"].where_confirmed


def tables(**brief):
    return {"title": "t", "brief": {"use_case": "brand_voice", **brief}}


def test_an_old_case_opens_and_a_region_that_is_none_is_refused():
    for answer in ("any_vendor", "under_contract", "region", "own_machines"):
        assert check_case(tables(data_may_go=answer), "CASE.toml").brief.regions is None
    found = check_case(
        {
            **tables(data_may_go="region", regions=["eu"]),
            "arms": {"base": {"where_confirmed": True}},
        },
        "CASE.toml",
    )
    assert (found.brief.regions, found.arms["base"].where_confirmed) == (("eu",), True)
    for wrong in ("mars", "global"):
        with pytest.raises(BadCase, match=r"brief\.regions"):
            check_case(tables(regions=[wrong]), "CASE.toml")
