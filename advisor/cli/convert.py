"""`convert`: a training file in the format another vendor takes."""

from pathlib import Path

import click

from advisor.cli.command import DONE, WRONG_INPUT, main, one_sentence
from advisor.cli.files import check_writable, read_file, write_file
from advisor.training.formats.write import TARGETS, Target
from advisor.words import count

_IN_FULL = 20


@main.command()
@click.argument("training_file", type=click.Path(path_type=Path))
@click.option("--to", type=click.Choice(TARGETS), required=True, help="The format to write.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write here; standard output unless given."
)
@click.option("--leave-out", is_flag=True, help="Leave out the lines that the format can't hold.")
@one_sentence
def convert(training_file: Path, to: Target, out: Path | None, leave_out: bool) -> int:
    """Write TRAINING_FILE (JSONL) as another vendor takes it, nothing lost, or say what would be."""
    from advisor.training.convert import convert as converted_to

    check_writable(out)
    found = converted_to(read_file(training_file), training_file.name, to)
    for sentence in found.lost[:_IN_FULL]:
        click.echo(sentence, err=True)
    if len(found.lost) > _IN_FULL:
        click.echo(f"… and {len(found.lost) - _IN_FULL:,} more.", err=True)
    if found.lost and not (leave_out and found.written):
        others = f" --leave-out writes the other {found.written:,}." if found.written else ""
        carried = count(len(found.lost), "line")
        click.echo(f"Nothing is written: {carried} can't be carried whole.{others}", err=True)
        return WRONG_INPUT
    if out is None:
        click.echo(found.content, nl=False)
    else:
        write_file(out, found.content)
    left = f", {len(found.lost):,} left out" if found.lost else ""
    click.echo(f"{count(found.written, 'line')} written{left}.", err=True)
    return DONE
