import pytest

from tests.cli.command import EXPECTED, Command, sample_case
from tests.runs.conftest import _short_waits  # noqa: F401 - a fixture


@pytest.fixture
def run(tmp_path):
    return Command(tmp_path)


@pytest.fixture(scope="session")
def recorded(tmp_path_factory):
    """A database with the three samples' recorded answers, and what compare wrote, by sample."""
    run = Command(tmp_path_factory.mktemp("recorded"))
    written = {
        sample: run.json("compare", sample_case(sample), "--db", run.db) for sample in EXPECTED
    }
    return run.db, written
