"""`improve`: search for a better instruction of a base option."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.cli.command import (
    DONE,
    NOT_COMPLETE,
    case_id_of,
    of_case,
    write_json,
)
from advisor.cli.database import open_store
from advisor.cli.files import check_writable
from advisor.errors import AdvisorError
from advisor.training.case_file import load_case, training_pairs

if TYPE_CHECKING:
    from advisor.evidence.instruction_search import ScoredBy


@of_case
@click.option("--option", "named", help="The base option; left out: the first plain one.")
@click.option(
    "--usd", type=float, help="The most it may cost; left out: 1 USD, if prices are known."
)
@click.option("--calls", type=int, default=200, show_default=True, help="Calls at most.")
@click.option(
    "--by",
    type=click.Choice(["measure", "checks", "judge", "overlap"]),
    help="What an answer is scored by; left out: the first that the case has, never overlap.",
)
def improve(
    case_file: Path,
    db: str | None,
    json_out: Path | None,
    named: str | None,
    usd: float | None,
    calls: int,
    by: "ScoredBy | None",
) -> int:
    """Search for a better instruction of CASE_FILE's base option, or go on with a search.

    It uses the texts of `set_aside` under [prompts], and the pairs of the training file.
    """
    from advisor.host.settings import typed_by_the_host
    from advisor.report.dump import dump
    from advisor.report.improving import search_value, what_was_found, who_proposes
    from advisor.runs.compare import keys_from_environment
    from advisor.runs.improve.plan import USUAL_USD, plan_search, with_pairs
    from advisor.runs.improve.start import improve as run_search
    from advisor.runs.improve.start import means_of, price_is_known

    case = load_case(case_file)
    case = with_pairs(case, training_pairs(case_file))
    option = _option(case, named)
    check_writable(json_out)
    today = datetime.now(UTC).date()
    if usd is None:
        most = USUAL_USD if price_is_known(case, option, today) else None
    else:
        most = Decimal(str(usd))
    plan = plan_search(case, option, calls=calls, usd=most, scored_by=by)
    click.echo(who_proposes(case), err=True)
    with typed_by_the_host():
        keys = keys_from_environment(case)
        store, case_id = open_store(db), case_id_of(case_file)
        store.save_case(case, case_id)
        found = run_search(store, case_id, case, plan, means_of(case, option, keys, today))
    write_json(json_out, dump({**search_value(found), "instruction": found.found.instruction}))
    aside = json_out == Path("-")
    click.echo(what_was_found(found, case), err=aside)
    if found.found.instruction is not None:
        click.echo(f"\n{found.found.instruction}", err=aside)
    if found.stop_reason:
        click.echo(found.stop_reason, err=True)
    return DONE if found.over else NOT_COMPLETE


def _option(case: Case, named: str | None) -> OptionId:
    """The option that is meant.

    Raises:
        AdvisorError: the case has none.
    """
    if named is not None:
        return named
    plain = [option for option in case.bases if case.variant_of(option) == "plain"]
    if not plain:
        raise AdvisorError("The case has no plain base option; add one, or name one by --option.")
    return plain[0]
