"""What was kept before there were many options opens, and says what it said.

The files in `before/` were written by the app as it was on 30 November 2026: a database, a case
file, a decision's file and a shared copy, and `said.json` with what they said then.
"""

import json
import sqlite3
from collections import Counter
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import JSON, Boolean, MetaData, create_engine

from advisor.case.case_file import read_case
from advisor.case.run_spec import spec_of
from advisor.evidence.judge.plan import plan_judging
from advisor.evidence.people.votes import preferences_by_prompt
from advisor.report.snapshot import Snapshot, handed_on
from advisor.report.summary import case_digest, digest_of
from advisor.store import database
from advisor.store.archive.file import read_file
from advisor.store.records import record_of
from advisor.store.repository import Store
from advisor.verdict.decision import decide_case
from tests import postgres

BEFORE = Path(__file__).parent / "before"
SAID = json.loads((BEFORE / "said.json").read_text("utf-8"))
NOW = datetime(2026, 12, 1, tzinfo=UTC)
TODAY = date(2026, 11, 30)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request, tmp_path):
    path = tmp_path / "before.db"
    with sqlite3.connect(path) as written:
        written.executescript((BEFORE / "before.sql").read_text("utf-8"))
    written.close()
    with ExitStack() as stack:
        where = str(path)
        if request.param == "postgres":
            server, _ = request.getfixturevalue("postgres_server")
            where = stack.enter_context(postgres.fresh(server))
            to_postgres(path, where)
        store = Store.open(where)
        stack.callback(store.close)
        yield store


def to_postgres(path: Path, url: str) -> None:
    """The same rows in a Postgres of that version."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:", 1))
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    with engine.begin() as connection, closing(sqlite3.connect(path)) as from_file:
        config.attributes["connection"] = connection
        command.upgrade(config, "0011")
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if table.name == "alembic_version" or "procrastinate" in table.name:
                continue
            read = from_file.execute(f"SELECT * FROM {table.name}")
            names = [column[0] for column in read.description]
            rows = [dict(zip(names, row, strict=True)) for row in read]
            for row, column in product(rows, table.columns):
                value = row[column.name]
                if value is not None and isinstance(column.type, (JSON, Boolean)):
                    is_json = isinstance(column.type, JSON)
                    row[column.name] = json.loads(value) if is_json else bool(value)
            if rows:
                connection.execute(table.insert(), rows)
    engine.dispose()


def sides(record: Any) -> dict[str, Any]:
    votes: dict[str, dict[str, list[list[str]]]] = {}
    for vote in record.votes:
        of_pair = votes.setdefault(f"{vote.base_arm}/{vote.challenger}", {})
        of_pair.setdefault(vote.voter, []).append([vote.prompt_id, vote.side])
    judged: dict[str, dict[str, str]] = {}
    for one in record.judgments:
        of_pair = judged.setdefault(f"{one.base_arm}/{one.challenger}/{one.order}", {})
        of_pair[one.prompt_id] = one.side
    return {"votes": votes, "judged": judged}


@pytest.mark.parametrize("which", ["whole", "among"])
def test_a_database_of_before_has_the_same_votes_judgments_and_calls(store, which):
    said = SAID[which]
    case, run = store.load_case(said["case_id"]), store.run(said["run_id"])
    record = record_of(store, run)
    assert sides(record) == {name: said[name] for name in ("votes", "judged")}
    assert spec_of(case).spec_hash == run.spec.spec_hash == run.spec_hash == said["spec_hash"]
    assert case_digest(case) == said["case_digest"]
    assert digest_of(case_digest(case), record) == said["digest"]  # nobody decided anew


def test_each_vote_and_judgment_of_before_names_the_option_it_was_for(store):
    record = record_of(store, store.run(SAID["whole"]["run_id"]))
    chosen = {
        voter: Counter(v.preference for v in record.votes if v.voter == voter)
        for voter in ("me", "Anna", "Ben")
    }
    assert chosen == {
        "me": {"tuned": 6, "base": 2, "tie": 1, "both_bad": 1},
        "Anna": {"base_examples": 8, "tuned": 1, "tie": 1},
        "Ben": {"tuned": 5, "base_retrieval": 3, "tie": 1, "both_bad": 1},
    }
    among = record_of(store, store.run(SAID["among"]["run_id"])).votes
    # three of ten each, the tenth for the examples once more
    assert Counter(v.preference for v in among) == {"base_examples": 4, "base": 3, "tie": 3}
    assert Counter(preferences_by_prompt(among, ("base", "base_examples")).values()) == {
        "tuned": 4,
        "base": 3,
        "tie": 3,
    }


def test_nothing_that_was_bought_or_judged_before_is_bought_again(store):
    said = SAID["whole"]
    case, run_id = store.load_case(said["case_id"]), said["run_id"]
    calls = list(spec_of(case).calls())
    assert store.settled(run_id) == {call.key for call in calls}
    assert len(store.reusable([call.call_hash for call in calls])) == len(calls) == 40
    plan = plan_judging(case, store.outputs(run_id))
    assert plan.spec_hash == said["judge_spec_hash"]
    asked = [call.call_hash for call in plan.spec.calls()]
    assert len(store.reusable(asked)) == len(asked) == 60


def test_a_case_file_of_before_is_the_case_it_was(store):
    case = read_case(BEFORE / "CASE.toml")
    assert case == store.load_case(SAID["whole"]["case_id"])
    assert case_digest(case) == SAID["whole"]["case_digest"]
    assert case.options == ("base", "base_examples", "base_retrieval", "tuned")
    by_pair = Counter((j.pair, j.preference) for j in case.judgments)
    assert {pair for pair, _ in by_pair} == {
        ("base", "tuned"),
        ("base_examples", "tuned"),
        ("base", "base_examples"),
    }
    assert by_pair[("base_examples", "tuned"), "base_examples"] == 3
    assert by_pair[("base", "base_examples"), "base_examples"] == 3


def test_a_decision_s_file_of_before_is_put_in_as_the_decision_it_was(store):
    kept = read_file((BEFORE / "decision.json").read_bytes())
    said = SAID["whole"]
    case_id = store.put_in(kept, title="Again")
    again = store.latest_run(case_id)
    assert again is not None
    record = record_of(store, store.run_state(again.id))
    assert sides(record) == {name: said[name] for name in ("votes", "judged")}
    assert again.spec_hash == said["spec_hash"]
    assert store.take_out(case_id).runs == kept.runs


def test_a_link_of_before_opens_and_says_what_it_said(store):
    shared = store.open_share(SAID["token"], NOW)
    assert shared is not None
    assert handed_on(shared.body).report.headline == SAID["headline"]
    frozen = Snapshot.from_json((BEFORE / "snapshot.json").read_text("utf-8"))
    assert frozen.report.headline == SAID["headline"]
    assert frozen.start is not None
    assert frozen.start.options == ("base", "base_examples", "base_retrieval", "tuned")


def test_a_ballot_of_before_still_asks_about_its_pair(store):
    (ballot,) = store.ballots(SAID["whole"]["run_id"])
    assert (ballot.voter, ballot.votes) == ("Cleo", 0)


@pytest.mark.parametrize(
    ("which", "recommended", "firmness"),
    [
        # It said fine-tuned then. Since, what a test shows moves the likelihood: 0.60 before it
        # (score 13.7), and after votes of 1 to 8, of which more heads than 5 of 18 come with
        # q = 0.048, the odds are 0.60 / 0.40 x 0.048 / 0.952 = 0.076: p = 0.07, for base.
        pytest.param("whole", "base", "likely", id="whole"),
        # Nothing tuned in the run: score 43.7 alone, 1 / (1 + e^-1.31) = 0.79, below 0.85.
        pytest.param("among", "tuned", "leaning", id="among"),
    ],
)
def test_a_decision_of_before_shows_the_same_and_is_judged_by_the_rules_of_today(
    store, which, recommended, firmness
):
    said = SAID[which]
    case = store.load_case(said["case_id"])
    record = record_of(store, store.run(said["run_id"]))
    decision = decide_case(case, record, today=TODAY, made_at=NOW)
    evidence = decision.evidence
    tally = evidence.tally
    assert {
        "recommendation": decision.verdict.recommendation,
        "base_arm": evidence.base_arm,
        "source": evidence.source,
        "word": evidence.word,
        "tally": [tally.wins, tally.losses, tally.ties, tally.both_bad],
    } == {name: said[name] for name in ("base_arm", "source", "word", "tally")} | {
        "recommendation": recommended
    }
    assert decision.verdict.firmness == firmness


def test_a_database_of_before_keeps_what_users_sign_out_of(store):
    anna = store.for_owner("oidc:anna")
    assert not anna.is_signed_out("1" * 64)
    anna.sign_out("1" * 64, NOW)
    assert anna.is_signed_out("1" * 64)
    assert store.load_case(SAID["whole"]["case_id"])


def test_a_vote_that_an_older_process_still_writes_is_read_as_what_it_means(store):
    run_id = SAID["whole"]["run_id"]
    with store._write() as connection:
        connection.exec_driver_sql("UPDATE votes SET preference = 'base' WHERE voter = 'Anna'")
    preferred = {vote.preference for vote in store.votes(run_id) if vote.voter == "Anna"}
    assert preferred == {"base_examples"}
