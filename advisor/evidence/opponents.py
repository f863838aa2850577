"""Opponents: what a test with several options amounts to, from what each pair of them shows.

A tuned option is held against every base option that has evidence from the same source, and claims
the weakest of these results. So it decides only when it decides against all of them, and base
decides only when every tuned option is beaten by some base option.
"""

from collections.abc import Sequence
from dataclasses import replace

from advisor.evidence.model import Evidence, PairResult


def claimed(results: Sequence[Evidence]) -> Evidence:
    """The result that the claim of the best tuned option rests on, with all of them beside it.

    Args:
        results: one a pair, at least one; of results that are as strong the first is named.
    """
    by_tuned: dict[str, list[Evidence]] = {}
    for result in results:
        by_tuned.setdefault(result.tuned_arm, []).append(result)
    weakest = [min(of_one, key=strength) for of_one in by_tuned.values()]
    return replace(max(weakest, key=strength), pairs=tuple(map(_result, results)))


def strength(evidence: Evidence) -> tuple[int, float]:
    """How strong a tuned option's claim is by one pair: what it decides, then by how much it leads.

    Of a run with calls missing what it would decide, were it ended here, stands for what it does.
    """
    side = evidence.favours if evidence.word == "decides" else evidence.would_decide
    tally = evidence.tally
    lead = (tally.wins - tally.losses) / tally.scored if tally.scored else 0.0
    return {"base": 0, None: 1, "tuned": 2}[side], lead


def _result(evidence: Evidence) -> PairResult:
    return PairResult(
        base_arm=evidence.base_arm,
        tuned_arm=evidence.tuned_arm,
        source=evidence.source,
        tally=evidence.tally,
        win_rate=evidence.win_rate,
        e_value=evidence.e_value,
        word=evidence.word,
        favours=evidence.favours,
    )
