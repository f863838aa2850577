"""Each test has a store of its own, in a file of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.case.case import Case
from advisor.case.case_file import load_sample
from advisor.case.run_spec import spec_of
from advisor.host.settings import settings
from advisor.runs import inline
from advisor.store.repository import Store
from pages.ui import session

from .reader import Reader


@pytest.fixture(autouse=True)
def own_store(
    migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Settings and store are opened once a process; a test opens its own and closes it."""
    path = Path(shutil.copy(migrated_file, tmp_path / "cases.db"))
    monkeypatch.setenv("WORTH_TUNING_DB", str(path))
    settings.cache_clear()
    session.everyone.clear()
    yield path
    session.store().close()
    session.everyone.clear()
    settings.cache_clear()


@pytest.fixture
def sample() -> Reader:
    """A reader on Compare with a sample, whose recorded answers are not in yet."""
    return Reader("compare", case_id=session.store().save_case(load_sample("clinic_notes")))


def finished_run(path: Path, case: Case) -> tuple[Path, str]:
    """A store in which a case's answers are all in, and the id of the case."""
    store = Store.open(path)
    case_id = store.save_case(case)
    run_id = store.start_run(case_id, spec_of(case), case.run)
    inline.start(store, run_id)
    inline.wait(run_id, 60)
    store.close()
    return path, case_id


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The clinic sample, whole."""
    path = tmp_path_factory.mktemp("finished") / "cases.db"
    return finished_run(path, load_sample("clinic_notes"))


@pytest.fixture(scope="session")
def finished_few(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Six texts of the clinic sample."""
    path = tmp_path_factory.mktemp("finished few") / "cases.db"
    case = load_sample("clinic_notes")
    return finished_run(path, case.model_copy(update={"prompts": case.prompts[:6]}))


@pytest.fixture
def replayed(own_store: Path, finished: tuple[Path, str]) -> Reader:
    """A reader on Compare, with the clinic sample's 40 texts answered by both sides."""
    path, case_id = finished
    shutil.copy(path, own_store)
    return Reader("compare", case_id=case_id)


@pytest.fixture
def few(own_store: Path, finished_few: tuple[Path, str]) -> Reader:
    """The same with six texts, for who goes through all of them."""
    path, case_id = finished_few
    shutil.copy(path, own_store)
    return Reader("compare", case_id=case_id)
