"""Opening pages: before there is a case, and again after a reload."""

import pytest

from .reader import LIBRARY, PAGES, Reader, unescaped

TITLES = {
    "start": "Is fine-tuning worth it?",
    "use_case": "Use case",
    "texts": "Texts",
    "options": "Options",
    "compare": "Compare",
    "costs": "Costs",
    "verdict": "Verdict",
    "prices": "Prices",
    "matrix": "Matrix",
    "method": "Method",
    "decisions": "My decisions",
}


@pytest.mark.parametrize("name", ["start", "use_case", *LIBRARY])
def test_a_page_that_needs_no_case_opens_without_one(name):
    reader = Reader(name)
    assert not reader.at.exception
    assert not reader.errors
    assert [title.value for title in reader.at.title] == [TITLES[name]]
    assert "case" not in reader.at.query_params


@pytest.mark.parametrize("name", ["texts", "options", "compare", "costs", "verdict"])
def test_a_step_without_a_case_says_what_is_missing_and_links_there(name):
    reader = Reader(name)
    assert not reader.at.exception
    missing = "Nothing is filled in yet. Start with what the model should do."
    assert reader.says == f"{TITLES[name]}\n{missing}"
    assert [unescaped(button.label) for button in reader.at.button] == ["Go to Use case"]


@pytest.mark.parametrize(("old", "now"), [("prompts", "texts"), ("models", "options")])
def test_an_old_address_leads_on_with_its_case(replayed, old, now):
    for case_id in (replayed.case_id, "nonsense"):
        reader = Reader.at_address(old, case_id)
        assert not reader.at.exception
        assert [title.value for title in reader.at.title] == [TITLES[now]]
        known = case_id == replayed.case_id
        assert ("Clinic visit notes" in reader.says) == known
        assert ("There is no such decision here." in reader.says) == (not known)


def test_every_page_is_tested_here():
    assert TITLES.keys() == PAGES.keys()


def test_comparing_without_texts_points_to_the_prompts():
    reader = Reader("use_case").pick("What should the model do?", "general_chatbots")
    reader.go("compare")
    assert "There are no texts yet." in reader.says
    assert [unescaped(button.label) for button in reader.at.button] == ["Go to Texts"]


def test_comparing_without_a_model_points_to_the_models():
    reader = Reader("use_case").pick("What should the model do?", "general_chatbots")
    reader.go("texts").paste("one\ntwo").go("compare")
    assert "No model is chosen yet." in reader.says
    assert [unescaped(button.label) for button in reader.at.button] == ["Go to Options"]


def test_a_case_address_that_does_not_exist_opens_no_case():
    reader = Reader(case_id="01a20000-0000-7000-8000-000000000000")
    assert not reader.at.exception
    assert not reader.errors
    assert "case" not in reader.at.query_params
    assert "Nothing is filled in yet." in reader.go("verdict").says


NO_CASE = ("01a20000-0000-7000-8000-000000000000", "../x", "é" * 300)


@pytest.mark.parametrize(
    ("name", "asked"),
    [*((name, "nonsense") for name in PAGES), *(("verdict", asked) for asked in NO_CASE)],
)
def test_an_address_of_no_case_is_said_on_every_page(name, asked):
    reader = Reader(name)
    reader.at.query_params["case"] = asked
    reader.at.run()
    assert not reader.at.exception
    assert reader.says.count("There is no such decision here.") == 1
    assert "Nothing is filled in yet" not in reader.says
    assert "case" not in reader.at.query_params
    reader.at.run()
    assert "There is no such decision here." not in reader.says


def test_after_a_reload_every_page_stands_as_before(replayed):
    replayed.fill("number_input", "Text, 1 to 40", 3).click("No difference")
    for name in PAGES:
        again = Reader(name, case_id=replayed.case_id)
        assert not again.at.exception, name
        assert not again.errors, name
        replayed.go(name)
        if name == "compare":  # which text is looked at belongs to the session
            for reader in (replayed, again):
                reader.fill("number_input", "Text, 1 to 40", 3)  # the one voted on
        assert again.says == replayed.says, name


def test_a_reload_keeps_answers_texts_instructions_and_votes(replayed):
    replayed.click("No difference").go("options")
    replayed.fill("text_area", "Base: instruction", "Be brief.")
    replayed.fill("text_area", "Base: instruction", "")
    replayed.fill("text_area", "Fine-tuned: instruction", "As trained.")
    again = Reader("options", case_id=replayed.case_id)
    assert again.field("text_area", "Base: instruction").value == ""
    assert again.field("text_area", "Fine-tuned: instruction").value == "As trained."
    assert len(again.case.prompts) == 40
    again.fill("text_area", "Fine-tuned: instruction", "").go("compare")
    assert "You chose no difference. You can still change it." in again.says
    assert (
        again.go("use_case").field("text_input", "Name of this case").value == "Clinic visit notes"
    )


def test_start_my_case_leaves_the_open_case_and_keeps_it(sample):
    kept = sample.case_id
    sample.go("start").click("Start my case", then="use_case")
    assert "case" not in sample.at.query_params
    assert "Clinic visit notes" not in sample.says
    sample.go("decisions")
    assert "Clinic visit notes" in sample.says
    sample.click("Open", then="verdict")
    assert sample.case_id == kept
