"""People's time around a model, in USD: part of every total once it is known."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from pydantic import Field

from pricing.charges import Amount, Volume, requests_over, times
from pricing.entries import Row

MINUTES_PER_HOUR = 60
SHARE = "share of answers corrected"
RATE = "hourly rate"


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

    def with_days(self, days: Decimal) -> "People":
        """The same with this many one-off days in all, whatever they are for."""
        none = {"one_off_days_it": None, "one_off_days_testing": None}
        return self.model_copy(update={"one_off_days_examples": days, **none})

    def corrected_share(self, trained: bool) -> Decimal | None:
        """The share given for the tuned model (`trained`) or for a base model."""
        return self.corrected_share_tuned if trained else self.corrected_share_base

    @property
    def corrections_count(self) -> bool:
        """Whether correcting was said to cost time; without minutes a share costs nothing."""
        return self.minutes_to_correct is not None

    @property
    def given(self) -> bool:
        """Whether something about people's time was said, so that it counts."""
        return self.corrections_count or self.one_off_days is not None


@dataclass(frozen=True, slots=True)
class PeopleTime:
    """People's time around one option: what each request takes, and what is spent once."""

    people: People
    corrected_share: Decimal | None
    """Given or measured, 0 to 1; None = not known."""
    trained: bool
    """Whether the option is a tuned model: only that takes the one-off days."""

    @property
    def per_request(self) -> Amount:
        """Corrections, USD a request: share corrected x minutes / 60 x hourly rate; 0 if not asked."""
        minutes, rate = self.people.minutes_to_correct, self.people.hourly_rate
        if minutes is None:
            return Amount(Decimal(0))
        hours = minutes / MINUTES_PER_HOUR
        return times((self.corrected_share, SHARE), (hours, ""), (rate, RATE))

    @property
    def once(self) -> Amount:
        """One-off days x hours a day x hourly rate, USD; 0 for a base model or without any."""
        days = self.people.one_off_days
        if days is None or not self.trained:
            return Amount(Decimal(0))
        return times((days * self.people.hours_per_day, ""), (self.people.hourly_rate, RATE))

    @property
    def missing(self) -> tuple[str, ...]:
        """Figures it takes to know it."""
        return tuple(dict.fromkeys([*self.per_request.missing, *self.once.missing]))


def people_time(
    people: People, trained: bool, measured: Decimal | None = None, own: Decimal | None = None
) -> PeopleTime:
    """People's time around one option.

    Args:
        people: what it costs.
        trained: whether the option is a tuned model.
        measured: the share corrected in a test, 0 to 1.
        own: the share given for this option; it goes before the one given for its kind, and that
            before the one measured.
    """
    given = people.corrected_share(trained) if own is None else own
    return PeopleTime(people, measured if given is None else given, trained)


def is_counted(compared: Collection[PeopleTime | None]) -> bool:
    """Whether people's time is in the totals: given, and known for all options that are compared.

    For some of them only it would make the others look cheaper than they are.
    """
    found = [time for time in compared if time is not None]
    return (
        bool(found)
        and len(found) == len(compared)
        and all(time.people.given and not time.missing for time in found)
    )


def usd_per_accepted(
    total_usd: Decimal | None, corrected_share: Decimal | None, volume: Volume, months: Decimal
) -> Decimal | None:
    """Cost of one answer that needs no correcting, USD: everything over the accepted answers.

    Args:
        total_usd: the option's total over the months of use.
        corrected_share: 0 to 1; None = not known.
        volume: requests a month and their growth.
        months: months of use.

    Returns:
        total / (requests x (1 - share corrected)); None where the share or an amount is not known,
        or no answer is accepted.
    """
    requests = requests_over(volume, months)
    if total_usd is None or requests is None or corrected_share is None:
        return None
    accepted = requests * (1 - corrected_share)
    return total_usd / accepted if accepted else None
