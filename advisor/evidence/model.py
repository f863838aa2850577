"""The values of the evidence: what an output is, what a preference is, what they add up to."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from advisor.case.options import OptionId, Role
from advisor.case.preferences import Pair, side_of
from advisor.case.preferences import Preference as Preference
from advisor.evidence.notes import Note

Outcome = Literal["answered", "refused", "no_answer", "failed"]
Why = Literal["thinking", "unclosed", "empty", "window", "end_unknown"]
"""Why a call that did not fail has no answer: the limit was spent on reasoning, the reasoning has
no end, nothing came, or the server did not read the whole text. "end_unknown" stands beside an
answer kept by an earlier version, which could not tell whether it was whole."""
PreferenceSource = Literal["votes", "judge", "metric"]
Word = Literal["decides", "no_difference", "trade_off", "not_enough", "none"]
Quality = Literal["as_is", "small_edits", "no"]


@dataclass(frozen=True, slots=True)
class Output:
    """One finished call: an answer, a refusal, no answer or a failure.

    The key is the first three fields.
    """

    prompt_id: str
    arm: Role
    sample: int
    outcome: Outcome
    text: str
    finish_reason: str | None = None
    """As the endpoint says it; "length" in whichever words it says that the limit was met."""
    served_model: str | None = None
    request_id: str | None = None
    error: str | None = None
    input_tokens: int | None = None
    """All of the prompt's tokens, cached ones included; None = the endpoint did not say."""
    cached_tokens: int | None = None
    output_tokens: int | None = None
    """All of the answer's tokens, reasoning included."""
    reasoning_tokens: int | None = None
    tokens_counted: bool = False
    """Counted by us, not reported by the endpoint."""
    first_token_ms: float | None = None
    latency_ms: float | None = None
    """None for a replayed answer: a replay's time says nothing about the model."""
    attempts: int = 1
    reasoning: str = ""
    """What the model thought first: billed and kept, never scored, voted on or judged."""
    why: Why | None = None
    finished_at: datetime | None = field(default=None, compare=False)
    """When it was kept; None = it is not known, as of an answer that was given."""

    @property
    def truncated(self) -> bool:
        """The answer met the token cap."""
        return self.outcome == "answered" and self.finish_reason == "length"


@dataclass(frozen=True, slots=True)
class Vote:
    """A person's blind preference for one prompt, between two options."""

    prompt_id: str
    preference: str
    """The id of the option preferred, `tie` or `both_bad`."""
    voter: str = "me"
    base_arm: OptionId = "base"
    challenger: OptionId = "tuned"
    """The option held against `base_arm`."""
    base_quality: Quality | None = None
    tuned_quality: Quality | None = None
    """Of the challenger's answer."""

    def __post_init__(self) -> None:
        side_of(self.preference, self.pair)  # a preference for neither is a bug

    @property
    def pair(self) -> Pair:
        """The two options."""
        return self.base_arm, self.challenger

    @property
    def side(self) -> Preference:
        """The preference by side."""
        return side_of(self.preference, self.pair)


@dataclass(frozen=True, slots=True)
class Tally:
    """Preferences over prompts, one each."""

    wins: int
    """Prompts that went to the tuned arm."""
    losses: int
    """Prompts that went to the base arm."""
    ties: int
    both_bad: int = 0

    @property
    def scored(self) -> int:
        """Prompts with any preference."""
        return self.wins + self.losses + self.ties + self.both_bad

    @property
    def decisive(self) -> int:
        """Clear choices."""
        return self.wins + self.losses


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its likely range (95 % unless said otherwise)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class FlipRate:
    """How often a judge changed its mind when the order was swapped."""

    flipped: int
    judged: int
    """Prompts judged in both orders."""
    rate: Interval


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people and a judge agree, over the prompts both scored."""

    same: int
    of: int
    kappa: Interval
    """Cohen's, -1 to 1."""


@dataclass(frozen=True, slots=True)
class Between:
    """Two base arms on the same prompts: what examples or passages bring, before any tuning."""

    base_arm: OptionId
    challenger: OptionId
    source: PreferenceSource
    tally: Tally
    """A win is the challenger's."""
    win_rate: Interval | None
    """Challenger's wins / clear choices, Wilson 95 %; None below 6 clear choices."""
    settled: bool
    """The e-value of the difference is large enough, over enough prompts, to call it one."""


Cause = Why | Literal["failed", "cut"]
"""Why answers are missing; "cut" = they met the limit."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """An option of which too many answers are missing or cut off."""

    option: OptionId
    missing: int
    cut: int
    of: int
    """Calls that have come to an end."""
    cause: Cause
    """The commonest."""
    said: str = ""
    """Its sentence, where the server gave one."""


@dataclass(frozen=True, slots=True)
class OneModel:
    """Two options that one model has answered, by its name, though two were asked for."""

    options: tuple[OptionId, OptionId]
    served: str


Barrier = Lacking | OneModel


WhyNotJoined = Literal["no_judge", "few_shared", "no_more_judged", "by_chance"]
"""no judge was asked or no vote given; too few texts seen by both; the judge has seen no others;
the two agree no better than chance."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Votes and a judge together."""

    net: Interval
    """Net preference, (wins - losses) / texts, -1 (base) to 1 (tuned)."""
    error: float
    votes: int
    """Texts that people and the judge both have seen."""
    judged: int
    """All texts the judge has seen."""
    worth: int
    """Votes that would be as exact alone."""
    wins: float
    losses: float
    """What the estimate amounts to in clear choices."""


@dataclass(frozen=True, slots=True)
class PairResult:
    """What a tuned option and one base option show against each other."""

    base_arm: OptionId
    tuned_arm: OptionId
    source: PreferenceSource | None
    tally: Tally
    """A win is the tuned option's."""
    win_rate: Interval | None
    e_value: float | None
    word: Word
    favours: Literal["base", "tuned"] | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the run shows, in one word, with the figures behind it.

    `favours` is set only where `word` is "decides" or "trade_off"; of a trade-off between sides
    that are level it is None. Figures are None where fewer
    than 6 clear choices exist: below that there are outputs, and no statistic. Only `difference`
    stands from 30 scored prompts on, for many ties say that there is none.
    """

    word: Word
    favours: Literal["base", "tuned"] | None = None
    source: PreferenceSource | None = None
    base_arm: OptionId = "base"
    """The base option that the tuned one does worst against: its claim rests on this pair."""
    tuned_arm: OptionId = "tuned"
    """The tuned option that claims most."""
    pairs: tuple[PairResult, ...] = ()
    """Every tuned option against every base option that has evidence from the same source."""
    primary_metric: str | None = None
    tally: Tally = Tally(0, 0, 0)
    preferences: tuple[tuple[str, Preference], ...] = ()
    """(prompt id, preference) of each scored prompt, in the order of the case."""
    prompts: int = 0
    """Prompts in the case."""
    win_rate: Interval | None = None
    """Tuned wins / clear choices, Wilson 95 %."""
    difference: Interval | None = None
    """(wins - losses) / scored, 90 %, as TOST uses it; at a second look 95 %."""
    metric_difference: Interval | None = None
    """Mean of tuned - base on the primary metric, paired t, 95 %."""
    margin: float = 0.15
    """How large a share of texts the sides may be apart and still count as level."""
    looked_at: int = 0
    """Texts there were when "no difference" was first looked for, where more were added since."""
    e_value: float | None = None
    """Over cases, on what is in now; the same in any order."""
    e_needed: float = 20.0
    p: float | None = None
    """Exact sign test, two-sided, one look."""
    n_more: int | None = None
    """Prompts still to bring for an 80 % chance that the test is settled, if the difference is the
    one worth acting on; 0 = enough were run."""
    n_more_cases: int | None = None
    """The same in cases, where texts belong to some."""
    base_chars: float | None = None
    tuned_chars: float | None = None
    """Mean length of the answers compared, in characters."""
    length_adjusted: float | None = None
    """Win rate of tuned at equal length, 0 to 1; None where hardly a text comes near it, or it
    can't be fitted. A note: no word turns on it."""
    length_doubt: bool = False
    """A judge or an overlap prefers longer answers, and length may explain it: people are asked."""
    by_overlap: bool = False
    """The source is a measure of shared wording."""
    unread: bool = False
    """And no person and no judge said anything of an answer."""
    clusters: int | None = None
    """Cases that are in whole, a text without one counting as its own; None = no text has one."""
    design_effect: float = 1.0
    """How many times too many the clear choices count, where texts of a case go together."""
    few_votes: bool = False
    """People have begun to read, and have made too few clear choices to be the source."""
    beside: tuple[tuple[PreferenceSource, Tally], ...] = ()
    """What the other sources say of the same pair; they are never added up."""
    joined: Joined | WhyNotJoined | None = None
    """Votes and a judge as one estimate, or why they are not; None = not both were asked."""
    none_beats_a_constant: bool = False
    """Answers can be right or wrong, and no option is right more often than always giving the
    commonest approved answer."""
    refused: int = 0
    failed: int = 0
    complete: bool = True
    """False: the run was capped, cancelled or has calls missing; every number from it says so."""
    would_decide: Literal["base", "tuned"] | None = None
    """While incomplete: the side it would be decided for, were the run ended here as settled."""
    stopped_early: bool = False
    """The run was ended as settled before every call was made; every claim from it says so."""
    leaked: int = 0
    """Prompts of the case that stand in the training file; while there are any, nothing decides."""
    barriers: tuple[Barrier, ...] = ()
    """What keeps the two from being compared; while there is any, nothing is decided."""
    order_never_swapped: bool = False
    judges: tuple[str, ...] = ()
    """Who judged, where a judge did, used or not."""
    flip_rate: FlipRate | None = None
    agreement: Agreement | None = None
    """Of people and judge, where both scored at least 6 of the same prompts."""
    room_left: Interval | None = None
    """1 - share sent as is, for the best base arm; None = nobody was asked."""
    checked: int = 0
    """Prompts of which somebody said whether that answer could be sent."""
    nothing_left_to_gain: bool = False
    between_bases: tuple[Between, ...] = ()
    """The first base arm against each other one that answered."""
    guards: tuple[Note, ...] = ()
    """What else was counted: invented names and numbers, facts left out."""
    notes: tuple[Note, ...] = ()
    """Why a word was withheld, what was left out."""

    @property
    def neither_is_good(self) -> bool:
        """Of most texts it was said that neither answer is good."""
        return 2 * self.tally.both_bad > self.tally.scored

    @property
    def times_as_long(self) -> float | None:
        """Tuned answers beside those of the base option; None = not known."""
        if not self.base_chars or not self.tuned_chars:
            return None
        return self.tuned_chars / self.base_chars

    @property
    def stood_in_for(self) -> tuple[PreferenceSource, Tally] | None:
        """What votes, of few texts so far, stand in place of; None = of nothing, or fewer texts."""
        if self.source != "votes":
            return None
        others = ((s, t) for s, t in self.beside if s != "votes" and t.decisive > self.tally.scored)
        return next(others, None)

    @property
    def points_other_way(self) -> tuple[PreferenceSource, Tally] | None:
        """A source that does not count here and points to the other side."""
        ahead = self.tally.wins - self.tally.losses
        return next(((s, t) for s, t in self.beside if ahead * (t.wins - t.losses) < 0), None)

    @property
    def needs_cases(self) -> bool:
        """It waits to be told which texts belong together."""
        return any(note.kind == "together_unknown" for note in self.notes)

    @property
    def decides_unread(self) -> bool:
        """Shared wording alone would decide, which it may not."""
        return self.by_overlap and self.word in ("decides", "no_difference")

    @property
    def needs_readers(self) -> bool:
        """The test has shown what it can, and only people can say the rest."""
        return self.length_doubt or self.decides_unread

    @property
    def compared(self) -> int:
        """Prompts with a preference: of the tuned arm, else of base arms among themselves."""
        return self.tally.scored or max((p.tally.scored for p in self.between_bases), default=0)
