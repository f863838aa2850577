"""The registry of metrics: what each is called, says, needs, and when a difference is a win.

To add one, decorate a pure function with `@metric`. It takes the answer, then what it `needs`, in
that order, and gives a number, or None where it does not apply.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from advisor.case.checks import Checks
from advisor.errors import AdvisorError
from advisor.evidence.model import Preference

Score = Callable[..., float | None]
S = TypeVar("S", bound=Score)
Better = Literal["higher", "lower", "neither"]
Unit = Literal["share", "count", "words", "tokens", "ms", "points"]
Need = Literal[
    "reference",
    "sources",
    "calls",
    "facts",
    "labels",
    "json_schema",
    "pattern",
    "glossary",
    "style",
    "call",
]
"""reference: the approved answer. sources: text and approved answer together. calls: the approved
calls of tools, as text, also where none is to be made. call: the output
itself, in place of its text. The others are the reader's rules, by their name in `[checks]`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer is held against: its text, the approved answer, the reader's rules."""

    prompt_id: str
    text: str
    reference: str | None
    checks: Checks
    others: tuple[str, ...] = ()
    """Further approved answers: the best of them counts."""
    calls: str | None = None
    """The approved calls of tools, as text; None = the answer is no call."""

    @property
    def each(self) -> "tuple[Asked, ...]":
        """A copy for each approved answer."""
        approved = (self.reference, *self.others)
        return tuple(replace(self, reference=one, others=()) for one in approved)

    def value(self, need: Need) -> Hashable:
        """What a metric needs; whatever is false = not there."""
        if need == "reference":
            return self.reference
        if need == "sources":
            return None if self.reference is None else (self.text, self.reference)
        if need == "calls":
            return self.calls
        if need == "facts":
            return self.checks.facts(self.prompt_id)
        rule: Hashable = getattr(self.checks, need)
        return rule


@dataclass(frozen=True, slots=True)
class Metric:
    """A number for an answer, by name, and the difference that counts as a win."""

    key: str
    title: str
    win_by: float
    """A difference of no more than this is a tie."""
    score: Score
    explains: str = ""
    """One plain sentence for the page."""
    better: Better = "higher"
    needs: tuple[Need, ...] = ("reference",)
    unit: Unit = "share"
    """share: 0 to 1."""
    primary: bool = False
    """May be the main measure. Not where an empty, constant or copied answer does well."""
    words: str = ""
    """The measure within a sentence, where it may decide: "overlap of words"."""
    overlap: bool = False
    """It counts shared wording, which is not the same as being right: it decides nothing alone."""

    @property
    def of_call(self) -> bool:
        """It reads the call, refusals included, not the answer's text."""
        return "call" in self.needs

    @property
    def of_references(self) -> bool:
        """It holds an answer against the approved one, the nearest where there are several."""
        return not {"reference", "sources"}.isdisjoint(self.needs)

    def fits(self, asked: Asked) -> bool:
        """Whether all that it needs is there."""
        return all(asked.value(need) for need in self.needs)

    def of(self, answer: str, asked: Asked) -> float | None:
        """The score of an answer's text; None where what it needs is not there."""
        if asked.others and self.of_references:
            return self.best(self.of(answer, one) for one in asked.each)
        given = [asked.value(need) for need in self.needs]
        return self.score(answer, *given) if all(given) else None

    def best(self, scores: Iterable[float | None]) -> float | None:
        """The score by whichever approved answer is nearest."""
        known = [score for score in scores if score is not None]
        if not known:
            return None
        return min(known) if self.better == "lower" else max(known)

    def preference(self, base: float, tuned: float) -> Preference:
        """Which of two scores wins; a tie where neither direction is better."""
        ahead = tuned - base if self.better == "higher" else base - tuned
        if abs(ahead) <= self.win_by or self.better == "neither":
            return "tie"
        return "tuned" if ahead > 0 else "base"


METRICS: dict[str, Metric] = {}


def metric(
    title: str,
    explains: str,
    *,
    win_by: float = 0.0,
    better: Better = "higher",
    needs: tuple[Need, ...] = ("reference",),
    unit: Unit = "share",
    primary: bool = False,
    words: str = "",
    overlap: bool = False,
) -> Callable[[S], S]:
    """List the decorated function in `METRICS`, by its name.

    Raises:
        ValueError: it may decide, and has no words for the sentence that says so.
    """
    if primary and not words:
        raise ValueError(f"{title} may be the main measure: say in `words` what it goes by")

    def register(score: S) -> S:
        key = score.__name__
        METRICS[key] = Metric(
            key, title, win_by, score, explains, better, needs, unit, primary, words, overlap
        )
        return score

    return register


def find_metric(key: str) -> Metric:
    """The metric of this name.

    Raises:
        AdvisorError: there is none.
    """
    if key not in METRICS:
        raise AdvisorError(f'There is no metric "{key}". Choose one of: {_choice()}.')
    return METRICS[key]


def find_primary(key: str) -> Metric:
    """The metric of this name, which may decide.

    Raises:
        AdvisorError: there is none, or it can't be the main one.
    """
    found = find_metric(key)
    if not found.primary:
        raise AdvisorError(
            f'"{found.title}" can\'t be the main measure: an empty, constant or copied answer does '
            f"well by it. It is shown beside the main one. Choose one of: {_choice()}."
        )
    return found


def _choice() -> str:
    return ", ".join(key for key, found in METRICS.items() if found.primary)
