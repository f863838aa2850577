"""`read`: what is understood of a file of texts, answers or votes."""

from pathlib import Path

import click

from advisor.cli.command import DONE, json_out, main, one_sentence, write_json
from advisor.cli.files import check_writable, read_file


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sheet", help="Of a workbook; by default the first one with anything in it.")
@json_out
@one_sentence
def read(file: Path, sheet: str | None, json_out: Path | None) -> int:
    """Say what is understood of FILE: texts, answers or votes, column by column."""
    from advisor.case.reading.read import read_file as read_texts_of
    from advisor.report.bringing import understood
    from advisor.report.dump import dump

    check_writable(json_out)
    found = read_texts_of(read_file(file), file.name, sheet=sheet)
    write_json(json_out, dump(found.value))
    for sentence in (understood(found), *found.remarks):
        click.echo(sentence, err=json_out == Path("-"))
    return DONE
