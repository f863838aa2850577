"""What is kept of a decision, and what makes it another one."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

from click.testing import CliRunner

from advisor.case.case_file import SAMPLES, load_sample
from advisor.cli.command import main
from advisor.evidence.model import Output, Vote
from advisor.evidence.record import Record
from advisor.report.summary import DecisionSummary, case_digest, digest_of, summarise
from advisor.store.repository import Store
from advisor.version import VERSION, versions
from tests.make import decide

TODAY = date(2026, 11, 22)
CASE = load_sample("clinic_notes")
RECORD = Record(
    outputs=tuple(
        Output(prompt.id, arm, 0, "answered", "A note.", served_model=f"{arm}-1")
        for prompt in CASE.prompts
        for arm in ("base", "tuned")
    )
)


def standing(case=CASE, record=RECORD) -> DecisionSummary:
    return summarise(decide(case, record), digest_of(case_digest(case), record))


def test_a_standing_holds_what_an_old_decision_is_held_against():
    kept = standing()
    assert kept.decided_on == TODAY
    assert kept.app_version == VERSION
    by_arm = {option.arm: option for option in kept.options}
    assert by_arm["base"].served == ("base-1",)
    assert by_arm["tuned"].served == ("tuned-1",)
    assert all({"input", "output"} <= option.prices.keys() for option in kept.options)
    assert kept.bases[0].usd_per_month is not None
    assert kept.bases[0].checked is not None
    assert kept.requests_per_month == CASE.volume.requests_per_month
    assert kept.months_planned == CASE.volume.horizon_months


def test_a_standing_comes_back_from_json_exactly():
    kept = standing()
    assert DecisionSummary.model_validate_json(kept.model_dump_json()) == kept


def test_how_a_run_stands_makes_no_decision_of_before_another_one():
    ended = replace(RECORD, status="done")
    assert digest_of("case", ended) == digest_of("case", RECORD)


def test_neither_its_name_nor_its_owner_makes_a_case_another_one():
    named = CASE.model_copy(
        update={"title": "Other", "decided_by": "Mo", "review_on": date(2027, 5, 22)}
    )
    assert case_digest(named) == case_digest(CASE)


def test_what_the_reader_gives_makes_it_another_one():
    volume = CASE.volume.model_copy(update={"requests_per_month": 7})
    plain = case_digest(CASE)
    assert case_digest(CASE.model_copy(update={"volume": volume})) != plain
    given = [
        RECORD,
        Record(),
        replace(RECORD, votes=(Vote("1", "tuned"),)),
        replace(RECORD, votes=(Vote("1", "base"),)),
        replace(RECORD, complete=False),
        replace(RECORD, outputs=RECORD.outputs[1:]),
    ]
    assert len({digest_of(plain, record) for record in given}) == len(given)


def test_the_version_is_the_project_s_and_every_library_has_one():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == VERSION
    assert all(versions().values())


def test_the_command_line_keeps_how_a_case_stands(tmp_path):
    def call(*arguments):
        found = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert found.exit_code == 0, found.output

    case_file, db = SAMPLES / "clinic_notes" / "CASE.toml", tmp_path / "runs.db"
    call("compare", case_file, "--db", db)
    store = Store.open(db)
    (row,) = store.recent_cases()
    assert row.standing is None
    for day in ("2026-11-22", "2026-11-23"):  # nothing new was given for the second day
        call("decide", case_file, "--db", db, "--today", day)
        (row,) = store.recent_cases()
        assert row.standing.decided_on == TODAY
        assert row.standing.headline == "Base, for now. Nobody has read the answers yet."
    store.close()
