"""Answers are scored while a run goes on, so that no page has to."""

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from advisor.case.case_file import load_sample
from advisor.case.run_spec import spec_of
from advisor.evidence.metrics import METRICS, metric
from advisor.evidence.scores import score_table
from advisor.runs import inline
from advisor.store.repository import Store

SCORED: Counter[str] = Counter()
TAKES = {"s": 0.0}


@pytest.fixture
def counted() -> Iterator[Counter[str]]:
    """A main measure that counts how often it is asked."""

    @metric("Counted", "How often it was asked.", primary=True, words="counts")
    def counted_here(answer: str, reference: str) -> float:
        time.sleep(TAKES["s"])
        SCORED[answer] += 1
        return 0.5

    SCORED.clear()
    TAKES["s"] = 0.0
    yield SCORED
    del METRICS["counted_here"]


def case():
    found = load_sample("clinic_notes")
    settings = found.run.model_copy(update={"primary_metric": "counted_here"})
    return found.model_copy(update={"run": settings})


def started(tmp_path) -> tuple[Store, str]:
    store = Store.open(tmp_path / "runs.db")
    run_id = store.start_run(store.save_case(case()), spec_of(case()), case().run)
    inline.start(store, run_id, case=case())
    return store, run_id


def test_a_run_that_is_done_has_its_answers_scored_once(tmp_path, counted):
    store, run_id = started(tmp_path)
    inline.wait(run_id, 60)
    outputs = store.outputs(run_id)
    assert counted.total() == len({(o.prompt_id, o.text) for o in outputs}) == 80
    score_table(case(), outputs, ["counted_here"])
    assert counted.total() == 80
    store.close()


def test_a_cancelled_run_waits_for_no_score(tmp_path, counted):
    TAKES["s"] = 0.2  # 80 answers: 16 s
    store, run_id = started(tmp_path)
    while store.progress(run_id).answered < 5:
        time.sleep(0.02)
    began = time.perf_counter()
    inline.cancel(run_id)
    inline.wait(run_id, 60)
    assert time.perf_counter() - began < 3
    assert counted.total() < 40
    store.close()


def test_a_measure_that_fails_does_not_end_the_run(tmp_path, counted):
    TAKES["s"] = -1.0  # sleeping for less than nothing raises
    store, run_id = started(tmp_path)
    assert inline.wait(run_id, 60).status == "done"
    with pytest.raises(ValueError, match="non-negative"):
        score_table(case(), store.outputs(run_id), ["counted_here"])
    store.close()
