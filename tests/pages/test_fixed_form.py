"""Options suggests the form that approved answers have; Compare asks for the time allowed."""

import json

from advisor.case.texts import Prompt
from pages.ui import session
from tests import make

from .reader import Reader


def opened(page: str) -> Reader:
    case = make.case("extraction", {"base": make.arm(make.LUNA)})
    answer = json.dumps({"name": "Ada", "amount": 3})
    texts = tuple(Prompt(id=f"t{n}", text=f"Letter {n}", reference=answer) for n in range(8))
    case_id = session.store().save_case(case.model_copy(update={"prompts": texts}))
    return Reader(page, case_id=case_id)


def test_the_form_of_the_approved_answers_becomes_an_option():
    reader = opened("options")
    assert "Your approved answers have a fixed form (name and amount)." in reader.says
    reader.at.button("add:fixed_form").click().run()
    new = reader.case.arms["base_fixed_form"]
    assert new.parameters.response_format["required"] == ["name", "amount"]
    assert (new.kind, new.label) == ("base", "Base, fixed form")
    assert "have a fixed form" not in reader.says


def test_the_time_allowed_is_asked_before_the_run_and_can_be_taken_back():
    reader = opened("compare")
    asked = "An answer must come within so many seconds for 95 of 100 texts"
    reader.fill("number_input", asked, 2.5)
    assert reader.case.brief.seconds_at_most == 2.5
    again = Reader("compare", case_id=reader.case_id)
    assert again.field("number_input", asked).value == 2.5
    again.fill("number_input", asked, None)
    assert again.case.brief.seconds_at_most is None
