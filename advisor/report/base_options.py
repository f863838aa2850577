"""What examples or passages bring to the base option, in words: what should be tried before tuning."""

from dataclasses import replace

from advisor.case.case import Case
from advisor.evidence.model import Evidence
from advisor.report.claims import preference_claim
from advisor.report.judged import judged_by
from advisor.report.labels import in_a_sentence


def between_bases(case: Case, evidence: Evidence) -> tuple[str, ...]:
    """One claim for each other base option that was run, with whether that settles it."""
    said = []
    for pair in evidence.between_bases:
        claim = preference_claim(
            pair.tally,
            pair.win_rate,
            judged_by=judged_by(replace(evidence, source=pair.source), case),
            measured=pair.source == "metric",
            base=in_a_sentence(case.name_of(pair.base_arm)),
            challenger=in_a_sentence(case.name_of(pair.challenger)),
        )
        settled = "" if pair.settled else " That is not settled yet."
        said.append(f"{claim}{settled}")
    return tuple(said)
