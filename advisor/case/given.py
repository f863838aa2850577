"""Answers and votes that exist already: nobody is asked for them."""

from typing import Literal, Self

from pydantic import Field, model_validator

from advisor.case.brief import Frozen

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
