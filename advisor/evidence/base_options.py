"""What examples or passages bring to the base option, before anything is tuned."""

from collections.abc import Sequence

from advisor.case.case import Case, Judgment
from advisor.evidence import over_cases, statistics
from advisor.evidence.answers import Answers
from advisor.evidence.judge.judged import judged_by_prompt
from advisor.evidence.metrics import Metric
from advisor.evidence.model import Between, Vote
from advisor.evidence.preference_source import choose_source, preferences_by_source
from advisor.evidence.rules import EvidenceRules
from advisor.evidence.weigh import SIGN, tally_of


def between_bases(
    case: Case,
    answers: Answers,
    metric: Metric,
    votes: Sequence[Vote],
    recorded: Sequence[Judgment],
    live: Sequence[Judgment],
    rules: EvidenceRules,
) -> tuple[Between, ...]:
    """The first base arm that answered against each of the others, where anything was preferred.

    Args:
        case: what was asked.
        answers: of the run.
        metric: the main measure.
        votes: people's, on any pair.
        recorded: judgments that came with the case.
        live: judgments of the case's judge.
        rules: thresholds.
    """
    found = []
    clusters = {p.id: p.cluster for p in case.prompts if p.cluster is not None}
    for other in answers.base_arms[1:]:
        pair = (answers.base_arms[0], other)
        judged = judged_by_prompt(case, answers, recorded, live, pair, rules)
        by_source = preferences_by_source(answers, metric, votes, judged.preferences, pair)
        source = choose_source(by_source, rules.clear_choices)
        given = dict(sorted(by_source[source].items()))
        tally = tally_of(given.values())
        if not tally.scored:
            continue
        enough = tally.decisive >= rules.clear_choices
        signs = {p: float(SIGN[side]) for p, side in given.items()}
        means = over_cases.case_means(signs, over_cases.case_of_each(clusters, signs))
        e_value = over_cases.e_value(means.values()) if enough else 0.0
        found.append(
            Between(
                *pair,
                source=source,
                tally=tally,
                win_rate=statistics.wilson(tally.wins, tally.decisive, rules.alpha)
                if enough
                else None,
                settled=e_value >= rules.e_needed and tally.scored >= rules.scored,
            )
        )
    return tuple(found)
