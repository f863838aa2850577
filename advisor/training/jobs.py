"""What one training job on a checked file costs, at every offer."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fnmatch import fnmatch

from advisor.case.brief import Brief
from advisor.training.formats.model import FileKind
from advisor.training.rules import load_training_rules
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
    why: lifecycle.AccessReason


def price_jobs(
    tokens: int,
    epochs: int,
    today: date,
    brief: Brief | None = None,
    among: Iterable[Offer] | None = None,
    kind: FileKind = "examples",
    media: Iterable[str] = (),
) -> tuple[TrainingJob, ...]:
    """One training job on a file at every offer that takes such a file, at list price.

    Args:
        tokens: of the file, once through.
        epochs: passes over it.
        today: the day whose prices and dates hold.
        brief: what the reader said of vendors and of where texts may go; None = not known.
        among: offers to look at; all by default.
        kind: what is learned from the file.
        media: kinds of media in it, which are not in its tokens: the price is without them.

    Returns:
        Where one may train first, then where it depends; within, the cheapest first, and those
        without a price last.
    """
    usage = PriceCells(training_tokens=tokens, epochs=epochs)
    those = offers() if among is None else among
    held = frozenset(media)
    return in_order(
        _job(offer, usage, today, brief)
        for offer in those
        if takes(offer, kind) and takes_media(offer, held)
    )


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


_WORD = re.compile(r"[A-Z]+")
_PREFERENCES, _GRADED, _TEXTS = {"DPO", "ORPO"}, {"RFT", "RL", "RLVR", "GRPO"}, {"CPT"}


def takes(offer: Offer, kind: FileKind) -> bool:
    """Whether an offer trains on such a file, by the name of its method.

    Where the method names none of them, it trains on inputs and answers; own machines and loops of
    one's own train on anything, but have no price by tokens for it.
    """
    words = set(_WORD.findall(offer.method.upper()))
    if kind == "preferences":
        return bool(words & _PREFERENCES)
    if kind == "graded":
        return bool(words & _GRADED)
    if kind == "texts":
        return bool(words & _TEXTS) or (offer.provider in _TEXTS_AT and takes(offer, "examples"))
    return "SFT" in words or not words & (_PREFERENCES | _GRADED)


_TEXTS_AT = ("together",)
"""Take lines of plain text beside examples (Together AI, "Data preparation": generic text)."""


def takes_media(offer: Offer, media: frozenset[str]) -> bool:
    """Whether an offer is known to train on such media; none in a file is taken everywhere."""
    if not media:
        return True
    return any(
        rule.provider == offer.provider
        and media <= set(rule.takes)
        and any(fnmatch(offer.base_model.lower(), model) for model in rule.models)
        for rule in load_training_rules().media
    )


def _job(offer: Offer, usage: PriceCells, today: date, brief: Brief | None) -> TrainingJob:
    standing = brief.customer_of.get(offer.provider) if brief else None
    may_go, regions = (brief.data_may_go, brief.regions or ()) if brief else (None, ())
    access = lifecycle.access(offer, today, standing, may_go, regions)
    can_train, why = access.can_train, access.why
    if offer.data_stays and brief and brief.can_host is False:
        can_train, why = False, lifecycle.AccessReason("no_machines", offer.provider_name)
    cost = training_cost(quote(offer.ref, usage, "tuned", today).cells)
    return TrainingJob(
        ref=offer.ref,
        model=offer.base_model,
        method=offer.method,
        provider=offer.provider_name,
        usd=cost.usd,
        missing=cost.missing,
        can_train=can_train,
        why=why,
    )
