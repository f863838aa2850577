"""`facts`: how old prices and dates are, whether they still stand at their sources, and as JSON."""

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
from advisor.report.upkeep import check_lines, checked_json, status_lines
from pricing.editions import DATA
from pricing.upkeep import SOON_DAYS

CACHE = Path("data") / "facts_cache"
"""Where pages are kept until they change."""
data_folder = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=DATA,
    help="The folder of sheets; by default those that ship.",
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
@click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    default=CACHE,
    help="Where pages are kept until they change.",
)
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
