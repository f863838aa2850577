"""How far voters and judges agree, in rows and in plain words; a voter is a number here.

A report is handed on as a PDF, as JSON and by link, so who voted stands in none of it: the owner
alone is told who is who.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from advisor.evidence.model import Vote
from advisor.evidence.people.agreement import JUDGE, RaterPair
from advisor.evidence.people.blind import OWNER
from advisor.report.model import AgreementRow, EvidenceBlock, Report

WORDS = ((0.8, "almost complete"), (0.6, "substantial"), (0.4, "moderate"), (0.2, "fair"))
"""Kappa above this, in a word: Landis and Koch 1977, "almost perfect" put plainly."""
HARDLY = 0.2
"""Up to this two people mostly disagree."""
_NUMBERED = re.compile(r"(Reader \d+|The judge) and (reader \d+|the judge)")
SENTENCES = 3
"""Pairs said in the PDF; the page and the JSON have all."""


def agreement_rows(pairs: Sequence[RaterPair], votes: Sequence[Vote]) -> tuple[AgreementRow, ...]:
    """One row for every two raters with a text in common, whom the votes number."""
    numbers = readers(votes)
    return tuple(_row(pair, numbers) for pair in pairs)


def readers(votes: Iterable[Vote]) -> dict[str, str]:
    """What a report calls each voter, "reader 1" being who voted first."""
    voters = dict.fromkeys(vote.voter for vote in votes)
    return {voter: f"reader {number}" for number, voter in enumerate(voters, 1)}


def who_is_who(votes: Iterable[Vote]) -> str:
    """Which reader is whom, for the owner's own page and nothing else."""
    said = [
        f"{number} is {'you' if voter == OWNER else voter}"
        for voter, number in readers(votes).items()
    ]
    return f"{_capital(', '.join(said))}. Only you see who is who." if said else ""


def without_names(report: Report) -> Report:
    """A report that was frozen when voters still stood in it by their names, without them."""
    named = [row for row in report.agreement if not _NUMBERED.fullmatch(row.who)]
    numbers: dict[str, str] = {}
    wording = {"You and the judge agree on": "Votes and judge agree on"}
    for row in named:
        parts = row.who.split(" and ")
        if len(parts) == 2:
            one, other = (
                "the judge"
                if part.casefold() == JUDGE
                else numbers.setdefault(part.casefold(), f"reader {len(numbers) + 1}")
                for part in parts
            )
            wording[row.who] = f"{_capital(one)} and {other}"
        else:  # a name has an "and" in it, so nobody can tell where it ends
            wording[row.who] = "Two readers"

    def unnamed(text: str) -> str:
        who = next((who for who in wording if text.startswith(who)), None)
        return text if who is None else wording[who] + text[len(who) :]

    rows = tuple(
        replace(
            row,
            who=unnamed(row.who),
            sentence=unnamed(row.sentence),
            note=unnamed(row.note),
        )
        for row in report.agreement
    )
    sentences = tuple(unnamed(sentence) for sentence in report.evidence.sentences)
    return replace(report, agreement=rows, evidence=replace(report.evidence, sentences=sentences))


def with_agreement(block: EvidenceBlock, rows: Sequence[AgreementRow]) -> EvidenceBlock:
    """The test with how far its raters agree among its sentences, for the PDF."""
    said = [row.sentence for row in rows[:SENTENCES]]
    notes = dict.fromkeys(row.note for row in rows if row.note)
    return replace(block, sentences=(*block.sentences, *said, *notes))


def _row(pair: RaterPair, numbers: Mapping[str, str]) -> AgreementRow:
    one, other = (numbers.get(name, name) for name in (pair.one, pair.other))
    names = f"{_capital(one)} and {other}"
    same = f"{pair.same:,} of {pair.of:,}"
    sentence = f"{names} said the same on {same}"
    kappa = pair.kappa
    if kappa is None:
        return AgreementRow(names, same, "", "", f"{sentence}.")
    figure = f"{kappa.value:.2f} ({kappa.low:.2f} to {kappa.high:.2f})"
    value = round(kappa.value, 2)  # as it is shown
    word = next((word for above, word in WORDS if value > above), "hardly any")
    note = ""
    if value <= HARDLY:
        note = f"{names} mostly disagreed. Agree on what counts, then vote again."
    return AgreementRow(names, same, figure, word, f"{sentence}: kappa {figure}, {word}.", note)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
