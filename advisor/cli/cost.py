"""`cost`: what each option costs, and when fine-tuning pays back."""

from datetime import datetime
from pathlib import Path

import click

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.cli.command import (
    DONE,
    day,
    day_of,
    of_case,
    record_in,
    write_json,
)
from advisor.cli.database import open_existing
from advisor.evidence.record import Record
from advisor.training.case_file import load_case


@of_case
@day
@click.option("--refresh-prices", is_flag=True, help="Fetch today's base prices first.")
def cost(
    case_file: Path,
    db: str | None,
    json_out: Path | None,
    today: datetime | None,
    refresh_prices: bool,
) -> int:
    """What each option of CASE_FILE costs, and when fine-tuning pays back."""
    from advisor.llm.upkeep import base_prices  # only here: most commands ask nobody
    from advisor.report.as_json import cost_value
    from advisor.report.costs import machine_texts
    from advisor.report.dump import dump
    from advisor.report.money_sentences import break_even_reason, not_counted, people, scope
    from advisor.verdict.costing import price_case

    case = load_case(case_file)
    if refresh_prices:
        base_prices.refresh()
    record = record_in(case, open_existing(db), None)
    pair = _compared(case, record)
    money = price_case(case, record.outputs, day_of(today), record.votes, *pair)
    show = money.currency.show
    write_json(json_out, dump(cost_value(money)))
    to_stderr = json_out == Path("-")
    for arm, option in money.cost.arms.items():
        click.echo(
            f"{money.names[arm]}: {show(option.usd_per_month_all_in)} a month, "
            f"{show(option.total_usd)} over {money.cost.months_of_use:.1f} months, {scope(money)}",
            err=to_stderr,
        )
        if texts := machine_texts(money, arm):
            said = f"{money.names[arm]}: texts its machine answers in an hour: {texts}"
            click.echo(said, err=to_stderr)
    for sentence in (people(money, pair[0]), not_counted(money), money.currency.rate):
        if sentence:
            click.echo(sentence, err=to_stderr)
    if money.cost.break_even is not None:
        click.echo(f"Break-even: {break_even_reason(money.cost.break_even)}", err=to_stderr)
    for lacking in money.cost.missing:
        click.echo(f"Not known: {lacking}", err=to_stderr)
    return DONE


def _compared(case: Case, record: "Record") -> tuple[OptionId, OptionId]:
    """The base option and the tuned one that are compared, as `decide` takes them."""
    if not record.outputs:
        return "base", "tuned"
    from advisor.verdict.decision import evidence_of
    from advisor.verdict.rules import load_rules

    evidence, _ = evidence_of(case, record, load_rules())
    return evidence.base_arm, evidence.tuned_arm
