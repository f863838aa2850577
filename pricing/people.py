"""People's time around a model, in USD, apart from what the model costs."""

from dataclasses import dataclass
from decimal import Decimal

from pydantic import Field

from pricing.charges import Volume, requests_over
from pricing.entries import Row

MINUTES_PER_HOUR = 60


class People(Row):
    """What people's time costs (the `[people]` table); None = not given, and then not counted."""

    hourly_rate: Decimal | None = Field(default=None, ge=0, le=10_000)
    """USD an hour, all in."""
    minutes_to_correct: Decimal | None = Field(default=None, ge=0, le=10_000)
    """Minutes it takes to put one answer right."""
    corrected_share_base: Decimal | None = Field(default=None, ge=0, le=1)
    """Share of the base model's answers that are corrected."""
    corrected_share_tuned: Decimal | None = Field(default=None, ge=0, le=1)
    one_off_days_examples: Decimal | None = Field(default=None, ge=0, le=10_000)
    """Working days to collect and approve examples, once."""
    one_off_days_it: Decimal | None = Field(default=None, ge=0, le=10_000)
    one_off_days_testing: Decimal | None = Field(default=None, ge=0, le=10_000)
    hours_per_day: Decimal = Field(default=Decimal(8), gt=0, le=24)

    @property
    def one_off_days(self) -> Decimal | None:
        """All days spent once; None where none is given."""
        days = (self.one_off_days_examples, self.one_off_days_it, self.one_off_days_testing)
        given = [n for n in days if n is not None]
        return sum(given, Decimal(0)) if given else None

    def corrected_share(self, trained: bool) -> Decimal | None:
        """The share given for the tuned model (`trained`) or for a base model."""
        return self.corrected_share_tuned if trained else self.corrected_share_base

    @property
    def corrections_count(self) -> bool:
        """Correcting was said to cost time; without minutes a share is only a share."""
        return self.minutes_to_correct is not None

    @property
    def given(self) -> bool:
        """Something about people's time was said, so it is to be counted."""
        return self.corrections_count or self.one_off_days is not None


@dataclass(frozen=True, slots=True)
class PeopleCost:
    """People's time around one option over the months of use, USD; None = not given or known."""

    corrections_usd: Decimal | None
    one_off_usd: Decimal | None
    """Days spent once; 0 for a base model where days are given."""
    total_usd: Decimal | None
    """Of the parts that were given; None as soon as one of those is not known."""
    corrected_share: Decimal | None
    """Given or measured, 0 to 1."""


def people_cost(
    people: People, volume: Volume, months: Decimal, trained: bool, measured: Decimal | None = None
) -> PeopleCost:
    """People's time around one option.

    Corrections: requests over the months of use, with growth, x share corrected x minutes / 60 x
    hourly rate. One-off days x hours a day x hourly rate, for the tuned model only.

    Args:
        people: what was given.
        volume: requests a month and their growth.
        months: months of use, see `pricing.cost.months_of_use`.
        trained: whether the option is a tuned model.
        measured: share of answers a test found in need of correcting; the share given goes first.
    """
    share = people.corrected_share(trained)
    share = measured if share is None else share
    rate, minutes = people.hourly_rate, people.minutes_to_correct
    requests = requests_over(volume, months)
    corrections = one_off = None
    if rate is not None and minutes is not None and share is not None and requests is not None:
        corrections = requests * share * minutes / MINUTES_PER_HOUR * rate
    if rate is not None and people.one_off_days is not None:
        one_off = people.one_off_days * people.hours_per_day * rate if trained else Decimal(0)
    counted = [corrections] if people.corrections_count else []
    counted += [one_off] if people.one_off_days is not None else []
    known = [part for part in counted if part is not None]
    whole = bool(counted) and len(known) == len(counted) and months > 0
    total = sum(known, Decimal(0)) if whole else None
    return PeopleCost(corrections, one_off, total, share)


def usd_per_accepted(
    model_usd: Decimal | None,
    people: PeopleCost,
    people_given: bool,
    volume: Volume,
    months: Decimal,
) -> Decimal | None:
    """Cost of one answer that needs no correcting, USD: everything over the accepted answers.

    Args:
        model_usd: the model's total over the months of use.
        people: people's time around it.
        people_given: people's time is to be counted; where it is not known, nor is the cost.
        volume: requests a month and their growth.
        months: months of use.

    Returns:
        (model + people) / (requests x (1 - share corrected)); None where the share or an amount
        is not known, or no answer is accepted.
    """
    requests, share = requests_over(volume, months), people.corrected_share
    time_usd = people.total_usd if people_given else Decimal(0)
    if model_usd is None or time_usd is None or requests is None or share is None:
        return None
    accepted = requests * (1 - share)
    return (model_usd + time_usd) / accepted if accepted else None
