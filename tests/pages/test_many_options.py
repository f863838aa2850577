"""Five options of any ids on the pages: compared, voted on blind, told by name, decided on."""

import pytest

from advisor.case.brief import Brief
from advisor.case.options import Arm
from advisor.evidence.people.blind import sides_of
from pages.ui import session
from tests.judge_server import judging
from tests.make import case_at

from .reader import Reader


@pytest.fixture
def reader():
    with judging() as server:
        made = case_at(server.url, 8, max_output_tokens=50)
        arms = {
            "ours": Arm(kind="tuned", endpoint=server.url, model="m-tuned"),
            "maxi": Arm(kind="base", label="The big one", endpoint=server.url, model="m-maxi"),
            "mini": Arm(kind="base", endpoint=server.url, model="m-mini"),
            "midi": Arm(kind="base", endpoint=server.url, model="m-midi"),
            "theirs": Arm(kind="tuned", label="Theirs", endpoint=server.url, model="m-theirs"),
        }
        brief = Brief(use_case="domain_summarization")
        made = made.model_copy(update={"arms": arms, "brief": brief})
        reader = Reader("compare", case_id=session.store().save_case(made))
        yield reader.click("Start the comparison").finish()


def test_every_pair_can_be_voted_on_and_the_names_are_told_at_the_end(reader):
    (choice,) = [box for box in reader.at.selectbox if box.label == "Vote on"]
    assert len(choice.options) == 6
    assert "The big one or fine-tuned" in choice.options
    choice.set_value(("mini", "theirs")).run()
    reader.click("Left")
    run = session.store().latest_run(reader.case_id)
    assert run is not None
    (vote,) = session.store().votes(run.id)
    left, _ = sides_of(run.id, vote.prompt_id, pair=("mini", "theirs"))
    assert (vote.pair, vote.preference) == (("mini", "theirs"), left)
    reader.click("Previous text").click("Show the names of this text")
    name = {"mini": "base (m-mini)", "theirs": "Theirs"}[left]
    assert f"You chose the left one: {name}." in reader.says


def test_the_verdict_opens_with_five_options(reader):
    found = Reader("verdict", case_id=reader.case_id)
    assert not found.at.exception
    assert "The big one" in found.says


def test_an_option_that_goes_after_votes_were_cast_takes_its_votes_along_and_breaks_no_page(reader):
    (choice,) = [box for box in reader.at.selectbox if box.label == "Vote on"]
    choice.set_value(("maxi", "ours")).run()
    reader.click("Left")
    case = reader.case.without("maxi")
    session.store().save_case(case, reader.case_id)
    for step in ("options", "compare", "costs", "verdict"):
        found = Reader(step, case_id=reader.case_id)
        assert not found.at.exception
        assert found.errors == []
        assert "The big one" not in found.says
