"""The Report: every figure and sentence of a decision, worded once.

Page, PDF, JSON and snapshot draw this value; none of them computes or words anything. All of it is
text and plain numbers, so `asdict` gives JSON. A text that came from a model or from the reader is
plain text, never markup.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from advisor.report.first_page_values import FirstPage
from advisor.report.picture_values import Pictures
from advisor.verdict.verdict import Firmness


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from: a label, and an address or None for the reader's own entry."""

    label: str
    url: str | None = None
    checked: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number set large: two words, the number as text, and the analyst's term as help."""

    label: str
    value: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One row of "why": quality, money, practice or access, in one or two sentences."""

    topic: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class CostRow:
    """One option's money as text, in the case's currency; "not known" where a price is missing."""

    arm: str
    option: str
    model: str
    per_request: str
    first_month: str
    all_in_month: str
    training: str
    hosting_month: str
    total: str
    basis: str
    """"list price", "list price less 15 %" or "your own figures: input, output"."""
    all_in_month_usd: float | None
    """For the bars."""
    until: str
    """"stops on 14 Jan 2027" or "no stop date published"."""
    people_month: str = ""
    """People's time a month, part of the total; "" where it is not counted. In reports frozen before
    `counts` was said it is in none of the amounts above."""
    per_accepted: str = ""
    """What an answer costs that needs no correcting; "" where nobody knows."""
    model_month: str = ""
    """A month without people's time; "" where that is not counted."""
    counts: str = ""
    """What total and month hold: "people's time included", "model cost only"; "" in reports frozen
    before it was said, whose amounts hold no people's time."""


@dataclass(frozen=True, slots=True)
class OptionLine:
    """One option beside all the others, as text."""

    option: str
    """Its id."""
    name: str
    quality: str
    """"62 % of 40 clear choices (47 to 76 %) against fine-tuned", "overlap of words 0.412 (…)"."""
    right: str
    """"31 of 40"; "" where answers can't be right or wrong."""
    month: str
    seconds: str
    """The median answer: "1.4 s"."""
    until: str
    note: str
    """That another option leaves no reason to choose it, or that it is ruled out."""
    is_behind: bool
    """It has such a note."""


@dataclass(frozen=True, slots=True)
class MoveRow:
    """What moving one assumption does to the monthly difference, fine-tuned less base."""

    assumption: str
    """In the reader's words: "Texts a month", "Fine-tuned: output price"."""
    low: str
    high: str
    """The two values it is moved to, as text."""
    usd_at_low: float
    usd_at_high: float
    """The monthly difference there, USD; below 0 fine-tuned is cheaper."""
    at_low: str
    at_high: str
    """The same in the case's currency: "fine-tuned costs $120 more"."""


@dataclass(frozen=True, slots=True)
class FlipRow:
    """One input, and the nearest value of it at which the verdict turns, as text."""

    input: str
    now: str
    flips_at: str
    to: str
    """"base", "fine-tuned"; of a blocked verdict also what becomes of the stoppers."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One prompt with both answers, each cut at 500 characters with the cut marked."""

    prompt_id: str
    prompt: str
    base: str
    tuned: str
    base_chars: int
    tuned_chars: int
    preference: str
    """"chose fine-tuned", "chose base", "no difference", "not compared"."""


@dataclass(frozen=True, slots=True)
class SignalRow:
    """One signal of the lean: what was said, its weight, what it adds."""

    name: str
    said: str
    weight: float
    signal: float | None
    points: float


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """How far two of those who preferred agree: voters, or a voter and the judge."""

    who: str
    """"Reader 1 and reader 2", "Reader 1 and the judge": no voter's name."""
    same: str
    """"31 of 40": texts on which both said the same."""
    kappa: str
    """Cohen's kappa with its likely range: "0.61 (0.45 to 0.77)"; "" = too few texts."""
    word: str
    """The same in a word: "substantial"; "" with no kappa."""
    sentence: str
    note: str = ""
    """What to do where the two hardly agree."""


@dataclass(frozen=True, slots=True)
class EvidenceBlock:
    """The test in numbers: three counts for the bar, and the analyst's figures as rows."""

    heading: str
    """"Your own test: 40 texts" or "No test was run yet"."""
    sentences: tuple[str, ...]
    base_wins: int
    ties: int
    tuned_wins: int
    judged_by: str
    analyst: tuple[tuple[str, str], ...]
    """Term and value, e.g. ("e-value", "0.31, 20 needed")."""


@dataclass(frozen=True, slots=True)
class Card:
    """The verdict in a few words: what the frame of every page and a list of decisions show."""

    recommendation: Literal["base", "fine-tuned"]
    firmness: Firmness
    headline: str
    firmness_label: str
    line: str
    """The verdict so far in one line, e.g. "Rule of thumb: fine-tuned"."""
    rests_on: str
    """"9 of 12 questions answered · 40 texts compared"."""


@dataclass(frozen=True, slots=True)
class Report:
    """A decision, worded once."""

    title: str
    made_at: datetime
    """UTC."""
    today: date
    sample_note: str
    """"" or "Sample, not your data. Recorded in 2023." """
    recommendation: Literal["base", "fine-tuned"]
    firmness: Firmness
    headline: str
    """"Base, for now." """
    firmness_label: str
    """In the words of `FIRMNESS_WORDS`; reports frozen before that scale have words of their own."""
    summary: str
    """Two or three sentences: what to do, and on what it rests."""
    line: str
    """The verdict so far in one line, e.g. "Rule of thumb: fine-tuned." """
    rests_on: str
    """"9 of 12 questions · 40 texts"."""
    figures: tuple[Figure, ...]
    """At most four."""
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    """What is not known or not checked, one sentence each."""
    changes: tuple[str, ...]
    """What would change this, one sentence each: what is near, six at most."""
    next_step: str
    costs: tuple[CostRow, ...]
    cost_note: str
    """Break-even and months of use, in words."""
    evidence: EvidenceBlock
    score: float
    signals: tuple[SignalRow, ...]
    caps: tuple[str, ...]
    """Of reports frozen while a lean could be held back; no longer given."""
    gates: tuple[str, ...]
    excerpts: tuple[Excerpt, ...]
    assumptions: tuple[tuple[str, str], ...]
    """Name and value, e.g. ("Texts a month", "20,000")."""
    sources: tuple[Source, ...]
    valid_until: str
    """"Prices here are from …; update before relying on this after …"."""
    moves: tuple[MoveRow, ...] = ()
    """What moves the monthly difference most, the widest first."""
    turning: tuple[str, ...] = ()
    """At what value of each such assumption the cheaper option changes, one sentence each."""
    current_bases: tuple[tuple[str, str], ...] = ()
    """Today's base models in the base option's place: name and all-in month, the cheapest first."""
    flips: tuple[FlipRow, ...] = ()
    """Every input that would turn the verdict on its own, the nearest first."""
    pictures: Pictures = field(default_factory=Pictures)
    """What the charts of the test are drawn from."""
    first_page: FirstPage = field(default_factory=FirstPage)
    """What director, finance and legal are told."""
    own_figures: tuple[str, ...] = ()
    """Names of the assumptions that are the reader's own figures in place of a list's."""
    method: tuple[str, ...] = ()
    """How the verdict is computed, in ten sentences."""
    agreement: tuple[AgreementRow, ...] = ()
    """How far every two voters agree, and each with the judge; most texts in common first."""
    currency: str = "USD"
    """What amounts are in."""
    options: tuple[OptionLine, ...] = ()
    """All options beside each other, where there are more than two."""
    first_two: tuple[str, ...] = ()
    """Beside them: which comes first and which next, and what separates the two."""
    chance: str = ""
    """How likely fine-tuning is the right call, before the test and after it."""
    prices_sha256: str = ""
    """The edition of the prices and dates it rests on; "" = frozen before editions had names."""
    chance_moved: str = ""
    """What moved that chance most before the test."""
    parts: tuple[str, ...] = ()
    """What the test says of its parts: kinds of text, traffic, texts that turn, steadiness."""
    receipt: tuple[str, ...] = ()
    """What was fixed before the first answer, and what was changed since, one sentence each."""
