"""Gather: outputs, votes and judgments in, evidence in one word out."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from advisor.case import BASE_ARMS, ArmName, Case, Judgment
from advisor.evidence import stats
from advisor.evidence.metrics import Metric, find_metric
from advisor.evidence.model import Evidence, Interval, Output, Preference, Source, Tally, Vote
from advisor.evidence.votes import one_preference, preferences_by_prompt, sent_as_is
from advisor.evidence.word import Shown, choose_word
from advisor.rules import EvidenceRules, Rules

_SIGN: dict[Preference, int] = {"tuned": 1, "base": -1, "tie": 0, "both_bad": 0}


def gather_evidence(
    case: Case,
    outputs: Iterable[Output],
    votes: Sequence[Vote] = (),
    judgments: Sequence[Judgment] = (),
    *,
    run_complete: bool,
    rules: Rules,
    seed: int,
    in_training: frozenset[str] = frozenset(),
) -> Evidence:
    """What the run shows.

    Args:
        case: brief, prompts, primary metric; its own `judgments` count only if handed over.
        outputs: finished calls, any order; refused and failed ones are never scored.
        votes: people's, against any base arm.
        judgments: a judge's; those on other answers than the stored ones are left out.
        run_complete: False where calls are missing: then nothing is decided.
        rules: thresholds.
        seed: of the random order in which the prompts are gone through.
        in_training: ids of prompts that stand in the training file; they are left out.

    Raises:
        AdvisorError: there is no metric by the name of `case.run.primary_metric`.
    """
    metric = find_metric(case.run.primary_metric)
    run = _Run.of(case, outputs, in_training)
    votes = [vote for vote in votes if (vote.prompt_id, vote.base_arm) in run.answers]
    genuine = [judgment for judgment in judgments if run.shows(judgment)]
    base_arm = _best_base(run, metric, votes, genuine)
    evidence = Evidence(
        "none",
        base_arm=base_arm,
        primary_metric=metric.key,
        prompts=len(case.prompts),
        refused=sum(o.outcome == "refused" for o in run.outputs),
        failed=sum(o.outcome == "failed" for o in run.outputs),
        complete=run_complete,
        notes=_notes(run, in_training, len(judgments) - len(genuine), run_complete),
    )
    evidence = _with_room(evidence, votes, case.brief.target_as_is, rules.evidence)
    if not any(output.arm == "tuned" for output in run.outputs):
        return evidence
    by_source = _preferences(run, metric, votes, genuine, base_arm)
    source = _choose_source(by_source, rules.evidence.scored)
    preferences = by_source[source]
    high = case.brief.error_cost == "high"
    evidence = replace(
        evidence,
        source=source if preferences else None,
        tally=_tally(preferences.values()),
        e_needed=rules.evidence.e_needed_high if high else rules.evidence.e_needed,
        order_never_swapped=source == "judge" and _one_order_only(genuine, base_arm),
    )
    evidence, shown = _with_figures(evidence, run, metric, preferences, rules.evidence, seed)
    evidence = replace(
        evidence,
        n_more=stats.n_more(
            case.brief.win_rate_worth,
            evidence.tally,
            rules.evidence.scored,
            evidence.e_needed,
            rules.evidence.power,
        ),
    )
    return choose_word(evidence, shown, high_error_cost=high, rules=rules.evidence)


@dataclass(frozen=True, slots=True)
class _Run:
    """The outputs, and the answers among them by prompt and arm."""

    case: Case
    outputs: tuple[Output, ...]
    answers: Mapping[tuple[str, ArmName], tuple[str, ...]]
    """One text per answered sample; an empty answer is an answer."""

    @classmethod
    def of(cls, case: Case, outputs: Iterable[Output], left_out: frozenset[str]) -> "_Run":
        known = {prompt.id for prompt in case.prompts} - left_out
        kept = tuple(o for o in outputs if o.prompt_id in known)
        answers: dict[tuple[str, ArmName], list[str]] = defaultdict(list)
        for output in sorted(kept, key=lambda o: o.sample):
            if output.outcome == "answered":
                answers[output.prompt_id, output.arm].append(output.text)
        return cls(case, kept, {key: tuple(texts) for key, texts in answers.items()})

    def both(self, base_arm: ArmName) -> frozenset[str]:
        """Prompts answered by `base_arm` and by the tuned arm."""
        base, tuned = ({p for p, a in self.answers if a == arm} for arm in (base_arm, "tuned"))
        return frozenset(base & tuned)

    def shows(self, judgment: Judgment) -> bool:
        """The judged answers are the stored ones."""
        judged = {judgment.base_arm: judgment.base_sha256, "tuned": judgment.tuned_sha256}
        return all(
            digest in map(_sha256, self.answers.get((judgment.prompt_id, arm), ()))
            for arm, digest in judged.items()
        )

    def scores(self, metric: Metric, arm: ArmName) -> dict[str, float]:
        """Mean score over samples, by prompt; only prompts with a reference."""
        return {
            prompt.id: fmean(metric.score(text, prompt.reference) for text in texts)
            for prompt in self.case.prompts
            if prompt.reference is not None and (texts := self.answers.get((prompt.id, arm)))
        }

    def chars(self, prompt_id: str, arm: ArmName) -> float:
        """Mean length over samples."""
        return fmean(len(text) for text in self.answers[prompt_id, arm])

    def refused_only_by(self, arm: ArmName, other: ArmName) -> int:
        """Prompts that `arm` refused and `other` answered."""
        refused = {o.prompt_id for o in self.outputs if o.arm == arm and o.outcome == "refused"}
        return sum((p, arm) not in self.answers and (p, other) in self.answers for p in refused)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _best_base(
    run: _Run, metric: Metric, votes: Sequence[Vote], judgments: Sequence[Judgment]
) -> ArmName:
    """The base arm that does best: the one tuning must beat.

    By the primary metric over the prompts all base arms answered; without references by the share
    of people's, then of a judge's preferences it takes from the tuned arm.
    """
    arms = [arm for arm in BASE_ARMS if any(a == arm for _, a in run.answers)]
    if len(arms) < 2:
        return arms[0] if arms else "base"
    scores = {arm: run.scores(metric, arm) for arm in arms}
    common = sorted(set.intersection(*(set(by_prompt) for by_prompt in scores.values())))
    if common:
        return max(arms, key=lambda arm: fmean(scores[arm][p] for p in common))
    for given in (votes, judgments):
        wins = {
            arm: -fmean(signs)
            for arm in arms
            if (signs := [_SIGN[g.preference] for g in given if g.base_arm == arm])
        }
        if wins:
            return max(wins, key=lambda arm: wins[arm])
    return arms[0]


def _preferences(
    run: _Run,
    metric: Metric,
    votes: Sequence[Vote],
    judgments: Sequence[Judgment],
    base_arm: ArmName,
) -> dict[Source, dict[str, Preference]]:
    """By source: one preference per prompt that both arms answered. Sources are never pooled."""
    both = run.both(base_arm)
    judged: dict[str, list[Preference]] = defaultdict(list)
    for judgment in judgments:
        if judgment.base_arm == base_arm:
            judged[judgment.prompt_id].append(judgment.preference)
    base, tuned = run.scores(metric, base_arm), run.scores(metric, "tuned")
    by_source: dict[Source, dict[str, Preference]] = {
        "votes": preferences_by_prompt(votes, base_arm),
        "judge": {prompt_id: one_preference(given) for prompt_id, given in judged.items()},
        "metric": {p: metric.preference(base[p], tuned[p]) for p in base.keys() & tuned.keys()},
    }
    return {
        source: {p: preference for p, preference in given.items() if p in both}
        for source, given in by_source.items()
    }


def _choose_source(by_source: Mapping[Source, Mapping[str, Preference]], scored: int) -> Source:
    """The first with enough prompts, else the one with most; votes before judge before metric."""
    for source, given in by_source.items():
        if len(given) >= scored:
            return source
    return max(by_source, key=lambda source: len(by_source[source]))


def _tally(preferences: Iterable[Preference]) -> Tally:
    given = list(preferences)
    return Tally(*(given.count(word) for word in ("tuned", "base", "tie", "both_bad")))


def _one_order_only(judgments: Sequence[Judgment], base_arm: ArmName) -> bool:
    """Some prompt was judged with one arm always first."""
    orders: dict[str, set[str]] = defaultdict(set)
    for judgment in judgments:
        if judgment.base_arm == base_arm:
            orders[judgment.prompt_id].add(judgment.order)
    return any(len(met) == 1 and met != {"both"} for met in orders.values())


def _with_figures(
    evidence: Evidence,
    run: _Run,
    metric: Metric,
    preferences: Mapping[str, Preference],
    rules: EvidenceRules,
    seed: int,
) -> tuple[Evidence, Shown]:
    """The figures beside the word; below the fewest clear choices there is no statistic."""
    tally, arm = evidence.tally, evidence.base_arm
    ids = sorted(preferences)
    signs = [_SIGN[preferences[p]] for p in ids]
    cluster_of = {p.id: p.cluster for p in run.case.prompts if p.cluster is not None}
    clusters = [cluster_of.get(p, f"\0{p}") for p in ids] if cluster_of.keys() & set(ids) else None
    clear = [p for p in ids if preferences[p] in ("tuned", "base")]
    longer = [run.chars(p, "tuned") - run.chars(p, arm) for p in clear]
    length = stats.length_controlled(
        [preferences[p] == "tuned" for p in clear], longer, rules.length_choices, rules.alpha
    )
    shown = Shown(
        difference=stats.mean_interval(signs, clusters, rules.alpha),
        length=length,
        refused_by_tuned=run.refused_only_by("tuned", arm),
        refused_by_base=run.refused_only_by(arm, "tuned"),
    )
    evidence = replace(
        evidence,
        base_chars=fmean(run.chars(p, arm) for p in ids) if ids else None,
        tuned_chars=fmean(run.chars(p, "tuned") for p in ids) if ids else None,
        clusters=len(set(clusters)) if clusters else None,
        metric_difference=_metric_difference(run, metric, arm, rules),
    )
    if tally.decisive >= rules.clear_choices or tally.scored >= rules.scored:
        difference = stats.tost_interval(signs, clusters, rules.alpha)
        evidence = replace(evidence, difference=difference)
    if tally.decisive < rules.clear_choices:
        return evidence, shown
    return replace(
        evidence,
        win_rate=stats.wilson(tally.wins, tally.decisive, rules.alpha),
        e_value=stats.running_e_max(preferences, seed),
        p=stats.sign_test(tally.wins, tally.losses),
        length_adjusted=length.win_rate.value if length.win_rate else None,
    ), shown


def _metric_difference(
    run: _Run, metric: Metric, base_arm: ArmName, rules: EvidenceRules
) -> Interval | None:
    base, tuned = run.scores(metric, base_arm), run.scores(metric, "tuned")
    common = sorted(base.keys() & tuned.keys())
    if len(common) < rules.clear_choices:
        return None
    return stats.mean_interval([tuned[p] - base[p] for p in common], alpha=rules.alpha)


def _with_room(
    evidence: Evidence, votes: Sequence[Vote], target: float, rules: EvidenceRules
) -> Evidence:
    """Room left: what people would not send as it is, of the best base arm's answers."""
    as_is = sent_as_is(votes, evidence.base_arm, rules.alpha)
    if as_is is None:
        return evidence
    return replace(
        evidence,
        room_left=Interval(1 - as_is.value, 1 - as_is.high, 1 - as_is.low),
        nothing_left_to_gain=evidence.complete and as_is.low >= target,
    )


def _notes(
    run: _Run, in_training: frozenset[str], other_answers: int, complete: bool
) -> tuple[str, ...]:
    left_out = len(in_training & {prompt.id for prompt in run.case.prompts})
    cut = sum(o.truncated for o in run.outputs)
    notes = (
        (not complete, "The run is not complete, so it decides nothing yet."),
        (left_out, f"Left out because they stand in the training file: {left_out} prompts."),
        (other_answers, f"Left out because they judge other answers: {other_answers} judgments."),
        (cut, f"Cut off at the limit of output tokens: {cut} answers."),
    )
    return tuple(sentence for applies, sentence in notes if applies)
