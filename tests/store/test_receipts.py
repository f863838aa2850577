"""What was fixed before a decision's first answer is kept, and a later run does not write over it."""

from advisor.case.brief import Brief
from advisor.case.run_spec import spec_of
from advisor.evidence.model import Output
from advisor.report.report import write_report
from advisor.runs.opening import open_run
from advisor.store.archive.file import read_file, write_file
from advisor.store.records import record_of
from tests.make import MADE_AT, case_at, decide


def asking(texts):
    case = case_at("http://127.0.0.1:9/v1", texts)
    return case.model_copy(update={"brief": Brief(use_case="domain_summarization")})


CASE = asking(6)


def with_margin(margin, case=CASE):
    return case.model_copy(update={"brief": case.brief.model_copy(update={"margin": margin})})


def answer_all(store, run_id, case):
    store.claim_run(run_id, "a runner", lambda *_: True)
    for call in spec_of(case).calls():
        said = Output(call.prompt_id, call.arm, call.sample, "answered", "An answer.")
        store.keep_calls(run_id, ended=[(call, said, None)])
    store.set_status(run_id, "done", runner="a runner")


def test_until_the_first_answer_is_asked_for_what_is_fixed_may_change(store):
    case_id = store.save_case(CASE)
    run_id = open_run(store, case_id, with_margin(0.20))
    assert store.receipt(case_id) is None
    assert open_run(store, case_id, with_margin(0.05)) == run_id
    answer_all(store, run_id, CASE)
    assert store.receipt(case_id).margin == 0.05


def test_once_it_was_asked_for_nothing_writes_over_it(store):
    case_id = store.save_case(CASE)
    run_id = open_run(store, case_id, with_margin(0.05))
    answer_all(store, run_id, CASE)
    first = store.receipt(case_id)
    assert open_run(store, case_id, with_margin(0.20)) == run_id
    more = asking(9)  # another run of the same decision
    other = open_run(store, case_id, with_margin(0.20, more))
    answer_all(store, other, more)
    assert other != run_id
    assert store.receipt(case_id) == first

    now = with_margin(0.20, more)
    found = decide(now, record_of(store, store.run_state(other)))
    assert [(c.what, c.then, c.now) for c in found.changed_since_fixed] == [
        ("margin", 0.05, 0.20),
        ("texts added", 6, 3),
    ]
    said = " ".join(write_report(found).receipt)
    assert "before the first answer was asked for: 2 options, 6 texts (SHA-256" in said
    assert (
        "Changed since: the margin, from 5 of 100 texts to 20 of 100 texts and 3 texts added."
        in said
    )


def test_a_run_of_before_receipts_were_kept_says_that_none_was(store):
    case_id = store.save_case(CASE)
    answer_all(store, run_id := store.start_run(case_id, spec_of(CASE), CASE.run), CASE)
    open_run(store, case_id, CASE)
    found = decide(CASE, record_of(store, store.run_state(run_id)))
    assert write_report(found).receipt == ("What was fixed before the first answer was not kept.",)


def test_a_receipt_goes_with_the_decision_in_its_file(store):
    case_id = store.save_case(CASE)
    answer_all(store, open_run(store, case_id, CASE), CASE)
    kept = read_file(write_file(store.take_out(case_id), MADE_AT))
    assert store.receipt(store.put_in(kept)) == store.receipt(case_id)


def test_another_owner_sees_none(store):
    case_id = store.save_case(CASE)
    answer_all(store, open_run(store, case_id, CASE), CASE)
    assert store.for_owner("somebody else").receipt(case_id) is None
