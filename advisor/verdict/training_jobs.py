"""What one training job of a case costs, at every offer, as its verdict prices it."""

from datetime import date

from advisor.case.case import Case
from advisor.training.jobs import TrainingJob, in_order, price_jobs, takes, takes_media
from advisor.verdict.costs import Costs
from advisor.verdict.where_to_tune import PlaceAccess, where_to_tune
from pricing.offers import offers


def jobs_of(case: Case, money: Costs, today: date) -> tuple[TrainingJob, ...]:
    """One training job of a case at every offer, priced as its verdict prices it.

    Args:
        case: what was asked, with its checked file.
        money: its options, priced: own figures and a discount hold at the offer chosen.
        today: the day whose prices and dates hold.

    Returns:
        As `price_jobs`.
    """
    file = case.training
    media = frozenset(file.media) if file else frozenset()
    if file is not None and file.kind != "examples":
        # No option of the case is trained on such a file, so only list prices are shown.
        return price_jobs(file.tokens, file.epochs, today, case.brief, kind=file.kind, media=media)
    fit = {
        offer.ref for offer in offers() if takes(offer, "examples") and takes_media(offer, media)
    }
    stands: dict[PlaceAccess, bool] = {"open": True, "closed": False}
    places = where_to_tune(case, money, today)
    return in_order(
        TrainingJob(
            ref=place.ref,
            model=place.model,
            method=place.method,
            provider=place.provider,
            usd=place.training_usd,
            missing=tuple(cell for cell in place.missing if cell.startswith("training")),
            can_train=stands.get(place.standing),
            why=place.why,
        )
        for place in places
        if place.ref in fit
    )
