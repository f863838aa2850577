"""Opening a run: the run of a case as it stands, with a receipt of what is fixed at that moment."""

from datetime import UTC, datetime

from advisor.case.case import Case, RunSettings
from advisor.case.run_spec import spec_of
from advisor.evidence.receipt import receipt_of
from advisor.store.repository import Store
from advisor.verdict.rules import load_rules


def open_run(store: Store, case_id: str, case: Case, settings: RunSettings | None = None) -> str:
    """The id of the case's run, made where there is none; what has begun keeps its receipt.

    Args:
        store: where it is kept.
        case_id: of the case.
        case: as it stands.
        settings: how the run is made; None = as the case says.

    Raises:
        UnknownCase: this owner has no such case.
    """
    receipt = receipt_of(case, load_rules().evidence, datetime.now(UTC))
    return store.start_run(case_id, spec_of(case), settings or case.run, receipt=receipt)
