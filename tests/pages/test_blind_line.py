"""While the owner's votes are blind, no line on the screen moves with them."""

from advisor.case.brief import Brief
from advisor.case.run_spec import spec_of
from advisor.evidence.model import Output, Vote
from pages.ui import session
from tests.make import case_at

from .reader import Reader

TEXTS = 12


def voted(votes: int, voter: str = "me") -> Reader:
    """A reader on Compare, every answer in, fine-tuned preferred in so many texts."""
    case = case_at("http://127.0.0.1:9/v1", TEXTS)
    case = case.model_copy(update={"brief": Brief(use_case="domain_summarization", together=False)})
    store = session.store()
    case_id = store.save_case(case)
    run_id = store.start_run(case_id, spec_of(case), case.run)
    for call in spec_of(case).calls():
        said = Output(call.prompt_id, call.arm, 0, "answered", f"{call.arm} on {call.prompt_id}")
        store.keep_calls(run_id, ended=[(call, said, None)])
    for prompt in case.prompts[:votes]:
        store.add_vote(run_id, Vote(prompt.id, "tuned", voter))
    store.set_status(run_id, "done")
    return Reader("compare", case_id=case_id)


def test_the_line_names_no_side_and_no_chance_while_the_owner_votes_blind():
    for page in ("compare", "costs", "options", "use_case"):
        reader = voted(8).go(page)
        assert f"8 of {TEXTS} texts voted on" in reader.says
        assert "fine-tuned in" not in reader.says
        assert "chance for fine-tuning" not in reader.says, page
        assert "Likely: fine-tuned" not in reader.says


def test_looking_at_the_verdict_ends_it_and_the_line_says_which_side():
    reader = voted(8).go("verdict")
    assert "chance for fine-tuning" in reader.says
    assert "texts voted on" not in reader.says
    reader.go("compare")
    assert "chance for fine-tuning" in reader.says


def test_others_votes_and_none_hide_nothing():
    assert "chance for fine-tuning" in voted(8, "Anna").says
    assert "chance for fine-tuning" in voted(0).says
