"""Summary: how a case was last decided, and the facts that the decision stood on that day.

Small, as it is kept beside the case: a list of decisions reads nothing else, and an old decision
is held against today's facts without the report it once had.
"""

import hashlib
import json
from collections import Counter
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from pydantic import model_validator

from advisor.case.brief import Frozen
from advisor.case.case import Case
from advisor.case.options import Kind, OptionId, name_by_id
from advisor.evidence.record import Record
from advisor.report.base_stop import base_stop
from advisor.report.firmness import on_one_scale
from advisor.verdict.decision import Decision
from advisor.verdict.newer_base import BaseOnList
from advisor.verdict.verdict import Firmness
from advisor.version import VERSION

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class OptionSummary(Frozen):
    """What was known of one option."""

    arm: OptionId
    kind: Kind | None = None
    """None = kept before many could compete: by its id."""
    called: str = ""
    """What the option is called; "" = kept before that was."""
    model: str
    """As its endpoint knows it; "" = it has none."""
    name: str
    """Where it is bought: "gpt-6-luna at OpenAI"; else "your own figures" or "no price yet"."""
    prices: dict[str, Decimal]
    """Figures in use by cell, USD; see `PriceCells`."""
    own: tuple[str, ...] = ()
    """Cells the reader set: no list says whether they still hold."""
    checked: date | None = None
    """When the list was read."""
    training_closes_on: date | None = None
    tuned_stops_on: date | None = None
    base_stops_on: date | None = None
    """When a base option's model stops at its provider, as was known then."""
    base_stop: str = ""
    """Until when a base option answers and what takes its place, in words."""
    usd_per_month: Decimal | None = None
    """All in; None = a price or a count is missing."""
    served: tuple[str, ...] = ()
    """Models that the endpoint said it answered with, by name."""

    @property
    def shown(self) -> str:
        """What the option is called; by its id where it was kept before names were."""
        return self.called or name_by_id(self.arm)


class DecisionSummary(Frozen):
    """A decision in brief."""

    digest: str
    """Of what the reader gave: case, answers, votes. Where it is the same, nobody decided anew."""
    decided_on: date
    app_version: str = VERSION
    recommendation: Literal["base", "fine-tuned"]
    firmness: Firmness
    firmness_label: str
    headline: str
    base_arm: OptionId = "base"
    options: tuple[OptionSummary, ...] = ()
    bases: tuple[BaseOnList, ...] = ()
    """The day's base models, the cheapest first."""
    requests_per_month: int | None = None
    months_planned: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _on_one_scale(cls, kept: object) -> object:
        return on_one_scale(kept)


def summarise(decision: Decision, digest: str) -> DecisionSummary:
    """What is kept of a decision.

    Args:
        decision: as worked out.
        digest: of what it rests on, see `digest_of`.
    """
    from advisor.report.report import write_card  # much, and a list of decisions needs none of it

    card, money, volume = write_card(decision), decision.money, decision.case.volume
    options = []
    for arm, quote in money.quotes.items():
        cost = money.cost.arms.get(arm)
        served = {o.served_model for o in decision.record.outputs if o.arm == arm}
        options.append(
            OptionSummary(
                arm=arm,
                kind=decision.case.kind_of(arm),
                called=money.names[arm],
                model=decision.case.arms[arm].model,
                name=quote.name,
                prices=quote.cells.given(),
                own=tuple(sorted(quote.own)),
                checked=quote.checked,
                training_closes_on=quote.training_closes_on,
                tuned_stops_on=quote.tuned_stops_on,
                base_stops_on=quote.base_stop.on if quote.base_stop else None,
                base_stop=base_stop(quote, decision.today),
                usd_per_month=cost.usd_per_month_all_in if cost else None,
                served=tuple(sorted(filter(None, served))),
            )
        )
    return DecisionSummary(
        digest=digest,
        decided_on=decision.today,
        recommendation=card.recommendation,
        firmness=card.firmness,
        firmness_label=card.firmness_label,
        headline=card.headline,
        base_arm=decision.evidence.base_arm,
        options=tuple(options),
        bases=tuple(
            BaseOnList(
                name=base.name,
                ref=base.ref,
                usd_per_month=base.usd_per_month_all_in,
                checked=base.checked,
            )
            for base in decision.current_bases
        ),
        requests_per_month=volume.requests_per_month,
        months_planned=volume.horizon_months,
    )


def case_digest(case: Case) -> str:
    """SHA-256 of what a case decides by: neither its name nor who decides it, or when."""
    # Without defaults: a field that came later leaves the digest of earlier cases as it was.
    told = case.model_dump(
        mode="json", exclude={"title", "decided_by", "review_on"}, exclude_defaults=True
    )
    # By side, as preferences were kept before there were many options.
    for judgment, by_side in zip(case.judgments, told.get("judgments", ()), strict=True):
        by_side["preference"] = judgment.side
    return _sha256(told)


def digest_of(case: str, record: Record) -> str:
    """SHA-256 of what the reader gave for a decision; prices and the day are no part of it.

    Args:
        case: the case's digest, see `case_digest`.
        record: what its run has brought. An answer never changes, so counting them is enough.
    """
    answers = Counter(f"{output.arm} {output.outcome}" for output in record.outputs)
    votes = [_told(vote) | {"preference": repr(vote.side)} for vote in record.votes]
    by_side = tuple(judgment.preferring(judgment.side) for judgment in record.judgments)
    told = _told(replace(record, judgments=by_side))
    # How the run stands is told by its answers; it came later, and earlier digests are without it.
    others = {name: told[name] for name in told.keys() - {"outputs", "votes", "status"}}
    return _sha256([case, sorted(answers.items()), votes, others])


def _told(value: "DataclassInstance") -> dict[str, str]:
    """The fields that say something else than their default, or have none."""
    told = {field.name: (getattr(value, field.name), field.default) for field in fields(value)}
    return {name: repr(given) for name, (given, default) in told.items() if given != default}


def _sha256(value: object) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
