"""Scores: every output by every metric, worked out once; and the metrics beside the main one."""

import hashlib
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from threading import Lock
from typing import Literal

from advisor.case.case import Case
from advisor.case.conversation import calls_as_text
from advisor.case.options import OptionId
from advisor.case.preferences import Pair
from advisor.case.texts import Prompt
from advisor.evidence.metrics import METRICS, Asked, Metric, find_metric
from advisor.evidence.model import Interval, Output
from advisor.evidence.paired import bca_interval, holm, paired_difference, permutation_p

Scores = dict[str, dict[OptionId, dict[str, float]]]
"""By metric, arm and prompt: the mean over samples. What does not apply is not there."""

SLOW = frozenset({"rouge_lsum"})
"""Metrics that take some 25 ms an answer: worked out where asked for, not with all others."""

AHEAD = ("invented", "left_out")
"""Metrics that every report needs beside the main one."""

_LEAST_BOOTSTRAP, _MOST_BOOTSTRAP = 20, 500
_CACHED = 300_000  # scores; about 200 bytes each


class _Cache:
    """Scores by metric, answer and what the answer was held against; safe among threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, float | None] = OrderedDict()
        self._lock = Lock()

    def score(
        self, metric: Metric, answer: str, asked: Asked, digest: bytes, held_against: bytes
    ) -> float | None:
        key = (metric.score, digest, held_against)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        score = metric.of(answer, asked)
        with self._lock:
            self._kept[key] = score
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return score


def _held_against(metric: Metric, asked: Asked) -> bytes:
    others = asked.others if metric.of_references else ()
    return _digest(*(asked.value(need) for need in metric.needs), *others)


def _digest(*given: Hashable) -> bytes:
    """Of texts and rules: a score is known by it without keeping the texts."""
    seen = hashlib.blake2b(digest_size=16)
    for part in given:
        texts = part if isinstance(part, tuple) else (part,)
        for text in (str(len(texts)), *texts):
            written = (text if isinstance(text, str) else repr(text)).encode("utf-8", "replace")
            seen.update(f"{len(written)}:".encode() + written)
    return seen.digest()


_cache = _Cache(_CACHED)


def asked_of(prompt: Prompt, case: Case) -> Asked:
    """What an answer to a prompt is held against."""
    calls = None if prompt.calls is None else calls_as_text(prompt.calls)
    others = prompt.other_references
    return Asked(prompt.id, prompt.text, prompt.reference, case.checks, others, calls)


def score_table(case: Case, outputs: Iterable[Output], keys: Sequence[str] | None = None) -> Scores:
    """Score all outputs; an answer scored before by the same metric is not scored again.

    Args:
        case: prompts, approved answers and the reader's checks.
        outputs: finished calls, any order; of refused and failed ones only the call is scored.
        keys: which metrics; None = all but the slow ones.

    Raises:
        AdvisorError: there is no metric of such a name.
    """
    wanted = [key for key in METRICS if key not in SLOW] if keys is None else list(keys)
    asked = {p.id: asked_of(p, case) for p in case.prompts}
    # By prompt: what a metric keeps of an approved answer then serves all arms.
    known = sorted((o for o in outputs if o.prompt_id in asked), key=lambda o: o.prompt_id)
    digests = [_digest(o.text) if o.outcome == "answered" else b"" for o in known]
    table: Scores = {}
    for key in wanted:
        metric = find_metric(key)
        held = {} if metric.of_call else {p: _held_against(metric, of) for p, of in asked.items()}
        found: dict[OptionId, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        for output, digest in zip(known, digests, strict=True):
            prompt_id = output.prompt_id
            if output.arm == "judge":
                continue
            if metric.of_call:
                score = metric.score(output)
            elif output.outcome == "answered":
                score = _cache.score(metric, output.text, asked[prompt_id], digest, held[prompt_id])
            else:
                continue
            if score is not None:
                found[output.arm][prompt_id].append(score)
        table[key] = {
            arm: {prompt_id: _mean(scores) for prompt_id, scores in by_prompt.items()}
            for arm, by_prompt in found.items()
        }
    return table


def score_ahead(case: Case) -> Callable[[Output], None]:
    """A function that scores one answer by all that a report needs, so that no report has to.

    Raises:
        AdvisorError: the case's main measure names no metric.
    """
    metrics = [find_metric(key) for key in (case.run.primary_metric, *AHEAD)]
    asked = {p.id: asked_of(p, case) for p in case.prompts}

    def score(output: Output) -> None:
        if output.outcome == "answered" and output.prompt_id in asked:
            of, digest = asked[output.prompt_id], _digest(output.text)
            for metric in metrics:
                _cache.score(metric, output.text, of, digest, _held_against(metric, of))

    return score


def _mean(scores: list[float]) -> float:
    return scores[0] if len(scores) == 1 else fmean(scores)


@dataclass(frozen=True, slots=True)
class Secondary:
    """One metric beside the main one, over the prompts that both arms answered."""

    key: str
    prompts: int
    base_mean: float
    tuned_mean: float
    difference: Interval | None
    """Mean of tuned - base, 95 %; None for a single prompt."""
    interval: Literal["BCa bootstrap", "paired t"]
    p: float
    """Sign-flip permutation test, this metric alone."""
    p_holm: float
    """The same, corrected for the number of rows."""


def secondary(
    case: Case,
    outputs: Iterable[Output],
    *,
    pair: Pair = ("base", "tuned"),
    seed: int,
    alpha: float,
    table: Scores | None = None,
) -> tuple[Secondary, ...]:
    """The metrics beside the main one; none of them decides, so Holm corrects them together.

    Rows are in the order of the registry. A metric that applies to no prompt of both arms is left
    out. Length is a row though neither direction is better: a difference is worth knowing.

    Args:
        case: its `run.primary_metric` is left out.
        outputs: finished calls, any order.
        pair: the two options compared.
        seed: of bootstrap and permutations.
        alpha: 1 - the level of the intervals.
        table: scores worked out before; None = work out all but the slow ones.
    """
    scores = score_table(case, outputs) if table is None else table
    rows = [
        row
        for key in METRICS
        if key in scores and key != case.run.primary_metric
        for row in _row(key, scores[key], pair, seed, alpha)
    ]
    # Where no prompt differs nothing could be found, so nothing is corrected for (Tarone 1990).
    tested = [row for row in rows if _differs(row)]
    corrected = dict(zip((row.key for row in tested), holm([r.p for r in tested]), strict=True))
    return tuple(replace(row, p_holm=corrected.get(row.key, 1.0)) for row in rows)


def _differs(row: Secondary) -> bool:
    flat = row.difference is None or row.difference.low == row.difference.high
    return row.base_mean != row.tuned_mean or not flat


def _row(
    key: str,
    by_arm: Mapping[OptionId, Mapping[str, float]],
    pair: Pair,
    seed: int,
    alpha: float,
) -> list[Secondary]:
    base, tuned = (by_arm.get(arm, {}) for arm in pair)
    common = sorted(base.keys() & tuned.keys())
    if not common:
        return []
    bases, tuneds = [base[p] for p in common], [tuned[p] for p in common]
    differences = [t - b for b, t in zip(bases, tuneds, strict=True)]
    p = permutation_p(differences, seed)
    by_bootstrap = _LEAST_BOOTSTRAP <= len(common) <= _MOST_BOOTSTRAP
    interval = (
        bca_interval(differences, seed, alpha)
        if by_bootstrap
        else paired_difference(bases, tuneds, alpha)
    )
    return [
        Secondary(
            key,
            len(common),
            fmean(bases),
            fmean(tuneds),
            interval,
            "BCa bootstrap" if by_bootstrap else "paired t",
            p=1.0 if p is None else p,
            p_holm=1.0,
        )
    ]
