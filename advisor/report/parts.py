"""The parts of a test in words: kinds of text, traffic, texts that turn, and steadiness."""

from advisor.evidence.model import Evidence, Joined
from advisor.evidence.segments import SegmentRow
from advisor.evidence.steadiness import Steadiness
from advisor.evidence.switched import Switched
from advisor.report.labels import Names, option_name
from advisor.verdict.parts import PartsOfTest
from advisor.words import count, listed, percent

_WHY_NOT = {
    "no_judge": "",
    "few_shared": "Votes and the judge are not joined: too few texts were seen by both.",
    "no_more_judged": "",
    "by_chance": "Votes and the judge are not joined: they agree no better than chance.",
}


def parts_sentences(parts: PartsOfTest, evidence: Evidence, names: Names) -> tuple[str, ...]:
    """What is worth saying of the parts, a sentence each."""
    said = [
        joined_sentence(evidence),
        segments_sentence(parts.segments),
        _by_traffic(parts),
        *(_switched(parts.switched, names) if parts.switched else ()),
        *_all_steady(parts, names),
    ]
    return tuple(sentence for sentence in said if sentence)


def joined_sentence(evidence: Evidence) -> str:
    """What votes and a judge are worth together; "" where nobody asked both."""
    joined = evidence.joined
    if joined is None:
        return ""
    if not isinstance(joined, Joined):
        return _WHY_NOT.get(joined, "")
    net = joined.net
    side = "fine-tuned" if net.value > 0 else "base"
    return (
        f"Together {count(joined.votes, 'vote')} and {count(joined.judged, 'judged text')} are worth "
        f"about {count(joined.worth, 'vote')}: out of 100 texts, {abs(net.value) * 100:.0f} more for "
        f"{side} (likely range {net.low * 100:+.0f} to {net.high * 100:+.0f})."
    )


def segments_sentence(rows: tuple[SegmentRow, ...]) -> str:
    """The kinds of text that go another way than the rest; "" where none does."""
    apart = [row for row in rows if row.differs]
    if not apart:
        return ""
    said = [
        f"{'wins' if row.wins > row.losses else 'loses'} on {row.segment} "
        f"({row.wins:,} of {row.wins + row.losses:,})"
        for row in apart
    ]
    return f"Fine-tuned {listed(said)}."


def _by_traffic(parts: PartsOfTest) -> str:
    found = parts.weighted
    if found is None or found.win_rate is None:
        return ""
    return (
        f"Weighted by share of traffic, fine-tuned takes {percent(found.win_rate.value)} of clear "
        f"choices, as exact as {found.effective:.0f} texts of equal weight. Nothing is decided on it."
    )


def _switched(found: Switched, names: Names) -> tuple[str, ...]:
    one, other = option_name(found.one, names), option_name(found.other, names)
    return (
        _turned(one, other, found.only_one, found.segments_of_one),
        _turned(other, one, found.only_other, found.segments_of_other),
    )


def _turned(
    right: str, wrong: str, ids: tuple[str, ...], segments: tuple[tuple[str, int], ...]
) -> str:
    """ "Base right, fine-tuned wrong: 7 texts, 5 of them complaints"."""
    if not ids:
        return ""
    of = f", {segments[0][1]:,} of them {segments[0][0]}" if segments else ""
    return f"{right} right, {wrong.lower()} wrong: {count(len(ids), 'text')}{of}."


def _all_steady(parts: PartsOfTest, names: Names) -> tuple[str, ...]:
    known = {o: found for o, found in parts.steady.items() if found is not None}
    if parts.steady and not known:
        return ("Each text was asked once, so how steady the answers are is not known.",)
    return tuple(_steady(names.get(o, o), found) for o, found in known.items())


def _steady(name: str, found: Steadiness) -> str:
    if found.by == "right":
        return (
            f"{name} contradicts itself in {found.unsteady:,} of {count(found.texts, 'text')}: right "
            "in one answer and wrong in another."
        )
    return (
        f"Asked again, {name} answers {found.unsteady:,} of {count(found.texts, 'text')} "
        "in other words."
    )
