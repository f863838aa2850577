"""One class name, one thing: a name that means two has a reader open the wrong file."""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent


def types_of(source: str) -> set[str]:
    """Classes and named types (`Pair = tuple[...]`) at the top of a module."""
    found = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript | ast.BinOp):
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            found |= {name for name in names if name[0].isupper() and not name.isupper()}
    return found


def test_this_test_sees_classes_and_named_types():
    source = 'class A: pass\nPair = tuple[str, str]\nWord = Literal["x"]\nMOST = 2 * 3\nx = a | b\n'
    assert types_of(source) == {"A", "Pair", "Word"}


def test_a_class_name_means_one_thing():
    places = defaultdict(set)
    for layer in ("pricing", "advisor", "pages"):
        for path in (ROOT / layer).rglob("*.py"):
            for name in types_of(path.read_text("utf-8")):
                places[name].add(path.relative_to(ROOT).as_posix())
    assert len(places) > 250
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
