"""`from advisor import decide`: the one door for a program, and what stays behind it."""

import subprocess
import sys
from datetime import UTC, date, datetime

import advisor
from advisor.case.case_file import load_sample
from advisor.evidence.record import Record


def test_a_program_decides_a_case_through_the_door():
    case = load_sample("clinic_notes")
    assert isinstance(case, advisor.Case)
    made_at = datetime(2026, 11, 22, tzinfo=UTC)
    decision = advisor.decide(case, Record(), today=date(2026, 11, 22), made_at=made_at)
    assert decision.verdict.recommendation in ("base", "tuned")
    assert decision.money == advisor.cost(case, (), date(2026, 11, 22))


def test_the_door_names_what_it_gives_and_nothing_else():
    assert set(advisor.__all__) <= set(dir(advisor))
    assert not hasattr(advisor, "no_such_thing")


def test_neither_the_database_nor_a_client_is_loaded_before_it_is_used():
    code = (
        "import sys; from advisor import Case, cost, decide; "
        "print(sorted({'sqlalchemy', 'openai', 'streamlit', 'httpx2'} & sys.modules.keys()))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_a_store_is_opened_without_a_client(tmp_path):
    # The client takes as long to import as all else that a server's first page needs of the store.
    code = (
        "import sys; from advisor.store.repository import Store; Store.open(sys.argv[1]).titles(); "
        "print(sorted({'openai', 'aiohttp', 'httpx2', 'scipy'} & sys.modules.keys()))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.db")]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
