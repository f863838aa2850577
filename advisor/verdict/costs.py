"""Costs: what the options of a case cost, as worked out in `costing`."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from advisor.case.currency import USD, Currency
from advisor.case.options import OptionId
from pricing.ages import is_ageing
from pricing.cost import Cost, Option, OptionCost
from pricing.option import DAYS_PER_MONTH
from pricing.people import PeopleTime
from pricing.quotes import Quote
from pricing.successors import Handover
from pricing.uncertainty import BreakEvenRange, Stated


@dataclass(frozen=True, slots=True)
class Assumed:
    """What an option's cost assumes; None = nothing of the kind."""

    usual_epochs: int | None = None
    """Passes over the training file, as none were given."""
    reasoning: Decimal | None = None
    """What the units counted of an answer are multiplied by, because the model reasons."""
    pairs: int | None = None
    """Approved pairs that the training is priced on."""
    seen: int | None = None
    """How often a job goes through the pairs of the checked file; None = none was checked."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Prices and costs of the options of a case, by arm; amounts in USD."""

    quotes: dict[OptionId, Quote]
    cost: Cost
    people: dict[OptionId, PeopleTime] = field(default_factory=dict)
    """What is known of people's time around each option, whether or not it is counted."""
    usd_per_accepted: dict[OptionId, Decimal | None] = field(default_factory=dict)
    """The total over the answers that need no correcting; None = not known."""
    break_even_range: BreakEvenRange | None = None
    """Over the spread of the tokens a run measured; None = no run measured it."""
    stated: Stated | None = None
    """The comparison, every figure in it; None without both a base and a tuned option."""
    currency: Currency = USD
    """What amounts are shown in."""
    options: dict[OptionId, Option] = field(default_factory=dict)
    """What was priced, by option."""
    handovers: dict[OptionId, tuple[Handover, ...]] = field(default_factory=dict)
    """By base option: the stops of its model that are known ahead, and what is priced from then on."""
    names: dict[OptionId, str] = field(default_factory=dict)
    """What each option is called."""
    assumed: dict[OptionId, Assumed] = field(default_factory=dict)

    @property
    def tuned(self) -> Quote | None:
        """The prices of the tuned option compared; None = there is none."""
        return self.quotes.get(self.cost.challenger)

    @property
    def tuned_cost(self) -> OptionCost | None:
        """What the tuned option compared costs; None = there is none."""
        return self.cost.arms.get(self.cost.challenger)

    @property
    def people_counted(self) -> bool:
        """Whether people's time is in every total; if not, totals are model costs only."""
        return any(option.people is not None for option in self.options.values())

    @property
    def months_planned(self) -> Decimal:
        """Months planned; the months of use where no comparison is stated."""
        if self.stated is None:
            return self.cost.months_of_use
        return Decimal(self.stated.volume.horizon_months)

    @property
    def prices_good_until(self) -> date | None:
        """The last day on which every listed price is good, each by its kind; None = none is listed."""
        good = [quote.price_good_until for quote in self.quotes.values()]
        return min((last for last in good if last is not None), default=None)

    def dates_due(self, today: date) -> date | None:
        """When a vendor's last days were read, where that is too long ago; None = it is not."""
        read = [quote.dates_read for quote in self.quotes.values() if quote.dates_read is not None]
        return min(read) if read and is_ageing(min(read), today, "dates") else None

    @property
    def stopping_bases(self) -> tuple[Quote, ...]:
        """The base options whose model has a last day, one for each model, the soonest first."""
        found = {
            (quote.ref, quote.base_stop.on): quote
            for quote in self.quotes.values()
            if quote.base_stop is not None
        }
        return tuple(found[key] for key in sorted(found, key=lambda key: key[1]))

    def stops_while_priced(self, today: date) -> tuple[tuple[Handover, bool], ...]:
        """Stops of base options within the months of use, the soonest first.

        Each with whether the reader's own figures stand for what takes the model's place too.
        """
        end = today + timedelta(days=float(self.cost.months_of_use * DAYS_PER_MONTH))
        stops = {
            (stop.model, stop.on): (stop, bool(self.quotes[arm].own & {"input", "output"}))
            for arm, found in self.handovers.items()
            if arm in self.quotes
            for stop in found
            if stop.on < end
        }
        return tuple(stops[key] for key in sorted(stops, key=lambda key: key[1]))

    def stopping_within(self, arm: OptionId, today: date, months: int) -> Quote | None:
        """The prices of an option whose base model stops within the months; None = it does not."""
        quote = self.quotes.get(arm)
        if quote is None or quote.base_stop is None:
            return None
        end = today + timedelta(days=float(months * DAYS_PER_MONTH))
        return quote if quote.base_stop.on < end else None

    def usd_per_request(self, arm: OptionId) -> Decimal | None:
        """One request at the volume stated, without training and hosting; None = not known."""
        option = self.cost.arms.get(arm)
        return None if option is None else option.usd_per_request

    def people_month(self, arm: OptionId) -> Decimal | None:
        """People's time within an option's month of use, USD; None = not counted, or not known."""
        option, months = self.cost.arms.get(arm), self.cost.months_of_use
        return None if option is None or option.people_usd is None else option.people_usd / months

    def model_month(self, arm: OptionId) -> Decimal | None:
        """An option's month of use without people's time, USD; None = not known."""
        option, months = self.cost.arms.get(arm), self.cost.months_of_use
        return None if option is None or option.model_usd is None else option.model_usd / months

    def running_month(self, arm: OptionId) -> Decimal | None:
        """All but what is spent once, a month of use, USD; None = not known."""
        option, months = self.cost.arms.get(arm), self.cost.months_of_use
        if option is None or option.total_usd is None or option.once_usd is None or not months:
            return None
        return (option.total_usd - option.once_usd) / months

    def more_than(self, arm: OptionId, other: OptionId) -> Decimal | None:
        """What an option costs more than another over the months of use, USD; None = not known."""
        mine, theirs = (self.cost.arms.get(one) for one in (arm, other))
        if mine is None or theirs is None or mine.total_usd is None or theirs.total_usd is None:
            return None
        return mine.total_usd - theirs.total_usd

    def more_a_month(self, arm: OptionId, other: OptionId) -> Decimal | None:
        """What an option costs more than another a running month, USD; None = not known."""
        mine, theirs = self.running_month(arm), self.running_month(other)
        return None if mine is None or theirs is None else mine - theirs
