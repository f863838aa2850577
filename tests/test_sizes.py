"""A file is read in one sitting, a function at a glance."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILE, FUNCTION = 400, 60
"""Lines at most."""
SOURCES = [
    ROOT / "app.py",
    *(path for layer in ("pages", "advisor", "pricing") for path in (ROOT / layer).rglob("*.py")),
]


def long_functions(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > FUNCTION:
                yield f"{node.name}: {lines} lines"


def test_a_function_one_line_too_long_is_seen_wherever_it_stands():
    def method(lines: int) -> str:
        return "class A:\n    async def f(self):\n" + "        pass\n" * (lines - 1)

    assert list(long_functions(method(61))) == ["f: 61 lines"]
    assert list(long_functions(method(60))) == []


def test_every_file_is_read_in_one_sitting():
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert len(lines) > 200
    assert {path.relative_to(ROOT): n for path, n in lines.items() if n > FILE} == {}


def test_every_function_is_read_at_a_glance():
    # A migration is never edited again.
    found = {
        path.relative_to(ROOT): long
        for path in SOURCES
        if "migrations" not in path.parts
        and (long := list(long_functions(path.read_text("utf-8"))))
    }
    assert found == {}
