"""The path from a case and its run to a Report: evidence, money, access, verdict, words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from advisor.case import Case
from advisor.current_bases import CurrentBase, compare_with_current_bases
from advisor.evidence.gather import gather_evidence
from advisor.evidence.model import Evidence, Output, Vote
from advisor.money import Money, price_case
from advisor.report.model import Report
from advisor.report.report import write_report
from advisor.rules import load_rules
from advisor.store.repository import RunState, Store
from advisor.verdict import Access, Verdict, decide
from pricing import lifecycle
from pricing.offers import find_offer


@dataclass(frozen=True, slots=True)
class Record:
    """What a run has brought so far; the default is no run."""

    outputs: tuple[Output, ...] = ()
    votes: tuple[Vote, ...] = ()
    complete: bool = True
    seed: int = 0
    """Fixes the order in which the e-value looks at the prompts; from the run's spec."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with everything it rests on."""

    case: Case
    record: Record
    money: Money
    evidence: Evidence
    verdict: Verdict
    report: Report
    current_bases: tuple[CurrentBase, ...] = ()
    """Today's base models in the base option's place, the cheapest first."""


def decide_case(
    case: Case, record: Record, *, today: date, made_at: datetime, show_texts: bool = False
) -> Decision:
    """Work out and word the decision on a case.

    Args:
        case: what was asked.
        record: outputs and votes of its run.
        today: the day it is decided for: prices, dates and ages are taken on it.
        made_at: UTC time that stands in the report.
        show_texts: let the report quote the reader's own texts.

    Raises:
        PricingError: an option's offer is unknown or ambiguous.
    """
    rules = load_rules()
    evidence = gather_evidence(
        case,
        record.outputs,
        record.votes,
        case.judgments,
        run_complete=record.complete,
        rules=rules,
        seed=record.seed,
    )
    money = price_case(case, record.outputs, today, record.votes, evidence.base_arm)
    verdict = decide(
        case.brief,
        evidence,
        money.cost,
        _access(case, money, today),
        today,
        volume=case.volume,
        rules=rules,
        tuned_stops_on=money.quotes["tuned"].tuned_stops_on if "tuned" in money.quotes else None,
        people_usd=money.people_usd,
    )
    current_bases = compare_with_current_bases(case, money, today, evidence.base_arm)
    report = write_report(
        case,
        verdict,
        money,
        record.outputs,
        today=today,
        made_at=made_at,
        votes=record.votes,
        current_bases=current_bases,
        show_texts=show_texts,
    )
    return Decision(case, record, money, evidence, verdict, report, current_bases)


def record_of(store: Store, run: RunState | None) -> Record:
    """What the store holds of a run."""
    if run is None:
        return Record()
    outputs: Sequence[Output] = store.outputs(run.id)
    return Record(
        outputs=tuple(outputs),
        votes=tuple(store.votes(run.id)),
        complete=run.status == "done",
        seed=run.order_seed,
    )


def _access(case: Case, money: Money, today: date) -> Access:
    """Where this reader may train: at the chosen offer, and at the others that fit."""
    brief = case.brief
    chosen = money.quotes["tuned"].ref if "tuned" in money.quotes else None
    possible = lifecycle.open_offers(today, brief.customer_of, brief.data_may_go, brief.can_host)
    others = dict.fromkeys(
        f"{found.offer.base_model} at {found.offer.provider_name}"
        for found in sorted(possible, key=lambda f: f.offer.provider not in brief.customer_of)
        if found.offer.ref != chosen and found.can_train
    )
    if chosen is None:
        return Access(None, open_elsewhere=tuple(others), nowhere=not possible)
    offer = find_offer(chosen)
    standing = brief.customer_of.get(offer.provider)
    found = lifecycle.access(offer, today, standing, brief.data_may_go)
    return Access(found.can_train, found.reason, tuple(others), nowhere=not possible)
