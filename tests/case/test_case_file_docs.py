"""docs/case-file.md and the case file's schema name the same keys, and its example reads."""

import re
from pathlib import Path

import pytest

from advisor.case.brief import Brief
from advisor.case.case import RunSettings
from advisor.case.case_file import _FILES, read_case
from advisor.case.checks import Checks
from advisor.case.currency import Currency
from advisor.case.options import Arm, Judge, Parameters
from pricing.charges import Volume
from pricing.people import People

WORDS = (Path(__file__).parents[2] / "docs/case-file.md").read_text("utf-8")


def named(heading: str) -> list[str]:
    """The keys in the first column of the table under a heading."""
    part = WORDS.split(f"## `[{heading}", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in part.splitlines() if line.startswith("| `")]
    return [key for row in rows for key in re.findall(r"`([^`]+)`", row.split("|")[1])]


def prefixed(table: str, fields: object) -> set[str]:
    return {f"{table}.{name}" for name in fields}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("brief", set(Brief.model_fields)),
        ("prompts", set(_FILES)),
        ("arms", set(Arm.model_fields)),
        (
            "run",
            prefixed("run", RunSettings.model_fields)
            | prefixed("judge", Judge.model_fields)
            | prefixed("checks", Checks.model_fields),
        ),
        (
            "volume",
            prefixed("volume", Volume.model_fields)
            | prefixed("people", People.model_fields)
            | prefixed("currency", Currency.model_fields),
        ),
    ],
)
def test_every_key_is_named_once(heading, keys):
    assert sorted(named(heading)) == sorted(keys)


def test_every_parameter_is_named():
    row = next(line for line in WORDS.splitlines() if line.startswith("| `parameters`"))
    assert set(re.findall(r"`([^`]+)`", row)) == {"parameters", *Parameters.model_fields}


def test_its_example_reads(tmp_path):
    (tmp_path / "CASE.toml").write_text(re.search(r"```toml\n(.*?)```", WORDS, re.S)[1], "utf-8")
    (tmp_path / "texts.jsonl").write_text('{"prompt": "Summarise this letter."}\n', "utf-8")
    case = read_case(tmp_path / "CASE.toml")
    assert (len(case.prompts), set(case.arms)) == (1, {"base", "tuned"})
