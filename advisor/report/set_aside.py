"""What is set aside: who else spoke of a test's answers, and does not count while another does."""

from advisor.evidence.metrics import METRICS
from advisor.evidence.model import Evidence, PreferenceSource
from advisor.report.claims import times

_SOURCES: dict[PreferenceSource, str] = {
    "votes": "Readers",
    "judge": "The judge",
    "metric": "Overlap of words with the approved answers",
}


def in_place_of(evidence: Evidence) -> str:
    """What votes, of few texts so far, stand in place of; "" = of nothing, or of fewer texts."""
    if evidence.stood_in_for is None:
        return ""
    source, tally = evidence.stood_in_for
    scored = evidence.tally.scored
    voted = "text voted on counts" if scored == 1 else "texts voted on count"
    return (
        f"People's votes come first, so from the first one on only the {scored:,} {voted}. "
        f"{_named(source, evidence)} is set aside: by it fine-tuned was ahead {times(tally.wins)}, "
        f"base {times(tally.losses)}."
    )


def other_way(evidence: Evidence) -> str:
    """A source that does not count here and points to the other side, in a sentence; "" = none."""
    if evidence.points_other_way is None:
        return ""
    source, tally = evidence.points_other_way
    mine, verb = max(tally.wins, tally.losses), "point" if source == "votes" else "points"
    name = _named(source, evidence)
    return f"{name} {verb} the other way ({mine:,} of {tally.decisive:,})."


def _named(source: PreferenceSource, evidence: Evidence) -> str:
    if source == "metric" and not METRICS[evidence.primary_metric or "rouge1"].overlap:
        return "The main measure"
    return _SOURCES[source]
