"""`compare`: run or continue the comparison of a case."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from advisor.case.case_file import read_brought
from advisor.cli.command import (
    DONE,
    NOT_COMPLETE,
    case_id_of,
    of_case,
    write_json,
)
from advisor.cli.database import open_store
from advisor.cli.files import check_writable
from advisor.training.case_file import load_case

if TYPE_CHECKING:
    from advisor.evidence.run_state import Progress


@of_case
def compare(case_file: Path, db: str | None, json_out: Path | None) -> int:
    """Run or continue the comparison of CASE_FILE; only missing answers are asked for."""
    from advisor.case.variants import check_options
    from advisor.evidence.metrics import find_primary
    from advisor.host.settings import typed_by_the_host
    from advisor.report.before import how_far
    from advisor.report.dump import dump
    from advisor.report.judging import how_the_judging_stands, judged_value
    from advisor.runs.compare import Watch, keys_from_environment
    from advisor.runs.compare import compare as run_comparison
    from advisor.runs.prices import price_of_calls

    case = load_case(case_file)
    check_options(case)
    find_primary(case.run.primary_metric)  # before anything is bought
    check_writable(json_out)
    today = datetime.now(UTC).date()

    def tell(progress: "Progress", seconds_left: float | None) -> None:
        click.echo(how_far(progress, seconds_left, case.currency), err=True)

    with typed_by_the_host():
        summary = run_comparison(
            case,
            open_store(db),
            keys_from_environment(case),
            price=price_of_calls(case, today),
            case_id=case_id_of(case_file),
            brought=read_brought(case_file),
            watch=Watch(1.0 if sys.stderr.isatty() else 10.0, tell),
        )
    value = summary.value
    if summary.judged is not None:
        value["judge"] = judged_value(summary.judged)
    write_json(json_out, dump(value))
    recorded = all(arm.recorded for arm in case.arms.values())
    cost = "recorded, nothing bought" if recorded else case.currency.show(summary.cost_usd)
    cut = f" ({summary.cut:,} cut off)" if summary.cut else ""
    click.echo(
        f"run {summary.run_id}: {summary.status}, {summary.done:,} of {summary.planned:,} answered"
        f"{cut}, "
        f"{summary.refused:,} refused, {summary.no_answer:,} without an answer, "
        f"{summary.failed:,} failed, cost {cost}",
        err=json_out == Path("-"),
    )
    if summary.judged is not None:
        click.echo(how_the_judging_stands(summary.judged, case.currency), err=json_out == Path("-"))
    for note in summary.notes:
        click.echo(note, err=True)
    if summary.stop_reason:
        click.echo(summary.stop_reason, err=True)
    return DONE if summary.complete else NOT_COMPLETE
