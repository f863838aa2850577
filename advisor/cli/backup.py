"""Backup and restore from the command line."""

from pathlib import Path

import click

from advisor.cli.command import DONE, main, one_sentence
from advisor.cli.database import database, named


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@database
@one_sentence
def backup(file: Path, db: str | None) -> int:
    """Copy the whole database to FILE; the app may go on meanwhile."""
    from advisor.store.backup import back_up

    back_up(named(db), file)
    click.echo(f"Everything is in {file}. It holds texts and answers: keep it as safe as these.")
    return DONE


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@database
@click.option("--replace", is_flag=True, help="Overwrite a database that holds decisions.")
@one_sentence
def restore(file: Path, db: str | None, replace: bool) -> int:
    """Put FILE back as the database; stop the app first."""
    from advisor.store.backup import restore as put_back

    put_back(named(db), file, replace=replace)
    click.echo(f"The database is as it was when {file} was written.")
    return DONE
