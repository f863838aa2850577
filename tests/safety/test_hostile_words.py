"""No word of a reader's is taken for a part of a question to the database."""

from datetime import UTC, datetime

import pytest

from advisor.errors import AdvisorError
from advisor.runs.compare import compare
from advisor.store.repository import Store
from tests.fault_server import FaultServer
from tests.make import case_at

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SQL = [
    "'; DROP TABLE cases; --",
    "' OR '1'='1",
    "x' UNION SELECT id, owner FROM cases --",
    '" OR ""="',
    "%",
    "_",
    "\\",
    "%s",
    "%(owner)s",
    ":owner",
    "?",
    "{0}",
    "$1",
    "x\udcff".encode("utf-8", "replace").decode(),
]


@pytest.fixture
def stores(tmp_path):
    mine = Store.open(tmp_path / "words.db")
    yield mine, mine.for_owner("another")
    mine.close()


@pytest.mark.parametrize("word", SQL)
def test_a_word_that_would_be_sql_is_kept_and_looked_for_as_it_is(stores, word):
    mine, theirs = stores
    with FaultServer().running() as server:
        case = case_at(server.url, 2)
        prompts = tuple(
            p.model_copy(update={"id": f"{word}{n}", "text": f"{word} {n}"})
            for n, p in enumerate(case.prompts)
        )
        changed = case.model_copy(update={"title": word, "prompts": prompts, "decided_by": word})
        ended = compare(changed, mine, {})
    theirs.save_case(case_at("http://localhost:9/v1", 1))
    voted = mine.make_ballots(ended.run_id, [f"Voter {word}"], NOW)
    assert list(voted) == [f"Voter {word}"]
    assert mine.load_case(ended.case_id) == changed
    assert {output.prompt_id for output in mine.outputs(ended.run_id)} == {f"{word}0", f"{word}1"}
    assert list(mine.titles()) == [(ended.case_id, word)]
    assert not mine.outputs(word)
    for use in (mine.load_case, mine.case_row, mine.run_state, theirs.load_case):
        with pytest.raises(AdvisorError):
            use(word)
    assert mine.open_share(word, NOW) is None
    assert mine.open_ballot(word, NOW) is None
    assert len(theirs.titles()) == 1
