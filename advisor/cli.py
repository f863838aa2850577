"""The same journey without a browser: compare, decide, cost.

Exit codes: 0 done; 1 not decided, under `--require-decided`; 2 wrong input, one sentence on stderr;
3 the run is not complete. `--json` is written at any exit but 2.
"""

import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import click

from advisor.case import ArmName, Case, load_case
from advisor.decision import Record, decide_case, record_of
from advisor.errors import AdvisorError
from advisor.money import price_case, price_of_calls
from advisor.report.as_json import cost_value, decision_json, dump
from advisor.report.money_sentences import people
from advisor.report.words import OPTION_WORDS, usd
from advisor.runs.compare import compare as run_comparison
from advisor.runs.spec import spec_of
from advisor.store.repository import Store
from pricing import base_prices
from pricing.errors import PricingError

DONE, NOT_DECIDED, WRONG_INPUT, NOT_COMPLETE = 0, 1, 2, 3

case_file = click.argument("case_file", type=click.Path(path_type=Path))
json_out = click.option(
    "--json",
    "json_out",
    type=click.Path(path_type=Path),
    help="Write JSON here; - for standard output.",
)
day = click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), help="Decide for this day (YYYY-MM-DD)."
)


def _one_sentence(command: Callable[..., int]) -> Callable[..., None]:
    """Exit with the command's code; an error the reader can mend is its sentence and code 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            code = command(*args, **kwargs)
        except (AdvisorError, PricingError) as error:
            click.echo(str(error), err=True)
            code = WRONG_INPUT
        sys.exit(code)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Is a fine-tuned model worth it for a use case, or does a base model do?"""


@main.command()
@case_file
@click.option(
    "--db",
    required=True,
    type=click.Path(path_type=Path),
    help="SQLite file that keeps the answers.",
)
@json_out
@_one_sentence
def compare(case_file: Path, db: Path, json_out: Path | None) -> int:
    """Run or continue the comparison of CASE_FILE; only missing answers are asked for."""
    case = load_case(case_file)
    _check_writable(json_out)
    today = datetime.now(UTC).date()
    summary = run_comparison(
        case,
        _store(db),
        _keys(case),
        price=price_of_calls(case, today),
        case_id=_case_id(case_file),
    )
    value = {
        "run_id": summary.run_id,
        "status": summary.status,
        "planned": summary.planned,
        "done": summary.done,
        "refused": summary.refused,
        "failed": summary.failed,
        "cost_usd": summary.cost_usd,
    }
    _write(json_out, dump(value))
    cost = "recorded, nothing bought" if _recorded(case) else usd(summary.cost_usd)
    click.echo(
        f"run {summary.run_id}: {summary.status}, {summary.done} of {summary.planned} answered, "
        f"{summary.refused} refused, {summary.failed} failed, cost {cost}",
        err=json_out == Path("-"),
    )
    if summary.stop_reason:
        click.echo(summary.stop_reason, err=True)
    return DONE if summary.complete else NOT_COMPLETE


@main.command()
@case_file
@click.option("--db", type=click.Path(path_type=Path), help="SQLite file that keeps the answers.")
@json_out
@click.option("--pdf", "pdf_out", type=click.Path(path_type=Path), help="Write the PDF here.")
@click.option(
    "--run", "run_id", help="Rest on this run; by default the one of the case as it stands."
)
@click.option("--require-decided", is_flag=True, help="Exit 1 unless decided or blocked.")
@day
@_one_sentence
def decide(
    case_file: Path,
    db: Path | None,
    json_out: Path | None,
    pdf_out: Path | None,
    run_id: str | None,
    require_decided: bool,
    today: datetime | None,
) -> int:
    """Say base or fine-tuned for CASE_FILE, how firmly, and why."""
    case = load_case(case_file)
    record = _record(case, db, run_id)
    decision = decide_case(
        case, record, today=_day(today), made_at=_made_at(today), show_texts=False
    )
    report = decision.report
    _check_writable(json_out, pdf_out)
    if pdf_out is not None:
        from advisor.report.pdf import render_pdf

        _write_bytes(pdf_out, render_pdf(report))
    _write(json_out, decision_json(decision))
    to_stderr = json_out == Path("-")
    click.echo(f"{report.headline} {report.firmness_label}.", err=to_stderr)
    click.echo(report.summary, err=to_stderr)
    for reason in report.reasons:
        click.echo(f"  {reason.topic}: {reason.text}", err=to_stderr)
    click.echo(f"  Next: {report.next_step}", err=to_stderr)
    settled = decision.verdict.firmness in ("decided", "blocked")
    return NOT_DECIDED if require_decided and not settled else DONE


@main.command()
@case_file
@click.option("--db", type=click.Path(path_type=Path), help="Take measured usage from this file.")
@json_out
@day
@click.option("--refresh-prices", is_flag=True, help="Fetch today's base prices first.")
@_one_sentence
def cost(
    case_file: Path,
    db: Path | None,
    json_out: Path | None,
    today: datetime | None,
    refresh_prices: bool,
) -> int:
    """What each option of CASE_FILE costs, and when fine-tuning pays back."""
    case = load_case(case_file)
    if refresh_prices:
        base_prices.refresh()
    record = _record(case, db, None)
    money = price_case(case, record.outputs, _day(today), record.votes)
    show = money.currency.show
    _write(json_out, dump(cost_value(money)))
    to_stderr = json_out == Path("-")
    for arm, option in money.cost.arms.items():
        click.echo(
            f"{OPTION_WORDS[arm]}: {show(option.usd_per_month_all_in)} a month all in, "  # type: ignore[index]
            f"{show(option.total_usd)} over {money.cost.months_of_use:.1f} months",
            err=to_stderr,
        )
    for sentence in (people(money, "base"), money.currency.rate):
        if sentence:
            click.echo(sentence, err=to_stderr)
    if money.cost.break_even is not None:
        click.echo(f"Break-even: {money.cost.break_even.reason}", err=to_stderr)
    for lacking in money.cost.missing:
        click.echo(f"Not known: {lacking}", err=to_stderr)
    return DONE


def _record(case: Case, db: Path | None, run_id: str | None) -> Record:
    """What the database holds on the case; without one, no run."""
    if db is None:
        if run_id is not None:
            raise AdvisorError("--run needs --db: name the file that keeps the run.")
        return Record()
    if not db.exists():
        raise AdvisorError(f"{db} does not exist; run compare first, or check the name.")
    store = _store(db)
    if run_id is not None:
        return record_of(store, store.run(run_id))
    return record_of(store, store.find_run(spec_of(case).spec_hash))


def _store(db: Path) -> Store:
    if not db.parent.is_dir():
        raise AdvisorError(f"The folder {db.parent} does not exist; make it, or name another file.")
    return Store.open(db)


def _case_id(path: Path) -> str:
    """The same file is the same case."""
    return str(uuid5(NAMESPACE_URL, path.resolve().as_uri()))


def _keys(case: Case) -> dict[ArmName, str]:
    """Keys from the environment, by arm."""
    keys: dict[ArmName, str] = {}
    for name, arm in case.arms.items():
        if arm.api_key_env is None:
            continue
        key = os.environ.get(arm.api_key_env)
        if not key:
            raise AdvisorError(
                f"arms.{name} wants {arm.api_key_env} from the environment; set it to the key."
            )
        keys[name] = key
    return keys


def _recorded(case: Case) -> bool:
    return all(arm.recorded for arm in case.arms.values())


def _day(today: datetime | None) -> date:
    return today.date() if today else datetime.now(UTC).date()


def _made_at(today: datetime | None) -> datetime:
    """A decision for a named day is the same document whenever it is made."""
    return today.replace(tzinfo=UTC) if today else datetime.now(UTC).replace(microsecond=0)


def _check_writable(*paths: Path | None) -> None:
    """Refuse before anything is bought or written."""
    for path in paths:
        if path is None or path == Path("-"):
            continue
        folder = path.parent
        if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
            raise AdvisorError(f"{path} can't be written; name a file in a folder that exists.")


def _write(path: Path | None, text: str) -> None:
    if path == Path("-"):
        click.echo(text, nl=False)
    elif path is not None:
        _write_bytes(path, text.encode())


def _write_bytes(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise AdvisorError(
            f"{path} can't be written ({error.strerror}); name another file."
        ) from error
