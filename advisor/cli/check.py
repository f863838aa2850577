"""`check`: a training file, before anything is paid for."""

from datetime import datetime
from pathlib import Path

import click

from advisor.case.reading.formats import ENDINGS
from advisor.case.reading.read import read_texts
from advisor.cli.command import DONE, day, day_of, json_out, main, one_sentence, write_json
from advisor.cli.files import check_writable, read_file


@main.command()
@click.argument("training_file", type=click.Path(path_type=Path))
@click.option(
    "--prompts",
    type=click.Path(path_type=Path),
    help=f"Texts of the comparison: {ENDINGS}.",
)
@json_out
@day
@one_sentence
def check(
    training_file: Path, prompts: Path | None, json_out: Path | None, today: datetime | None
) -> int:
    """Check TRAINING_FILE (JSONL): format, duplicates, leakage, personal data, size and price."""
    from advisor.report.training_file import lines_for_a_terminal
    from advisor.report.training_json import check_json
    from advisor.training.check import check_training_file
    from advisor.training.jobs import price_jobs

    texts = read_texts(read_file(prompts), prompts.name).prompts if prompts else ()
    check_writable(json_out)
    report = check_training_file(read_file(training_file), training_file.name, texts)
    jobs = price_jobs(
        report.tokens,
        report.epochs,
        day_of(today),
        kind=report.kind,
        media=[kind for kind, _ in report.media],
    )
    write_json(json_out, check_json(report, jobs))
    for line in lines_for_a_terminal(report, jobs):
        click.echo(line, err=json_out == Path("-"))
    return DONE
