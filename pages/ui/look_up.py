"""The pages under Look up: each file of `pages/library/`, by the title and place that it declares."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LIBRARY = Path(__file__).parents[1] / "library"


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """A page as the navigation lists it."""

    place: float
    title: str
    file: Path

    @property
    def url_path(self) -> str:
        """The page's address: its file's name."""
        return self.file.stem


@cache
def library_pages(folder: Path = LIBRARY) -> tuple[LibraryPage, ...]:
    """The pages in their order. Each file is read and not run: a page draws when it is imported.

    Raises:
        KeyError: a file declares no `TITLE` or no `PLACE`.
    """
    found = []
    for file in folder.glob("[a-z]*.py"):
        declared = {
            node.targets[0].id: ast.literal_eval(node.value)
            for node in ast.parse(file.read_text("utf-8")).body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id in ("TITLE", "PLACE")
        }
        found.append(LibraryPage(declared["PLACE"], declared["TITLE"], file))
    return tuple(sorted(found, key=lambda page: page.place))
