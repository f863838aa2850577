"""`facts`: how old prices and dates are, whether they still stand at their sources, and as JSON."""

import difflib
import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from advisor.cli.command import (
    DONE,
    NOT_DECIDED,
    day,
    day_of,
    json_out,
    main,
    one_sentence,
    write_json,
)
from advisor.cli.files import check_writable, write_file
from advisor.errors import AdvisorError
from advisor.report.upkeep import check_lines, checked_json, status_lines, update_lines
from pricing.editions import DATA
from pricing.upkeep import SOON_DAYS

CACHE = Path("data") / "facts_cache"
data_folder = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=DATA,
    help="The folder of sheets; by default those that ship.",
)


cache_folder = click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    default=CACHE,
    help="A folder in which pages are kept until they change.",
)


@main.group()
def facts() -> None:
    """Look after the prices and dates that ship."""


@facts.command()
@click.option(
    "--within", type=click.IntRange(1, 3650), default=SOON_DAYS, help="Days to look ahead."
)
@click.option("--require-fresh", is_flag=True, help="Exit with 1 while anything is ageing.")
@json_out
@day
@one_sentence
def status(within: int, require_fresh: bool, json_out: Path | None, today: datetime | None) -> int:
    """Say which facts were read too long ago for their kind, and what closes or stops soon."""
    from pricing.upkeep import ends_soon, fact_ages

    check_writable(json_out)
    on = day_of(today)
    ages, ending = fact_ages(on), ends_soon(on, within)
    value = {
        "today": on,
        "facts": [asdict(fact) | {"ageing": fact.ageing} for fact in ages],
        "ends_soon": [asdict(one) for one in ending],
    }
    write_json(json_out, json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")
    for line in status_lines(ages, ending, on, within):
        click.echo(line, err=json_out == Path("-"))
    return NOT_DECIDED if require_fresh and any(fact.ageing for fact in ages) else DONE


@facts.command()
@data_folder
@click.option("--dry-run", is_flag=True, help="Write nothing in the sheets.")
@cache_folder
@json_out
@day
@one_sentence
def check(
    data: Path, dry_run: bool, cache: Path, json_out: Path | None, today: datetime | None
) -> int:
    """Look for every figure and date at its source; what still stands there gets today's date.

    A price is never changed: for one that moved, the old and the new words are shown, and the line
    to edit. Exits with 1 if anything changed, is gone or could not be read.
    """
    from advisor.host.settings import typed_by_the_host
    from advisor.llm.upkeep.check import check_sheets, write_days

    check_writable(json_out)
    on = day_of(today)
    with typed_by_the_host():
        checked = check_sheets(data, on, cache)
    if not dry_run:
        checked = write_days(data, checked, on)
    write_json(json_out, checked_json(checked, on))
    for line in check_lines(checked, on, written=not dry_run):
        click.echo(line, err=json_out == Path("-"))
    return DONE if all(f.compared.outcome == "stands" for f in checked.facts) else NOT_DECIDED


@facts.command()
@data_folder
@click.option("--apply", "write", is_flag=True, help="Write the changes into the sheets.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the diff here.")
@cache_folder
@day
@one_sentence
def update(data: Path, write: bool, out: Path | None, cache: Path, today: datetime | None) -> int:
    """Show as a diff what the feeds of prices and last days have changed, to review and apply.

    A price that changed gets an entry of its own from today; the one before it stays. Exits with 1
    while there is a diff that was not applied, or a feed could not be read.
    """
    from advisor.host.settings import typed_by_the_host
    from advisor.llm.upkeep.update import updated_sheets, write_sheets

    check_writable(out)
    with typed_by_the_host():
        found = updated_sheets(data, day_of(today), cache)
    diff = sheets_diff(data, found.texts)
    if out is not None:
        write_file(out, diff.encode())
    elif not write:
        click.echo(diff, nl=False)
    for line in update_lines(
        found.changed, found.unread, found.looked_for, found.stops, applied=write
    ):
        click.echo(line, err=True)
    if write:
        write_sheets(data, found.texts)
    left = bool(found.texts) and not write
    return NOT_DECIDED if left or found.unread or found.stops is None else DONE


@facts.command()
@click.argument("folder", type=click.Path(path_type=Path))
@one_sentence
def export(folder: Path) -> int:
    """Write every price and date to FOLDER as one JSON, named by its SHA-256, and latest.json."""
    from pricing.export import export_facts

    if not folder.is_dir():
        raise AdvisorError(f"{folder} is no folder; name one that exists.")
    found = export_facts()
    check_writable(folder / found.file_name, folder / "latest.json")
    write_file(folder / found.file_name, found.content)
    write_file(folder / "latest.json", found.pointer())  # last: it points at what is there
    click.echo(f"{folder / found.file_name} written; latest.json names it.")
    return DONE


def sheets_diff(data: Path, texts: dict[str, str]) -> str:
    """The sheets as they are and as they would be, in the form that `git apply` and `patch` take."""
    found: list[str] = []
    for file, text in texts.items():
        path = (data / file).resolve()
        here = Path.cwd()
        name = path.relative_to(here).as_posix() if path.is_relative_to(here) else file
        old = path.read_text("utf-8").splitlines(keepends=True)
        new = text.splitlines(keepends=True)
        found += difflib.unified_diff(old, new, f"a/{name}", f"b/{name}")
    return "".join(found)
