"""While texts of the training file are in a comparison it decides nothing, whatever it shows."""

import pytest

from advisor.evidence.model import Vote
from advisor.evidence.notes import Note
from advisor.evidence.record import Record
from advisor.report.report import write_report
from advisor.training.check import check_training_file
from advisor.training.leakage import without_leaked
from advisor.training.summary import summary_of
from tests.make import both, case_of, decide
from tests.training.files import jsonl, pair


@pytest.fixture
def case():
    """60 prompts, of which two stand in the training file."""
    case = case_of(60)
    prompts = tuple(
        p.model_copy(update={"text": f"{p.text} of number {i**7 % 10**9} and no other {i}"})
        for i, p in enumerate(case.prompts)
    )
    others = [pair(f"{i**9} wholly else {i**5 * 13}", f"z {i**8}") for i in range(2, 60)]
    content = jsonl(pair(prompts[3].text, "x"), pair(prompts[7].text, "y"), *others)
    report = check_training_file(content, "f.jsonl", prompts)
    return case.model_copy(update={"prompts": prompts, "training": summary_of(report, prompts)})


def decided(case):
    votes = tuple(Vote(p.id, "tuned") for p in case.prompts)
    return decide(case, Record(tuple(both(case)), votes))


def test_a_clear_result_is_void_while_leaked_texts_are_in(case):
    assert case.leaked == {case.prompts[3].id, case.prompts[7].id}
    decision = decided(case)
    assert (decision.evidence.word, decision.evidence.leaked) == ("not_enough", 2)
    assert decision.evidence.tally.scored == 58
    assert decision.verdict.firmness != "decided"
    assert Note("void") in decision.evidence.notes
    assert decision.evidence.n_more is None
    next_step = "Drop these 2 texts from the comparison, on Texts, and look again."
    assert write_report(decision).next_step == next_step
    quality = next(
        reason.text for reason in write_report(decision).reasons if reason.topic == "Quality"
    )
    assert "2 of your 60 texts for the comparison stand in the training file." in quality
    assert "too few texts" not in quality


def test_once_they_are_dropped_the_rest_decides(case):
    decision = decided(without_leaked(case))
    assert (decision.evidence.word, decision.evidence.leaked) == ("decides", 0)
    assert decision.evidence.tally.scored == 58


def test_a_file_without_leaks_voids_nothing(case):
    training = case.training.model_copy(update={"leaked": {}})
    assert decided(case.model_copy(update={"training": training})).evidence.word == "decides"


def test_a_text_that_was_replaced_is_not_leaked_under_its_old_id(case):
    prompts = tuple(p.model_copy(update={"text": p.text[::-1]}) for p in case.prompts)
    assert case.model_copy(update={"prompts": prompts}).leaked == frozenset()


def test_it_outlives_the_store(case, tmp_path):
    from advisor.store.repository import Store

    store = Store.open(tmp_path / "c.db")
    again = store.load_case(store.save_case(case))
    store.close()
    assert (again.training, again.leaked) == (case.training, case.leaked)
