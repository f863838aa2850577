"""Claims: how a preference is put into words, by rules that no sentence may break.

Never "better" without how many texts, the likely range and who judged; no percentage of fewer than
20; ties are said, not hidden; a test that was stopped early says so.
"""

from advisor.evidence.model import Interval, Tally
from advisor.words import count, percent

LEAST_FOR_PERCENT = 20
WITH_A_WINNER = "texts with a winner"
"""What a measure decides; a clear choice is made by people or a judge."""


def preference_claim(
    tally: Tally,
    win_rate: Interval | None,
    *,
    judged_by: str,
    measured: bool = False,
    base: str = "base",
    challenger: str = "fine-tuned",
    stopped_early: bool = False,
) -> str:
    """What was preferred: the counts with who judged, then the share with its likely range.

    Args:
        tally: preferences, one per text.
        win_rate: tuned wins / clear choices with its interval; None = too few for a range, and
            then only the counts are said.
        judged_by: who preferred, as a noun: "the judge gpt-4".
        measured: it is a measure: what is measured is ahead, and chosen by nobody.
        base: the base option, within a sentence.
        challenger: the option held against it, likewise.
        stopped_early: a look at the figures ended the test.
    """
    bad = f", neither {times(tally.both_bad)}" if tally.both_bad else ""
    texts, level = count(tally.scored, "text"), f"no difference {tally.ties:,}{bad}"
    won, lost = (times(n) for n in (tally.wins, tally.losses))
    said = (
        f"In {texts}, by {judged_by}, {challenger} was ahead {won}, {base} {lost}, {level}."
        if measured
        else f"In {texts}, {judged_by} chose {challenger} {won}, {base} {lost}, {level}."
    )
    if win_rate is not None and tally.decisive:
        taken = taken_claim(tally, win_rate, measured=measured)
        said += f" {challenger[0].upper()}{challenger[1:]} {taken}."
    if stopped_early:
        said += " The test was stopped early, so the difference may look larger than it is."
    return said


def taken_claim(tally: Tally, win_rate: Interval, *, measured: bool) -> str:
    """How much went to the challenger, as a predicate: of choices, or of texts that one side won."""
    if measured:
        return f"was ahead in {share_claim(tally.wins, tally.decisive, win_rate, WITH_A_WINNER)}"
    return f"took {share_claim(tally.wins, tally.decisive, win_rate)}"


def times(n: int) -> str:
    """How often, as one says it: "0 times", "once", "38 times"."""
    return "once" if n == 1 else f"{n:,} times"


def share_claim(part: int, whole: int, interval: Interval, of: str = "clear choices") -> str:
    """A share with its likely range: a percentage only from 20 on.

    "79 % of the 52 clear choices (likely range 66 to 88 %)", "8 of the 10 clear choices (likely
    range 5 to 9 of 10)".
    """
    if whole >= LEAST_FOR_PERCENT:
        return (
            f"{percent(interval.value)} of the {whole:,} {of} (likely range "
            f"{interval.low * 100:.0f} to {percent(interval.high)})"
        )
    low, high = round(interval.low * whole), round(interval.high * whole)
    return f"{part} of the {whole} {of} (likely range {low} to {high} of {whole})"
