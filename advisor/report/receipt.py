"""The receipt in words: what was fixed before the first answer, and what is otherwise since."""

from datetime import UTC

from advisor.case.case import Case
from advisor.evidence.metrics import METRICS
from advisor.evidence.receipt import Change, Receipt
from advisor.evidence.record import Record
from advisor.report.labels import in_a_sentence
from advisor.words import count, day, listed, percent

SHOWN = 12
"""Characters of a digest that are shown."""


def receipt_sentences(case: Case, record: Record, changes: tuple[Change, ...]) -> tuple[str, ...]:
    """What was fixed and what was not; () before there is any answer, and of a sample."""
    receipt = record.receipt
    if not record.outputs or case.recorded:
        return ()
    if receipt is None:
        return (_nothing_kept(case),)
    said = [_fixed(receipt)]
    said.append(f"Changed since: {listed(list(map(_changed, changes)))}." if changes else "")
    if not changes:
        said[-1] = "None of it was changed since."
    if receipt.answered_before:
        named = listed([in_a_sentence(case.name_of(o)) for o in receipt.answered_before])
        said.append(
            f"The answers of {named} were there already, so nothing shows what was fixed before "
            "they were seen."
        )
    return tuple(said)


def _nothing_kept(case: Case) -> str:
    if any(arm.given for arm in case.arms.values()):
        return (
            "The answers came with the texts: nothing shows what was fixed before they were seen."
        )
    return "What was fixed before the first answer was not kept."


def _fixed(receipt: Receipt) -> str:
    at = receipt.at.astimezone(UTC)
    parts = [
        count(len(receipt.options), "option"),
        f"{count(len(receipt.texts), 'text')} (SHA-256 {receipt.texts_sha256[:SHOWN]}…)",
        f"the main measure ({_measure(receipt.measure)})",
        f"the margin ({_margin(receipt.margin)})",
        f"the target ({percent(receipt.target)})",
    ]
    return (
        f"Fixed on {day(at.date())}, {at:%H:%M} UTC, before the first answer was asked for: "
        f"{listed(parts)}."
    )


def _changed(change: Change) -> str:
    then, now = change.then, change.now
    if change.what == "measure":
        return f"the main measure, from {_measure(str(then))} to {_measure(str(now))}"
    if change.what == "margin":
        return f"the margin, from {_margin(float(then))} to {_margin(float(now))}"
    if change.what == "target":
        return f"the target, from {percent(float(then))} to {percent(float(now))}"
    if change.what == "options":
        return f"{count(int(now), 'option')} added, changed or taken out"
    did = "added" if change.what == "texts added" else "changed or taken out"
    return f"{count(int(now), 'text')} {did}"


def _measure(key: str) -> str:
    return METRICS[key].title if key in METRICS else key


def _margin(margin: float) -> str:
    return f"{margin * 100:g} of 100 texts"
