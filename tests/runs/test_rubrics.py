"""A verdict of the judge counts for the rubric it was given by: two rubrics are never mixed."""

import pytest

from advisor.case.case import Case
from advisor.evidence.model import Evidence, Tally
from advisor.evidence.notes import Note
from advisor.runs.compare import compare
from advisor.store.repository import Store
from tests.judge_server import judging, longer, reply
from tests.runs.test_judging import evidence_of, judged_case

TEXTS = 8
CHANGED = "outdated_verdicts"


def shorter(given):
    """Another taste."""
    lengths = {name: len(text) for name, text in given["answers"].items()}
    return reply(min(lengths, key=lambda name: lengths[name]))


def asked_by(case: Case, rubric: str) -> Case:
    return case.model_copy(update={"judge": case.judge.model_copy(update={"rubric": rubric})})


def lacking(evidence: Evidence) -> list[Note]:
    return [note for note in evidence.notes if note.kind == "no_verdict"]


def test_a_judging_that_stops_after_an_edit_of_the_rubric_mixes_no_two(store: Store):
    with judging() as server:
        case = judged_case(server.url, TEXTS)
        run_id = compare(case, store).run_id
        assert evidence_of(store, case, run_id).tally == Tally(6, 2, 0)
        # By the next rubric tuned loses what it won; of three texts nothing can be read.
        server.prefers = lambda g: "Hm." if g["text"] > "text 4" else shorter(g)
        edited = asked_by(case, "The shorter one is better.")
        assert compare(edited, store).run_id == run_id
        assert len(server.judged) == 4 * TEXTS
    evidence = evidence_of(store, edited, run_id)
    assert evidence.tally == Tally(2, 3, 0)  # base wrote more on texts 0 and 4 of 0 to 4
    assert lacking(evidence) == [Note("no_verdict", (3,))]


def test_another_rubric_counts_for_nothing_until_it_was_asked_by_and_the_first_is_not_lost(store):
    with judging() as server:
        case = judged_case(server.url, TEXTS)
        run_id = compare(case, store).run_id
        edited = asked_by(case, "The shorter one is better.")
        before = evidence_of(store, edited, run_id)
        assert (before.source, before.tally) == (None, Tally(0, 0, 0))
        assert [note for note in before.notes if note.kind == CHANGED]
        server.prefers = shorter
        compare(edited, store)
        after = evidence_of(store, edited, run_id)
        assert (after.tally, [n for n in after.notes if n.kind == CHANGED]) == (Tally(2, 6, 0), [])
        asked = len(server.judged)
        compare(case, store)
        assert len(server.judged) == asked  # what was asked by the first rubric is still there
    assert evidence_of(store, case, run_id).tally == Tally(6, 2, 0)


@pytest.mark.parametrize("what", ["reference", "passages"])
def test_what_the_judge_is_shown_beside_the_answers_is_part_of_what_it_answers_to(store, what):
    with judging() as server:
        case = judged_case(server.url, TEXTS)
        run_id = compare(case, store).run_id
    first = case.prompts[0].model_copy(update={what: "Added since."})
    changed = case.model_copy(update={"prompts": (first, *case.prompts[1:])})
    evidence = evidence_of(store, changed, run_id)
    assert evidence.tally.scored == TEXTS - 1
    assert lacking(evidence) == [Note("no_verdict", (1,))]


def test_verdicts_of_which_nobody_knows_the_rubric_count_until_some_tell(store):
    with judging(prefers=longer) as server:
        case = judged_case(server.url, TEXTS)
        run_id = compare(case, store).run_id
    given = store.judgments(run_id)
    assert all(len(judgment.told_sha256) == 64 for judgment in given)
    old = [judgment.model_copy(update={"told_sha256": ""}) for judgment in given]
    fresh = store.start_run(store.save_case(case), store.run(run_id).spec, case.run)
    for call in store.run(run_id).spec.calls():
        output = next(o for o in store.outputs(run_id) if (o.prompt_id, o.arm) == call.key[:2])
        store.keep_calls(fresh, ended=[(call, output, None)])
    store.set_status(fresh, "done")
    store.add_judgments(fresh, old)
    assert evidence_of(store, case, fresh).tally == Tally(6, 2, 0)
    store.add_judgments(fresh, [j for j in given if j.prompt_id in ("p0", "p1")])
    assert evidence_of(store, case, fresh).tally.scored == 2
