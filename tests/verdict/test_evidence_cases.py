"""Whole cases that once said the opposite of their readers, by the command line."""

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from advisor.cli.command import main

CASES = sorted(Path(__file__).parent.parent.glob("cases/evidence/*/CASE.toml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.parent.name)
def test_a_case_is_decided_as_its_readers_did(case, tmp_path):
    out = tmp_path / "decision.json"
    arguments = ["decide", str(case), "--json", str(out), "--today", "2026-11-22"]
    decided = CliRunner().invoke(main, arguments)
    assert decided.exit_code == 0, decided.output
    value = json.loads(out.read_text("utf-8"))
    says = tomllib.loads((case.parent / "SAYS.toml").read_text("utf-8"))
    assert {key: value[key] for key in says} == says
    if case.parent.name == "readers_before_shared_words":
        assert "Overlap of words with the approved answers points the other way" in decided.output


def test_the_cases_are_there():
    assert len(CASES) == 4
