"""Entries: the dated figures of an offer, and the cells a cost is worked out from."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, model_validator

from pricing.expected import ExpectedFacts

MOST_USD = 10**9
"""No rate or fee is higher: what is, is a slip, and would not fit a chart."""


class Row(BaseModel):
    """A misspelt or missing key in a data file fails on load, naming the key."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PriceCells(Row):
    """Every figure the cost of an option rests on; None = not found, never 0.

    Rates are USD per 1M tokens; hosting is USD per hour and replica, a machine
    USD per hour; storage and fees are USD.
    The same cells hold an offer's figures and the reader's own (`[arms.<arm>.price]`).
    """

    input: Decimal | None = Field(default=None, ge=0, le=MOST_USD)
    cached_input: Decimal | None = Field(default=None, ge=0, le=MOST_USD)
    cache_write: Decimal | None = Field(default=None, ge=0, le=MOST_USD)
    output: Decimal | None = Field(default=None, ge=0, le=MOST_USD)
    batch_input: Decimal | None = Field(default=None, ge=0, le=MOST_USD)
    batch_output: Decimal | None = Field(default=None, ge=0, le=MOST_USD)
    training_per_1m: Decimal | None = Field(default=None, ge=0, le=MOST_USD)
    training_per_hour: Decimal | None = Field(default=None, ge=0, le=MOST_USD)
    training_tokens: int | None = Field(default=None, ge=0, le=10**15)
    """Tokens of the training file, once through."""
    epochs: int | None = Field(default=None, ge=1, le=1000)
    training_hours: Decimal | None = Field(default=None, ge=0, le=10**6)
    min_fee: Decimal | None = Field(default=None, ge=0, le=MOST_USD)
    hosting_per_hour: Decimal | None = Field(default=None, ge=0, le=MOST_USD)
    hosting_hours_per_month: Decimal | None = Field(default=None, ge=0, le=744)
    replicas: int | None = Field(default=None, ge=1, le=10_000)
    storage_per_month: Decimal | None = Field(default=None, ge=0, le=MOST_USD)
    machine_per_hour: Decimal | None = Field(default=None, ge=0, le=MOST_USD)
    """An own machine's hour, for the hours that the texts take: then it is the whole price."""
    texts_per_hour: Decimal | None = Field(default=None, ge=1, le=10**9)
    """Texts that the machine answers in an hour; None = as a run measures it."""

    @classmethod
    def bounds(cls, cell: str) -> tuple[int, int]:
        """The least and the most that a cell may be, for the form that asks for it."""
        limits = cls.model_fields[cell].metadata
        least, most = (next(getattr(m, k) for m in limits if hasattr(m, k)) for k in ("ge", "le"))
        return int(least), int(most)

    def given(self) -> dict[str, Any]:
        """The cells that hold a figure, by name."""
        return {name: value for name, value in self if name in CELLS and value is not None}


CELLS: tuple[str, ...] = tuple(PriceCells.model_fields)
"""Names of all cells, in the order they are shown."""


class SheetCells(PriceCells):
    """An offer's cells. Hosting that is charged but not found is not the same as no hosting."""

    charged_but_unknown: frozenset[str] = frozenset()
    """Cells that the provider charges for, or may charge for, and whose figure was not found."""


class Entry(Row):
    """An offer's figures from `since` on: USD per 1M tokens, per hour or per month, by the key.

    A key that is left out was not found.
    """

    since: date
    training_unit: Literal["per_1m_tokens", "per_hour", "free"] | None = None
    training_per_1m: Decimal | None = Field(default=None, ge=0)
    training_per_hour: Decimal | None = Field(default=None, ge=0)
    min_fee: Decimal | None = Field(default=None, ge=0)
    hosting_unit: Literal["none", "per_hour", "per_month_storage"] | None = None
    hosting_per_hour: Decimal | None = Field(default=None, ge=0)
    storage_per_month: Decimal | None = Field(default=None, ge=0)
    tokens_included: bool = False
    """The hour is the price: tokens of the tuned model are a known 0."""
    tuned_input: Decimal | None = Field(default=None, ge=0)
    tuned_cached_input: Decimal | None = Field(default=None, ge=0)
    tuned_output: Decimal | None = Field(default=None, ge=0)
    tuned_batch_input: Decimal | None = Field(default=None, ge=0)
    tuned_batch_output: Decimal | None = Field(default=None, ge=0)
    base_input: Decimal | None = Field(default=None, ge=0)
    base_cached_input: Decimal | None = Field(default=None, ge=0)
    base_output: Decimal | None = Field(default=None, ge=0)
    status: Literal["available", "closed_to_new", "deprecated"] | None = None
    """None = whether it is still sold was not verified."""
    open_to: Literal["existing", "tuned_before", "invited"] | None = None
    """Who may still train where the offer is closed to new customers."""
    closed_to_new_since: date | None = None
    closed_to_idle_since: date | None = None
    """From then on also closed to those with no inference on a tuned model in 60 days."""
    training_closes_on: date | None = None
    """The last day on which a job can be started."""
    tuned_stops_on: date | None = None
    """Day on which tuned models stop answering."""
    evaluation_only: bool = False
    """The deployment lives for a day, without a promise of service: not for production."""
    hosting_only: bool = False
    """Nothing is trained here: the model is tuned elsewhere."""
    source: HttpUrl
    note: str = ""
    checked: date
    checked_precision: Literal["month", "year"] | None = None
    """Where the day of reading is not known, `checked` is the first of the month or year."""
    dates_source: HttpUrl | None = None
    dates_checked: date | None = None
    """Where and when its dates were read, if not with the prices."""
    expect: ExpectedFacts = ()
    """What should stand at the source, by which `facts check` finds each figure again."""

    @model_validator(mode="after")
    def _figures_have_their_unit(self) -> Self:
        units = {
            "training_per_1m": self.training_unit == "per_1m_tokens",
            "training_per_hour": self.training_unit == "per_hour",
            "hosting_per_hour": self.hosting_unit == "per_hour",
        }
        for name, fits in units.items():
            if getattr(self, name) is not None and not fits:
                raise ValueError(f"{name} does not fit the unit given beside it")
        if self.tokens_included and self.tuned_input is not None:
            raise ValueError("tokens_included and tuned_input exclude each other")
        return self

    @model_validator(mode="after")
    def _expects_what_it_has(self) -> Self:
        for name in (name for one in self.expect for name in one.of):
            if name not in (*FIGURES, *DATES, *SAID) or getattr(self, name) is None:
                raise ValueError(f"{name} is expected at a source, but the entry has none")
        return self

    @model_validator(mode="after")
    def _dates_are_in_order(self) -> Self:
        clocks = [self.closed_to_new_since, self.training_closes_on, self.tuned_stops_on]
        known = [day for day in clocks if day is not None]
        if known != sorted(known):
            raise ValueError(
                "closed_to_new_since, training_closes_on and tuned_stops_on are out of order"
            )
        read = self.dates_checked or self.checked
        ends = [day for day in clocks[1:] if day is not None and day <= read]
        if ends and self.status not in ("closed_to_new", "deprecated"):
            raise ValueError(f"{ends[0]} had passed on {read}, but status does not say so")
        if (self.dates_source is None) != (self.dates_checked is None):
            raise ValueError("dates_source and dates_checked go together")
        if (self.status == "closed_to_new") != (self.open_to is not None):
            raise ValueError("open_to goes with status closed_to_new, and only with it")
        return self

    def cells(self) -> SheetCells:
        """Figures of the tuned model. What is free is 0; what was not found is None."""
        zero = Decimal(0)
        free = self.training_unit == "free"
        no_hosting = self.hosting_unit in ("none", "per_month_storage")
        cells = SheetCells(
            input=zero if self.tokens_included else self.tuned_input,
            cached_input=zero if self.tokens_included else self.tuned_cached_input,
            output=zero if self.tokens_included else self.tuned_output,
            batch_input=zero if self.tokens_included else self.tuned_batch_input,
            batch_output=zero if self.tokens_included else self.tuned_batch_output,
            training_per_1m=zero if free else self.training_per_1m,
            training_per_hour=self.training_per_hour,
            min_fee=self.min_fee,
            hosting_per_hour=zero if no_hosting else self.hosting_per_hour,
            storage_per_month=self.storage_per_month,
        )
        charged = {
            "hosting_per_hour": not no_hosting,
            "storage_per_month": self.hosting_unit == "per_month_storage",
        }
        unknown = {name for name, is_charged in charged.items() if is_charged}
        return cells.model_copy(
            update={"charged_but_unknown": frozenset(unknown - set(cells.given()))}
        )

    def base_cells(self) -> PriceCells:
        """Figures of the base model at this provider; it needs neither training nor hosting."""
        return PriceCells(
            input=self.base_input, cached_input=self.base_cached_input, output=self.base_output
        )

    def read_at(self, name: str) -> tuple[str, date]:
        """Where and when a figure or a date of this entry was read."""
        for one in self.expect:
            if name in one.of and one.at is not None and one.checked is not None:
                return str(one.at), one.checked
        if name in DATES and self.dates_source is not None and self.dates_checked is not None:
            return str(self.dates_source), self.dates_checked
        return str(self.source), self.checked

    def given(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Those of these figures or dates that the entry has."""
        return tuple(name for name in names if getattr(self, name) is not None)


FIGURES: tuple[str, ...] = tuple(
    name for name, field in Entry.model_fields.items() if field.annotation == Decimal | None
)
"""Keys of an entry that hold a price."""
DATES = ("closed_to_new_since", "closed_to_idle_since", "training_closes_on", "tuned_stops_on")
"""Keys of an entry that hold a day on which something ends."""
SAID = ("training_unit", "hosting_unit", "status")
"""Keys of an entry that a page may say in words: that training is free, say."""
