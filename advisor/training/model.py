"""The values of a checked training file: examples, what is wrong with a line, and the report."""

from dataclasses import dataclass
from typing import Literal

from advisor.training.formats.model import FileKind, Form

Grade = Literal["not possible", "not enough", "pilot", "enough"]


@dataclass(frozen=True, slots=True)
class Example:
    """One line that keeps to the format. Texts are as the file has them."""

    line: int
    form: Form
    system: str
    """The instruction; empty where there is none."""
    asked: tuple[str, ...]
    """What was handed to the model: the user's messages, or the prompt."""
    between: tuple[str, ...]
    """Earlier answers and results of tools."""
    input_key: bytes
    """Digest of all that stands before the answer: two equal ones are one input."""
    answer: str
    """The last thing the model is to learn to say; a call of a tool as its JSON."""
    roles: tuple[str, ...]
    tokens: int
    kind: FileKind = "examples"
    media: tuple[str, ...] = ()
    """FileKind and digest of each image, sound, film or file in it; they are not in `tokens`."""
    rejected: str = ""
    """Of a preference: the answer that is liked less."""


@dataclass(frozen=True, slots=True)
class LineFault:
    """Something about one line, in a sentence that says what to do."""

    line: int
    kind: str
    words: str
    fatal: bool = True
    """The line is not used. False: it is, but look at it."""


@dataclass(frozen=True, slots=True)
class Private:
    """One kind of personal data or secret, and where it stands; never the value itself."""

    kind: str
    secret: bool
    texts: int
    """How many texts hold it."""
    where: tuple[str, ...]
    """Line numbers or ids of the first of them."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A comparison prompt that stands in the training file."""

    prompt_id: str
    line: int
    exact: bool
    """False: nearly the same, or held by a longer example."""


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What a check found. Groups are of line numbers, the first line first."""

    name: str
    sha256: str
    size: int
    """Bytes."""
    lines: int
    """Lines that are not blank."""
    forms: tuple[tuple[Form, int], ...]
    kind: FileKind
    """What is learned from the file: of the most of its lines."""
    examples: int
    """Lines that keep to the format."""
    usable: int
    """Of those: with an input and an answer, not cut off, and each counted once."""
    grade: Grade | None
    """Whether there are enough of them; None: no steps are known for this kind."""
    faults: tuple[LineFault, ...]
    roles: tuple[tuple[str, int], ...]
    """Messages by role."""
    duplicates: tuple[tuple[int, ...], ...]
    """The same input and answer."""
    near_duplicates: tuple[tuple[int, ...], ...]
    contradictions: tuple[tuple[int, ...], ...]
    """The same input, different answers."""
    prompts: int
    """Comparison prompts looked for; 0 = none were handed over."""
    leaks: tuple[Leak, ...]
    """One for each leaked prompt, in the prompts' order."""
    labels: tuple[tuple[str, int], ...]
    """Answer and how often, the most frequent first; empty where answers are no labels."""
    private: tuple[Private, ...]
    private_in_prompts: tuple[Private, ...]
    languages: tuple[tuple[str, int], ...]
    """Language and examples, of those looked at; the most frequent first."""
    languages_looked_at: int
    tokens: int
    """Of the examples that keep to the format, once through."""
    longest: int
    """Tokens of the longest example."""
    tokens_exact: bool
    """False: the model's own vocabulary is not known, so the count is an estimate."""
    epochs: int
    """Passes a provider makes by default over this many examples."""
    media: tuple[tuple[str, int], ...] = ()
    """FileKind of media, and examples that hold it."""

    @property
    def leaked(self) -> tuple[str, ...]:
        """Ids of the leaked prompts."""
        return tuple(leak.prompt_id for leak in self.leaks)

    @property
    def errors(self) -> tuple[LineFault, ...]:
        """Faults for which a line is not used."""
        return tuple(fault for fault in self.faults if fault.fatal)

    @property
    def remarks(self) -> tuple[LineFault, ...]:
        """Faults of lines that are used all the same."""
        return tuple(fault for fault in self.faults if not fault.fatal)
