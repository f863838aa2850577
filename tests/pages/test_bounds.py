"""Where the texts may go, on the pages: which regions, a warning at each option, a tick."""

from .reader import Reader, unescaped

LUNA = "openai:gpt-6-luna"
WHERE = "Where may the texts go?"
TICK = "I have checked: texts sent to this option stay where they may go"


def start(answer: str) -> Reader:
    reader = Reader("use_case").pick("What should the model do?", "general_chatbots")
    return reader.pick(WHERE, answer)


def warnings(reader: Reader) -> str:
    return "\n".join(unescaped(str(warning.value)) for warning in reader.at.warning)


def with_luna(reader: Reader) -> Reader:
    return reader.go("options").compete("base").fill("selectbox", "Where you can buy it", LUNA)


def test_only_a_region_asks_which_and_another_answer_forgets_them():
    reader = start("own_machines")
    assert "Which regions?" not in {pills.label for pills in reader.at.get("button_group")}
    reader.pick(WHERE, "region").pick("Which regions?", ["eu", "ch"])
    assert reader.case.brief.regions == ("eu", "ch")
    again = Reader("use_case", case_id=reader.case_id)
    assert again.case.brief.regions == ("eu", "ch")
    again.pick(WHERE, "own_or_rented")
    brief = again.case.brief
    assert (brief.data_may_go, brief.regions) == ("own_or_rented", None)


def test_a_vendors_base_is_warned_of_and_never_the_thing_to_use():
    reader = with_luna(start("own_machines"))
    assert "your own machines only, and not to OpenAI. It may stay in the test" in warnings(reader)
    assert TICK not in {box.label for box in reader.at.checkbox}
    verdict = reader.go("verdict").says
    assert "No option fits yet: the texts may go to your own machines only." in verdict
    assert "Use gpt-6-luna at OpenAI" not in verdict


def test_a_region_that_is_not_known_is_ticked_and_the_tick_ends_with_the_rule():
    reader = start("region").pick("Which regions?", ["eu"])
    with_luna(reader)
    assert "whether OpenAI keeps them there is not known" in warnings(reader)
    assert "Use gpt-6-luna at OpenAI" not in reader.go("verdict").says
    reader.go("options").fill("checkbox", TICK, True)
    assert reader.case.arms["base"].where_confirmed
    assert warnings(reader) == ""
    assert "Use gpt-6-luna at OpenAI, as it is." in reader.go("verdict").says
    reader.go("use_case").pick("Which regions?", ["us"])
    assert not reader.case.arms["base"].where_confirmed
    assert "Use gpt-6-luna at OpenAI" not in reader.go("verdict").says


def test_a_tick_does_not_follow_to_another_offer():
    reader = with_luna(start("region").pick("Which regions?", ["eu"]))
    reader.fill("checkbox", TICK, True)
    reader.fill("selectbox", "Where you can buy it", "openai:gpt-6.1-sol")
    assert not reader.case.arms["base"].where_confirmed
