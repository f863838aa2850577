"""The path from a case and its run to a Report: evidence, money, access, verdict, words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from advisor.case import Case, Judgment
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
from advisor.report.model import Report
from advisor.report.report import write_report
from advisor.rules import Rules, load_rules
from advisor.settling import Settling, what_settles_it
from advisor.store.repository import RunState, Store
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


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with everything it rests on."""

    case: Case
    record: Record
    money: Money
    evidence: Evidence
    verdict: Verdict
    report: Report
    ground: Ground
    """What the verdict stands on, to take it again with one part changed."""
    flips: tuple[Flip, ...]
    """For every input the smallest change that turns the verdict, the nearest first."""
    settling: Settling | None = None
    """What it takes to settle the question by more texts; None = they would not."""
    current_bases: tuple[CurrentBase, ...] = ()
    """Today's base models in the base option's place, the cheapest first."""


def decide_case(
    case: Case,
    record: Record,
    *,
    today: date,
    made_at: datetime,
    show_texts: bool = False,
    rules: Rules | None = None,
) -> Decision:
    """Work out and word the decision on a case.

    Args:
        case: what was asked.
        record: outputs and votes of its run.
        today: the day it is decided for: prices, dates and ages are taken on it.
        made_at: UTC time that stands in the report.
        show_texts: let the report quote the reader's own texts.
        rules: weights, thresholds and margins; those that ship unless others are given.

    Raises:
        PricingError: an option's offer is unknown or ambiguous.
    """
    rules = rules or load_rules()
    evidence, basis = evidence_of(case, record, rules)
    money = price_case(case, record.outputs, today, record.votes, evidence.base_arm)
    chosen = money.quotes["tuned"].ref if "tuned" in money.quotes else None
    access = find_access(case.brief, chosen, today)
    ground = Ground.of(case, money, evidence, basis, access, today, rules)
    verdict = ground.verdict()
    flips = find_flips(ground)
    settling = what_settles_it(case, evidence, money)
    current_bases = compare_with_current_bases(case, money, today, evidence.base_arm)
    report = write_report(
        case,
        verdict,
        money,
        record.outputs,
        today=today,
        made_at=made_at,
        votes=record.votes,
        flips=flips,
        settling=settling,
        current_bases=current_bases,
        agreement=agreement_rows(
            case, evidence, record.outputs, record.votes, record.judgments, rules.evidence
        ),
        show_texts=show_texts,
    )
    return Decision(
        case, record, money, evidence, verdict, report, ground, flips, settling, current_bases
    )


def evidence_of(case: Case, record: Record, rules: Rules) -> tuple[Evidence, Basis | None]:
    """What the run shows by these rules, and what other preferences could be weighed with."""
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
        seed=run.order_seed,
    )
