"""Every string a reader may see, with where it stands: `python -m tests.sentences [WORD]`.

To be read in a row. A string with values in it is listed with `{…}` for each value.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
SPOKEN = ("app.py", "pages", "advisor/report", "advisor/cli", "advisor/training", "advisor/case")
SPOKEN_TOO = ("advisor/llm", "advisor/runs", "advisor/store", "advisor/host", "pricing")
"""Their errors are read."""
DATA = ("use_cases", "rubrics", "method", "endpoints", "replies")
VALUE = "{…}"


class Said(NamedTuple):
    """A string, and where it stands."""

    path: str
    line: int
    text: str


def in_code(path: Path) -> Iterator[Said]:
    """The strings of a Python file that are words: no docstring, no key, no query."""
    tree = ast.parse(path.read_text("utf-8"))
    silent = {id(node) for node in _docstrings(tree)}
    inner = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    for node in ast.walk(tree):
        if id(node) in silent or id(node) in inner:
            continue
        text = _text(node)
        if text is not None and _is_spoken(text):
            yield Said(str(path.relative_to(ROOT)), node.lineno, text)  # type: ignore[attr-defined]


def _docstrings(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for child in body if isinstance(body, list) else ():
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                yield child.value


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (p.value if isinstance(p, ast.Constant) else VALUE for p in node.values)
        return "".join(str(part) for part in parts)
    return None


def _is_spoken(text: str) -> bool:
    """Two words at least, and none of what only a program reads."""
    looks_coded = re.search(
        r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|WHERE)\b|<[a-z]+|\\n|[\[\]]{2}", text
    )
    return looks_coded is None and re.search(r"[A-Za-z]{2,}[,;:]? [A-Za-z]{2,}", text) is not None


def in_data(path: Path) -> Iterator[Said]:
    """The strings of a TOML file that are words."""

    def within(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for inner in value.values():
                yield from within(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from within(inner)

    for text in within(tomllib.loads(path.read_text("utf-8"))):
        if _is_spoken(text):
            yield Said(str(path.relative_to(ROOT)), 0, text)


def all_said() -> Iterator[Said]:
    """All of them, file by file."""
    for name in (*SPOKEN, *SPOKEN_TOO):
        place = ROOT / name
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            if "migrations" not in path.parts:
                yield from in_code(path)
    for name in DATA:
        yield from in_data(ROOT / "advisor" / "data" / f"{name}.toml")


def sentences(text: str) -> list[str]:
    """A text, sentence by sentence."""
    return [part for part in re.split(r"(?<=[.!?])\s+|\n+", text) if part.strip()]


def words(sentence: str) -> int:
    """How many words are read; a value counts as one."""
    return len(re.findall(rf"[\w’'%$€.,/-]*\w|{re.escape(VALUE)}", sentence))


if __name__ == "__main__":
    wanted = " ".join(sys.argv[1:]).lower()
    for said in all_said():
        if wanted in said.text.lower():
            print(f"{said.path}:{said.line}: {said.text}")
