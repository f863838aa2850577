"""Imports point inwards, and the README's tree is true."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ("pricing", "advisor", "pages")
"""Each may import those before it."""


def code_of(layer: str) -> list[str]:
    return sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / layer).rglob("*.py"))


CODE = ["app.py", *(path for layer in LAYERS for path in code_of(layer))]

# Library: where alone it may be imported. Only those in use or named by the design.
ONLY_IN = {
    "streamlit": ("app.py", "pages/"),
    "plotly": ("pages/",),
    "openai": ("advisor/llm/",),
    "httpcore2": ("advisor/llm/",),
    "ssrfguard": ("advisor/llm/",),
    "sqlalchemy": ("advisor/store/",),
    "alembic": ("advisor/store/",),
    "psycopg_pool": ("advisor/llm/shared_limit.py",),
    "pyrate_limiter": ("advisor/llm/shared_limit.py",),
    "procrastinate": ("advisor/runs/queue.py", "advisor/runs/worker.py"),
    "typst": ("advisor/report/pdf.py",),
    "click": ("advisor/cli",),
    "tiktoken": ("pricing/tokens.py",),
    "genai_prices": ("pricing/base_prices.py",),
}


def imports(source: str) -> set[str]:
    """First names of all modules imported anywhere in a file."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, so that this test sees them"
            found.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            found |= {str(ast.literal_eval(node.args[0])).partition(".")[0]}
    return found


def imported_by(path: str) -> set[str]:
    return imports((ROOT / path).read_text("utf-8"))


def test_this_test_sees_every_way_to_import():
    source = """
import a.b, c as d
def f():
    from e.f import g
    import importlib
    importlib.import_module("h.i")
"""
    assert imports(source) == {"a", "c", "e", "importlib", "h"}
    assert len(CODE) > 60
    assert {"app.py", "pages/steps/start.py", "advisor/cli.py", "pricing/cost.py"} <= set(CODE)


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_point_inwards(layer):
    outside = {*LAYERS[LAYERS.index(layer) + 1 :], "app", "tests"}
    wrong = {path: found for path in code_of(layer) if (found := imported_by(path) & outside)}
    assert not wrong


def test_the_frame_imports_no_tests():
    assert "tests" not in imported_by("app.py")


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_stays_where_it_belongs(library):
    wrong = [
        path
        for path in CODE
        if library in imported_by(path) and not path.startswith(ONLY_IN[library])
    ]
    assert not wrong


def test_no_page_stands_directly_under_pages():
    # On a fresh process a first hit on such a page's link runs it without the frame.
    assert list((ROOT / "pages").glob("*.py")) == []


# The tree of the README


def tree_lines(readme: str) -> Iterator[tuple[str, str]]:
    """(path, words) of each line of the code block under the heading "The tree"."""
    block = re.search(r"^#+ The tree\n.*?^```\w*\n(.*?)^```$", readme, re.M | re.S)
    assert block, 'the README has no code block under a heading "The tree"'
    folders: list[str] = []
    for line in block[1].splitlines():
        if not line.strip():
            continue
        found = re.fullmatch(r"((?:  )*)(\S+)(?:  +(\S.*))?", line)
        assert found, f"neither `name  words` nor two spaces a level: {line!r}"
        level, name = len(found[1]) // 2, found[2]
        assert level <= len(folders), f"deeper than the folder above it: {line!r}"
        del folders[level:]
        yield "".join(folders) + name, found[3] or ""
        if name.endswith("/"):
            folders.append(name)


def test_the_tree_is_read_as_agreed():
    readme = """# X
## The tree

Words.

```text
app.py  the frame
pages/
  steps/  five of them
    start.py  where it starts
  public/report.py    read-only
advisor/
  cli.py  commands
```
"""
    assert list(tree_lines(readme)) == [
        ("app.py", "the frame"),
        ("pages/", ""),
        ("pages/steps/", "five of them"),
        ("pages/steps/start.py", "where it starts"),
        ("pages/public/report.py", "read-only"),
        ("advisor/", ""),
        ("advisor/cli.py", "commands"),
    ]


def test_every_module_has_its_line_in_the_readme():
    lines = list(tree_lines((ROOT / "README.md").read_text("utf-8")))
    modules = {
        path
        for path in CODE
        if not path.endswith("__init__.py") and not path.startswith("advisor/store/migrations/")
    }
    named = Counter(path for path, _ in lines if path.endswith(".py"))
    assert modules - named.keys() == set(), "modules without a line"
    assert [path for path, times in named.items() if times > 1] == [], "named twice"
    assert [path for path, _ in lines if not (ROOT / path).exists()] == [], "gone, or misspelt"
    assert [path for path, words in lines if path.endswith(".py") and not words] == []
