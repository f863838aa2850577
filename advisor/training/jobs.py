"""What one training job on a checked file costs, at every offer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from advisor.case.brief import Brief
from pricing import lifecycle
from pricing.charges import training_cost
from pricing.entries import PriceCells
from pricing.offers import Offer, offers
from pricing.quotes import quote


@dataclass(frozen=True, slots=True)
class TrainingJob:
    """One job at one offer."""

    ref: str
    model: str
    method: str
    provider: str
    """The provider's name."""
    usd: Decimal | None
    """None = `missing` says which figure is not known."""
    missing: tuple[str, ...]
    can_train: bool | None
    """Whether this reader may train there today; None = it depends on something not known."""
    reason: str


def price_jobs(
    tokens: int,
    epochs: int,
    today: date,
    brief: Brief | None = None,
    among: Iterable[Offer] | None = None,
) -> tuple[TrainingJob, ...]:
    """One training job on a file at every offer that trains on examples, at list price.

    Args:
        tokens: of the file, once through.
        epochs: passes over it.
        today: the day whose prices and dates hold.
        brief: what the reader said of vendors and of where texts may go; None = not known.
        among: offers to look at; all by default.

    Returns:
        Where one may train first, then where it depends; within, the cheapest first, and those
        without a price last.
    """
    usage = PriceCells(training_tokens=tokens, epochs=epochs)
    those = offers() if among is None else among
    return in_order(_job(offer, usage, today, brief) for offer in those if takes_examples(offer))


def in_order(jobs: Iterable[TrainingJob]) -> tuple[TrainingJob, ...]:
    """Where one may train first, then where it depends; within, the cheapest first."""
    order = (True, None, False)
    unknown = Decimal("Infinity")
    return tuple(
        sorted(
            jobs,
            key=lambda job: (
                order.index(job.can_train),
                unknown if job.usd is None else job.usd,
                job.ref,
            ),
        )
    )


def takes_examples(offer: Offer) -> bool:
    """Trains on inputs and answers, and not on preferences or rewards alone."""
    method = offer.method.upper()
    return "SFT" in method or not ("DPO" in method or "RFT" in method)


def _job(offer: Offer, usage: PriceCells, today: date, brief: Brief | None) -> TrainingJob:
    standing = brief.customer_of.get(offer.provider) if brief else None
    may_go, regions = (brief.data_may_go, brief.regions or ()) if brief else (None, ())
    access = lifecycle.access(offer, today, standing, may_go, regions)
    can_train, reason = access.can_train, access.reason
    if offer.data_stays and brief and brief.can_host is False:
        can_train, reason = False, "You said you can't run machines of your own."
    cost = training_cost(quote(offer.ref, usage, "tuned", today).cells)
    return TrainingJob(
        ref=offer.ref,
        model=offer.base_model,
        method=offer.method,
        provider=offer.provider_name,
        usd=cost.usd,
        missing=cost.missing,
        can_train=can_train,
        reason=reason,
    )
