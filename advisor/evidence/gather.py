"""Gather: outputs, votes and judgments in, evidence in one word out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import fmean

from advisor.case.case import Case, Judgment
from advisor.case.options import ArmName
from advisor.evidence import statistics
from advisor.evidence.answers import Answers
from advisor.evidence.barriers import barriers
from advisor.evidence.base_options import between_bases
from advisor.evidence.conclusion import human_checked
from advisor.evidence.guards import count_guards
from advisor.evidence.judge.judged import Judged, heard, judged_by_prompt, outdated
from advisor.evidence.metrics import Metric, find_primary
from advisor.evidence.model import (
    Between,
    Evidence,
    Interval,
    Output,
    Preference,
    PreferenceSource,
    Vote,
)
from advisor.evidence.notes import Note
from advisor.evidence.people.votes import agreement, sent_as_is, sent_by_prompt
from advisor.evidence.preference_source import choose_source, preferences_by_source
from advisor.evidence.rules import EvidenceRules
from advisor.evidence.weigh import SIGN, Basis, weigh


def gather(
    case: Case,
    outputs: Iterable[Output],
    votes: Sequence[Vote] = (),
    judgments: Sequence[Judgment] = (),
    *,
    run_complete: bool,
    rules: EvidenceRules,
    seed: int,
    in_training: frozenset[str] = frozenset(),
    live: Sequence[Judgment] = (),
    barred: Collection[ArmName] = (),
) -> tuple[Evidence, Basis | None]:
    """What the run shows, and what other preferences could be weighed with; None = no tuned arm.

    Args:
        case: brief, prompts, primary metric; its own `judgments` count only if handed over.
        outputs: finished calls, any order; refused and failed ones are never scored.
        votes: people's, against any base arm.
        judgments: recorded ones; those on other answers than the stored ones are left out.
        run_complete: False where calls are missing: then nothing is decided.
        rules: thresholds.
        seed: of the random order in which the prompts are gone through.
        in_training: ids of prompts that stand in the training file; they are left out.
        live: those judges gave on this run, one per order; see `heard` for which count.
        barred: options that can't be recommended; tuning has to beat the others.

    Raises:
        AdvisorError: `case.run.primary_metric` names no metric, or one that may not decide.
    """
    metric = find_primary(case.run.primary_metric)
    answers = Answers.of(case, outputs, metric, in_training)
    votes = [vote for vote in votes if answers.has(vote.prompt_id, vote.base_arm)]
    genuine = [judgment for judgment in judgments if answers.shown_to(judgment)]
    said = [judgment for judgment in live if answers.shown_to(judgment)]
    live = heard(case, said)
    between = between_bases(case, answers, metric, votes, genuine, live, rules, seed)
    evidence = Evidence(
        "none",
        base_arm=_best_base(answers, votes, [*genuine, *live], between, barred),
        between_bases=between,
        primary_metric=metric.key,
        prompts=len(case.prompts),
        refused=sum(o.outcome == "refused" for o in answers.outputs),
        failed=sum(o.outcome == "failed" for o in answers.outputs),
        complete=run_complete,
        leaked=sum(prompt.id in in_training for prompt in case.prompts),
        notes=_notes(case, answers, in_training, len(judgments) - len(genuine), run_complete)
        + outdated(case, said),
    )
    evidence = _with_room(evidence, votes, case.brief.target_as_is, rules)
    if not any(output.arm == "tuned" for output in answers.outputs):
        return evidence, None
    arm = evidence.base_arm
    kept_apart = barriers(case, answers.outputs, (arm, "tuned"), rules.missing_most)
    evidence = replace(evidence, barriers=kept_apart)
    judged = judged_by_prompt(case, answers, genuine, live, arm, rules)
    evidence = _with_judge(evidence, judged)
    by_source = preferences_by_source(answers, metric, votes, judged.preferences, (arm, "tuned"))
    basis = _basis(case, evidence, answers, by_source, judged, metric, rules, seed)
    return weigh(basis, basis.preferences, case.brief, rules), basis


def _basis(
    case: Case,
    evidence: Evidence,
    answers: Answers,
    by_source: Mapping[PreferenceSource, Mapping[str, Preference]],
    judged: Judged,
    metric: Metric,
    rules: EvidenceRules,
    seed: int,
) -> Basis:
    """Choose the source, and put together what its preferences are weighed with."""
    agreed = agreement(by_source["votes"], by_source["judge"], rules.clear_choices)
    checked = case.brief.error_cost == "high" and human_checked(agreed, rules)
    source = choose_source(by_source, rules.scored, checked=checked)
    given, arm = by_source[source], evidence.base_arm
    preferences = {p.id: given[p.id] for p in case.prompts if p.id in given}
    by_overlap = bool(preferences) and source == "metric" and metric.overlap
    return Basis(
        evidence=replace(
            evidence,
            source=source if preferences else None,
            by_overlap=by_overlap,
            unread=by_overlap
            and not (by_source["votes"] or by_source["judge"] or evidence.room_left),
            order_never_swapped=source == "judge" and judged.order_never_swapped,
            agreement=agreed,
            metric_difference=_metric_difference(answers, arm, rules),
        ),
        preferences=preferences,
        base_chars={p: answers.chars(p, arm) for p in preferences},
        tuned_chars={p: answers.chars(p, "tuned") for p in preferences},
        cluster_of={p.id: p.cluster for p in case.prompts if p.cluster is not None},
        guards=count_guards(case, answers, arm, preferences),
        seed=seed,
    )


def _best_base(
    answers: Answers,
    votes: Sequence[Vote],
    judgments: Sequence[Judgment],
    between: Sequence[Between],
    barred: Collection[ArmName],
) -> ArmName:
    """The base arm that does best: the one tuning must beat.

    By the primary metric over the prompts all base arms answered; without references by what
    people, then a judge, prefer it to the tuned arm, then by how base arms fare among themselves.
    """
    arms = tuple(a for a in answers.base_arms if a not in barred) or answers.base_arms
    if len(arms) < 2:
        return arms[0] if arms else "base"
    common = sorted(set.intersection(*(set(answers.scores[arm]) for arm in arms)))
    if common:
        return max(arms, key=lambda arm: fmean(answers.scores[arm][p] for p in common))
    for given in (votes, judgments):
        behind = {
            arm: fmean(signs)
            for arm in arms
            if (
                signs := [
                    SIGN[g.side] for g in given if (g.base_arm, g.challenger) == (arm, "tuned")
                ]
            )
        }
        if behind:
            return min(behind, key=lambda arm: behind[arm])
    ahead = {pair.challenger: pair.tally.wins - pair.tally.losses for pair in between}
    return max(arms, key=lambda arm: ahead.get(arm, 0))


def _metric_difference(
    answers: Answers, base_arm: ArmName, rules: EvidenceRules
) -> Interval | None:
    base, tuned = answers.scores.get(base_arm, {}), answers.scores.get("tuned", {})
    common = sorted(base.keys() & tuned.keys())
    if len(common) < rules.clear_choices:
        return None
    return statistics.mean_interval([tuned[p] - base[p] for p in common], alpha=rules.alpha)


def _with_judge(evidence: Evidence, judged: Judged) -> Evidence:
    notes = evidence.notes + judged.notes
    return replace(evidence, judges=judged.judges, flip_rate=judged.flip_rate, notes=notes)


def _with_room(
    evidence: Evidence, votes: Sequence[Vote], target: float, rules: EvidenceRules
) -> Evidence:
    """Room left: what people would not send as it is, of the best base arm's answers."""
    as_is = sent_as_is(votes, evidence.base_arm, rules.alpha)
    if as_is is None:
        return evidence
    return replace(
        evidence,
        checked=len(sent_by_prompt(votes, evidence.base_arm)),
        room_left=Interval(1 - as_is.value, 1 - as_is.high, 1 - as_is.low),
        nothing_left_to_gain=evidence.complete and not evidence.leaked and as_is.low >= target,
    )


def _notes(
    case: Case, answers: Answers, in_training: frozenset[str], dropped: int, complete: bool
) -> tuple[Note, ...]:
    left_out = sum(prompt.id in in_training for prompt in case.prompts)
    cut = sum(output.truncated for output in answers.outputs)
    notes = (
        (not complete, Note("incomplete")),
        (left_out, Note("void")),
        (left_out, Note("in_training", (left_out,))),
        (dropped, Note("other_answers", (dropped,))),
        (cut, Note("cut_off", (cut,))),
    )
    return tuple(note for applies, note in notes if applies)
