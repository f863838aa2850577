"""Winner and runner-up in two sentences: which they are, and what separates them."""

from advisor.case.currency import Currency
from advisor.report.judged import measure_words
from advisor.report.labels import in_a_sentence
from advisor.verdict.all_options import OptionRow
from advisor.verdict.first_two import FirstTwo
from advisor.verdict.verdict import Firmness
from advisor.words import count, listed

_FIRM: tuple[Firmness, ...] = ("decided", "likely")


def first_two_sentences(
    found: FirstTwo | None, firmness: Firmness, currency: Currency, measure: str, options: int
) -> tuple[str, ...]:
    """Which option comes first and which second, then what separates them; () = not known.

    Args:
        found: the two.
        firmness: of the verdict; where it is not firm the first one is ahead so far.
        currency: amounts are shown in.
        measure: the key of the main measure.
        options: how many there are.
    """
    if found is None:
        return ()
    first, second = found.first, found.second
    comes = "comes first" if firmness in _FIRM else "is ahead so far"
    said = (
        f"Of {count(options, 'option')} {in_a_sentence(first.name)} {comes}, and "
        f"{in_a_sentence(second.name)} is next."
    )
    apart = listed([_quality(found, measure), *_figures(first, second, currency)])
    return said, f"What separates them: {apart}."


def _quality(found: FirstTwo, measure: str) -> str:
    """How the two stand in quality, the first one's figure first."""
    first, second, pair = found.first, found.second, found.pair
    if pair is not None:
        tally = pair.tally
        won = tally.wins if first.option == pair.tuned_arm else tally.losses
        name = in_a_sentence(first.name)
        return f"{name} was preferred in {won:,} of {count(tally.decisive, 'clear choice')}"
    if first.right is not None and second.right is not None:
        return f"{first.right:,} right answers of {first.texts:,} against {second.right:,}"
    mine, theirs = first.quality, second.quality
    if mine is None or theirs is None or mine.scale != "measure":
        return "nobody chose between the two"
    by = measure_words(measure)
    within = ", ranges that overlap" if found.ranges_overlap else ""
    return f"{by} {mine.value:.3f} against {theirs.value:.3f}{within}"


def _figures(first: OptionRow, second: OptionRow, currency: Currency) -> list[str]:
    """Cost and time, as far as they are known of both."""
    found = []
    if first.usd_per_month is not None and second.usd_per_month is not None:
        mine, theirs = currency.show(first.usd_per_month), currency.show(second.usd_per_month)
        found.append(
            f"{mine} a month against {theirs}" if mine != theirs else f"both cost {mine} a month"
        )
    if first.seconds is not None and second.seconds is not None:
        found.append(f"{first.seconds:.2g} s an answer against {second.seconds:.2g} s")
    return found
