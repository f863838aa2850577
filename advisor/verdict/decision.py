"""From a case and what its run has brought to a decision: evidence, costs, access, verdict."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType

from advisor.case.case import Case
from advisor.case.endpoints import at_once
from advisor.case.options import OptionId
from advisor.evidence.early import settled
from advisor.evidence.gather import gather
from advisor.evidence.model import Evidence
from advisor.evidence.people.agreement import RaterPair
from advisor.evidence.receipt import Change, changed_since
from advisor.evidence.record import Record
from advisor.evidence.scores import score_table
from advisor.evidence.speed import Speed, seconds_of, speed_of
from advisor.evidence.weigh import Basis, weigh
from advisor.training.model import Private
from advisor.training.private import private_in
from advisor.verdict.all_options import OptionRow, all_options
from advisor.verdict.bounds import ruled_out, sites_of, too_slow
from advisor.verdict.charts import Charts, charts_of
from advisor.verdict.costing import price_case, price_options, spend_ranges
from advisor.verdict.costs import Costs
from advisor.verdict.current_bases import CurrentBase, compare_with_current_bases, undercutting
from advisor.verdict.facts import Facts
from advisor.verdict.first_two import FirstTwo, find_first_two
from advisor.verdict.gates import find_access
from advisor.verdict.more_texts import MoreTexts, what_settles_it
from advisor.verdict.next_test import MINUTES_A_TEXT, NextTest, find_next_test
from advisor.verdict.parts import PartsOfTest, parts_of
from advisor.verdict.pilot import Pilot, find_pilot
from advisor.verdict.raters import agreements_of
from advisor.verdict.rough_cost import RoughCost, find_rough_cost
from advisor.verdict.rules import Rules, load_rules
from advisor.verdict.sensitivity.smallest_changes import SmallestChange, find_smallest_changes
from advisor.verdict.text_results import TextOrder, TextResult, in_order, text_results
from advisor.verdict.verdict import Verdict
from advisor.verdict.what_moves import CostMoves, what_moves
from advisor.verdict.where_to_tune import (
    OpenPlace,
    Place,
    cheaper_place,
    open_elsewhere,
    where_to_tune,
)
from advisor.verdict.whole_text import (
    QuotedText,
    WholeText,
    texts_to_quote,
    whole_text,
)
from pricing.editions import held_edition
from pricing.export import digest_in_use
from pricing.spending import SpendRange

SUCCESSOR_DAYS = 92
"""A model's successor is looked for this long before it stops."""


@dataclass(frozen=True, eq=False)
class Decision:
    """A verdict with everything it rests on; what only a report needs is worked out when asked for.

    A vote moves the verdict at once, and the search for what would turn it, the charts and the
    pages to forward cost several times as much as the verdict.
    """

    case: Case
    record: Record
    money: Costs
    evidence: Evidence
    verdict: Verdict
    facts: Facts
    """What the verdict stands on, to take it again with one part changed."""
    today: date
    made_at: datetime
    hosts: Mapping[str, str] = field(default_factory=dict)
    """The address behind each `host:<name>`: who receives the texts there."""
    prices_sha256: str = ""
    """The edition of the prices and dates it rests on."""

    @cached_property
    def smallest_changes(self) -> tuple[SmallestChange, ...]:
        """For every input the smallest change that would change the verdict, the nearest first."""
        return find_smallest_changes(self.facts)

    @cached_property
    def more_texts(self) -> MoreTexts | None:
        """What it takes to settle the question by more texts; None = more texts would not settle it."""
        return what_settles_it(self.case, self.evidence, self.money, self.facts.rules.evidence)

    @cached_property
    def next_test(self) -> NextTest:
        """What the test that would settle the question takes."""
        return find_next_test(self.case, self.verdict, self.money, self.more_texts)

    @property
    def reading_minutes(self) -> float:
        """How long it takes one reader to vote on the texts that wait for people."""
        return (self.verdict.texts_to_read or self.unread_texts) * MINUTES_A_TEXT

    @property
    def unread_texts(self) -> int:
        """Texts of a test that went by shared wording alone, while nobody has read the answers."""
        evidence = self.verdict.evidence
        return evidence.tally.scored if evidence.by_overlap and evidence.unread else 0

    @cached_property
    def scores(self) -> Mapping[OptionId, Mapping[str, float]]:
        """By the main measure, by option and text; {} before a run."""
        key, outputs = self.case.run.primary_metric, self.record.outputs
        return score_table(self.case, outputs, [key])[key] if outputs else {}

    @cached_property
    def text_results(self) -> tuple[TextResult, ...]:
        """Every text of the test in figures, in the order of the case."""
        return text_results(self.case, self.evidence, self.money, self.record, self.scores)

    def text_results_by(self, order: TextOrder) -> tuple[TextResult, ...]:
        """The same, what is looked for first."""
        return in_order(self.text_results, order)

    @cached_property
    def quoted(self) -> tuple[QuotedText, ...]:
        """The texts that a report quotes with both answers."""
        return texts_to_quote(self.case, self.evidence, self.record.outputs)

    def whole_text(self, prompt_id: str, chars: int) -> WholeText:
        """A text of the test with both answers; see `whole_text`."""
        return whole_text(self.case, self.evidence, self.record.outputs, prompt_id, chars)

    @cached_property
    def charts(self) -> Charts | None:
        """The figures that charts are drawn from; None before a run."""
        if not self.record.outputs:
            return None
        return charts_of(
            self.case,
            self.evidence,
            self.money,
            self.record.outputs,
            self.record.votes,
            self.scores,
            self.facts.rules.evidence,
        )

    @cached_property
    def all_options(self) -> tuple[OptionRow, ...]:
        """Every option beside the others, in the order of the case."""
        return all_options(
            self.case,
            self.evidence,
            self.money,
            self.record.outputs,
            self.scores,
            self.verdict.ruled_out,
            self.facts.rules.evidence,
        )

    @cached_property
    def first_two(self) -> FirstTwo | None:
        """The option recommended and the next best one; None = not known."""
        return find_first_two(self.all_options, self.verdict)

    @cached_property
    def speeds(self) -> dict[OptionId, Speed]:
        """How each option's answers stand beside the time asked for; {} = none was asked for."""
        return speeds_of(self.case, self.record, self.facts.rules.evidence.alpha)

    @cached_property
    def agreements(self) -> tuple[RaterPair, ...]:
        """How far every two of those who chose agree, those with most texts in common first."""
        return agreements_of(self.case, self.evidence, self.record, self.facts.rules.evidence)

    @cached_property
    def spend_ranges(self) -> dict[OptionId, SpendRange]:
        """The total of each option over the months of use as low and high, where it is known."""
        return spend_ranges(
            self.case, self.money, self.record.outputs, self.facts.rules.evidence.alpha
        )

    @cached_property
    def moves(self) -> CostMoves:
        """What the monthly difference of the two options compared depends on."""
        return what_moves(self.money)

    @cached_property
    def rough_cost(self) -> RoughCost | None:
        """About what the options would cost; None where a month of each is known."""
        return find_rough_cost(self.case, self.money, self.today)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every offer to fine-tune for this case, the open ones first, the cheapest month first."""
        return where_to_tune(self.case, self.money, self.today)

    @cached_property
    def open_elsewhere(self) -> tuple[OpenPlace, ...]:
        """Places open to the reader beside the one chosen, the cheapest first."""
        return open_elsewhere(self.verdict.access, self.places)

    @cached_property
    def cheaper_place(self) -> Place | None:
        """The cheapest place open to the reader, where it undercuts the one priced."""
        return cheaper_place(self.verdict, self.money, self.places)

    @property
    def look_again_by(self) -> date | None:
        """The last day to review it: prices age, and a model that stops needs a successor in time."""
        days = [self.money.prices_good_until]
        stops = [q.base_stop.on for q in self.money.stopping_bases if q.base_stop is not None]
        if self.money.tuned is not None and self.money.tuned.tuned_stops_on is not None:
            stops.append(self.money.tuned.tuned_stops_on)
        days += [on - timedelta(days=SUCCESSOR_DAYS) for on in stops]
        return min((on for on in days if on is not None and on > self.today), default=None)

    @cached_property
    def private_in_texts(self) -> tuple[Private, ...]:
        """Personal data and secrets that a pattern finds in the texts compared."""
        return private_in(self.case.prompts)

    @cached_property
    def parts(self) -> PartsOfTest:
        """The test by kind of text, by traffic and text by text, and each option asked again."""
        rules = self.facts.rules.evidence
        return parts_of(self.case, self.record.outputs, self.evidence, rules)

    @cached_property
    def pilot(self) -> Pilot | None:
        """What a first fine-tuned model would take; None = it can't be priced."""
        return find_pilot(self.case, self.money, self.today)

    @cached_property
    def changed_since_fixed(self) -> tuple[Change, ...]:
        """What has changed since before the first answer; () also where nothing was kept."""
        receipt = self.record.receipt
        return changed_since(receipt, self.case, self.facts.rules.evidence) if receipt else ()

    @cached_property
    def current_bases(self) -> tuple[CurrentBase, ...]:
        """Today's base models in the base option's place, the cheapest first."""
        base_arm = self.evidence.base_arm
        return compare_with_current_bases(self.case, self.money, self.today, base_arm)

    @cached_property
    def cheaper_base(self) -> CurrentBase | None:
        """The cheapest of them, where it undercuts the base option by enough to mention."""
        return undercutting(self.current_bases, self.money, self.evidence.base_arm)


def decide_case(
    case: Case,
    record: Record,
    *,
    today: date,
    made_at: datetime,
    rules: Rules | None = None,
    hosts: Mapping[str, str] | None = None,
) -> Decision:
    """Work out the decision on a case.

    Args:
        case: what was asked.
        record: outputs and votes of its run.
        today: the day it is decided for: prices, dates and ages are taken on it.
        made_at: UTC time that stands in the report.
        rules: weights, thresholds and margins; those that ship unless others are given.
        hosts: the address behind each `host:<name>` of whoever hosts the app.

    Raises:
        PricingError: an option's offer is unknown or ambiguous.
    """
    with held_edition():
        return _decide(case, record, today, made_at, rules or load_rules(), hosts or {})


def _decide(
    case: Case,
    record: Record,
    today: date,
    made_at: datetime,
    rules: Rules,
    hosts: Mapping[str, str],
) -> Decision:
    sites = sites_of(case.at(hosts))
    slow = too_slow(speeds_of(case, record, rules.evidence.alpha))
    barred = {**slow, **ruled_out(case.brief, sites)}
    priced = price_options(case, record.outputs, today)
    usd = {base: priced.usd_per_request(base) for base in case.bases}
    evidence, basis = evidence_of(case, record, rules, barred=barred, usd=usd)
    pair = (evidence.base_arm, evidence.tuned_arm)
    money = price_case(case, record.outputs, today, record.votes, *pair, priced, rules)
    access = find_access(case.brief, money.tuned.ref if money.tuned else None, today)
    facts = Facts.of(case, money, evidence, basis, access, today, rules, sites, slow)
    verdict = facts.verdict()
    return Decision(
        case=case,
        record=record,
        money=money,
        evidence=evidence,
        verdict=verdict,
        facts=facts,
        today=today,
        made_at=made_at,
        hosts=hosts,
        prices_sha256=digest_in_use(),
    )


def speeds_of(case: Case, record: Record, alpha: float) -> dict[OptionId, Speed]:
    """How each option's answers stand beside the time asked for; {} = none was asked for."""
    limit = case.brief.seconds_at_most
    if limit is None or not record.outputs:
        return {}
    many = case.run.concurrency
    return {
        option: speed_of(
            seconds_of(record.outputs, option),
            limit,
            at_once(case.arms[option].endpoint, many),
            alpha,
        )
        for option in case.options
    }


def evidence_of(
    case: Case,
    record: Record,
    rules: Rules,
    *,
    barred: Collection[OptionId] = (),
    usd: Mapping[OptionId, Decimal | None] = MappingProxyType({}),
) -> tuple[Evidence, Basis | None]:
    """What the run shows by these rules, and what other preferences could be weighed with.

    Tuning is held against no base option that is `barred` while another one has answered. Of base
    options that do as well the cheapest by `usd` is named.
    """
    evidence, basis = gather(
        case,
        record.outputs,
        record.votes,
        case.judgments,
        run_complete=record.complete,
        rules=rules.evidence,
        seed=record.seed,
        live=record.judgments,
        in_training=case.leaked,
        barred=barred,
        usd=usd,
        first_texts=record.receipt.texts if record.receipt else (),
    )
    if record.stopped_early and basis is not None:
        basis = settled(basis)
        evidence = weigh(basis, basis.preferences, case.brief, rules.evidence)
    return evidence, basis
