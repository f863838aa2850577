"""Two decisions side by side: row by row what each says, and in words how they differ."""

from collections.abc import Iterator
from dataclasses import dataclass

from advisor.case.currency import USD, Currency
from advisor.report.model import Report
from advisor.report.money_sentences import INCLUDED
from advisor.verdict.verdict import LEAST_FIRM_FIRST
from advisor.words import count

SAME = "the same"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that both decisions say something about."""

    topic: str
    first: str
    second: str
    """ "" where a decision says nothing of it."""
    words: str
    """What the second has that the first has not: "$120.00 a month more", "firmer", "the same"."""


def differences(first: Report, second: Report, currency: Currency = USD) -> tuple[Difference, ...]:
    """What the second decision says otherwise than the first.

    Verdict, reasons, monthly costs and counts of the test are always among the rows; of the
    assumptions only those that differ. A difference in money is shown in `currency`.
    """
    return (
        _row("Verdict", first.headline, second.headline, "another verdict"),
        _row("How firm", first.firmness_label, second.firmness_label, _firmer(first, second)),
        *_reasons(first, second),
        *_costs(first, second, currency),
        *_test(first, second),
        *_assumptions(first, second),
    )


def _row(topic: str, first: str, second: str, words: str) -> Difference:
    return Difference(topic, first, second, SAME if first == second else words)


def _firmer(first: Report, second: Report) -> str:
    if first.firmness not in LEAST_FIRM_FIRST or second.firmness not in LEAST_FIRM_FIRST:
        return "for another reason"
    step = LEAST_FIRM_FIRST.index(second.firmness) - LEAST_FIRM_FIRST.index(first.firmness)
    return "firmer" if step > 0 else "less firm" if step < 0 else "as firm, for another reason"


def _reasons(first: Report, second: Report) -> Iterator[Difference]:
    one = {reason.topic: reason.text for reason in first.reasons}
    other = {reason.topic: reason.text for reason in second.reasons}
    for topic in dict.fromkeys([*one, *other]):
        yield _row(topic, one.get(topic, ""), other.get(topic, ""), "differs")


def _costs(first: Report, second: Report, currency: Currency) -> Iterator[Difference]:
    one = {row.option: row for row in first.costs}
    other = {row.option: row for row in second.costs}
    for option in dict.fromkeys([*one, *other]):
        a, b = one.get(option), other.get(option)
        words = "only in the second" if a is None else "only in the first" if b is None else ""
        if a and b:
            words = _money(a.all_in_month_usd, b.all_in_month_usd, currency)
            if (a.counts == INCLUDED) != (b.counts == INCLUDED):
                which = "first" if a.counts == INCLUDED else "second"
                words += f"; people's time only in the {which}"
        texts = (a.all_in_month if a else "", b.all_in_month if b else "")
        yield Difference(f"{option}, a month", *texts, words)


def _money(first: float | None, second: float | None, currency: Currency) -> str:
    if first is None or second is None:
        return "not known in either" if first is second else "not known in one"
    more = round(second, 2) - round(first, 2)  # as they stand beside it
    if not more:
        return SAME
    return f"{currency.show(abs(more))} a month {'more' if more > 0 else 'less'}"


def _test(first: Report, second: Report) -> Iterator[Difference]:
    one, other = first.evidence, second.evidence
    for topic, a, b in (
        ("Texts for base", one.base_wins, other.base_wins),
        ("Texts for fine-tuned", one.tuned_wins, other.tuned_wins),
        ("Texts without a difference", one.ties, other.ties),
    ):
        words = SAME if a == b else f"{count(abs(b - a), 'text')} {'more' if b > a else 'fewer'}"
        yield Difference(topic, f"{a:,}", f"{b:,}", words)


def _assumptions(first: Report, second: Report) -> Iterator[Difference]:
    one, other = dict(first.assumptions), dict(second.assumptions)
    for name in dict.fromkeys([*one, *other]):
        if one.get(name) != other.get(name):
            yield Difference(name, one.get(name, ""), other.get(name, ""), "differs")
