"""All options of a case as a table in words: how good, what a month costs, how fast, until when."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from advisor.case.currency import Currency
from advisor.report.judged import measure_words
from advisor.report.labels import in_a_sentence
from advisor.report.model import OptionLine
from advisor.verdict.all_options import OptionQuality, OptionRow
from advisor.verdict.bounds import RuledOut
from advisor.words import NOT_KNOWN, day, percent, share

LEAST = 3
"""Options from which on the table says more than the costs and the test do."""
NONE, NO_DATE = "not measured", "no date known"
UNKNOWN = ("", NONE, NO_DATE)
"""Cells that tell nothing."""


def option_lines(
    rows: Sequence[OptionRow],
    currency: Currency,
    measure: str,
    today: date,
    ruled_out: Mapping[str, RuledOut] = MappingProxyType({}),
) -> tuple[OptionLine, ...]:
    """Each option in words.

    Args:
        rows: of the decision.
        currency: amounts are shown in.
        measure: the key of the main measure.
        today: the day of the question.
        ruled_out: options that can't be recommended, each with why.
    """
    names = {row.option: in_a_sentence(row.name) for row in rows}
    return tuple(
        OptionLine(
            option=row.option,
            name=row.name,
            quality=_quality(row.quality, names, measure),
            right="" if row.right is None else f"{row.right:,} of {row.texts:,}",
            month=currency.show(row.usd_per_month),
            seconds=NONE if row.seconds is None else f"{row.seconds:.2g} s",
            until=_until(row, today),
            note=_note(row, names, ruled_out),
            is_behind=row.beaten_by is not None or row.ruled_out,
        )
        for row in rows
    )


def _quality(found: OptionQuality | None, names: dict[str, str], measure: str) -> str:
    if found is None:
        return NONE
    if found.scale == "measure":
        likely = found.likely
        within = f" ({likely.low:.3f} to {likely.high:.3f})" if likely else ""
        return f"{measure_words(measure)} {found.value:.3f}{within}"
    won = round(found.value * found.of)
    shown, likely = share(won, found.of), found.likely
    if likely is None:
        within = ""
    elif found.of >= 20:
        within = f" ({likely.low * 100:.0f} to {percent(likely.high)})"
    else:
        within = f" ({round(likely.low * found.of)} to {round(likely.high * found.of)})"
    of = f" of {found.of:,} clear choices" if shown.endswith("%") else ""
    return f"{shown}{of}{within} against {names.get(found.against or '', NOT_KNOWN)}"


def _until(row: OptionRow, today: date) -> str:
    if row.until is None:
        return NO_DATE
    return f"stopped on {day(row.until)}" if row.until <= today else f"until {day(row.until)}"


def _note(row: OptionRow, names: dict[str, str], ruled_out: Mapping[str, RuledOut]) -> str:
    """What speaks against choosing it, whatever else there is."""
    found = ruled_out.get(row.option)
    if found is not None and found.by == "speed":
        return "Ruled out: too slow."
    if row.ruled_out:
        return "Ruled out by where your texts may go."
    if row.beaten_by is None:
        return ""
    return f"Behind {names[row.beaten_by]}: no better, no cheaper and no faster."
