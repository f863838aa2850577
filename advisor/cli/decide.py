"""`decide`: base or fine-tuned, how firmly, and why."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from advisor.case.case_file import read_brought
from advisor.cli.command import (
    DONE,
    NOT_DECIDED,
    case_id_of,
    day,
    day_of,
    moment_of,
    of_case,
    record_in,
    write_json,
)
from advisor.cli.database import open_existing
from advisor.cli.files import check_writable, write_file
from advisor.errors import BadCase, UnknownCase
from advisor.training.case_file import load_case

if TYPE_CHECKING:
    from advisor.store.repository import Store
    from advisor.verdict.decision import Decision


@of_case
@click.option("--pdf", "pdf_out", type=click.Path(path_type=Path), help="Write the PDF here.")
@click.option(
    "--run", "run_id", help="Rest on this run; by default the one of the case as it stands."
)
@click.option("--require-decided", is_flag=True, help="Exit 1 unless decided or blocked.")
@day
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
    from advisor.host.endpoints import host_addresses
    from advisor.report.as_json import decision_json
    from advisor.report.report import write_report
    from advisor.verdict.decision import decide_case

    case = load_case(case_file)
    store = open_existing(db)
    brought = read_brought(case_file)
    record = record_in(case, store, run_id, brought, case_id_of(case_file))
    decision = decide_case(
        case, record, today=day_of(today), made_at=moment_of(today), hosts=host_addresses()
    )
    report = write_report(decision)
    check_writable(json_out, pdf_out)
    if store is not None and run_id is None:
        _keep_standing(store, case_id_of(case_file), decision)
    if pdf_out is not None:
        from advisor.report.pdf.render import render_pdf

        write_file(pdf_out, render_pdf(report))
    write_json(json_out, decision_json(decision))
    to_stderr = json_out == Path("-")
    click.echo(f"{report.headline} {report.firmness_label}.", err=to_stderr)
    click.echo(report.summary, err=to_stderr)
    for reason in report.reasons:
        click.echo(f"  {reason.topic}: {reason.text}", err=to_stderr)
    click.echo(f"  Next: {report.next_step}", err=to_stderr)
    settled = decision.verdict.firmness in ("decided", "blocked")
    return NOT_DECIDED if require_decided and not settled else DONE


def _keep_standing(store: "Store", case_id: str, decision: "Decision") -> None:
    """Keep with the case how it stands, where the store has it as the file says it."""
    from advisor.report.summary import case_digest, digest_of, summarise

    # Not compared yet, or by another version: there is nothing to keep it with.
    with suppress(UnknownCase, BadCase):
        if store.load_case(case_id) == decision.case:
            digest = digest_of(case_digest(decision.case), decision.record)
            store.decided(case_id, summarise(decision, digest))
