"""One owner neither reads nor changes what is another's, by any method of the store and any id.

Every public method is called with the ids of somebody else's rows. Arguments are given by their
name, so a new method is tested by itself; an argument of a new name makes its test fail until it
stands in `Theirs.arguments`.
"""

import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from sqlalchemy import select

from advisor.case.run_spec import spec_of
from advisor.errors import AdvisorError
from advisor.store.repository import Store
from advisor.store.tables import metadata
from tests.store.theirs import SECRET, Theirs, fill

BY_TOKEN = {
    "open_ballot": "a link opens for whoever holds it; test_ballots.py says what it opens",
    "open_share": "a link opens for whoever holds it; test_snapshots.py says what it opens",
}
OF_THE_HOST = {
    "close": "connections, not rows",
    "for_owner": "gives the store of another owner: whoever holds a store in Python may do that",
    "is_current": "the version of the schema",
    "mark_interrupted": "at start-up: runs of every owner whose process died",
    "prepare_queue": "the queue's own tables",
    "reach": "asks for no row",
    "rescue": "the queue's own tables: jobs of workers that died, whoever's they are",
    "settle_house": "counts as spent what runs of every owner have spent, which changes no amount",
    "sweep": "the host's clock: what is past its time, of every owner",
    "worker_lives": "the queue's own tables",
}
"""Not held to one owner, and why. No page hands such a method an id that a visitor typed in."""


def methods() -> list[str]:
    return sorted(
        name for name, _ in inspect.getmembers(Store, callable) if not name.startswith("_")
    )


HELD = [n for n in methods() if n not in {*BY_TOKEN, *OF_THE_HOST, "open"}]


@pytest.fixture
def theirs(store: Store) -> Theirs:
    return fill(store)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """A store with the rows of the first owner, and those: no test that shares it changes a row."""
    if request.param == "sqlite":
        opened = Store.open(tmp_path_factory.mktemp("owners") / "test.db")
        yield opened, fill(opened)
        opened.close()
        return
    from tests import postgres

    with postgres.fresh(*request.getfixturevalue("postgres_server")) as url:
        opened = Store.open(url)
        yield opened, fill(opened)
        opened.close()


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
    several = [key for key, p in parameters.items() if p.kind is p.VAR_POSITIONAL]
    try:
        if several:
            before = [given[key] for key in parameters if key not in several]
            return found(*before, *given[several[0]])
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
def test_nothing_of_the_first_owner_is_read_or_changed(shared, name):
    store, theirs = shared
    before = rows(store)
    if name in ("put_chunks",) and store.engine.dialect.name == "sqlite":
        pytest.skip("only Postgres has workers")
    other = store.for_owner(f"other, {name}")
    found = everything(call_as(other, name, theirs))
    if name != "put_in":  # what is put in is the file's, and the other's from then on
        assert SECRET not in found
    for theirs_alone in (theirs.snapshot_id, theirs.reserved_id, "their worker"):
        assert theirs_alone not in found
    assert rows(store) == before


@pytest.mark.parametrize("name", HELD)
def test_nor_while_the_other_has_a_run_of_the_very_same_texts(shared, name):
    store, theirs = shared
    if name in ("put_chunks",) and store.engine.dialect.name == "sqlite":
        pytest.skip("only Postgres has workers")
    other = store.for_owner(f"twin, {name}")
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
        "note",
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
