"""Answers and votes that exist already: nobody is asked for them."""

import hashlib
from collections.abc import Collection, Iterable
from typing import Literal, Self

from pydantic import Field, model_validator

from advisor.case.brief import Frozen
from advisor.case.case import Case
from advisor.case.options import GIVEN, NAMED, Arm
from advisor.errors import BadCase
from advisor.words import listed

FinishReason = Literal["stop", "length", "tool_calls"]


class GivenAnswer(Frozen):
    """What an option answered to a text, before this comparison."""

    prompt_id: str = Field(min_length=1, max_length=200)
    arm: str = Field(min_length=1, max_length=60)
    """The option, by its id."""
    text: str
    sample: int = Field(default=0, ge=0, le=9)
    model: str | None = Field(default=None, max_length=400)
    input_tokens: int | None = Field(default=None, ge=0, le=2_147_483_647)
    output_tokens: int | None = Field(default=None, ge=0, le=2_147_483_647)
    seconds: float | None = Field(default=None, ge=0)
    finish_reason: FinishReason | None = None


class GivenVote(Frozen):
    """What a person preferred, before this comparison."""

    prompt_id: str = Field(min_length=1, max_length=200)
    voter: str = Field(min_length=1, max_length=200)
    pair: tuple[str, str] = ("base", "tuned")
    """The two options whose answers were seen."""
    preference: str
    """One of the pair, `tie` or `both_bad`."""
    seen_first: str | None = None
    """Which of the pair stood first, where that is known."""

    @model_validator(mode="after")
    def _of_the_pair(self) -> Self:
        """A preference for a third option says nothing about the pair."""
        if self.preference not in (*self.pair, "tie", "both_bad"):
            raise ValueError("the preference is neither of the pair, nor tie or both_bad")
        if self.seen_first is not None and self.seen_first not in self.pair:
            raise ValueError("the option seen first is none of the pair")
        return self


class Brought(Frozen):
    """What comes with a case beside its texts."""

    answers: tuple[GivenAnswer, ...] = ()
    votes: tuple[GivenVote, ...] = ()


def with_answers(case: Case, answers: Collection[GivenAnswer], file: str) -> Case:
    """The case with the options whose answers are given: they have no address and are never asked.

    Args:
        case: with the texts.
        answers: to those texts.
        file: where they stand, for a refusal.

    Raises:
        BadCase: an answer is to no text of the case, or of no option.
    """
    _check_texts(case, (answer.prompt_id for answer in answers), "answer", file)
    arms = dict(case.arms)
    for option in dict.fromkeys(answer.arm for answer in answers):
        if option not in arms and option not in NAMED:
            known = listed(list(dict.fromkeys([*arms, "base", "tuned"])), "or")
            raise BadCase(
                f"{file} holds answers of “{option}”, which is no option here; choose from: {known}."
            )
        own = [answer for answer in answers if answer.arm == option]
        models = {answer.model for answer in own if answer.model}
        now = arms.get(option, Arm())
        arms[option] = now.model_copy(
            update={
                "endpoint": f"{GIVEN}{_digest(own)}",
                "model": now.model or (models.pop() if len(models) == 1 else option),
                "api_key_env": None,
            }
        )
    return case.model_copy(update={"arms": arms})


def check_votes(case: Case, votes: Iterable[GivenVote], file: str) -> None:
    """Refuse votes on what is not compared.

    Raises:
        BadCase: a vote is on no text of the case, or between options it has not.
    """
    kept = list(votes)
    _check_texts(case, (vote.prompt_id for vote in kept), "vote", file)
    for vote in kept:
        for option in vote.pair:
            if option not in case.arms:
                raise BadCase(
                    f"{file} holds votes on “{option}”, which is no option here; name the pair by "
                    f"the options' ids: {listed(list(case.arms), 'or')}."
                )


def _check_texts(case: Case, ids: Iterable[str], what: str, file: str) -> None:
    known = {prompt.id for prompt in case.prompts}
    for prompt_id in ids:
        if prompt_id not in known:
            raise BadCase(
                f"{file} holds an {what} to the text “{prompt_id[:60]}”, and there is no text of "
                "that id; give texts and answers the same ids."
                if what == "answer"
                else f"{file} holds a {what} on the text “{prompt_id[:60]}”, and there is no text of "
                "that id; give texts and votes the same ids."
            )


def _digest(answers: Iterable[GivenAnswer]) -> str:
    """Digest of an option's answers: with other answers it is another comparison."""
    whole = hashlib.sha256()
    for answer in sorted(answers, key=lambda a: (a.prompt_id, a.sample)):
        whole.update(f"{answer.prompt_id}\0{answer.sample}\0".encode())
        whole.update(answer.text.encode("utf-8", "replace") + b"\n")
    return whole.hexdigest()[:16]
