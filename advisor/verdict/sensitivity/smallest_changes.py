"""For each single input, the smallest change that would change the verdict."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Literal

from advisor.memo import memoised_by_value
from advisor.verdict.facts import Facts
from advisor.verdict.sensitivity import Value, choices, dials
from advisor.verdict.sensitivity.model import ChoiceLever, Input, NumberLever

To = Literal["base", "tuned", "possible", "fewer_stoppers"]
"""The recommendation turns to one of the two; or, of a blocked verdict, no stopper is left and base
stays the answer ("possible"), or one fires less."""

_LAPS = 12
_Profile = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class SmallestChange:
    """One input, and the nearest value at which the verdict changes."""

    input: Input
    now: Value | None
    """None: not given, or not answered."""
    flips_at: Value
    to: To
    distance: float
    """How far it is: 1 for a doubling, a halving, or one step along a question's answers. Numbers:
    |log2(then / now)|, each plus one step so that 0 is a number; the texts won: of the odds. An
    answer not given yet is 1 away."""
    more: bool | None = None
    """True: it turns from there on upwards; False: downwards; None: the input is no number."""
    of: int | None = None
    """Of so many clear choices, for the texts won."""


@memoised_by_value(256)
def find_smallest_changes(facts: Facts) -> tuple[SmallestChange, ...]:
    """The smallest change of every input that has one, the nearest first.

    A turn is a change of the recommendation; how firm it is does not count. Of a blocked verdict
    what opens a gate counts too, and an input may then have two.

    Numbers are searched to the step: a cent (a hundredth of one below a dollar), a text, a pair, a
    month, a day. The search follows the verdict's profile (rule, gates, caps, signals, when tuning
    pays back), each part of which changes once along a number; where it may change back, the months
    planned and the volume, it looks at marks between. One step short of `flips_at` the verdict
    stands as it is.

    Args:
        facts: of the decision.
    """
    here = _Stand.at(facts)
    found: list[SmallestChange] = []
    for lever in chain(dials(facts), choices(facts)):
        wanted: list[Callable[[_Stand], bool]] = [here.is_turned_by]
        if here.gates:
            wanted.insert(0, here.is_opened_by)
        search = _of_choice if isinstance(lever, ChoiceLever) else _of_dial
        for turned in wanted:
            flip = search(lever, here, turned)  # type: ignore[arg-type]
            if flip is not None and flip not in found:
                found.append(flip)
    return tuple(sorted(found, key=lambda flip: round(flip.distance, 6)))


@dataclass(frozen=True, slots=True)
class _Stand:
    """What the search needs to know of a verdict."""

    recommendation: Literal["base", "tuned"]
    gates: frozenset[str]
    profile: _Profile
    """Parts that change once along a number, or nearly so."""

    @classmethod
    def at(cls, facts: Facts) -> "_Stand":
        verdict, pays = facts.look()
        lean = verdict.lean
        cost = next(signal for signal in lean.signals if signal.key == "cost")
        gates = frozenset(gate.key for gate in verdict.gates)
        profile = (
            verdict.recommendation,
            verdict.rule,
            gates,
            None if cost.value is None else (cost.value > 0) - (cost.value < 0),
            len(verdict.try_first),
            lean.met_flips,
            verdict.evidence.word,
            verdict.evidence.favours,
            None if pays is None else (pays.month is None, pays.late),
        )
        return cls(verdict.recommendation, gates, profile)

    def is_turned_by(self, other: "_Stand") -> bool:
        """Whether the recommendation is another one."""
        return other.recommendation != self.recommendation

    def is_opened_by(self, other: "_Stand") -> bool:
        """Whether one gate fewer fires, and no other one instead."""
        return other.gates < self.gates

    def to(self, other: "_Stand") -> To:
        """What a change to `other` makes of this verdict."""
        if self.is_turned_by(other):
            return other.recommendation
        return "fewer_stoppers" if other.gates else "possible"


def _of_choice(
    choice: ChoiceLever, here: _Stand, turned: Callable[[_Stand], bool]
) -> SmallestChange | None:
    for value, steps in sorted(choice.ways, key=lambda way: way[1]):
        there = _Stand.at(choice.put(value))
        if turned(there):
            return SmallestChange(choice.input, choice.now, value, here.to(there), float(steps))
    return None


def _of_dial(
    dial: NumberLever, here: _Stand, turned: Callable[[_Stand], bool]
) -> SmallestChange | None:
    seen: dict[int, _Stand] = {}

    def look(n: int) -> _Stand:
        if n not in seen:
            seen[n] = _Stand.at(dial.put(n))
        return seen[n]

    if dial.at is None:
        ends = _of_unknown(dial, look, turned)
    else:
        below, above = dial.at
        ends = [
            _first(below, dial.most, [m for m in dial.marks if m > below], here, look, turned),
            _first(
                above, dial.least, [m for m in dial.marks[::-1] if m < above], here, look, turned
            ),
        ]
    flips = [
        SmallestChange(
            dial.input,
            dial.now,
            dial.value(n),
            here.to(look(n)),
            _distance(dial, n),
            more,
            dial.of(n) if dial.of else None,
        )
        for n, more in zip(ends, (True, False), strict=True)
        if n is not None
    ]
    return min(flips, key=lambda flip: flip.distance, default=None)


def _of_unknown(
    dial: NumberLever, look: Callable[[int], _Stand], turned: Callable[[_Stand], bool]
) -> list[int | None]:
    """For a number not given: from which value, or up to which, it changes; [upwards, downwards]."""
    least, most = look(dial.least), look(dial.most)
    if turned(least) == turned(most):
        return [None, None]
    if turned(most):
        return [_first(dial.least, dial.most, [*dial.marks], least, look, turned), None]
    return [None, _first(dial.most, dial.least, [*dial.marks[::-1]], most, look, turned)]


def _first(
    start: int,
    end: int,
    marks: list[int],
    here: _Stand,
    look: Callable[[int], _Stand],
    turned: Callable[[_Stand], bool],
) -> int | None:
    """The first number after `start`, up to `end`, at which the verdict is changed."""
    near, stand = start, here
    for _ in range(_LAPS):
        ahead = [n for n in (*marks, end) if (n - near) * (end - start) > 0]
        far = next((n for n in ahead if look(n).profile != stand.profile), None)
        if far is None:
            return None
        near = [near, *ahead[: ahead.index(far)]][-1]
        while abs(far - near) > 1:
            middle = _between(near, far)
            if look(middle).profile == stand.profile:
                near = middle
            else:
                far = middle
        near, stand = far, look(far)
        if turned(stand):
            return far
    return None


def _between(one: int, other: int) -> int:
    """The geometric middle where the two differ in magnitude, else the arithmetic one."""
    low, high = sorted((one, other))
    if high > 4 * max(low, 1):
        return math.isqrt(max(low, 1) * high)
    return (low + high) // 2


def _distance(dial: NumberLever, n: int) -> float:
    if dial.now is None or dial.at is None:
        return 1.0
    if dial.of is not None:
        now = dial.at[0]
        return abs(math.log2(_odds(n, dial.of(n)) / _odds(now, dial.of(now))))
    stated = dial.now if isinstance(dial.now, int | Decimal) else dial.at[0]  # a day, as days left
    return abs(math.log2((n + 1) * dial.unit / (Decimal(stated) + dial.unit)))


def _odds(wins: int, of: int) -> float:
    """Wins to losses, with half a text on either side so that none is a number."""
    return (wins + 0.5) / (of - wins + 0.5)
