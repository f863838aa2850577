"""No tuned model yet: base options are voted on among themselves, and what is left is counted."""

from collections.abc import Iterator

import pytest

from advisor.case.brief import Brief
from advisor.evidence.people.blind import sides_of
from pages.ui import session
from tests.fault_server import FaultServer
from tests.make import case_at

from .reader import Reader


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer().running() as running:
        yield running


def run_of(server: FaultServer, *arms: str) -> Reader:
    """A finished run of 3 texts over these options."""
    case = case_at(server.url, 3, arms=arms)
    case = case.model_copy(update={"brief": Brief(use_case="brand_voice")})
    reader = Reader("compare", case_id=session.store().save_case(case))
    return reader.click("Start the comparison").finish()


def votes(reader: Reader):
    run = session.store().latest_run(reader.case_id)
    assert run is not None
    return run.id, session.store().votes(run.id)


def test_the_base_option_is_voted_on_against_itself_with_examples(server):
    reader = run_of(server, "base", "base_examples").click("Left")
    run_id, (vote,) = votes(reader)
    left, _ = sides_of(run_id, vote.prompt_id, pair=("base", "base_examples"))
    assert (vote.base_arm, vote.challenger) == ("base", "base_examples")
    assert vote.preference == left
    reader.click("Previous text").click("Show the names of this text")
    chosen = "base" if left == "base" else "base with examples"
    assert f"You chose the left one: {chosen}." in reader.says


def test_nothing_names_an_option_before_the_vote(server):
    reader = run_of(server, "base", "base_examples")
    keys = [widget.key for widget in (*reader.at.button, *reader.at.button_group)]
    assert sum(":vote:" in key for key in keys) == 4
    assert not any("base" in key or "tuned" in key for key in keys)
    assert "Left" in reader.says
    assert "Left: " not in reader.says


def test_with_three_options_the_reader_says_which_two(server):
    reader = run_of(server, "base", "base_examples", "tuned")
    pairs = reader.field("selectbox", "Vote on")
    assert pairs.options == ["Base or fine-tuned", "Base with examples or fine-tuned"]
    pairs.set_value(("base_examples", "tuned")).run()
    reader.click("Right")
    _, (vote,) = votes(reader)
    assert (vote.base_arm, vote.challenger) == ("base_examples", "tuned")


def test_without_a_tuned_model_each_step_says_that_this_is_usual_and_what_comes_of_it(server):
    case = case_at(server.url, 40, arms=("base",))
    case = case.model_copy(update={"brief": Brief(use_case="brand_voice")})
    reader = Reader("compare", case_id=session.store().save_case(case))
    assert "One option can answer so far:" in reader.says
    assert [radio.label for radio in reader.at.radio] == []  # nothing for a judge to choose
    reader.click("Start the comparison").finish()
    assert "0 of 40 texts looked at." in reader.says
    assert "your votes decide" not in reader.says
    assert "Add an AI judge" not in [fold.label for fold in reader.at.expander]
    reader.go("options")
    assert "No fine-tuned model yet? That is the usual case" in reader.says


def test_the_only_option_is_asked_whether_its_answer_would_be_sent(server):
    reader = run_of(server, "base").pick("Would you send it?", "as_is")
    _, (vote,) = votes(reader)
    assert (vote.base_arm, vote.base_quality) == ("base", "as_is")
    reader.go("verdict")
    assert "would be sent as they are" in reader.says
