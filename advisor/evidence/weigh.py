"""Weigh: one preference per prompt in, the evidence in one word out; no text is read for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from advisor.case.brief import Brief
from advisor.evidence import length, over_cases, planning, statistics
from advisor.evidence.conclusion import Shown, choose_word
from advisor.evidence.guards import Guards
from advisor.evidence.model import Evidence, Preference, Tally
from advisor.evidence.opponents import claimed
from advisor.evidence.planning import Plan, SettledWhen, Stood
from advisor.evidence.rules import EvidenceRules

SIGN: dict[Preference, int] = {"tuned": 1, "base": -1, "tie": 0, "both_bad": 0}
"""What a preference counts, the tuned arm's way."""
_NOT_FITTED = length.LengthControl(None)


@dataclass(frozen=True, slots=True)
class Basis:
    """What is weighed beside the preferences: the same, whatever they are."""

    evidence: Evidence
    """Source, options, counts and notes; no figure of it rests on a preference."""
    preferences: Mapping[str, Preference]
    """As given: one per scored prompt, in the order of the case."""
    base_chars: Mapping[str, float]
    tuned_chars: Mapping[str, float]
    """Mean length of the answers by scored prompt, characters."""
    cluster_of: Mapping[str, str]
    """Of the prompts that have one."""
    guards: Guards
    seed: int
    """Of the decision's random order."""
    awaited: frozenset[str] = frozenset()
    """Prompts whose preference is still to come: their cases do not count yet."""
    votes_to_come: int = 0
    """Texts that people still have to vote on, where they have begun to."""
    together_known: bool = True
    """It is known whether texts belong together: it was said, or they have cases."""
    tuned_options: int = 1
    """Tuned options in the test: with several each needs as many times as much evidence."""
    others: tuple["Basis", ...] = ()
    """The other pairs that have evidence from the same source, each with its own preferences."""


def weigh(
    basis: Basis,
    preferences: Mapping[str, Preference],
    brief: Brief,
    rules: EvidenceRules,
    *,
    word_only: bool = False,
    others: Sequence[Evidence] | None = None,
) -> Evidence:
    """What the pairs show together, this one with these preferences; see `opponents.claimed`.

    Args:
        basis: what is weighed beside the preferences.
        preferences: one per scored prompt; those of the basis, or others in their place.
        brief: what a wrong answer costs, and the win rate worth acting on.
        rules: thresholds.
        word_only: leave out the fits that the word does not turn on. Word and side are the same;
            the win rate at equal length and the notes are not to be shown.
        others: what the other pairs show, if it is known already, see `weigh_others`.
    """
    found = weigh_others(basis, brief, rules) if others is None else others
    return claimed([weigh_pair(basis, preferences, brief, rules, word_only=word_only), *found])


def weigh_others(basis: Basis, brief: Brief, rules: EvidenceRules) -> tuple[Evidence, ...]:
    """What each of the other pairs shows by itself, as far as the word turns on it."""
    return tuple(
        weigh_pair(other, other.preferences, brief, rules, word_only=True) for other in basis.others
    )


def weigh_pair(
    basis: Basis,
    preferences: Mapping[str, Preference],
    brief: Brief,
    rules: EvidenceRules,
    *,
    word_only: bool = False,
) -> Evidence:
    """The figures of one pair's preferences, and their word; arguments as of `weigh`."""
    high = brief.error_cost == "high"
    evidence = replace(
        basis.evidence,
        tally=tally_of(preferences.values()),
        preferences=tuple(preferences.items()),
        e_needed=basis.tuned_options * (rules.e_needed_high if high else rules.e_needed),
        margin=margin_of(brief, rules),
    )
    evidence, shown = _with_figures(evidence, basis, rules, word_only)
    evidence = choose_word(evidence, shown, high_error_cost=high, rules=rules)
    return evidence if word_only else _with_more(evidence, basis, brief.win_rate_worth, rules)


def margin_of(brief: Brief, rules: EvidenceRules) -> float:
    """How far apart two sides may be and still be level: the reader's own, else what is offered."""
    if brief.margin is not None:
        return brief.margin
    return rules.no_difference_high if brief.error_cost == "high" else rules.no_difference


def level_alpha(evidence: Evidence, rules: EvidenceRules) -> float:
    """One-sided, for "no difference": it is looked for once, a second time at half of it."""
    return rules.alpha / 2 if evidence.looked_at else rules.alpha


def tally_of(preferences: Iterable[Preference]) -> Tally:
    """Preferences counted."""
    given = list(preferences)
    return Tally(*(given.count(word) for word in ("tuned", "base", "tie", "both_bad")))


def _with_figures(
    evidence: Evidence, basis: Basis, rules: EvidenceRules, word_only: bool
) -> tuple[Evidence, Shown]:
    """The figures beside the word; below the fewest clear choices there is no statistic."""
    tally = evidence.tally
    preferences = dict(sorted(evidence.preferences))  # sums don't depend on the order given
    signs = [SIGN[said] for said in preferences.values()]
    case_of = over_cases.case_of_each(basis.cluster_of, preferences)
    grouped = bool(basis.cluster_of.keys() & preferences.keys())
    clusters = [case_of[p] for p in preferences] if grouped else None
    unfinished = {case for p in basis.awaited if (case := _case(basis, p)) is not None}
    whole = {p: SIGN[said] for p, said in preferences.items() if case_of[p] not in unfinished}
    evidence = replace(
        evidence,
        base_chars=fmean(basis.base_chars[p] for p in preferences) if preferences else None,
        tuned_chars=fmean(basis.tuned_chars[p] for p in preferences) if preferences else None,
        clusters=len({case_of[p] for p in whole}) if grouped else None,
        design_effect=over_cases.design_effect(signs, clusters) if clusters else 1.0,
    )
    if tally.decisive >= rules.clear_choices or tally.scored >= rules.scored:
        # Many ties are evidence of "no difference", so they need no clear choices for this one.
        interval = statistics.tost_interval(signs, level_alpha(evidence, rules), clusters)
        evidence = replace(evidence, difference=interval)
    e_value = None
    if tally.decisive >= rules.clear_choices:
        e_value = over_cases.e_value(over_cases.case_means(whole, case_of).values())
    shown = Shown(
        None,
        _NOT_FITTED,
        basis.guards,
        votes_to_come=basis.votes_to_come,
        together_known=basis.together_known,
        cases_agree=not grouped or over_cases.point_the_same_way(whole, case_of),
        unfinished=len(unfinished & set(case_of.values())),
    )
    if not word_only or (e_value is not None and e_value >= evidence.e_needed):
        difference = statistics.mean_interval(signs, rules.alpha, clusters)
        shown = replace(
            shown, difference=difference, longer=_longer(evidence, basis, preferences, rules)
        )
    if not word_only:
        shown = replace(shown, length=_at_equal_length(basis, preferences, rules))
    if e_value is None:
        return evidence, shown
    evidence = replace(
        evidence,
        win_rate=statistics.wilson(tally.wins, tally.decisive, rules.alpha),
        e_value=e_value,
        p=statistics.sign_test(tally.wins, tally.losses),
        length_adjusted=shown.length.win_rate.value if shown.length.win_rate else None,
    )
    return evidence, shown


def _longer(
    evidence: Evidence,
    basis: Basis,
    preferences: Mapping[str, Preference],
    rules: EvidenceRules,
) -> bool:
    """Whether the side ahead may be so by the length of its answers; people see through length."""
    if evidence.source != "judge" and not evidence.by_overlap:
        return False
    tuned, base = basis.tuned_chars, basis.base_chars
    if evidence.tally.wins > evidence.tally.losses:
        return length.may_explain("tuned", preferences, tuned, base, rules)
    return length.may_explain("base", preferences, base, tuned, rules)


def _at_equal_length(
    basis: Basis, preferences: Mapping[str, Preference], rules: EvidenceRules
) -> length.LengthControl:
    clear = [p for p, said in preferences.items() if SIGN[said]]
    return length.at_equal_length(
        [preferences[p] == "tuned" for p in clear],
        [basis.tuned_chars[p] for p in clear],
        [basis.base_chars[p] for p in clear],
        rules,
    )


def _case(basis: Basis, prompt_id: str) -> str | None:
    """The case of a prompt by the name that `case_of_each` gives it; None = it has none."""
    if prompt_id not in basis.cluster_of:
        return None
    return over_cases.case_of_each(basis.cluster_of, [prompt_id])[prompt_id]


def _with_more(evidence: Evidence, basis: Basis, win_rate: float, rules: EvidenceRules) -> Evidence:
    """How many more prompts, or cases, it takes to settle a difference worth acting on."""
    if evidence.word != "not_enough":
        return replace(evidence, n_more=0)
    if evidence.leaked:
        return replace(evidence, n_more=None)
    tally, rule = evidence.tally, SettledWhen(evidence.e_needed, rules.scored)
    if tally.scored and not tally.decisive:
        return replace(evidence, n_more=None)
    rate = win_rate if tally.wins >= tally.losses else 1 - win_rate
    if evidence.clusters is None or evidence.clusters == tally.scored:
        stood = Stood(tally.wins, tally.losses, tally.scored)
        more = planning.texts_for(rate, ties_of(tally), rules.power, rule, stood)
        return replace(evidence, n_more=more)
    plan = plan_of(evidence, basis.cluster_of, rules)
    cases = planning.cases_for(plan, rate, rules.power, rule)
    return replace(
        evidence, n_more=None if cases is None else cases * plan.size, n_more_cases=cases
    )


def ties_of(tally: Tally) -> float:
    """Share of texts without a clear choice, as seen; as is usual where none was."""
    return 1 - tally.decisive / tally.scored if tally.scored else planning.USUAL_TIES


def plan_of(evidence: Evidence, cluster_of: Mapping[str, str], rules: EvidenceRules) -> Plan:
    """What is known of the cases a test has seen, to plan further ones by."""
    signs = {p: float(SIGN[said]) for p, said in evidence.preferences}
    case_of = over_cases.case_of_each(cluster_of, signs)
    means = over_cases.case_means(signs, case_of)
    names = [case_of[p] for p in sorted(signs)]
    icc = planning.icc_of([signs[p] for p in sorted(signs)], names, rules.cases)
    size = max(1, round(len(signs) / len(means))) if means else 1
    return Plan(tuple(sorted(means.values())), size, ties_of(evidence.tally), round(icc, 2))
