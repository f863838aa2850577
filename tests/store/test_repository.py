import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from advisor.case.case import Judgment
from advisor.case.run_spec import PlannedCall, spec_of
from advisor.case.texts import Prompt
from advisor.errors import BadDatabase, NamesShown, RunIsLive, UnknownCase, UnknownRun
from advisor.evidence.model import Output, Vote
from advisor.store import database
from advisor.store.repository import Store
from advisor.store.tables import metadata, new_id
from tests.make import case_at

CASE = case_at("http://localhost:1/v1", prompts=3)


def start(store: Store, case=CASE) -> tuple[str, list[PlannedCall]]:
    spec = spec_of(case)
    return store.start_run(store.save_case(case), spec, case.run), list(spec.calls())


def answer(call: PlannedCall, text: str = "yes", outcome="answered") -> Output:
    return Output(call.prompt_id, call.arm, call.sample, outcome, text, input_tokens=3)


def test_a_case_comes_back_as_it_was_saved(store):
    case_id = store.save_case(CASE)
    assert store.load_case(case_id) == CASE


def test_saving_over_a_case_replaces_its_prompts(store):
    case_id = store.save_case(CASE)
    shorter = CASE.model_copy(update={"prompts": CASE.prompts[1:2], "title": "Shorter"})
    assert store.save_case(shorter, case_id) == case_id
    assert store.load_case(case_id) == shorter
    assert [row.title for row in store.recent_cases(10)] == ["Shorter"]


def test_a_deleted_case_is_unknown_and_out_of_the_history(store):
    case_id = store.save_case(CASE)
    store.delete_case(case_id)
    assert store.recent_cases(10) == []
    with pytest.raises(UnknownCase):
        store.load_case(case_id)


def test_recent_cases_begin_with_the_one_saved_last(store):
    first, second = store.save_case(CASE), store.save_case(CASE)
    store.save_case(CASE, first)
    assert [row.id for row in store.recent_cases(10)] == [first, second]
    assert [row.id for row in store.recent_cases(1)] == [first]


def test_another_owner_sees_and_changes_nothing(store):
    run_id, calls = start(store)
    store.keep_calls(run_id, ended=[(calls[0], answer(calls[0]), Decimal(1))])
    store.add_vote(run_id, Vote("p0", "tuned"))
    case_id = store.run(run_id).case_id
    other = store.for_owner("someone else")
    assert other.recent_cases(10) == []
    assert other.outputs(run_id) == []
    assert other.votes(run_id) == []
    assert other.runs(case_id) == []
    assert other.reusable([call.call_hash for call in calls]) == {}
    assert other.find_run(spec_of(CASE).spec_hash) is None
    for ask in (other.run, other.progress):
        with pytest.raises(UnknownRun):
            ask(run_id)
    with pytest.raises(UnknownCase):
        other.save_case(CASE, case_id)
    with pytest.raises(UnknownCase):
        other.delete_case(case_id)
    other.keep_calls(run_id, begun=[calls[0]])
    other.keep_calls(run_id, ended=[(calls[0], answer(calls[0], "forged"), None)])
    other.set_status(run_id, "cancelled")
    assert [output.text for output in store.outputs(run_id)] == ["yes"]
    assert store.run(run_id).status == "new"


def test_the_same_spec_is_the_same_run_with_its_newest_settings(store):
    case_id = store.save_case(CASE)
    first = store.start_run(case_id, spec_of(CASE), CASE.run)
    settings = CASE.run.model_copy(update={"cap_usd": 5.0})
    assert store.start_run(case_id, spec_of(CASE), settings) == first
    assert store.run(first).settings.cap_usd == 5.0
    warmer = CASE.model_copy(update={"run": CASE.run.model_copy(update={"temperature": 1.0})})
    second = store.start_run(case_id, spec_of(warmer), warmer.run)
    assert second != first
    assert store.latest_run(case_id).id == second
    assert [run.id for run in store.runs(case_id)] == [second, first]
    assert store.find_run(spec_of(CASE).spec_hash).id == first
    assert store.run(second).spec == spec_of(warmer)


def test_every_field_of_an_output_comes_back(store):
    run_id, calls = start(store)
    full = Output(
        calls[0].prompt_id, calls[0].arm, 0, "answered", "text ✓", "stop", "m-1", "req", "err",
        10, 4, 20, 5, True, 12.5, 99.25, 3,
    )  # fmt: skip
    store.keep_calls(run_id, begun=[calls[0]])
    assert store.outputs(run_id) == []
    store.keep_calls(run_id, ended=[(calls[0], full, Decimal("0.00012345678901234567"))])
    assert store.outputs(run_id) == [full]
    assert store.progress(run_id).cost_usd == Decimal("0.00012345678901234567")


def test_an_answer_is_never_overwritten_but_a_failure_is(store):
    run_id, calls = start(store)
    store.keep_calls(run_id, ended=[(calls[0], answer(calls[0], "", "failed"), None)])
    store.keep_calls(run_id, begun=[calls[0]])
    assert store.progress(run_id).failed == 0
    assert store.progress(run_id).in_flight == 1
    store.keep_calls(run_id, ended=[(calls[0], answer(calls[0], "bought"), Decimal(1))])
    store.keep_calls(run_id, begun=[calls[0]])
    store.keep_calls(run_id, ended=[(calls[0], answer(calls[0], "again"), Decimal(1))])
    assert [output.text for output in store.outputs(run_id)] == ["bought"]


def test_progress_counts_each_outcome_and_an_unknown_price_is_not_zero(store):
    run_id, calls = start(store)
    store.keep_calls(run_id, ended=[(calls[0], answer(calls[0]), Decimal("0.5"))])
    store.keep_calls(run_id, ended=[(calls[1], answer(calls[1], outcome="refused"), None)])
    store.keep_calls(run_id, ended=[(calls[2], answer(calls[2], outcome="failed"), None)])
    store.keep_calls(run_id, begun=[calls[3]])
    progress = store.progress(run_id)
    assert (progress.planned, progress.answered, progress.refused, progress.failed) == (6, 1, 1, 1)
    assert (progress.in_flight, progress.missing, progress.cost_usd) == (1, 4, Decimal("0.5"))
    assert store.settled(run_id) == {calls[0].key, calls[1].key}
    store.keep_calls(run_id, ended=[(calls[3], answer(calls[3]), None)])
    assert store.progress(run_id).cost_usd is None


def test_an_answer_that_is_used_again_keeps_the_time_it_was_made(store):
    """How many texts a machine answers in an hour is told from it."""
    first, (call, given, *_) = start(store)
    store.keep_calls(first, ended=[(call, answer(call), None)])
    (made,) = store.outputs(first)
    assert made.finished_at is not None
    again, _ = start(store)
    store.reuse(again, [(call, store.reusable([call.call_hash])[call.call_hash])])
    store.reuse(again, [(given, answer(given))])  # came with the texts: nobody knows when
    times = {(o.prompt_id, o.arm): o.finished_at for o in store.outputs(again)}
    assert times[call.prompt_id, call.arm] == made.finished_at
    assert times[given.prompt_id, given.arm] > made.finished_at


def test_only_answers_are_reusable(store):
    run_id, calls = start(store)
    store.keep_calls(run_id, ended=[(calls[0], answer(calls[0]), Decimal(1))])
    store.keep_calls(run_id, ended=[(calls[1], answer(calls[1], outcome="refused"), None)])
    store.keep_calls(run_id, ended=[(calls[2], answer(calls[2], outcome="failed"), None)])
    store.keep_calls(run_id, begun=[calls[3]])
    found = store.reusable([call.call_hash for call in calls])
    assert found == {calls[0].call_hash: answer(calls[0])}


@pytest.mark.parametrize(
    "text", ["\0", "a\0b", "\ue000", "\ue0000", "\0\ue000\0", "\ue000\ue000\0"]
)
def test_characters_that_postgres_keeps_in_no_text_come_back(store, text):
    case = CASE.model_copy(update={"prompts": (Prompt(id=text, text=text, reference=text),)})
    run_id, calls = start(store, case)
    store.keep_calls(run_id, ended=[(calls[0], answer(calls[0], text), None)])
    assert store.outputs(run_id) == [answer(calls[0], text)]
    assert store.settled(run_id) == {calls[0].key}
    assert store.load_case(store.run(run_id).case_id) == case
    assert store.run(run_id).spec == spec_of(case)


def test_a_voters_second_vote_replaces_the_first(store):
    run_id, _ = start(store)
    store.add_vote(run_id, Vote("p0", "base", base_quality="as_is"))
    store.add_vote(run_id, Vote("p0", "tuned", voter="you"))
    store.add_vote(run_id, Vote("p0", "both_bad"))
    assert store.votes(run_id) == [
        Vote("p0", "tuned", voter="you"),
        Vote("p0", "both_bad"),
    ]


def test_judgments_come_back(store):
    run_id, _ = start(store)
    given = Judgment(
        prompt_id="p0", preference="tie", judge="j", order="both",
        base_sha256="a" * 64, tuned_sha256="b" * 64,
    )  # fmt: skip
    store.add_judgments(run_id, [given])
    changed = given.model_copy(update={"preference": "base"})
    store.add_judgments(run_id, [changed])
    assert store.judgments(run_id) == [changed]
    told_otherwise = given.model_copy(update={"told_sha256": "c" * 64})
    store.add_judgments(run_id, [told_otherwise])
    assert store.judgments(run_id) == [changed, told_otherwise]


def test_a_run_has_one_runner_and_a_dead_ones_run_is_taken_over(store):
    run_id, _ = start(store)
    store.claim_run(run_id, "one", lambda runner, heard: False)
    with pytest.raises(RunIsLive):
        store.claim_run(run_id, "two", lambda runner, heard: False)
    assert store.beat(run_id, "one") == "running"
    store.claim_run(run_id, "two", lambda runner, heard: runner == "one")
    assert store.beat(run_id, "one") is None
    store.set_status(run_id, "done", runner="one")
    assert store.run(run_id).status == "running"


def test_a_runner_hears_that_its_run_is_to_stop_and_no_other_begins_before_it_has(store):
    run_id, _ = start(store)
    store.claim_run(run_id, "one", lambda runner, heard: False)
    store.request(run_id, "paused", "Wait.")
    assert store.beat(run_id, "one") == "paused"
    with pytest.raises(RunIsLive, match="still come in"):
        store.claim_run(run_id, "two", lambda runner, heard: False)
    store.set_status(run_id, "paused", "Wait.", runner="one")
    store.claim_run(run_id, "two", lambda runner, heard: False)
    store.request("another run", "cancelled", "No.")
    assert store.beat(run_id, "two") == "running"


def test_of_many_claims_at_once_one_wins(store):
    run_id, _ = start(store)
    won = []

    def claim(name: str) -> None:
        try:
            store.claim_run(run_id, name, lambda runner, heard: False)
            won.append(name)
        except RunIsLive:
            pass

    threads = [threading.Thread(target=claim, args=(f"r{i}",)) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


def test_only_runs_of_dead_processes_become_interrupted(store):
    run_id, calls = start(store)
    store.claim_run(run_id, "gone", lambda runner, heard: False)
    store.keep_calls(run_id, begun=[calls[0]])
    assert store.mark_interrupted(lambda runner, heard: False) == []
    assert store.mark_interrupted(lambda runner, heard: runner == "gone") == [run_id]
    assert store.run(run_id).status == "interrupted"
    assert store.progress(run_id).in_flight == 1


def test_moments_are_utc_and_aware(store):
    run_id, _ = start(store)
    made = store.run(run_id).created_at
    assert made.tzinfo == UTC
    assert abs(datetime.now(UTC) - made) < timedelta(seconds=10)


def test_sqlite_is_opened_for_many_readers_and_one_writer(lite):
    with lite._read() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 15_000,
    }  # fmt: skip


def test_two_stores_write_one_database_from_many_threads(store, database):
    other = Store.open(database)
    case = case_at("http://localhost:1/v1", prompts=40)
    run_id, calls = start(store, case)

    def write(into: Store, mine: list[PlannedCall]) -> None:
        for call in mine:
            into.keep_calls(run_id, begun=[call])
            into.keep_calls(run_id, ended=[(call, answer(call), Decimal("0.1"))])

    threads = [
        threading.Thread(target=write, args=((store, other)[i % 2], calls[i::4])) for i in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.progress(run_id).answered == 80
    assert store.progress(run_id).cost_usd == Decimal(8)
    other.close()


def test_an_up_to_date_file_opens_within_50_ms(lite, tmp_path):
    began = time.perf_counter()
    Store.open(tmp_path / "deep" / "test.db").close()
    assert time.perf_counter() - began < 0.05


def schema(engine):
    """All tables with their columns, keys and indexes, in whichever order they were made."""
    found = inspect(engine)
    return {
        table: (
            sorted((c["name"], str(c["type"]), c["nullable"], str(c["default"])) for c in columns),
            found.get_pk_constraint(table)["constrained_columns"],
            sorted(map(str, found.get_foreign_keys(table))),
            sorted(str((i["column_names"], i["unique"])) for i in found.get_indexes(table)),
            sorted(str(u["column_names"]) for u in found.get_unique_constraints(table)),
            sorted(str(c["sqltext"]) for c in found.get_check_constraints(table)),
        )
        for table in sorted(found.get_table_names())
        if (columns := found.get_columns(table))
    }


def test_the_migrations_make_the_tables_of_the_code_and_head_is_named(store):
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == database.HEAD
    made = schema(store.engine)
    with store._write() as connection:
        metadata.drop_all(connection)
        connection.execute(text("DELETE FROM alembic_version"))
    database.connect(store.engine.url.render_as_string(hide_password=False)).dispose()
    with store._read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert schema(store.engine) == made


def test_a_file_that_is_no_database_is_not_taken_for_a_new_one(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("not a database at all " * 50)
    with pytest.raises(BadDatabase, match="can't be used as the database"):
        Store.open(path)
    assert path.read_text().startswith("not a database")


def test_ids_are_uuid7_and_sort_by_time():
    first = new_id()
    time.sleep(0.002)
    second = new_id()
    assert first < second
    assert first[14] == "7"
    assert first[19] in "89ab"


def test_finishing_without_beginning_keeps_the_row(store):
    run_id, calls = start(store)
    store.reuse(run_id, [(calls[0], replace(answer(calls[0]), prompt_id="other"))])
    assert store.outputs(run_id) == [answer(calls[0])]
    assert store.progress(run_id).reused == 1


def test_a_run_cannot_stand_without_its_case(store):
    with pytest.raises(IntegrityError):
        store.start_run("no such case", spec_of(CASE), CASE.run)


def test_a_database_of_the_first_version_keeps_its_rows_when_it_is_brought_up_to_date(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for row in (
            "cases (id, owner, title, body, created_at, updated_at) VALUES "
            "('c', 'local', 'Old', '{}', '2026-11-01', '2026-11-01')",
            "runs (id, case_id, owner, spec_hash, spec, settings, planned, status, created_at) "
            "VALUES ('r', 'c', 'local', 'h', '{}', '{}', 1, 'done', '2026-11-01')",
            "outputs (run_id, prompt_id, arm, sample, owner, call_hash, started_at, outcome, text, "
            "tokens_counted, attempts, reused) "
            "VALUES ('r', 'p', 'base', 0, 'local', 'x', '2026-11-01', 'answered', 'Hi', 0, 1, 0)",
            "votes (run_id, prompt_id, voter, base_arm, owner, preference, created_at) "
            "VALUES ('r', 'p', 'me', 'base', 'local', 'tuned', '2026-11-01')",
            'judgments (run_id, prompt_id, judge, base_arm, "order", owner, preference, '
            "base_sha256, tuned_sha256, created_at) VALUES "
            "('r', 'p', 'j', 'base', 'both', 'local', 'tie', 'a', 'b', '2026-11-01')",
        ):
            connection.execute(text(f"INSERT INTO {row}"))
    store = Store.open(tmp_path / "old.db")
    assert store.votes("r") == [Vote("p", "tuned", challenger="tuned")]
    # Only one option has answered, so there was no name to tell.
    assert store.names_told("r", "me") == set()
    assert [output.text for output in store.outputs("r")] == ["Hi"]
    assert [(j.preference, j.told_sha256) for j in store.judgments("r")] == [("tie", "")]


def test_votes_follow_answers_that_are_the_same_in_another_run_of_the_case(store):
    first, calls = start(store)
    case_id = store.run(first).case_id
    longer = CASE.model_copy(update={"prompts": (*CASE.prompts, Prompt(id="new", text="New?"))})
    store.save_case(longer, case_id)
    second = store.start_run(case_id, spec_of(longer), longer.run)
    changed = calls[0].prompt_id
    for run_id in (first, second):
        for call in calls:
            other = run_id == second and call.prompt_id == changed and call.arm == "tuned"
            store.keep_calls(
                run_id, ended=[(call, answer(call, "other" if other else "yes"), None)]
            )
    ids = list(dict.fromkeys(call.prompt_id for call in calls))
    for prompt_id in ids:
        store.add_vote(first, Vote(prompt_id, "tuned", base_quality="as_is"))
    mine = Vote(ids[2], "base")
    store.add_vote(second, mine)
    store.carry_votes(second)
    kept = {vote.prompt_id: vote for vote in store.votes(second)}
    assert kept == {ids[1]: Vote(ids[1], "tuned", base_quality="as_is"), ids[2]: mine}
    store.carry_votes(second)  # a second time copies nothing more
    assert len(store.votes(second)) == 2


NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_names_once_told_are_known_where_the_answers_are_the_same(store):
    first, calls = start(store)
    case_id = store.run(first).case_id
    longer = CASE.model_copy(update={"prompts": (*CASE.prompts, Prompt(id="new", text="New?"))})
    store.save_case(longer, case_id)
    second = store.start_run(case_id, spec_of(longer), longer.run)
    ids = list(dict.fromkeys(call.prompt_id for call in calls))
    for run_id in (first, second):
        for call in calls:
            other = run_id == second and call.prompt_id == ids[0] and call.arm == "tuned"
            store.keep_calls(
                run_id, ended=[(call, answer(call, "other" if other else "yes"), None)]
            )
    assert store.still_blind(first, "me") == set(ids)
    store.add_vote(first, Vote(ids[1], "tuned"))
    store.show_names(first, ids[:2], "me", NOW)
    store.show_names(first, ids[:1], "me", NOW)  # a second time changes nothing
    # In the second run one of the first text's answers is another one: who knew the old one by its
    # name has not seen the new.
    assert store.names_told(first, "me") == set(ids[:2])
    assert store.names_told(second, "me") == {ids[1]}
    assert store.still_blind(second, "me") == set(ids) - {ids[1]}
    for run_id in (first, second):
        with pytest.raises(NamesShown, match="takes no vote from you any more"):
            store.add_vote(run_id, Vote(ids[1], "base"))
    store.add_vote(second, Vote(ids[0], "base"))
    store.add_vote(first, Vote(ids[1], "base", "Anna"))  # nobody told her
    assert [(v.voter, v.preference) for v in store.votes(first)] == [
        ("me", "tuned"),
        ("Anna", "base"),
    ]


def test_names_told_before_they_were_written_down_are_known(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    answered = (("p", "base"), ("p", "tuned"), ("q", "base"), ("r", "base"), ("r", "tuned"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0010")
        for row in (
            "cases (id, owner, title, body, created_at, updated_at) VALUES "
            "('c', 'local', 'Old', '{}', '2026-11-01', '2026-11-01')",
            "runs (id, case_id, owner, spec_hash, spec, settings, planned, status, created_at) "
            "VALUES ('r', 'c', 'local', 'h', '{}', '{}', 1, 'done', '2026-11-01')",
            *(
                "outputs (run_id, prompt_id, arm, sample, owner, call_hash, started_at, outcome, "
                f"text, tokens_counted, attempts, reused) VALUES ('r', '{prompt}', '{arm}', 0, "
                "'local', 'x', '2026-11-01', 'answered', 'Hi', 0, 1, 0)"
                for prompt, arm in answered
            ),
            *(
                "votes (run_id, prompt_id, voter, base_arm, challenger, owner, preference, "
                f"created_at) VALUES ('r', '{prompt}', '{voter}', 'base', 'tuned', 'local', 'tie', "
                "'2026-11-01')"
                for prompt, voter in (("p", "me"), ("q", "me"), ("r", "Anna"), ("r", "Ben"))
            ),
            *(
                "ballots (id, run_id, owner, voter, base_arm, challenger, token_sha256, "
                f"created_at, revealed_at) VALUES ('{voter}', 'r', 'local', '{voter}', 'base', "
                f"'tuned', '{voter}', '2026-11-01', {told})"
                for voter, told in (("Anna", "'2026-11-02'"), ("Ben", "NULL"))
            ),
        ):
            connection.execute(text(f"INSERT INTO {row}"))
    store = Store.open(tmp_path / "old.db")
    # The owner saw the names after each vote, of two answers; Anna at her end, Ben not yet.
    told = {voter: store.names_told("r", voter) for voter in ("me", "Anna", "Ben")}
    assert told == {"me": {"p"}, "Anna": {"r"}, "Ben": set()}


def test_votes_of_another_case_or_owner_are_not_carried(store):
    first, calls = start(store)
    other, _ = start(store)
    for run_id in (first, other):
        for call in calls:
            store.keep_calls(run_id, ended=[(call, answer(call), None)])
    store.add_vote(first, Vote(calls[0].prompt_id, "tuned"))
    store.carry_votes(other)
    store.for_owner("someone else").carry_votes(other)
    assert store.votes(other) == []


def test_all_that_a_text_has_is_kept(store):
    whole = Prompt.model_validate(
        {
            "id": "chat",
            "messages": [
                {"role": "user", "content": "Where is order 812?"},
                {"role": "assistant", "calls": [{"name": "look", "arguments": {"order": 812}}]},
                {"role": "tool", "content": "on its way"},
            ],
            "reference": "On its way.",
            "other_references": ["It is on its way."],
            "tools": '[{"type":"function","function":{"name":"look"}}]',
            "calls": [],
            "segment": "parcels",
            "weight": 0.25,
        }
    )
    case = CASE.model_copy(update={"prompts": (whole, *CASE.prompts)})
    assert store.load_case(store.save_case(case)) == case
