"""Answers and votes that came with the texts, as a run would have brought them."""

from collections.abc import Collection, Iterable, Iterator

from advisor.case.case import Case
from advisor.case.given import GivenAnswer, GivenVote
from advisor.case.run_spec import PlannedCall, spec_of
from advisor.evidence.model import Output, Vote
from advisor.evidence.record import Record
from pricing.tokens import count_chat_tokens, count_tokens


def given_outputs(
    case: Case, answers: Collection[GivenAnswer]
) -> Iterator[tuple[PlannedCall, Output]]:
    """Each answer with the call it takes the place of."""
    spec = spec_of(case)
    of_key = {(answer.prompt_id, answer.arm, answer.sample): answer for answer in answers}
    for call in spec.calls(lambda key: key in of_key):
        yield call, _output(call, of_key[call.key])


def _output(call: PlannedCall, answer: GivenAnswer) -> Output:
    """An answer as an output; tokens nobody told are counted."""
    told = answer.input_tokens is not None and answer.output_tokens is not None
    sent = count_chat_tokens(call.system_prompt, call.text, call.model)
    return Output(
        prompt_id=call.prompt_id,
        arm=call.arm,
        sample=call.sample,
        outcome="answered" if answer.text.strip() else "no_answer",
        text=answer.text,
        why=None if answer.text.strip() else "empty",
        finish_reason=answer.finish_reason or "stop",
        served_model=answer.model,
        input_tokens=sent if answer.input_tokens is None else answer.input_tokens,
        output_tokens=(
            count_tokens(answer.text, call.model)
            if answer.output_tokens is None
            else answer.output_tokens
        ),
        tokens_counted=not told,
        latency_ms=None if answer.seconds is None else answer.seconds * 1000,
    )


def given_votes(votes: Iterable[GivenVote]) -> Iterator[Vote]:
    """Each vote as one given here."""
    for vote in votes:
        base, challenger = vote.pair
        yield Vote(
            prompt_id=vote.prompt_id,
            preference=vote.preference,
            voter=vote.voter,
            base_arm=base,
            challenger=challenger,
        )


def given_record(
    case: Case, answers: Collection[GivenAnswer], votes: Iterable[GivenVote]
) -> Record:
    """All that came with the texts, as a run would have brought it."""
    outputs = tuple(output for _, output in given_outputs(case, answers))
    whole = len(outputs) == spec_of(case).planned
    return Record(
        outputs=outputs,
        votes=tuple(given_votes(votes)),
        complete=whole,
        status="done" if whole else "partial",
    )
