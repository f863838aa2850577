"""Weigh: one preference per prompt in, the evidence in one word out; no text is read for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from advisor.case.brief import Brief
from advisor.evidence import length, statistics
from advisor.evidence.conclusion import Shown, choose_word
from advisor.evidence.guards import Guards
from advisor.evidence.model import Evidence, Preference, Tally
from advisor.evidence.opponents import claimed
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
    """Of the order in which the e-value goes through the prompts."""
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
    )
    evidence, shown = _with_figures(evidence, basis, rules, word_only)
    evidence = choose_word(evidence, shown, high_error_cost=high, rules=rules)
    return replace(evidence, n_more=_n_more(evidence, brief.win_rate_worth, rules))


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
    clusters = _clusters(basis.cluster_of, preferences)
    evidence = replace(
        evidence,
        base_chars=fmean(basis.base_chars[p] for p in preferences) if preferences else None,
        tuned_chars=fmean(basis.tuned_chars[p] for p in preferences) if preferences else None,
        clusters=len(set(clusters)) if clusters else None,
    )
    if tally.decisive >= rules.clear_choices or tally.scored >= rules.scored:
        # Many ties are evidence of "no difference", so they need no clear choices for this one.
        interval = statistics.tost_interval(signs, clusters, rules.alpha)
        evidence = replace(evidence, difference=interval)
    e_value = None
    if tally.decisive >= rules.clear_choices:
        e_value = statistics.running_e_max(preferences, basis.seed)
    shown = Shown(None, _NOT_FITTED, basis.guards)
    if not word_only or (e_value is not None and e_value >= evidence.e_needed):
        difference = statistics.mean_interval(signs, clusters, rules.alpha)
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


def _clusters(cluster_of: Mapping[str, str], prompt_ids: Iterable[str]) -> list[str] | None:
    """The cluster of each prompt, its own where it has none; None = no prompt has one."""
    ids = list(prompt_ids)
    if not cluster_of.keys() & ids:
        return None
    return [f"cluster {cluster_of[p]}" if p in cluster_of else f"prompt {p}" for p in ids]


def _n_more(evidence: Evidence, win_rate: float, rules: EvidenceRules) -> int | None:
    if evidence.word != "not_enough":
        return 0
    if evidence.leaked or evidence.barriers:
        return None
    return statistics.n_more(win_rate, evidence.tally, rules.scored, evidence.e_needed, rules.power)
