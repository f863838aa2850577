"""Two windows on one case: neither writes over the other, and what both changed is asked."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from advisor.case.case import Case
from advisor.case.case_file import load_sample
from advisor.case.currency import Currency
from advisor.case.options import Arm, Judge
from pages.ui import session
from pricing.offers import PriceCells

from .reader import Reader

HORIZON, REQUESTS = "For how many months?", "Texts a month"
USE_CASE_HORIZON = "For how many months?"


def plain_case() -> Case:
    """A case of the reader's own: the sample's texts, and addresses where nobody answers."""
    sample = load_sample("clinic_notes")
    arms = {
        name: Arm(endpoint="http://localhost:1/v1", model=f"{name}-model")
        for name in ("base", "tuned")
    }
    return Case(title="Letters", brief=sample.brief, prompts=sample.prompts[:12], arms=arms)


@pytest.fixture
def case_id() -> str:
    return session.store().save_case(plain_case())


def stored(case_id: str) -> Case:
    return session.store().load_case(case_id)


def test_changes_of_different_fields_in_two_windows_are_both_kept(case_id):
    one, two = Reader("costs", case_id=case_id), Reader("use_case", case_id=case_id)
    one.fill("number_input", REQUESTS, 20_000)
    two.fill("text_input", "Name of this case", "Claims letters")
    assert stored(case_id).volume.requests_per_month == 20_000
    assert stored(case_id).title == "Claims letters"
    assert two.field("number_input", "How many texts a month?").value == 20_000
    one.at.run()
    assert "Claims letters" in one.says
    assert not session.store().load_case(case_id).decided_by


def test_two_fields_of_one_table_in_two_windows_are_both_kept(case_id):
    one, two = Reader("costs", case_id=case_id), Reader("costs", case_id=case_id)
    one.fill("number_input", REQUESTS, 20_000)
    two.fill("number_input", HORIZON, 24)
    assert stored(case_id).volume.requests_per_month == 20_000
    assert stored(case_id).volume.horizon_months == 24
    assert two.field("number_input", REQUESTS).value == 20_000
    two.fill("number_input", HORIZON, 36)
    assert stored(case_id).volume.requests_per_month == 20_000


@pytest.mark.parametrize(
    ("label", "months"), [pytest.param("Keep mine", 36), pytest.param("Take theirs", 24)]
)
def test_a_field_changed_in_both_is_asked_and_both_values_stay_until_then(case_id, label, months):
    one, two = Reader("costs", case_id=case_id), Reader("use_case", case_id=case_id)
    two.turn_to("number_input", USE_CASE_HORIZON)  # before the other window changes it
    one.fill("number_input", HORIZON, 24)
    two.fill("number_input", USE_CASE_HORIZON, 36)
    assert stored(case_id).volume.horizon_months == 24
    asked = "“Months you plan for” was changed in another window too."
    assert asked in two.says
    two.go("costs").go("verdict")
    assert asked in two.says
    assert {"36", "24"} <= set(two.says.splitlines())
    two.click(label)
    assert asked not in two.says
    assert stored(case_id).volume.horizon_months == months
    assert two.go("costs").field("number_input", HORIZON).value == months
    one.at.run()
    assert one.field("number_input", HORIZON).value == months
    assert stored(case_id).volume.horizon_months == months


def test_who_types_the_field_again_has_chosen(case_id):
    one, two = Reader("costs", case_id=case_id), Reader("costs", case_id=case_id)
    one.fill("number_input", HORIZON, 24)
    two.fill("number_input", HORIZON, 36)
    two.fill("number_input", HORIZON, 18)
    assert "in another window" not in two.says
    assert stored(case_id).volume.horizon_months == 18


def test_texts_brought_in_one_window_stand_beside_what_the_other_entered(case_id):
    one, two = Reader("texts", case_id=case_id), Reader("costs", case_id=case_id)
    one.paste("Letter from Ada\nLetter from Bea")
    two.fill("number_input", REQUESTS, 500)
    assert [text.text for text in stored(case_id).prompts] == ["Letter from Ada", "Letter from Bea"]
    assert stored(case_id).volume.requests_per_month == 500


def test_an_answer_for_a_text_that_the_other_window_replaced_is_asked_about(case_id):
    one, two = Reader("texts", case_id=case_id), Reader("texts", case_id=case_id)
    one.paste("Letter from Ada\nLetter from Bea")
    two.fill("text_area", "Approved answer", "Typed for the first of twelve")
    assert [text.text for text in stored(case_id).prompts] == ["Letter from Ada", "Letter from Bea"]
    assert "“Your texts” was changed in another window too." in two.says
    assert "2 texts, 0 with an approved answer" in two.says
    two.click("Keep mine")
    assert stored(case_id).prompts[0].reference == "Typed for the first of twelve"
    assert len(stored(case_id).prompts) == 12


def test_a_name_an_owner_and_a_day_given_on_the_list_stand_beside_an_edit(case_id):
    one = Reader("use_case", case_id=case_id)
    listed, other = Reader("decisions"), Reader("decisions")
    for reader in (listed, other):
        reader.at.button(key=f"more_{case_id}").click().run()
    listed.fill("text_input", "Who decides", "Mo")
    review_on = session.today() + timedelta(days=150)
    other.at.date_input[0].set_value(review_on).run()  # drawn before there was an owner
    listed.fill("text_input", "Name", "Renamed")
    one.fill("number_input", USE_CASE_HORIZON, 24)
    case = stored(case_id)
    assert (case.title, case.decided_by, case.review_on) == ("Renamed", "Mo", review_on)
    assert case.volume.horizon_months == 24
    other.at.run()
    assert other.field("text_input", "Name").value == "Renamed"
    assert other.field("text_input", "Who decides").value == "Mo"


def test_a_case_deleted_in_another_window_is_not_brought_back_by_an_edit(case_id):
    one = Reader("use_case", case_id=case_id)
    session.store().delete_case(case_id)
    one.fill("text_input", "Name of this case", "Back again")
    assert not one.at.exception
    assert "This decision was deleted" in one.says
    assert session.store().titles() == []


def everything_else(case: Case) -> Case:
    """The case with another value in every field that a page shows."""
    brief = case.brief.model_copy(
        update={
            "use_case": "general_chat",
            "stage": "tuned_live",
            "tried": ("few_shot",),
            "gap": "small_edits",
            "training_pairs": 300,
            "error_cost": "low",
            "customer_of": {"openai": "tuned_before"},
        }
    )
    other = {
        name: Arm(
            endpoint=f"http://localhost:2/{name}/v1",
            model=f"other-{name}",
            system_prompt=f"Another instruction of {name}.",
            price=PriceCells(input=Decimal(3), output=Decimal(4)),
            discount_percent=Decimal(7),
            reasoning_multiplier=Decimal(2),
        )
        for name in ("base", "tuned")
    }
    return case.model_copy(
        update={
            "title": "Quite another name",
            "brief": brief,
            "prompts": tuple(
                text.model_copy(update={"reference": f"Other {n}", "passages": f"Passage {n}"})
                for n, text in enumerate(case.prompts[3:])
            ),
            "arms": other,
            "judge": Judge(endpoint="http://localhost:3/v1", model="judge"),
            "run": case.run.model_copy(update={"cap_usd": 9.0, "primary_metric": "rouge_l"}),
            "volume": case.volume.model_copy(
                update={
                    "requests_per_month": 777,
                    "horizon_months": 33,
                    "growth_per_month": Decimal("0.04"),
                    "cached_share": Decimal("0.2"),
                    "batch_share": Decimal("0.1"),
                    "retrainings_per_year": Decimal(3),
                }
            ),
            "people": case.people.model_copy(
                update={"hourly_rate": Decimal(90), "corrected_share_base": Decimal("0.3")}
            ),
            "currency": Currency(code="CHF", per_usd=Decimal("0.8"), rate_on=date(2026, 11, 1)),
        }
    )


def fields(reader: Reader) -> dict[tuple[str, str, int], Any]:
    """What stands in every field of the page."""
    kinds = (
        "text_input", "text_area", "number_input", "selectbox", "button_group", "toggle",
        "checkbox", "radio", "date_input",
    )  # fmt: skip
    return {
        (kind, field.label, nth): field.value
        for kind in kinds
        for nth, field in enumerate(getattr(reader.at, kind))
    }


@pytest.mark.parametrize("step", ["use_case", "texts", "options", "compare", "costs", "verdict"])
def test_a_page_drawn_before_another_window_changed_everything_shows_it_and_keeps_it(case_id, step):
    """No key of a widget outlives the value that it shows: see `OpenCase.form`."""
    judged = stored(case_id).model_copy(update={"judge": Judge(endpoint="http://a/v1", model="a")})
    session.store().save_case(judged, case_id)
    stale = Reader(step, case_id=case_id)
    before = fields(stale)
    other = everything_else(judged)
    session.store().save_case(other, case_id)
    stale.at.run()
    assert not stale.at.exception
    assert stored(case_id) == other
    fresh = Reader(step, case_id=case_id)
    assert fields(stale) == fields(fresh)
    if step != "verdict":  # which shows nothing to be changed that the case holds
        assert fields(stale) != before
    stale.at.run()
    assert stored(case_id) == other
    assert "in another window" not in stale.says
