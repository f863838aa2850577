"""What the commands share: their group, options, exit codes, and the record of a case.

Exit codes: 0 done; 1 not decided, under `--require-decided`; 2 wrong input, one sentence on stderr;
3 the run is not complete. `--json` is written at any exit but 2.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import click

from advisor.case.case import Case
from advisor.case.given import Brought
from advisor.cli.database import database
from advisor.cli.files import write_file
from advisor.errors import AdvisorError
from pricing.errors import PricingError

if TYPE_CHECKING:  # what a command needs is imported when it is called: `check` needs little
    from advisor.evidence.record import Record
    from advisor.store.repository import Store

NOTHING_BROUGHT = Brought()
DONE, NOT_DECIDED, WRONG_INPUT, NOT_COMPLETE = 0, 1, 2, 3

json_out = click.option(
    "--json",
    "json_out",
    type=click.Path(path_type=Path),
    help="Write JSON here; - for standard output.",
)
day = click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day to go by (YYYY-MM-DD); left out: today, UTC.",
)


def one_sentence(command: Callable[..., int]) -> Callable[..., None]:
    """Exit with the command's code; an error the reader can mend is its sentence and code 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            _use_kept_facts()
            code = command(*args, **kwargs)
        except (AdvisorError, PricingError) as error:
            click.echo(" ".join(str(error).split()), err=True)  # what it quotes may have lines
            code = WRONG_INPUT
        sys.exit(code)

    return run


def _use_kept_facts() -> None:
    """Go by the prices and dates that the app goes by."""
    from advisor.llm.upkeep.look import LATEST, kept_folder

    if (kept_folder() / LATEST).is_file():
        from advisor.llm.upkeep.feed import open_kept

        open_kept()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Is a fine-tuned model worth it for a use case, or does a base model do?"""


def of_case(command: Callable[..., int]) -> click.Command:
    """A command on a case, `main`'s: CASE_FILE, --db and --json, then the options it has besides."""
    case_file = click.argument("case_file", type=click.Path(path_type=Path))
    return main.command()(case_file(database(json_out(one_sentence(command)))))


def record_in(
    case: Case,
    store: "Store | None",
    run_id: str | None,
    brought: Brought = NOTHING_BROUGHT,
    case_id: str | None = None,
) -> "Record":
    """What the database holds on the case, and what came with it; without either, no run."""
    from advisor.case.run_spec import spec_of
    from advisor.evidence.given import given_record
    from advisor.evidence.record import Record
    from advisor.store.records import record_of

    if store is None and run_id is not None:
        raise AdvisorError("--run needs --db: name the database that keeps the run.")
    if store is not None and run_id is not None:
        return record_of(store, store.run(run_id))
    run = None if store is None else store.find_run(spec_of(case).spec_hash)
    if store is not None and run is not None and store.settled(run.id):
        kept = record_of(store, run)
        voted = {(v.prompt_id, v.voter, v.pair) for v in kept.votes}
        came = given_record(case, brought.answers, brought.votes).votes
        more = tuple(v for v in came if (v.prompt_id, v.voter, v.pair) not in voted)
        return replace(kept, votes=(*kept.votes, *more))
    if brought.answers:
        return given_record(case, brought.answers, brought.votes)
    return Record() if store is None else record_of(store, run, case_id)


def case_id_of(path: Path) -> str:
    """The same file is the same case."""
    return str(uuid5(NAMESPACE_URL, path.resolve().as_uri()))


def day_of(today: datetime | None) -> date:
    """The day that `--today` names, else this one (UTC)."""
    return today.date() if today else datetime.now(UTC).date()


def moment_of(today: datetime | None) -> datetime:
    """A decision for a named day is the same document whenever it is made."""
    return today.replace(tzinfo=UTC) if today else datetime.now(UTC).replace(microsecond=0)


def write_json(path: Path | None, text: str) -> None:
    """To the file that `--json` names, or to standard output for `-`."""
    if path == Path("-"):
        click.echo(text, nl=False)
    elif path is not None:
        write_file(path, text.encode())
