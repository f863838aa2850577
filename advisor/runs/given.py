"""Answers that came with the texts, kept as a run of the case: vote, judge and decide on it."""

from collections.abc import Collection

from advisor.case.case import Case
from advisor.case.given import GivenAnswer, GivenVote
from advisor.case.run_spec import spec_of
from advisor.evidence.given import given_outputs, given_votes
from advisor.runs.opening import open_run
from advisor.store.repository import Store


def bring(
    store: Store,
    case_id: str,
    case: Case,
    answers: Collection[GivenAnswer],
    votes: Collection[GivenVote] = (),
) -> str:
    """Write answers and votes into the case's run, and give its id; brought twice, they stand once.

    Raises:
        UnknownCase: this owner has no such case.
    """
    spec = spec_of(case)
    run_id = open_run(store, case_id, case)
    store.reuse(run_id, list(given_outputs(case, answers)))
    for vote in given_votes(votes):
        store.add_vote(run_id, vote)
    if len(store.settled(run_id)) == spec.planned:
        store.set_status(run_id, "done")
    return run_id
