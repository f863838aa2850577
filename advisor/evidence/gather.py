"""Gather: outputs, votes and judgments in, evidence in one word out."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import fmean
from types import MappingProxyType

from advisor.case.case import Case, Judgment
from advisor.case.options import OptionId
from advisor.evidence import statistics
from advisor.evidence.answers import Answers
from advisor.evidence.barriers import barriers
from advisor.evidence.base_options import between_bases
from advisor.evidence.guards import count_guards
from advisor.evidence.joined import join
from advisor.evidence.judge.judged import Judged, heard, judged_by_prompt, outdated
from advisor.evidence.metrics import Metric, find_primary
from advisor.evidence.metrics.tokens import words
from advisor.evidence.model import (
    Agreement,
    Barrier,
    Between,
    Evidence,
    Interval,
    Joined,
    OneModel,
    Output,
    Preference,
    PreferenceSource,
    Vote,
    WhyNotJoined,
)
from advisor.evidence.notes import Note, Side
from advisor.evidence.opponents import claimed
from advisor.evidence.pairs import Pair
from advisor.evidence.pending import awaited, looked_at, votes_to_come
from advisor.evidence.people.votes import agreement, sent_as_is, sent_by_prompt
from advisor.evidence.preference_source import choose_source, clear, preferences_by_source
from advisor.evidence.rules import EvidenceRules
from advisor.evidence.weigh import Basis, tally_of, weigh, weigh_pair

_UNKNOWN = Decimal("Infinity")


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
    barred: Collection[OptionId] = (),
    usd: Mapping[OptionId, Decimal | None] = MappingProxyType({}),
    first_texts: Collection[str] = (),
) -> tuple[Evidence, Basis | None]:
    """What the run shows, and what other preferences could be weighed with; None = no tuned option.

    Args:
        case: brief, prompts, primary metric; its own `judgments` count only if handed over.
        outputs: finished calls, any order; refused and failed ones are never scored.
        votes: people's, on any pair.
        judgments: recorded ones; those on other answers than the stored ones are left out.
        run_complete: False where calls are missing: then nothing is decided.
        rules: thresholds.
        seed: of the decision's random order.
        in_training: ids of prompts that stand in the training file; they are left out.
        live: those judges gave on this run, one per order; see `heard` for which count.
        barred: options that can't be recommended; they count only where no other one has answered.
        usd: what one request to an option costs: of base options that do as well the cheapest is named.
        first_texts: ids of the prompts of the decision's first run; () = this one, or not known.

    Raises:
        AdvisorError: `case.run.primary_metric` names no metric, or one that may not decide.
    """
    metric = find_primary(case.run.primary_metric)
    answers = Answers.of(case, outputs, metric, in_training)
    votes = [vote for vote in votes if answers.has(vote.prompt_id, vote.base_arm)]
    genuine, said = (list(filter(answers.shown_to, given)) for given in (judgments, live))
    live = heard(case, said)
    between = between_bases(case, answers, metric, votes, genuine, live, rules)
    bases, tuned = _allowed(answers.base_arms, barred), _allowed(answers.tuned_arms, barred)
    evidence = replace(
        _counted(case, answers, metric, rules),
        base_arm=_best_base(case, answers, bases, between),
        tuned_arm=tuned[0] if tuned else next(iter(case.tuned_options), "tuned"),
        between_bases=between,
        complete=run_complete,
        looked_at=looked_at(case, first_texts, rules),
        leaked=sum(prompt.id in in_training for prompt in case.prompts),
        notes=_notes(case, answers, in_training, judgments, run_complete) + outdated(case, said),
    )
    if not tuned:
        return _with_room(evidence, votes, case.brief.target_as_is, rules), None
    run = _Heard(case, answers, metric, votes, genuine, live, rules, seed)
    pairs = _pairs(bases or (evidence.base_arm,), tuned, usd)
    return _claimed(_compared(run, evidence, pairs), case, rules)


def _counted(case: Case, answers: Answers, metric: Metric, rules: EvidenceRules) -> Evidence:
    """The counts that rest on no preference."""
    return Evidence(
        "none",
        primary_metric=metric.key,
        none_beats_a_constant=_none_beats_a_constant(case, answers, metric, rules),
        prompts=len(case.prompts),
        refused=sum(o.outcome == "refused" for o in answers.outputs),
        failed=sum(o.outcome == "failed" for o in answers.outputs),
    )


def _pairs(
    bases: Sequence[OptionId],
    tuned: Sequence[OptionId],
    usd: Mapping[OptionId, Decimal | None],
) -> list[Pair]:
    """Every pair, the cheapest base option first: of pairs that show as much that one is named."""
    cheapest = sorted(bases, key=lambda base: _known(usd.get(base)))
    return [(base, option) for option in tuned for base in cheapest]


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a run has brought, and by which rules it is heard."""

    case: Case
    answers: Answers
    metric: Metric
    votes: Sequence[Vote]
    recorded: Sequence[Judgment]
    live: Sequence[Judgment]
    rules: EvidenceRules
    seed: int


def _compared(run: _Heard, evidence: Evidence, pairs: Sequence[Pair]) -> list[Basis]:
    """What each pair is weighed with, of those that have evidence from one source.

    Where no pair has any, the best base option and the first tuned one stand for all.
    """
    case, rules = run.case, run.rules
    of_pair: dict[Pair, list[Vote]] = defaultdict(list)
    for vote in run.votes:
        of_pair[vote.base_arm, vote.challenger].append(vote)
    found: dict[Pair, _Said] = {}
    for pair in pairs:
        judged = judged_by_prompt(case, run.answers, run.recorded, run.live, pair, rules)
        by_source = preferences_by_source(
            run.answers, run.metric, of_pair[pair], judged.preferences, pair
        )
        agreed = agreement(by_source["votes"], by_source["judge"], rules.clear_choices)
        found[pair] = _Said(judged, by_source, agreed)
    source = _one_source(found.values(), rules)
    options = {option for pair in pairs for option in pair}
    kept_apart = barriers(case, run.answers.outputs, options, rules.missing_most)
    shown = [pair for pair, of in found.items() if of.by_source[source]]
    return [
        _basis(
            run,
            replace(evidence, base_arm=pair[0], tuned_arm=pair[1]),
            found[pair],
            source,
            len({option for _, option in pairs}),
            [barrier for barrier in kept_apart if _concerns(barrier, pair)],
        )
        for pair in shown or [(evidence.base_arm, evidence.tuned_arm)]
    ]


@dataclass(frozen=True, slots=True)
class _Said:
    """What was said of a pair."""

    judged: Judged
    by_source: Mapping[PreferenceSource, Mapping[str, Preference]]
    agreed: Agreement | None


def _allowed(options: tuple[OptionId, ...], barred: Collection[OptionId]) -> tuple[OptionId, ...]:
    """The options that may be recommended; all where none of them may."""
    return tuple(option for option in options if option not in barred) or options


def _one_source(found: Iterable[_Said], rules: EvidenceRules) -> PreferenceSource:
    """The source that all pairs are held to, chosen by the pair of which each says most."""
    said = list(found)
    most = {
        source: max(
            (of.by_source[source] for of in said), key=lambda given: (clear(given), len(given))
        )
        for source in said[0].by_source
    }
    return choose_source(most, rules.clear_choices)


def _claimed(pairs: Sequence[Basis], case: Case, rules: EvidenceRules) -> tuple[Evidence, Basis]:
    """What the pairs show together, and the pair it rests on with the others beside it."""
    if len(pairs) == 1:
        return weigh(pairs[0], pairs[0].preferences, case.brief, rules), pairs[0]
    each = [weigh_pair(p, p.preferences, case.brief, rules, word_only=True) for p in pairs]
    named = claimed(each)
    at = next(
        n
        for n, found in enumerate(each)
        if (found.base_arm, found.tuned_arm) == (named.base_arm, named.tuned_arm)
    )
    others = [*pairs[:at], *pairs[at + 1 :]]
    basis = replace(pairs[at], others=tuple(others))
    known = [*each[:at], *each[at + 1 :]]
    return weigh(basis, basis.preferences, case.brief, rules, others=known), basis


def _basis(
    run: _Heard,
    evidence: Evidence,
    said: _Said,
    source: PreferenceSource,
    tuned_options: int,
    kept_apart: Sequence[Barrier],
) -> Basis:
    """Put together what the preferences of a pair are weighed with."""
    case, answers, metric, rules = run.case, run.answers, run.metric, run.rules
    judged, by_source = said.judged, said.by_source
    given, pair = by_source[source], (evidence.base_arm, evidence.tuned_arm)
    preferences = {p.id: given[p.id] for p in case.prompts if p.id in given}
    by_overlap = bool(preferences) and source == "metric" and metric.overlap
    evidence = _with_room(evidence, run.votes, case.brief.target_as_is, rules)
    return Basis(
        evidence=replace(
            evidence,
            barriers=tuple(kept_apart),
            judges=judged.judges,
            flip_rate=judged.flip_rate,
            notes=(*evidence.notes, *_cut_off(answers, pair), *judged.notes),
            source=source if preferences else None,
            by_overlap=by_overlap,
            unread=by_overlap
            and not (by_source["votes"] or by_source["judge"] or evidence.room_left),
            order_never_swapped=source == "judge" and judged.order_never_swapped,
            agreement=said.agreed,
            metric_difference=_metric_difference(answers, pair, rules),
            few_votes=source != "votes" and bool(by_source["votes"]),
            beside=tuple(
                (other, tally_of(said.values()))
                for other, said in by_source.items()
                if other != source and said
            ),
            joined=_joined(by_source, source, rules),
        ),
        preferences=preferences,
        base_chars={p: answers.chars[pair[0]][p] for p in preferences},
        tuned_chars={p: answers.chars[pair[1]][p] for p in preferences},
        cluster_of={p.id: p.cluster for p in case.prompts if p.cluster is not None},
        guards=count_guards(case, answers, pair, preferences),
        seed=run.seed,
        awaited=awaited(case, answers, pair, preferences, source),
        votes_to_come=votes_to_come(case, answers, pair, preferences, source),
        together_known=case.brief.together is False or any(p.cluster for p in case.prompts),
        tuned_options=tuned_options,
    )


def _known(usd: Decimal | None) -> Decimal:
    """Sort key of a cost; an unknown one sorts last."""
    return _UNKNOWN if usd is None else usd


def _concerns(barrier: Barrier, pair: Pair) -> bool:
    """Whether a barrier concerns this pair, or one of its options."""
    if isinstance(barrier, OneModel):
        return set(barrier.options) == set(pair)
    return barrier.option in pair


def _none_beats_a_constant(
    case: Case, answers: Answers, metric: Metric, rules: EvidenceRules
) -> bool:
    """Where answers can be right or wrong: no option is right more often than the commonest
    approved answer would be, given to every text."""
    approved = {p.id: {words(one) for one in p.references} for p in case.prompts if p.reference}
    if metric.overlap or "reference" not in metric.needs or metric.unit != "share":
        return False
    scored = [
        {p: score for p, score in by_text.items() if p in approved}
        for by_text in answers.scores.values()
    ]
    if not scored or min(map(len, scored)) < rules.scored:
        return False
    return all(
        fmean(by_text.values()) <= _commonest([approved[p] for p in by_text]) for by_text in scored
    )


def _commonest(approved: Sequence[set[tuple[str, ...]]]) -> float:
    """Share of texts that the commonest approved answer is right for; 0 where each has its own."""
    most = max(Counter(one for several in approved for one in several).values())
    return most / len(approved) if most > 1 else 0.0


def _joined(
    by_source: Mapping[PreferenceSource, Mapping[str, Preference]],
    source: PreferenceSource,
    rules: EvidenceRules,
) -> Joined | WhyNotJoined | None:
    """Votes and a judge as one estimate; None where not both have said anything, or votes too few."""
    if source != "votes" or not by_source["judge"]:
        return None
    return join(by_source["votes"], by_source["judge"], rules.alpha)


def _best_base(
    case: Case, answers: Answers, bases: tuple[OptionId, ...], between: Sequence[Between]
) -> OptionId:
    """The base option that does best among the base options; the first one before any has answered.

    As people prefer them, then as a judge does; where neither has said anything, by the main
    measure over the prompts all of them answered.
    """
    if len(bases) < 2:
        return next(iter(bases or case.bases), "base")
    read = [found for found in between if found.source != "metric"]
    common = sorted(set.intersection(*(set(answers.scores[arm]) for arm in bases)))
    if common and not read:
        return max(bases, key=lambda arm: fmean(answers.scores[arm][p] for p in common))
    ahead = {found.challenger: found.tally.wins - found.tally.losses for found in read}
    return max(bases, key=lambda arm: ahead.get(arm, 0))


def _metric_difference(answers: Answers, pair: Pair, rules: EvidenceRules) -> Interval | None:
    base, tuned = (answers.scores.get(arm, {}) for arm in pair)
    common = sorted(base.keys() & tuned.keys())
    if len(common) < rules.clear_choices:
        return None
    return statistics.mean_interval([tuned[p] - base[p] for p in common], alpha=rules.alpha)


def _with_room(
    evidence: Evidence, votes: Sequence[Vote], target: float, rules: EvidenceRules
) -> Evidence:
    """Room left: what people would not send as it is, of the best base arm's answers."""
    as_is = sent_as_is(votes, evidence.base_arm, rules.alpha)
    if as_is is None:
        return evidence
    checked = len(sent_by_prompt(votes, evidence.base_arm))
    counts = evidence.complete and not evidence.leaked and checked >= rules.checked
    return replace(
        evidence,
        checked=checked,
        room_left=Interval(1 - as_is.value, 1 - as_is.high, 1 - as_is.low),
        nothing_left_to_gain=counts and as_is.low >= target,
    )


def _notes(
    case: Case,
    answers: Answers,
    in_training: frozenset[str],
    judgments: Sequence[Judgment],
    complete: bool,
) -> tuple[Note, ...]:
    dropped = [j for j in judgments if j.prompt_id not in in_training and not answers.shown_to(j)]
    asked = {prompt.id for prompt in case.prompts}
    lacking = [j for j in dropped if j.prompt_id in asked and not answers.has(j.prompt_id, *j.pair)]
    unanswered, others = len(lacking), len(dropped) - len(lacking)
    left_out = sum(prompt.id in in_training for prompt in case.prompts)
    notes = (
        (not complete, Note("incomplete")),
        (left_out, Note("void")),
        (left_out, Note("in_training", (left_out,))),
        (others, Note("other_answers", (others,))),
        (unanswered, Note("one_unanswered", (unanswered,))),
    )
    return tuple(note for applies, note in notes if applies)


def _cut_off(answers: Answers, pair: Pair) -> Iterator[Note]:
    """How many answers of either option met their limit."""
    sides: tuple[Side, Side] = ("base", "tuned")
    for option, side in zip(pair, sides, strict=True):
        given = [o for o in answers.outputs if o.arm == option and o.outcome == "answered"]
        if cut := sum(output.truncated for output in given):
            yield Note("cut_off", (cut, len(given)), side)
