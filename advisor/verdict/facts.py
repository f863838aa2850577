"""Facts: what a verdict rests on, worked out from texts and prices; each part can be changed alone.

A verdict taken on the facts of a decision is the decision's. Sensitivity moves one part at a time,
and no text is read and no price looked up again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Literal

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.evidence.model import Evidence
from advisor.evidence.weigh import Basis
from advisor.verdict.bounds import RuledOut, Sites
from advisor.verdict.costing import as_trained, compare
from advisor.verdict.costs import Costs
from advisor.verdict.gates import BaseStops, TuningAccess, base_stops
from advisor.verdict.rules import Rules
from advisor.verdict.tokens import Lesson, lesson_of
from advisor.verdict.verdict import Verdict, decide
from pricing.cost import BreakEven, Cost, Option, Volume
from pricing.people import People


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the rules ask about, apart from texts and price lists."""

    brief: Brief
    volume: Volume
    options: Mapping[OptionId, Option]
    """By id: prices, tokens, people's time, and the day on which a tuned model stops."""
    against: OptionId
    """The base option compared, where the test names none of the case's."""
    challenger: OptionId
    """The tuned option compared, likewise."""
    evidence: Evidence
    basis: Basis | None
    """What other preferences would be weighed with; None = no tuned arm was run."""
    access: TuningAccess
    chosen: str | None
    """The offer of the tuned option compared."""
    lessons: Mapping[OptionId, Lesson]
    """What a training job of each tuned option goes through, by which it is priced."""
    today: date
    rules: Rules
    sites: Mapping[OptionId, Sites] = field(default_factory=dict)
    """Where each option's texts go."""
    base_stops: tuple[BaseStops, ...] = ()
    """Base options whose model stops soon."""
    too_slow: Mapping[OptionId, RuledOut] = field(default_factory=dict)
    """Options whose answers take too long."""

    @classmethod
    def of(
        cls,
        case: Case,
        money: Costs,
        evidence: Evidence,
        basis: Basis | None,
        access: TuningAccess,
        today: date,
        rules: Rules,
        sites: Mapping[OptionId, Sites],
        too_slow: Mapping[OptionId, RuledOut] = MappingProxyType({}),
    ) -> "Facts":
        """The facts of a case as it is."""
        return cls(
            brief=case.known,
            volume=case.volume,
            options={
                arm: Option(
                    found.cells if case.kind_of(arm) == "tuned" else money.options[arm].cells,
                    money.cost.arms[arm].tokens,
                    found.tuned_stops_on,
                    people=money.options[arm].people,
                    later=money.options[arm].later,
                )
                for arm, found in money.quotes.items()
            },
            against=money.cost.against,
            challenger=money.cost.challenger,
            evidence=evidence,
            basis=basis,
            access=access,
            chosen=money.tuned.ref if money.tuned else None,
            lessons={arm: lesson_of(case, case.arms[arm]) for arm in case.tuned_options},
            today=today,
            rules=rules,
            sites=sites,
            base_stops=base_stops(money.handovers, today, rules),
            too_slow=too_slow,
        )

    @property
    def stops_on(self) -> date | None:
        """The day on which the tuned model stops; None = no date, or no such option."""
        tuned = self.options.get(self.pair[1])
        return tuned.stops_on if tuned else None

    @property
    def pair(self) -> tuple[OptionId, OptionId]:
        """The base option and the tuned one that are compared: those the test names."""
        base, tuned = self.evidence.base_arm, self.evidence.tuned_arm
        return (
            base if base in self.options else self.against,
            tuned if tuned in self.options else self.challenger,
        )

    def with_option(self, arm: OptionId, option: Option) -> "Facts":
        """The facts with another option in an arm's place."""
        return replace(self, options={**self.options, arm: option})

    @property
    def people(self) -> People | None:
        """What people's time costs; None = it is not counted."""
        found = (option.people for option in self.options.values())
        return next((time.people for time in found if time is not None), None)

    def with_people(self, people: People) -> "Facts":
        """The facts with other figures for people's time, for every option."""
        return replace(
            self,
            options={
                arm: replace(option, people=replace(option.people, people=people))
                if option.people
                else option
                for arm, option in self.options.items()
            },
        )

    def verdict(self) -> Verdict:
        """The verdict on these facts."""
        return self.look()[0]

    def look(self) -> tuple[Verdict, BreakEven | None]:
        """The verdict on these facts, with the break-even only where a rule asks for it."""
        cost = self.cost()
        verdict = decide(
            self.brief,
            self.evidence,
            cost,
            self.access,
            self.today,
            volume=self.volume,
            rules=self.rules,
            tuned_stops_on=self.stops_on,
            sites=self.sites,
            base_stops=self.base_stops,
            too_slow=self.too_slow,
        )
        return verdict, cost.break_even

    def cost(self) -> Cost:
        """What the options cost; of the break-even only what `too_dear` needs."""
        options = as_trained(self.options, self.lessons, self.brief)
        ask: Literal["month", "none"] = "month" if self._may_pay_back_too_late else "none"
        base, tuned = self.pair
        return compare(options, self.volume, self.today, base, ask, tuned, tuple(self.lessons))

    @property
    def _may_pay_back_too_late(self) -> bool:
        """Rule 3 asks: the test decides for a tuned model that has a stop date."""
        decides = self.evidence.word == "decides" and self.evidence.favours == "tuned"
        return decides and self.stops_on is not None
