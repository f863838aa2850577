"""What the store holds of a run, as a decision takes it."""

from collections.abc import Sequence

from advisor.evidence.model import Output
from advisor.evidence.record import Record
from advisor.evidence.run_state import RunState
from advisor.store.repository import Store


def record_of(store: Store, run: RunState | None) -> Record:
    """What the store holds of a run."""
    if run is None:
        return Record()
    outputs: Sequence[Output] = store.outputs(run.id)
    return Record(
        outputs=tuple(outputs),
        votes=tuple(store.votes(run.id)),
        judgments=tuple(store.judgments(run.id)),
        complete=run.status == "done",
        stopped_early=run.status == "settled",
        status=run.status,
        seed=run.spec_seed,
    )
