"""The path from a case and its run to a Report: evidence, money, access, verdict, words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from advisor.bounds import ruled_out, sites_of
from advisor.case import ArmName, Case, Judgment
from advisor.current_bases import CurrentBase, compare_with_current_bases
from advisor.evidence.early import settled
from advisor.evidence.gather import gather
from advisor.evidence.model import Evidence, Output, Vote
from advisor.evidence.weigh import Basis, weigh
from advisor.flips import Flip, find_flips
from advisor.gates import find_access
from advisor.ground import Ground
from advisor.money import Money, price_case
from advisor.report.agreement import agreement_rows
from advisor.report.model import Card, Report
from advisor.report.money_words import MoneyWords, word_money
from advisor.report.report import Findings, write_card, write_report
from advisor.rules import Rules, load_rules
from advisor.settling import Settling, what_settles_it
from advisor.store.repository import RunState, Store
from advisor.store.runs import Status
from advisor.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Record:
    """What a run has brought so far; the default is no run."""

    outputs: tuple[Output, ...] = ()
    votes: tuple[Vote, ...] = ()
    judgments: tuple[Judgment, ...] = ()
    """What a live judge said, one per order."""
    complete: bool = True
    seed: int = 0
    """Fixes the order in which the e-value looks at the prompts; from the run's spec."""
    stopped_early: bool = False
    """Somebody ended the run as settled; never one that was merely cancelled, capped or paused."""
    status: Status | None = None
    """How the run stands; None = there is none, or nobody knows."""


@dataclass(frozen=True)
class Decision:
    """A verdict with everything it rests on; what only a report needs is worked out when asked for.

    A vote moves the verdict at once, and the search for what would turn it, the charts and the
    pages to forward cost several times as much as the verdict.
    """

    case: Case
    record: Record
    money: Money
    evidence: Evidence
    verdict: Verdict
    card: Card
    ground: Ground
    """What the verdict stands on, to take it again with one part changed."""
    today: date
    made_at: datetime
    hosts: Mapping[str, str] = field(default_factory=dict)
    """The address behind each `host:<name>`: who receives the texts there."""

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """For every input the smallest change that turns the verdict, the nearest first."""
        return find_flips(self.ground)

    @cached_property
    def settling(self) -> Settling | None:
        """What it takes to settle the question by more texts; None = they would not."""
        return what_settles_it(self.case, self.evidence, self.money)

    @cached_property
    def current_bases(self) -> tuple[CurrentBase, ...]:
        """Today's base models in the base option's place, the cheapest first."""
        base_arm = self.evidence.base_arm
        return compare_with_current_bases(self.case, self.money, self.today, base_arm)

    @cached_property
    def worded_money(self) -> MoneyWords:
        """The money in words; needs neither the flips nor the rest of the report."""
        return word_money(self.money, self.evidence.base_arm, self.current_bases, self.today)

    @cached_property
    def report(self) -> Report:
        """The decision, worded once. Of the reader's own texts it quotes none, of a sample's some."""
        return self._worded(show_texts=False)

    @cached_property
    def quoting(self) -> Report:
        """The same, quoting the reader's own texts."""
        return self.report if self.case.recorded else self._worded(show_texts=True)

    def _worded(self, *, show_texts: bool) -> Report:
        case, record, evidence = self.case, self.record, self.evidence
        rules = self.ground.rules.evidence
        found = Findings(
            case=case.at(self.hosts),
            verdict=self.verdict,
            money=self.money,
            worded=self.worded_money,
            outputs=record.outputs,
            votes=record.votes,
            status=record.status,
            flips=self.flips,
            settling=self.settling,
            agreement=agreement_rows(
                case, evidence, record.outputs, record.votes, record.judgments, rules
            ),
            today=self.today,
            made_at=self.made_at,
        )
        return write_report(found, show_texts=show_texts)


def decide_case(
    case: Case,
    record: Record,
    *,
    today: date,
    made_at: datetime,
    rules: Rules | None = None,
    hosts: Mapping[str, str] | None = None,
) -> Decision:
    """Work out and word the decision on a case.

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
    rules = rules or load_rules()
    sites = sites_of(case.at(hosts or {}))
    evidence, basis = evidence_of(case, record, rules, barred=ruled_out(case.brief, sites))
    money = price_case(case, record.outputs, today, record.votes, evidence.base_arm)
    chosen = money.quotes["tuned"].ref if "tuned" in money.quotes else None
    access = find_access(case.brief, chosen, today)
    ground = Ground.of(case, money, evidence, basis, access, today, rules, sites)
    verdict = ground.verdict()
    return Decision(
        case=case,
        record=record,
        money=money,
        evidence=evidence,
        verdict=verdict,
        card=write_card(case, verdict, money),
        ground=ground,
        today=today,
        made_at=made_at,
        hosts=hosts or {},
    )


def evidence_of(
    case: Case, record: Record, rules: Rules, *, barred: Collection[ArmName] = ()
) -> tuple[Evidence, Basis | None]:
    """What the run shows by these rules, and what other preferences could be weighed with.

    Tuning is held against no base option that is `barred` while another one has answered.
    """
    evidence, basis = gather(
        case,
        record.outputs,
        record.votes,
        case.judgments,
        run_complete=record.complete,
        rules=rules,
        seed=record.seed,
        live=record.judgments,
        in_training=case.leaked,
        barred=barred,
    )
    if record.stopped_early and basis is not None:
        basis = settled(basis)
        evidence = weigh(basis, basis.preferences, case.brief, rules.evidence)
    return evidence, basis


def record_of(store: Store, run: RunState | None) -> Record:
    """What the store holds of a run."""
    if run is None:
        return Record()
    outputs: Sequence[Output] = store.outputs(run.id)
    return Record(
        outputs=tuple(outputs),
        votes=tuple(store.votes(run.id)),
        judgments=tuple(store.judgments(run.id)),
        complete=run.status == "done",
        stopped_early=run.status == "settled",
        status=run.status,
        seed=run.order_seed,
    )
