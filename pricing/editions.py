"""Editions: the facts that ship, or a newer edition that was taken in and is used instead."""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
_Written = tuple[Mapping[str, Mapping[str, Any]], Mapping[str, Mapping[str, Any]]]
"""Sheets, and lists."""


@dataclass(frozen=True, eq=False)
class TakenEdition:
    """An edition that was taken in, checked: sheets and lists by the names of their files."""

    sha256: str
    newest: date
    """The day on which the newest of its facts was read."""
    sheets: Mapping[str, Mapping[str, Any]]
    lists: Mapping[str, Mapping[str, Any]]


_newest: list[TakenEdition] = []
_held: ContextVar[TakenEdition | None] = ContextVar("held")


def edition_in_use() -> TakenEdition | None:
    """The edition whose prices and dates are in use; None = the one that ships."""
    return _held.get(_newest[-1] if _newest else None)


def use_edition(edition: TakenEdition | None) -> None:
    """Use an edition from now on, in the whole process; None = the one that ships."""
    _newest[:] = [] if edition is None else [edition]


@contextmanager
def held_edition(*instead: TakenEdition | None) -> Iterator[None]:
    """Keep the edition in use the same within this context, whatever is taken in meanwhile.

    A page, or a decision, rests on one edition and not on two halves.

    Args:
        instead: another edition that is to hold here meanwhile; None = the one that ships.
    """
    token = _held.set(instead[0] if instead else edition_in_use())
    try:
        yield
    finally:
        _held.reset(token)


def raw_sheets(edition: TakenEdition | None) -> dict[str, Mapping[str, Any]]:
    """The sheets of an edition by file name, as they are written; new copies at each call."""
    sheets = read_folder(DATA)[0] if edition is None else edition.sheets
    return {name: dict(sheet) for name, sheet in sheets.items()}


def raw_list(edition: TakenEdition | None, name: str) -> Mapping[str, Any]:
    """A list of an edition, as it is written."""
    return read_folder(DATA)[1][name] if edition is None else edition.lists[name]


@lru_cache(maxsize=1)  # the sheets that ship do not change while the process runs
def _shipped() -> _Written:
    return _read_folder(DATA)


def read_folder(folder: Path) -> _Written:
    """The sheets and the lists of a folder, by the names of their files, as they are written."""
    return _shipped() if folder == DATA else _read_folder(folder)


def _read_folder(folder: Path) -> _Written:
    sheets = {path.stem: read_toml(path) for path in sorted(folder.glob("*.toml"))}
    lists = {path.stem: read_toml(path) for path in sorted((folder / "lists").glob("*.toml"))}
    return sheets, lists


def read_toml(path: Path) -> dict[str, Any]:
    """A sheet or a list; decimals are kept exact, never floats."""
    return tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
