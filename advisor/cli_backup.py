"""Backup and restore from the command line, of the database that the settings name."""

from pathlib import Path

import click

from advisor.cli import DONE, main, one_sentence


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@one_sentence
def backup(file: Path) -> int:
    """Copy the app's whole database to FILE; the app may go on meanwhile."""
    from advisor.settings import settings
    from advisor.store.backup import back_up

    back_up(settings().database, file)
    click.echo(f"Everything is in {file}. It holds texts and answers: keep it as safe as these.")
    return DONE


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Also where the database holds decisions.")
@one_sentence
def restore(file: Path, replace: bool) -> int:
    """Put FILE back as the app's database; stop the app first."""
    from advisor.settings import settings
    from advisor.store.backup import restore as put_back

    put_back(settings().database, file, replace=replace)
    click.echo(f"The database is as it was when {file} was written.")
    return DONE
