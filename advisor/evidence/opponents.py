"""Opponents: what a test with several options amounts to, from what each pair of them shows.

A tuned option is held against every base option that has evidence from the same source, and claims
the weakest of these results. So it decides only when it decides against all of them, and base
decides only when every tuned option is beaten by some base option.
"""

from collections.abc import Sequence
from dataclasses import replace

from advisor.case.preferences import Pair
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


def pair_to_ask(evidence: Evidence, pairs: Sequence[Pair]) -> Pair | None:
    """The pair that people are best asked about: one that can still change what the test says.

    That is the pair which the claim rests on, until people have settled it. Once it is settled for
    fine-tuned, a base option that nobody has held it against yet; once for base, another tuned
    option that no base option has beaten yet.

    Args:
        evidence: as it stands.
        pairs: those that can be voted on, in order.
    """
    claim = (evidence.base_arm, evidence.tuned_arm)
    known = {(one.base_arm, one.tuned_arm): one for one in evidence.pairs}
    settled = evidence.source == "votes" and evidence.word == "decides"
    if claim not in pairs:
        among = {(one.base_arm, one.challenger) for one in evidence.between_bases if one.settled}
        return next((pair for pair in pairs if pair not in among), next(iter(pairs), None))
    if not settled:
        return claim
    beaten = {t for (_, t), one in known.items() if one.favours == "base"} | {claim[1]}
    left = [
        pair
        for pair in pairs
        if pair not in known
        and pair != claim
        and (pair[1] == claim[1] if evidence.favours == "tuned" else pair[1] not in beaten)
    ]
    return next(iter(left), claim)


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
