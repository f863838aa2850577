"""One owner neither reads nor changes what is another's, by any method of the store and any id.

Every public method is called with the ids of somebody else's rows. Arguments are given by their
name, so a new method is tested by itself; an argument of a new name makes its test fail until it
stands in `Theirs.arguments`.
"""

import inspect
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from advisor.case import Case, Judgment
from advisor.errors import AdvisorError
from advisor.evidence.model import Output, Vote
from advisor.runs.spec import PlannedCall, spec_of
from advisor.standing import Standing
from advisor.store.queued import Chunk
from advisor.store.repository import Store
from advisor.store.tables import metadata
from tests.runs.cases import case_of

SECRET = "canary-of-the-first-owner"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

BY_TOKEN = {
    "open_ballot": "a link opens for whoever holds it; test_ballots.py says what it opens",
    "open_share": "a link opens for whoever holds it; test_snapshots.py says what it opens",
}
OF_THE_HOST = {
    "alone": "a lock between processes, on no row",
    "close": "connections, not rows",
    "for_owner": "gives the store of another owner: whoever holds a store in Python may do that",
    "is_current": "the version of the schema",
    "mark_interrupted": "at start-up: runs of every owner whose process died",
    "prepare_queue": "the queue's own tables",
    "sweep": "the host's clock: what is past its time, of every owner",
}
"""Not held to one owner, and why. No page hands such a method an id that a visitor typed in."""


def methods() -> list[str]:
    return sorted(
        name for name, _ in inspect.getmembers(Store, callable) if not name.startswith("_")
    )


HELD = [n for n in methods() if n not in {*BY_TOKEN, *OF_THE_HOST, "open"}]


@dataclass
class Theirs:
    """What the first owner has, by id."""

    case: Case
    case_id: str
    run_id: str
    calls: list[PlannedCall]
    runner: str
    voter: str
    snapshot_id: str
    reserved_id: str
    standing: Standing
    chunk: Chunk
    kept: Any

    def arguments(self) -> dict[str, Any]:
        """A value for every name of an argument that the store's methods have."""
        call = self.calls[0]
        forged = Output(call.prompt_id, call.arm, call.sample, "answered", "forged")
        judgment = Judgment(
            prompt_id=call.prompt_id,
            preference="tie",
            judge="forger",
            order="base_first",
            base_sha256="a" * 64,
            tuned_sha256="b" * 64,
        )
        own = case_of("http://localhost:2/v1", prompts=1)
        return {
            "answers": [(call, forged)],
            "arms": ["base", "tuned"],
            "asked_by": "forger",
            "body": "{}",
            "call": call,
            "call_hashes": [one.call_hash for one in self.calls],
            "calls": [[(call.prompt_id, call.arm, call.sample)]],
            "cap": Decimal(10),
            "case": own,
            "case_id": self.case_id,
            "case_ids": [self.case_id],
            "chunk": self.chunk,
            "claimed_by": self.runner,
            "cost_usd": Decimal(1),
            "days": 7,
            "defer": lambda connection, runner: None,
            "given": [judgment],
            "highest": Decimal("0.01"),
            "judges": self.run_id,
            "kept": self.kept,
            "last": True,
            "limit": 20,
            "may_copy": True,
            "most": Decimal(1),
            "name": "x",
            "now": NOW + timedelta(hours=1),
            "number": 0,
            "outcome": "answered",
            "output": forged,
            "pair": ("base", "tuned"),
            "prompt_id": call.prompt_id,
            "reason": "forged",
            "report_sha256": "0" * 64,
            "reserved_id": self.reserved_id,
            "reused": False,
            "run_id": self.run_id,
            "runner": self.runner,
            "dead": lambda runner, heard: True,
            "settings": own.run,
            "since": datetime(2020, 1, 1, tzinfo=UTC),
            "snapshot_id": self.snapshot_id,
            "spec": spec_of(own),
            "spec_hash": spec_of(self.case).spec_hash,
            "standing": self.standing.model_copy(update={"headline": "forged"}),
            "status": "cancelled",
            "stop_reason": "forged",
            "stopped": {"base": "forged"},
            "title": "forged",
            "vote": Vote(call.prompt_id, "tuned", self.voter),
            "voter": self.voter,
            "voters": ["Forger"],
            "with_texts": True,
        }


@pytest.fixture
def theirs(store: Store) -> Theirs:
    """A row of the first owner in every table, each with the secret in its texts."""
    case = case_of("http://localhost:1/v1", prompts=3)
    prompts = tuple(
        p.model_copy(update={"text": f"{SECRET} {p.text}", "reference": SECRET})
        for p in case.prompts
    )
    case = case.model_copy(update={"title": SECRET, "prompts": prompts})
    case_id = store.save_case(case)
    standing = Standing(
        digest="0" * 64,
        decided_on=date(2026, 11, 22),
        recommendation="base",
        firmness="provisional",
        firmness_label=SECRET,
        headline=SECRET,
    )
    store.keep_standing(case_id, standing)
    spec = spec_of(case)
    run_id = store.start_run(case_id, spec, case.run)
    store.claim_run(run_id, "their runner", lambda runner, heard: True)
    calls = list(spec.calls())
    for call in calls[:-1]:
        answer = Output(call.prompt_id, call.arm, call.sample, "answered", SECRET, error=SECRET)
        store.finish_call(run_id, call, answer, Decimal("0.5"))
    store.begin_call(run_id, calls[-1])
    store.add_vote(run_id, Vote(calls[0].prompt_id, "base", "Anna"))
    judged = {"base_sha256": "a" * 64, "tuned_sha256": "b" * 64, "order": "tuned_first"}
    judgment = Judgment(prompt_id=calls[0].prompt_id, preference="base", judge=SECRET, **judged)
    store.add_judgments(run_id, [judgment])
    store.make_ballots(run_id, ["Anna"], NOW, asked_by=SECRET)
    store.share(case_id, f'"{SECRET}"', NOW, title=SECRET, report_sha256="1" * 64)
    reserved = store.reserve(run_id, Decimal(3), Decimal(10), NOW).id
    assert reserved is not None
    return Theirs(
        case=case,
        case_id=case_id,
        run_id=run_id,
        calls=calls,
        runner="their runner",
        voter="Anna",
        snapshot_id=store.shared(case_id)[0].id,
        reserved_id=reserved,
        standing=standing,
        chunk=_chunk(store, run_id, calls[-1]),
        kept=store.take_out(case_id),
    )


def _chunk(store: Store, run_id: str, call: PlannedCall) -> Chunk:
    """A row of the table that workers share, as they would have written it."""
    table = metadata.tables["chunks"]
    row = {
        "run_id": run_id,
        "number": 0,
        "owner": store.owner,
        "runner": "their runner",
        "worker": "their worker",
        "calls": [[call.prompt_id, call.arm, call.sample]],
        "stopped": {"base": SECRET},
    }
    with store.engine.begin() as connection:
        connection.execute(table.insert().values(**row))
    key = (call.prompt_id, call.arm, call.sample)
    return Chunk(run_id, "their runner", 0, "their worker", frozenset([key]))


def rows(store: Store) -> dict[str, list[Any]]:
    """Every row of the first owner."""
    with store.engine.connect() as connection:
        return {
            name: sorted(
                map(repr, connection.execute(select(table).where(table.c.owner == "local")))
            )
            for name, table in metadata.tables.items()
            if "owner" in table.c
        }


def everything(found: Any) -> str:
    """All that a value says, whatever its `repr` leaves out."""
    if is_dataclass(found) and not isinstance(found, type):
        return " ".join(everything(getattr(found, field.name)) for field in fields(found))
    if isinstance(found, (list, tuple, set, frozenset)):
        return " ".join(map(everything, found))
    if isinstance(found, dict):
        return " ".join(everything(pair) for pair in found.items())
    return repr(found)


def call_as(other: Store, name: str, theirs: Theirs) -> Any:
    """Call a method with the first owner's ids; what it refuses is an answer too."""
    found = getattr(other, name)
    if not isinstance(found, Callable):  # type: ignore[arg-type]
        return found
    given = theirs.arguments()
    parameters = inspect.signature(found).parameters
    missing = parameters.keys() - given.keys()
    assert not missing, f"say in Theirs.arguments what {name} is to be given for {missing}"
    try:
        return found(**{key: given[key] for key in parameters})
    except AdvisorError as refused:
        return str(refused)


def test_every_table_is_held_to_an_owner_and_has_a_row_here(store, theirs):
    of_nobody = {name for name, table in metadata.tables.items() if "owner" not in table.c}
    assert of_nobody == set()
    assert [name for name, found in rows(store).items() if not found] == []


def test_every_method_is_either_held_to_an_owner_or_said_not_to_be():
    known = {*HELD, *BY_TOKEN, *OF_THE_HOST, "open"}
    assert set(methods()) == known
    assert len(HELD) > 50


@pytest.mark.parametrize("name", HELD)
def test_nothing_of_the_first_owner_is_read_or_changed(store, theirs, name):
    before = rows(store)
    if name in ("put_chunks",) and store.engine.dialect.name == "sqlite":
        pytest.skip("only Postgres has workers")
    other = store.for_owner("other")
    found = everything(call_as(other, name, theirs))
    if name != "put_in":  # what is put in is the file's, and the other's from then on
        assert SECRET not in found
    for theirs_alone in (theirs.snapshot_id, theirs.reserved_id, "their worker"):
        assert theirs_alone not in found
    assert rows(store) == before


@pytest.mark.parametrize("name", HELD)
def test_nor_while_the_other_has_a_run_of_the_very_same_texts(store, theirs, name):
    if name in ("put_chunks",) and store.engine.dialect.name == "sqlite":
        pytest.skip("only Postgres has workers")
    other = store.for_owner("other")
    twin = theirs.case.model_copy(update={"title": "mine"})
    other.start_run(other.save_case(twin), spec_of(twin), twin.run)
    before = rows(store)
    call_as(other, name, theirs)
    assert rows(store) == before


def test_a_store_without_the_condition_would_be_found_out(store, theirs):
    # The check of the check: the owner's own calls do read the secret and do change rows.
    for name in ("load_case", "outputs", "judgments", "take_out", "find_run"):
        assert SECRET in everything(call_as(store, name, theirs))
    for name in (
        "rename_case",
        "add_vote",
        "revoke_share",
        "revoke_ballot",
        "release",
        "keep_standing",
    ):
        before = rows(store)
        with suppress(AdvisorError):
            call_as(store, name, theirs)
        assert rows(store) != before, name
