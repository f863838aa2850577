"""docs/security.md: every threat has a control and a test, and every test named is there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/security.md").read_text("utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)


def names_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_named_test_is_there():
    assert len(NAMED) > 25
    assert [f"{path}::{name}" for path, name in NAMED if name not in names_in(path)] == []


def test_every_threat_has_a_control_and_a_test():
    threats = TEXT.split("## Threats")[1].split("##")[0]
    rows = [line.strip("|").split(" | ") for line in threats.splitlines() if line.startswith("| ")]
    assert len(rows) > 20
    for row in rows[1:]:
        assert len(row) == 3, row
        assert re.search(r"`tests/[\w/]+\.py::test_\w+`", row[2]), row[0]


def test_every_file_of_these_tests_is_named():
    files = {f"tests/safety/{path.name}" for path in Path(__file__).parent.glob("test_*.py")}
    named = {path for path, _ in NAMED} | {"tests/safety/test_table.py"}
    assert files - named == set()
