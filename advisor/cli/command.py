"""The same journey without a browser: compare, decide, cost, check.

Exit codes: 0 done; 1 not decided, under `--require-decided`; 2 wrong input, one sentence on stderr;
3 the run is not complete. `--json` is written at any exit but 2.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import click

from advisor.case import ArmName, Case, load_case
from advisor.cli_database import database, open_existing, open_store
from advisor.errors import AdvisorError, BadCase, UnknownCase
from advisor.files import check_writable, read_file, write_file
from advisor.prompts import from_file
from pricing.errors import PricingError

if TYPE_CHECKING:  # what a command needs is imported when it is called: `check` needs little
    from advisor.decision import Decision, Record
    from advisor.store.repository import Store

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


def one_sentence(command: Callable[..., int]) -> Callable[..., None]:
    """Exit with the command's code; an error the reader can mend is its sentence and code 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            code = command(*args, **kwargs)
        except (AdvisorError, PricingError) as error:
            click.echo(" ".join(str(error).split()), err=True)  # what it quotes may have lines
            code = WRONG_INPUT
        sys.exit(code)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Is a fine-tuned model worth it for a use case, or does a base model do?"""


@main.command()
@case_file
@database
@json_out
@one_sentence
def compare(case_file: Path, db: str | None, json_out: Path | None) -> int:
    """Run or continue the comparison of CASE_FILE; only missing answers are asked for."""
    from advisor.evidence.metrics import find_primary
    from advisor.exposure import typed_by_the_host
    from advisor.money import price_of_calls
    from advisor.report.as_json import dump
    from advisor.report.judging import how_the_judging_stands, judged_value
    from advisor.runs.compare import compare as run_comparison
    from advisor.runs.compare import keys_from_environment
    from advisor.variants import check_variants

    case = load_case(case_file)
    check_variants(case)
    find_primary(case.run.primary_metric)  # before anything is bought
    check_writable(json_out)
    today = datetime.now(UTC).date()
    with typed_by_the_host():
        summary = run_comparison(
            case,
            open_store(db),
            keys_from_environment(case),
            price=price_of_calls(case, today),
            case_id=_case_id(case_file),
        )
    value = summary.value
    if summary.judged is not None:
        value["judge"] = judged_value(summary.judged)
    _write(json_out, dump(value))
    recorded = all(arm.recorded for arm in case.arms.values())
    cost = "recorded, nothing bought" if recorded else case.currency.show(summary.cost_usd)
    click.echo(
        f"run {summary.run_id}: {summary.status}, {summary.done:,} of {summary.planned:,} answered, "
        f"{summary.refused:,} refused, {summary.failed:,} failed, cost {cost}",
        err=json_out == Path("-"),
    )
    if summary.judged is not None:
        click.echo(how_the_judging_stands(summary.judged, case.currency), err=json_out == Path("-"))
    if summary.stop_reason:
        click.echo(summary.stop_reason, err=True)
    return DONE if summary.complete else NOT_COMPLETE


@main.command()
@case_file
@database
@json_out
@click.option("--pdf", "pdf_out", type=click.Path(path_type=Path), help="Write the PDF here.")
@click.option(
    "--run", "run_id", help="Rest on this run; by default the one of the case as it stands."
)
@click.option("--require-decided", is_flag=True, help="Exit 1 unless decided or blocked.")
@day
@one_sentence
def decide(
    case_file: Path,
    db: str | None,
    json_out: Path | None,
    pdf_out: Path | None,
    run_id: str | None,
    require_decided: bool,
    today: datetime | None,
) -> int:
    """Say base or fine-tuned for CASE_FILE, how firmly, and why."""
    from advisor.decision import decide_case
    from advisor.llm.hosted import host_addresses
    from advisor.report.as_json import decision_json

    case = load_case(case_file)
    store = open_existing(db)
    record = _record(case, store, run_id)
    decision = decide_case(
        case, record, today=_day(today), made_at=_made_at(today), hosts=host_addresses()
    )
    report = decision.report
    check_writable(json_out, pdf_out)
    if store is not None and run_id is None:
        _keep_standing(store, _case_id(case_file), decision)
    if pdf_out is not None:
        from advisor.report.pdf import render_pdf

        write_file(pdf_out, render_pdf(report))
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
@database
@json_out
@day
@click.option("--refresh-prices", is_flag=True, help="Fetch today's base prices first.")
@one_sentence
def cost(
    case_file: Path,
    db: str | None,
    json_out: Path | None,
    today: datetime | None,
    refresh_prices: bool,
) -> int:
    """What each option of CASE_FILE costs, and when fine-tuning pays back."""
    from advisor.money import price_case
    from advisor.report.as_json import cost_value, dump
    from advisor.report.money_sentences import not_counted, people, scope
    from advisor.report.words import OPTION_WORDS
    from pricing import base_prices

    case = load_case(case_file)
    if refresh_prices:
        base_prices.refresh()
    record = _record(case, open_existing(db), None)
    against = _best_base(case, record)
    money = price_case(case, record.outputs, _day(today), record.votes, against)
    show = money.currency.show
    _write(json_out, dump(cost_value(money)))
    to_stderr = json_out == Path("-")
    for arm, option in money.cost.arms.items():
        click.echo(
            f"{OPTION_WORDS[arm]}: {show(option.usd_per_month_all_in)} a month, "  # type: ignore[index]
            f"{show(option.total_usd)} over {money.cost.months_of_use:.1f} months, {scope(money)}",
            err=to_stderr,
        )
    for sentence in (people(money, against), not_counted(money), money.currency.rate):
        if sentence:
            click.echo(sentence, err=to_stderr)
    if money.cost.break_even is not None:
        click.echo(f"Break-even: {money.cost.break_even.reason}", err=to_stderr)
    for lacking in money.cost.missing:
        click.echo(f"Not known: {lacking}", err=to_stderr)
    return DONE


@main.command()
@click.argument("training_file", type=click.Path(path_type=Path))
@click.option(
    "--prompts",
    type=click.Path(path_type=Path),
    help="Texts of the comparison: .csv, .jsonl, .txt.",
)
@json_out
@day
@one_sentence
def check(
    training_file: Path, prompts: Path | None, json_out: Path | None, today: datetime | None
) -> int:
    """Check TRAINING_FILE (JSONL): format, doubles, leakage, personal data, size and price."""
    from advisor.training.as_json import check_json
    from advisor.training.check import check_training_file
    from advisor.training.jobs import price_jobs
    from advisor.training.sentences import lines_for_a_terminal

    texts = from_file(read_file(prompts), prompts.name).prompts if prompts else ()
    check_writable(json_out)
    report = check_training_file(read_file(training_file), training_file.name, texts)
    jobs = price_jobs(report.tokens, report.epochs, _day(today))
    _write(json_out, check_json(report, jobs))
    for line in lines_for_a_terminal(report, jobs):
        click.echo(line, err=json_out == Path("-"))
    return DONE


@main.command()
@database
@click.option("--stalled-after", default=10.0, help="Seconds without a sign of life: it is dead.")
@one_sentence
def worker(db: str | None, stalled_after: float) -> int:
    """Work off queued runs; any number of workers may, on the Postgres that the app uses."""
    from advisor.runs.worker import work

    work(open_store(db), stalled_after)
    return DONE


def _record(case: Case, store: "Store | None", run_id: str | None) -> "Record":
    """What the database holds on the case; without one, no run."""
    from advisor.decision import Record, record_of
    from advisor.runs.spec import spec_of

    if store is None:
        if run_id is not None:
            raise AdvisorError("--run needs --db: name the database that keeps the run.")
        return Record()
    if run_id is not None:
        return record_of(store, store.run(run_id))
    return record_of(store, store.find_run(spec_of(case).spec_hash))


def _best_base(case: Case, record: "Record") -> ArmName:
    """The base option that fine-tuned has to beat, as `decide` takes it."""
    if not record.outputs:
        return "base"
    from advisor.decision import evidence_of
    from advisor.rules import load_rules

    return evidence_of(case, record, load_rules())[0].base_arm


def _keep_standing(store: "Store", case_id: str, decision: "Decision") -> None:
    """Keep with the case how it stands, where the store has it as the file says it."""
    from advisor.standing import case_digest, digest_of, standing_of

    # Not compared yet, or by another version: there is nothing to keep it with.
    with suppress(UnknownCase, BadCase):
        if store.load_case(case_id) == decision.case:
            digest = digest_of(case_digest(decision.case), decision.record)
            store.decided(case_id, standing_of(decision, digest))


def _case_id(path: Path) -> str:
    """The same file is the same case."""
    return str(uuid5(NAMESPACE_URL, path.resolve().as_uri()))


def _day(today: datetime | None) -> date:
    return today.date() if today else datetime.now(UTC).date()


def _made_at(today: datetime | None) -> datetime:
    """A decision for a named day is the same document whenever it is made."""
    return today.replace(tzinfo=UTC) if today else datetime.now(UTC).replace(microsecond=0)


def _write(path: Path | None, text: str) -> None:
    if path == Path("-"):
        click.echo(text, nl=False)
    elif path is not None:
        write_file(path, text.encode())
