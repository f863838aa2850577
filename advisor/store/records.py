"""What the store holds of a run, as a decision takes it."""

from collections.abc import Sequence

from advisor.evidence.model import Output
from advisor.evidence.record import Record
from advisor.evidence.run_state import RunState
from advisor.store.repository import Store


def record_of(store: Store, run: RunState | None, case_id: str | None = None) -> Record:
    """What the store holds of a run, and of the searches of its case.

    Args:
        store: where it is.
        run: None = there is none yet.
        case_id: whose searches, where there is no run.
    """
    case_id = case_id if run is None else run.case_id
    searches = () if case_id is None else tuple(store.searches(case_id))
    if run is None:
        return Record(searches=searches)
    outputs: Sequence[Output] = store.outputs(run.id)
    return Record(
        outputs=tuple(outputs),
        votes=tuple(store.votes(run.id)),
        judgments=tuple(store.judgments(run.id)),
        complete=run.status == "done",
        stopped_early=run.status == "settled",
        status=run.status,
        seed=run.spec_seed,
        searches=searches,
        receipt=store.receipt(run.case_id),
    )
