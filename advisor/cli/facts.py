"""`facts`: how old the prices and dates that ship are, what ends soon, and all of them as JSON."""

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
from advisor.report.upkeep import status_lines
from pricing.upkeep import SOON_DAYS


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
