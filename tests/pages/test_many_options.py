"""Options come and go: suggested, added from the list, duplicated, renamed, removed; eight at most."""

import json

import pytest

from advisor.case.options import Arm
from advisor.report.base_stop import base_until
from advisor.verdict.base_suggestions import priced_bases
from pages.ui import session
from tests.fault_server import FaultServer
from tests.make import case_at

from .reader import Reader, unescaped

LUNA = "openai:gpt-6-luna"


@pytest.fixture
def reader() -> Reader:
    return Reader("use_case").pick("What should the model do?", "classification").go("options")


def add_listed(reader: Reader, ref: str) -> Reader:
    return reader.fill("selectbox", "A base model on today's list", ref).click(
        "Add this base model"
    )


def warnings(reader: Reader) -> str:
    return "\n".join(unescaped(str(warning.value)) for warning in reader.at.warning)


def test_an_empty_case_gets_three_base_models_to_try_each_with_why_and_price(reader):
    adds = [button for button in reader.at.button if unescaped(button.label) == "Add"]
    assert len(adds) == 3
    assert "gpt-6-luna" in reader.says
    assert "The cheapest on our list." in reader.says
    assert "An open model: it can also run on your own machines." in reader.says
    assert reader.says.count("per 1M units.") == 3
    adds[0].click().run()
    base = reader.case.arms["base"]
    assert (base.offer, base.model) == (LUNA, "gpt-6-luna")
    assert base.endpoint == "https://api.openai.com/v1"
    again = Reader("options", case_id=reader.case_id)
    assert "gpt-6-luna" in again.says
    assert [unescaped(b.label) for b in again.at.button].count("Add") == 2


def test_a_base_model_of_the_list_is_shown_with_its_price_and_its_last_day(reader):
    field = reader.field("selectbox", "A base model on today's list")
    by_ref = {base.listed.ref: base for base in priced_bases(session.today())}
    assert len(field.options) == len(by_ref)
    for shown, base in zip(field.options, by_ref.values(), strict=True):
        assert base.quote is not None
        assert base_until(base.quote, session.today()) in shown
    add_listed(add_listed(reader, LUNA), "openai:gpt-6.1-sol")
    assert [arm.offer for arm in reader.case.arms.values()] == [LUNA, "openai:gpt-6.1-sol"]
    second = reader.case.options[1]
    assert reader.case.kind_of(second) == "base"
    assert reader.case.arms[second].label == "gpt-6.1-sol"


def test_a_cost_a_month_stands_beside_each_option_once_it_can_be_worked_out(reader):
    rows = "\n".join(json.dumps({"prompt": "a b c", "reference": "x"}) for _ in range(4))
    reader.go("texts").upload("t.jsonl", rows.encode())
    reader.go("costs").fill("number_input", "Texts a month", 1_000_000).go("options")
    add_listed(add_listed(reader, LUNA), "openai:gpt-6.1-sol")
    # 3 units in and 1 out: 1M x (3 x 0.10 + 1 x 0.50) / 1M, and 3 x 2 + 1 x 10, plus what a chat adds
    months = [line for line in reader.says.splitlines() if line.endswith("a month")]
    amounts = [float(line.split("$")[1].split("*")[0]) for line in months]
    assert len(amounts) == 2
    assert amounts[1] == pytest.approx(20 * amounts[0], rel=0.05)


def test_a_duplicate_has_a_life_of_its_own_and_is_said_to_be_the_same_until_it_differs(reader):
    reader.compete("base").fill("text_input", "Model address", "http://localhost:9/v1")
    reader.fill("text_input", "Model name", "m")
    reader.act("base", "Duplicate")
    first, second = reader.case.options
    assert first == "base"
    assert reader.case.kind_of(second) == "base"
    assert "It is asked just as “Base” is." in warnings(reader)
    reader.change(second).fill("text_input", "Name", "Thinks longer", nth=1)
    reader.fill("selectbox", "Reasoning effort", "high", nth=1)
    assert reader.case.arms[second].parameters.reasoning_effort == "high"
    assert reader.case.arms["base"].parameters.reasoning_effort is None
    assert reader.case.arms[second].label == "Thinks longer"
    assert warnings(reader) == ""
    again = Reader("options", case_id=reader.case_id)
    assert "Thinks longer" in again.says
    assert again.field("selectbox", "Reasoning effort", 1).value == "high"


def test_one_of_three_is_removed_and_the_others_stay_as_they_are(reader):
    reader.compete("base", "base", "tuned")
    for nth, name in enumerate(("one", "two", "three")):
        reader.fill("text_input", "Model name", name, nth)
    second = reader.case.options[1]
    reader.act(second, "Remove")
    assert [arm.model for arm in reader.case.arms.values()] == ["one", "three"]
    shown = [field.value for field in reader.at.text_input if field.label == "Model name"]
    assert shown == ["one", "three"]


def test_what_was_typed_before_the_click_that_adds_another_is_kept(reader):
    """A browser sends both at once: leaving the field, and the click."""
    reader.compete("base")
    reader.field("text_input", "Model name").set_value("typed")
    reader.click("A fine-tuned model")
    assert reader.case.arms["base"].model == "typed"
    assert set(reader.case.arms) == {"base", "tuned"}


def test_eight_options_are_the_most_and_the_page_says_so(reader):
    reader.compete(*["base"] * 7)
    assert "7 options of 8." in reader.says
    reader.act("base", "Duplicate")
    assert len(reader.case.arms) == 8
    assert "8 options are as many as can be compared. Remove one to add another." in reader.says
    assert "A fine-tuned model" not in [button.label for button in reader.at.button]
    assert "Duplicate" not in reader.at.menu_button("act:base").options
    reader.act("base", "Remove")
    assert len(reader.case.arms) == 7
    assert not reader.at.exception


def test_two_windows_that_add_an_option_each_have_both(reader):
    other = Reader("options", case_id=reader.case_id)
    reader.compete("base")
    other.compete("tuned")
    assert set(reader.case.arms) == {"base", "tuned"}


def test_testing_one_leaves_what_was_said_of_the_others():
    with FaultServer().running() as server:
        arms = {
            name: Arm(kind="base", endpoint=server.url, model=f"m-{name}") for name in ("a", "b")
        }
        case = case_at(server.url, 3, ("base",))
        case = case.model_copy(update={"arms": case.arms | arms})
        reader = Reader("options", case_id=session.store().save_case(case))
        for option in ("base", "b"):
            reader.at.button(f"test:{option}").click().run()
        assert [request["model"] for request in server.requests] == ["m-base", "m-b"]
        assert len(reader.at.success) == 2


@pytest.mark.parametrize(
    ("label", "typed", "said"),
    [
        ("Fixed form of the answer (JSON Schema)", '{"type": "objekt"}', "It is no JSON Schema"),
        ("Fixed form of the answer (JSON Schema)", "{type: object}", "this is not JSON (line 1)"),
        ("Anything else to send (a JSON object)", '{"model": "x"}', "Model can't be passed on"),
        ("Stop at (up to four, as a JSON list)", '["a", "b", "c", "d", "e"]', "at most 4 items"),
    ],
)
def test_a_parameter_that_can_t_be_read_is_said_and_the_last_one_stays(reader, label, typed, said):
    kind = "text_input" if label.startswith("Stop") else "text_area"
    reader.compete("base").fill(kind, label, typed)
    assert any(said in error for error in reader.errors), reader.errors
    assert reader.case.arms["base"].parameters.sent == {}
    assert reader.field(kind, label).value == typed


def test_an_enforced_form_is_kept_with_its_option(reader):
    schema = {"type": "object", "properties": {"topic": {"type": "string"}}}
    form = "Fixed form of the answer (JSON Schema)"
    reader.compete("base").fill("text_area", form, json.dumps(schema))
    assert reader.case.arms["base"].parameters.response_format == schema
    again = Reader("options", case_id=reader.case_id)
    assert json.loads(again.field("text_area", form).value) == schema
    again.fill("text_area", form, "")
    assert again.case.arms["base"].parameters.response_format is None


@pytest.mark.parametrize(
    ("answer", "regions", "named", "at"),
    [
        ("own_machines", None, "gpt-oss-20b on your own machine", ""),
        ("region", ["eu"], "gpt-6-luna", "https://eu.api.openai.com/v1"),
    ],
)
def test_a_suggestion_keeps_to_where_the_texts_may_go(answer, regions, named, at):
    reader = Reader("use_case").pick("What should the model do?", "classification")
    reader.pick("Where may the texts go?", answer)
    if regions:
        reader.pick("Which regions?", regions)
    reader.go("options")
    adds = [button for button in reader.at.button if unescaped(button.label) == "Add"]
    adds[0].click().run()
    base = reader.case.arms["base"]
    assert (base.label, base.endpoint) == (named, at)
    assert warnings(reader) == ""
