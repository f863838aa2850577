"""A run that is settled may be ended on Compare; it then decides, and says it was stopped early."""

from advisor.case.brief import Brief
from advisor.case.order import random_order
from advisor.case.run_spec import spec_of
from advisor.evidence.model import Output, Vote
from pages.ui import session
from tests.make import case_at

from .reader import Reader

TEXTS, DONE, WON = 60, 40, 36
OFFER = "Stop here: it is settled"


def left_off(status: str = "paused", won: int = WON) -> tuple[Reader, str]:
    """A reader on Compare: the first texts of the order are answered and voted on, others not."""
    case = case_at("http://127.0.0.1:9/v1", TEXTS)
    case = case.model_copy(update={"brief": Brief(use_case="domain_summarization", together=False)})
    store = session.store()
    case_id = store.save_case(case)
    spec = spec_of(case)
    run_id = store.start_run(case_id, spec, case.run)
    order = random_order([p.id for p in case.prompts], store.run_state(run_id).order_seed)
    calls = {(call.prompt_id, call.arm): call for call in spec.calls()}
    for number, prompt_id in enumerate(order[:DONE]):
        for arm in ("base", "tuned"):
            said = Output(prompt_id, arm, 0, "answered", f"{arm} on {prompt_id}")
            store.keep_calls(run_id, ended=[(calls[prompt_id, arm], said, None)])
        side = "base" if number % (DONE // (DONE - won)) == 0 else "tuned"
        store.add_vote(run_id, Vote(prompt_id, side, "Anna"))
    store.set_status(run_id, status, "Left off.")
    return Reader("compare", case_id=case_id), run_id


def test_what_is_settled_is_offered_and_decides_once_ended():
    reader, run_id = left_off()
    # Who it is for is not said while votes are blind, and they are another voter's alone.
    assert "Decided by" not in reader.says
    assert "This is settled by the votes. You may stop here" in reader.says
    assert "settled: fine-tuned" not in reader.says
    reader.click(OFFER)
    assert session.store().run_state(run_id).status == "settled"
    assert "Ended early, because what was answered decides; it can be continued." in reader.says
    assert OFFER not in [button.label for button in reader.at.button]
    assert "Continue" in " ".join(button.label for button in reader.at.button)
    reader.go("verdict")
    assert "Decided by your test" in reader.says
    assert "The test was stopped early" in reader.says
    assert "The run is not complete" not in reader.says


def test_nothing_is_offered_where_nothing_is_settled():
    reader, _ = left_off(won=20)
    assert "This is settled by the votes" not in reader.says
    assert OFFER not in [button.label for button in reader.at.button]


def test_a_run_cancelled_or_capped_is_not_settled_by_that():
    reader, run_id = left_off("cancelled")
    for status in ("cancelled", "capped", "partial", "interrupted"):
        session.store().set_status(run_id, status, "Left off.")
        reader = Reader("verdict", case_id=reader.case_id)
        assert "Decided" not in reader.says, status
        assert "The run is not complete" in reader.says


def test_an_offer_that_is_stale_ends_nothing():
    reader, run_id = left_off()
    store = session.store()
    for vote in store.votes(run_id):
        store.add_vote(run_id, Vote(vote.prompt_id, "tie", "Anna"))
    reader.click(OFFER)
    assert store.run_state(run_id).status == "paused"
    assert "This is settled" not in reader.says
