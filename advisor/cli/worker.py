"""`worker`: work off queued runs."""

import click

from advisor.cli.command import DONE, main, one_sentence
from advisor.cli.database import database, open_store


@main.command()
@database
@click.option("--stalled-after", default=10.0, help="Seconds without a sign of life: it is dead.")
@one_sentence
def worker(db: str | None, stalled_after: float) -> int:
    """Work off queued runs; any number of workers may, on the Postgres that the app uses."""
    from advisor.runs.workers.worker import work

    work(open_store(db), stalled_after)
    return DONE
