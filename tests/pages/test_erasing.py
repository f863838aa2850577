"""Where the texts go stands before a run; one click and one more erase all of it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from pages.ui import session
from tests.fault_server import FaultServer

from .test_running import on_compare


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer().running() as running:
        yield running


def count_of(table: str) -> int:
    with session.everyone().engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")))


def test_before_a_run_every_place_is_named_and_the_case_can_be_erased(server):
    reader = on_compare(server)
    assert "This server: keeps texts, answers, votes and judgments until you delete them" in (
        reader.says.replace("**", "")
    )
    assert "Your own machine or network" in reader.says
    reader.click("Yes, delete it permanently")
    assert count_of("cases") == 0
    assert "Nothing is filled in yet" in reader.says


def test_a_case_with_answers_is_erased_from_the_list(server):
    reader = on_compare(server).click("Start the comparison").finish()
    assert count_of("outputs") == 12
    reader.go("compare").click("Yes, delete it permanently")
    assert [count_of(table) for table in ("cases", "prompts", "runs", "outputs")] == [0, 0, 0, 0]


def test_the_sample_goes_nowhere_so_nothing_is_said_of_it(sample):
    assert "Where the texts go" not in [expander.label for expander in sample.at.expander]
