"""What a case keeps of a checked training file: figures and digests, and no text of it."""

from collections.abc import Collection, Iterable
from hashlib import sha256
from typing import Literal

from pydantic import Field

from advisor.case.brief import Frozen
from advisor.case.texts import Prompt


class PrivateKind(Frozen):
    """One kind of personal data or secret in a file; neither where it stands nor what it is."""

    kind: str = Field(max_length=100)
    secret: bool
    texts: int = Field(ge=1)
    """How many examples hold it."""


class TrainingSummary(Frozen):
    """A training file as it was checked."""

    file: str = Field(max_length=300)
    sha256: str
    examples: int = Field(ge=0)
    """Lines that keep to the format."""
    usable: int = Field(ge=0)
    """Of those: fit to learn from, each counted once."""
    grade: Literal["not possible", "not enough", "pilot", "enough"] | None
    """None: no steps are known for files of this kind."""
    tokens: int = Field(ge=0)
    """Of the examples, once through."""
    epochs: int = Field(ge=1)
    """Passes a provider makes by default."""
    private: tuple[PrivateKind, ...] | None = None
    """Personal data and secrets found; None = checked before this was kept."""
    kind: Literal["examples", "preferences", "graded", "texts"] = "examples"
    """What is learned from it."""
    media: tuple[str, ...] = ()
    """Kinds of media in it, which are not in `tokens`."""
    leaked: dict[str, str] = Field(default_factory=dict)
    """Id of each prompt found in the file, and the digest of its text: an id may be given again."""
    prompts_sha256: str = ""
    """Of the texts it was held against, in their order; see `not_held_against`."""
    held_against: tuple[str, ...] = ()
    """Digests of those texts one by one; files checked before these were kept have none."""

    def not_held_against(self, prompts: Collection[Prompt]) -> int | None:
        """How many of these prompts may stand in the file, as it was not held against them.

        Texts that were taken out, moved aside as examples or put in another order change nothing.
        None = an old summary that does not say.
        """
        if self.prompts_sha256 == digest_of(prompts):
            return 0
        if not self.held_against:
            return None
        return sum(text_digest(prompt.text) not in self.held_against for prompt in prompts)

    def leaked_among(self, prompts: Iterable[Prompt]) -> frozenset[str]:
        """Ids of the leaked prompts that are still there."""
        if not self.leaked:
            return frozenset()
        return frozenset(
            prompt.id
            for prompt in prompts
            if prompt.id in self.leaked and self.leaked[prompt.id] == text_digest(prompt.text)
        )


def digest_of(prompts: Iterable[Prompt]) -> str:
    """Of the ids and texts of prompts, in their order."""
    whole = sha256()
    for prompt in prompts:
        whole.update(f"{prompt.id}\0{text_digest(prompt.text)}\n".encode())
    return whole.hexdigest()


def text_digest(text: str) -> str:
    """Of one text."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
