"""Who judges: people only or a judge model too, its price before, its progress and its verdict."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from advisor.case.brief import Brief
from advisor.case.options import Judge
from pages.ui import session
from pricing.offers import PriceCells
from tests.judge_server import JUDGE, JudgeServer, judging
from tests.make import case_at

from .reader import Reader

PRICE = PriceCells.model_validate({"input": "1", "output": "2"})


@pytest.fixture
def server() -> Iterator[JudgeServer]:
    with judging() as running:
        yield running


def on_compare(server: JudgeServer, **case) -> Reader:
    """A reader on Compare, with a case of 8 texts at a server."""
    made = case_at(server.url, 8, max_output_tokens=50)
    arms = {name: arm.model_copy(update={"price": PRICE}) for name, arm in made.arms.items()}
    brief = Brief(use_case="domain_summarization")
    made = made.model_copy(update={"arms": arms, "brief": brief, **case})
    return Reader("compare", case_id=session.store().save_case(made))


def choose(reader: Reader, server: JudgeServer) -> Reader:
    reader.fill("radio", "Who judges?", "A judge model too")
    reader.fill("text_input", "Judge's model address", server.url)
    reader.fill("text_input", "Judge's model name", JUDGE)
    reader.fill("text_input", "Judge's key", "key-of-the-judge")
    reader.fill("number_input", "Input, USD per 1M", 1.0)
    return reader.fill("number_input", "Output, USD per 1M", 2.0)


def test_a_judge_is_chosen_priced_asked_and_named_in_the_verdict(server):
    reader = on_compare(server)
    assert "No judge: people only." in reader.says
    choose(reader, server)
    assert "16 questions, at most" in reader.says
    assert "Texts and answers also go to the judge at 127.0.0.1." in reader.says
    assert reader.case.judge == Judge(endpoint=server.url, model=JUDGE, price=PRICE)
    reader.click("Start the comparison").finish()
    assert "The judge m-judge has answered 16 of 16 questions." in reader.says
    assert server.keys[JUDGE, "Bearer key-of-the-judge"] == 16
    assert "In 8 texts, the judge m-judge chose fine-tuned 6 times, base 2 times" in (
        Reader("verdict", case_id=reader.case_id).says
    )


def test_people_only_asks_no_judge(server):
    reader = on_compare(server).click("Start the comparison").finish()
    assert server.judged == []
    assert "The judge" not in reader.says.split("Compare")[1]


def test_a_judge_is_added_after_the_run_with_its_price_first(server):
    reader = on_compare(server).click("Start the comparison").finish()
    choose(reader, server)
    assert "16 questions to the judge, every pair of answers in both orders: about" in reader.says
    reader.click("Start the judge").finish()
    assert "The judge m-judge has answered 16 of 16 questions." in reader.says
    assert len(server.judged) == 16


def test_a_rubric_of_ones_own_is_kept_and_the_usual_one_is_not(server):
    reader = choose(on_compare(server), server)
    label = "What the judge looks at, the most important first"
    assert reader.field("text_area", label).value.startswith("1. Accuracy:")
    assert reader.case.judge.rubric == ""
    reader.fill("text_area", label, "Only the tone.")
    assert reader.case.judge.rubric == "Only the tone."


def test_a_judge_of_the_same_family_is_warned_of(server):
    reader = choose(on_compare(server), server)
    arms = reader.case.arms | {
        "tuned": reader.case.arms["tuned"].model_copy(update={"model": "gpt-6"})
    }
    judge = reader.case.judge.model_copy(update={"model": "gpt-5"})
    changed = reader.case.model_copy(update={"arms": arms, "judge": judge})
    session.store().save_case(changed, reader.case_id)
    said = [str(w.value) for w in Reader("compare", case_id=reader.case_id).at.warning]
    assert any("same family as fine" in text for text in said)


def test_a_judge_says_until_when_its_model_answers(server):
    with time_machine.travel(datetime(2026, 12, 10, 9, tzinfo=UTC)):
        reader = choose(on_compare(server), server)
        reader.fill("selectbox", "Where you can buy it", "openai:gpt-4o")
    assert "gpt-4o stops on 14 Jan 2027, in 35 days. gpt-6-luna takes its place" in reader.says


def test_the_owner_chooses_which_options_a_judge_compares_and_pays_for_no_more(server):
    made = case_at(server.url, 8, max_output_tokens=50)
    base, tuned = made.arms["base"], made.arms["tuned"]
    maxi = base.model_copy(update={"kind": "base", "label": "Maxi", "model": "m-maxi"})
    arms = {"base": base, "maxi": maxi, "tuned": tuned}
    arms = {name: arm.model_copy(update={"price": PRICE}) for name, arm in arms.items()}
    reader = choose(on_compare(server, arms=arms), server)
    assert "32 questions, at most" in reader.says
    assert reader.case.judge is not None
    assert reader.case.judge.pairs == ()
    reader.fill("multiselect", "What the judge compares", [("maxi", "tuned")])
    assert "16 questions, at most" in reader.says
    assert reader.case.judge.pairs == (("maxi", "tuned"),)
    reader.click("Start the comparison").finish()
    run = session.store().latest_run(reader.case_id)
    assert run is not None
    judged = session.store().judgments(run.id)
    assert {judgment.pair for judgment in judged} == {("maxi", "tuned")}
    assert {judgment.preference for judgment in judged} <= {"maxi", "tuned", "tie"}
