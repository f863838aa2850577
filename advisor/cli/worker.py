"""`worker`: work off queued runs."""

import click

from advisor.cli.command import DONE, main, one_sentence
from advisor.cli.database import database, open_store


@main.command()
@database
@click.option(
    "--stalled-after",
    default=10.0,
    help="Seconds without a heartbeat after which another worker counts as dead.",
)
@one_sentence
def worker(db: str | None, stalled_after: float) -> int:
    """Work off queued runs, on the Postgres that the app uses; start as many workers as you like."""
    from advisor.runs.workers.worker import work

    work(open_store(db), stalled_after)
    return DONE
