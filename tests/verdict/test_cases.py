"""Whole cases as files, by the command line: each reads like a colleague's advice."""

import json
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner

from advisor.cli.command import main
from advisor.evidence.record import Record
from advisor.report.report import write_report
from advisor.store.records import record_of
from advisor.store.repository import Store
from advisor.training.case_file import load_case
from advisor.verdict.verdict import Rule
from tests.make import decide
from tests.report.as_text import as_text

CASES = sorted(path.parent for path in Path(__file__).parent.parent.glob("cases/*/CASE.toml"))
FIRMNESS = {
    "blocked": "blocked",
    "base_wins": "decided",
    "too_dear": "decided",
    "tuned_wins": "decided",
    "level": "decided",
    "open": "open",
    "try_first": "try_first",
    "none_fits": "open",
}


def rule_of(folder: Path) -> str:
    """The rule a case stands for, by the name of its folder."""
    return next(rule for rule in get_args(Rule) if folder.name.startswith(rule))


def by_command_line(folder: Path, tmp_path: Path) -> tuple[dict, Path]:
    """Compared where there is anything to compare, then decided; the JSON and the database."""
    db, out = tmp_path / "cases.db", tmp_path / "decision.json"
    case = load_case(folder / "CASE.toml")
    if case.prompts:
        compared = CliRunner().invoke(main, ["compare", str(folder / "CASE.toml"), "--db", str(db)])
        assert compared.exit_code == 0, compared.output
    arguments = ["decide", str(folder / "CASE.toml"), "--json", str(out), "--today", "2026-11-22"]
    if case.prompts:
        arguments += ["--db", str(db)]
    decided = CliRunner().invoke(main, arguments)
    assert decided.exit_code == 0, decided.output
    return json.loads(out.read_text("utf-8")), db


def test_every_row_of_the_precedence_table_has_a_case():
    assert {rule_of(folder) for folder in CASES} == set(get_args(Rule))


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_case_is_decided_by_the_row_it_stands_for(folder, tmp_path, golden):
    value, db = by_command_line(folder, tmp_path)
    row = rule_of(folder)
    assert value["rule"] == row
    firmness = FIRMNESS.get(row)
    assert value["firmness"] in (
        {firmness} if firmness else {"likely", "leaning", "rule_of_thumb", "open"}
    )
    case, record = load_case(folder / "CASE.toml"), Record()
    if case.prompts:
        store = Store.open(db)
        (run,) = [store.run_state(found.id) for found in store.runs(store.titles()[0][0])]
        record = record_of(store, run)
        store.close()
    report = write_report(decide(case, record))
    assert report.headline == value["headline"]
    golden(f"cases/{folder.name}.txt", as_text(report))
