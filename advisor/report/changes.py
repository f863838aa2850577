"""What would change this, in words: every flip as a sentence, and what more texts are worth."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from advisor.case import questions
from advisor.case.currency import Currency
from advisor.report.labels import PRICE_WORDS, Names, in_a_sentence, option_name
from advisor.report.model import FlipRow
from advisor.report.money_sentences import INCLUDED, MODEL_ONLY
from advisor.verdict.more_texts import MoreTexts
from advisor.verdict.sensitivity import Input, Value
from advisor.verdict.sensitivity.smallest_changes import SmallestChange, To
from advisor.words import about, chance, count, day, duration, percent
from pricing.offers import load_providers

NO_NAMES: Names = {}
"""Each option goes by its id."""
ON_THE_CARD = 5
NEAR = 5.0
"""Doublings or steps: what is further off stands in the analyst's table only."""
_STAGE = Input("brief", "stage")
NOTHING_NEAR = "No realistic change to one answer or figure would change this."

_TO: dict[To, str] = {
    "base": "we would suggest the base model",
    "tuned": "we would suggest fine-tuning",
    "possible": "fine-tuning would be possible; we would still suggest the base model",
    "fewer_stoppers": "one stopper would go; another stays",
}
_TO_SHORT: dict[To, str] = {
    "base": "base",
    "tuned": "fine-tuned",
    "possible": "possible, still base",
    "fewer_stoppers": "one stopper less",
}
_STANDINGS = {
    "new": "If you were new to {}",
    "existing": "If you were a customer of {}",
    "tuned_before": "If you had fine-tuned at {} before",
}


def changes(
    flips: Sequence[SmallestChange],
    more_texts: MoreTexts | None,
    currency: Currency,
    also: Sequence[str] = (),
    names: Names = NO_NAMES,
) -> tuple[str, ...]:
    """What would change the verdict, for the card: the nearest first, six sentences at most.

    Args:
        flips: of the decision, the nearest first.
        more_texts: what more texts cost and are worth; None = they settle nothing.
        currency: amounts are shown in.
        also: what no answer computes; it fills up.
        names: what each option is called.
    """
    near, vendors = [], 0
    for flip in flips:
        vendors += (vendor := flip.input.kind == "standing")
        # That a tuned model exists is no step to take, and one vendor stands for all.
        another = vendor and vendors > 1
        if flip.distance <= NEAR and flip.input != _STAGE and not (another or _is_odd(flip)):
            near.append(flip_sentence(flip, currency, names))
    said = list(dict.fromkeys([*near[:ON_THE_CARD], *also]))[:ON_THE_CARD]
    if more_texts is not None:
        said.insert(0, more_texts_sentence(more_texts, currency))
    return tuple(said) or (NOTHING_NEAR,)


def _is_odd(flip: SmallestChange) -> bool:
    """More retrainings that speak for fine-tuning: true of the sums, and no step anybody takes."""
    return flip.input.field == "retrainings_per_year" and flip.more is True and flip.to == "tuned"


def flip_rows(
    flips: Sequence[SmallestChange], currency: Currency, names: Names = NO_NAMES
) -> tuple[FlipRow, ...]:
    """Every flip as a row for the analyst."""
    return tuple(
        FlipRow(
            input=_name(flip.input, names),
            now=_value(flip.input, flip.now, currency) if flip.now is not None else "not given",
            flips_at=_bound(flip, currency),
            to=_TO_SHORT[flip.to],
            sentence=flip_sentence(flip, currency, names),
        )
        for flip in flips
    )


def flip_sentence(flip: SmallestChange, currency: Currency, names: Names = NO_NAMES) -> str:
    """One flip: "With 209 approved answers or more (now 200), we would suggest fine-tuning."."""
    if flip.input.kind in ("brief", "standing") and flip.more is None:
        return f"{_answer(flip)}, {_TO[flip.to]}."
    now = "" if flip.now is None else f" (now {_value(flip.input, flip.now, currency)})"
    return f"With {_lead(flip, currency, names)}{now}, {_TO[flip.to]}."


def more_texts_sentence(more_texts: MoreTexts, currency: Currency) -> str:
    """How many more texts can settle it, what they cost, and what rests on the answer."""
    text, costs = _how_likely(more_texts), []
    if more_texts.usd is not None:
        costs.append(f"{currency.show(more_texts.usd)} of model use")
    if more_texts.minutes_per_reader is not None:
        hours = duration(more_texts.minutes_per_reader * 60)
        costs.append(f"about {hours} for each reader where people judge")
    if costs:
        text += f" That takes {' and '.join(costs)}."
    if more_texts.unlikely:
        text += " More texts are unlikely to settle this: decide by cost."
    if more_texts.usd_per_month is not None:
        held = INCLUDED if more_texts.people_included else MODEL_ONLY
        text += f" At stake: about {currency.show(more_texts.usd_per_month)} a month, {held}."
    return text


def _how_likely(more_texts: MoreTexts) -> str:
    """How many more, and how likely they settle it."""
    more = f"{count(more_texts.texts, 'more text')}"
    if more_texts.cases is not None:
        more = f"{count(more_texts.cases, 'more case')} of {more_texts.texts // more_texts.cases} texts"
    likely = more_texts.likely
    if likely is None:
        return f"About {more} can settle it by a test."
    return f"If the split stays as it is, the chance that {more} settle it is {chance(likely)}."


def _lead(flip: SmallestChange, currency: Currency, names: Names) -> str:
    """The value it turns at, after "with"."""
    if flip.input.kind == "price":
        words, per = PRICE_WORDS[flip.input.field]
        side = "more" if flip.more else "less"
        shown = f"{_value(flip.input, flip.flips_at, currency)} or {side}{per}"
        return f"{in_a_sentence(_option(flip.input.of, names))} at {words} {shown}"
    return _LEADS[flip.input.field](flip, currency)


def _requests(flip: SmallestChange, currency: Currency) -> str:
    n, side = int(str(flip.flips_at)), "more" if flip.more else "fewer"
    return f"{side} than {f'about {about(n)}' if n >= 1000 else n} texts a month"


def _counted(one: str, many: str) -> Callable[[SmallestChange, Currency], str]:
    def lead(flip: SmallestChange, currency: Currency) -> str:
        noun = one if flip.flips_at == 1 else many
        return f"{flip.flips_at:,} {noun} or {'more' if flip.more else 'fewer'}"

    return lead


def _stops(flip: SmallestChange, currency: Currency) -> str:
    shown = _value(flip.input, flip.flips_at, currency)
    return f"a fine-tuned model that stops on {shown} or {'later' if flip.more else 'before'}"


def _wins(flip: SmallestChange, currency: Currency) -> str:
    side = f"{flip.flips_at} or {'more' if flip.more else 'fewer'}" if flip.flips_at else "none"
    return f"fine-tuned ahead in {side} of {flip.of:,} texts with a winner"


def _target(flip: SmallestChange, currency: Currency) -> str:
    shown = _value(flip.input, flip.flips_at, currency)
    side = "higher" if flip.more else "lower"
    return f"a bar of {shown} or {side} for answers to be sent as they are"


def _rate(flip: SmallestChange, currency: Currency) -> str:
    side = "more" if flip.more else "less"
    return f"people's time at {_value(flip.input, flip.flips_at, currency)} an hour or {side}"


def _minutes(flip: SmallestChange, currency: Currency) -> str:
    side = "more" if flip.more else "less"
    return f"{_value(flip.input, flip.flips_at, currency)} minutes or {side} to correct an answer"


_LEADS: dict[str, Callable[[SmallestChange, Currency], str]] = {
    "requests_per_month": _requests,
    "horizon_months": _counted("month of use", "months of use"),
    "retrainings_per_year": _counted("retraining a year", "retrainings a year"),
    "training_pairs": _counted("approved answer", "approved answers"),
    "target_as_is": _target,
    "stops_on": _stops,
    "wins": _wins,
    "hourly_rate": _rate,
    "minutes_to_correct": _minutes,
}
_NAMES = {
    "requests_per_month": "Texts a month",
    "horizon_months": "Months you plan for",
    "retrainings_per_year": "Retrainings a year",
    "training_pairs": "Approved answers",
    "target_as_is": "The bar for answers to be sent as they are",
    "stops_on": "The day the fine-tuned model stops",
    "wins": "Clear choices for fine-tuned",
    "hourly_rate": "People's time, an hour",
    "minutes_to_correct": "Minutes to correct an answer",
}


def _answer(flip: SmallestChange) -> str:
    """Another answer to a question, as a condition."""
    key = flip.input.field
    if flip.input.kind == "standing":
        return _STANDINGS[str(flip.flips_at)].format(_vendor(flip.input))
    if key == "tried" and isinstance(flip.now, tuple) and isinstance(flip.flips_at, tuple):
        return f"If you had tried “{questions.label('tried', flip.flips_at[len(flip.now) :])}”"
    short, label = questions.short(key), questions.label(key, flip.flips_at)
    asked = f"{short[0].lower()}{short[1:]}"
    if flip.now is None:
        return f"If your answer on {asked} is “{label}” (not answered yet)"
    now = questions.label(key, flip.now)
    return f"If your answer on {asked} were “{label}” (now “{now}”)"


def _name(moved: Input, names: Names) -> str:
    """The input as a reader names it."""
    if moved.field in _NAMES:
        return _NAMES[moved.field]
    if moved.kind == "price":
        words, per = PRICE_WORDS[moved.field]
        bare = re.sub(r"^an? | (of|at)$", "", words)
        return f"{_option(moved.of, names)}: {bare}{per}"
    if moved.kind == "standing":
        return f"Standing at {_vendor(moved)}"
    return questions.short(moved.field)


def _bound(flip: SmallestChange, currency: Currency) -> str:
    shown = _value(flip.input, flip.flips_at, currency)
    if flip.of is not None:
        shown = f"{shown} of {flip.of:,}"
    if flip.more is None:
        return shown
    return f"{shown} or {'more' if flip.more else 'less'}"


def _value(moved: Input, value: Value | None, currency: Currency) -> str:
    """A value with its unit, as a reader writes it."""
    if isinstance(value, date):
        return day(value)
    if moved.field == "target_as_is":
        return percent(float(value))  # type: ignore[arg-type]
    if moved.field == "minutes_to_correct" and isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Decimal):
        return currency.show(value)
    if moved.kind == "standing":
        return str(value).replace("_", " ")
    if moved.kind == "brief" and moved.field != "training_pairs":
        return questions.label(moved.field, value)
    return f"{value:,}"


def _option(option: str, names: Names) -> str:
    return option_name(option, names)


def _vendor(standing: Input) -> str:
    return load_providers()[standing.of].name
