"""Notes: what stands beside the word of the evidence, as kinds and figures; the report words them."""

from dataclasses import dataclass
from typing import Literal

Side = Literal["base", "tuned"]
"""One of the two options compared."""
Guard = Literal["refused", "invented", "left_out"]
"""What is counted against an option: refusals, invented names and numbers, facts left out."""
EmptyHanded = Literal["constant", "copied"]
"""Every text got the same answer; or itself, given back."""
NoFit = Literal["few_choices", "one_sided", "none_near", "all_alike", "separated", "not_settled"]
"""Why there is no win rate at equal length."""

NoteKind = Literal[
    "incomplete",
    "no_longer_settled",
    "void",
    "in_training",
    "other_answers",
    "one_unanswered",
    "cut_off",
    "length_untold",
    "few_cases",
    "no_answers",
    "too_few_texts",
    "one_case",
    "together_unknown",
    "too_few_cases",
    "cases_apart",
    "cases_unfinished",
    "readers_first",
    "maybe_a_draw",
    "votes_to_come",
    "second_look",
    "read_by_nobody",
    "too_few_votes",
    "worse_by_guard",
    "level_but_worse",
    "longer_answers",
    "judge_flips",
    "talks_to_judge",
    "no_verdict",
    "outdated_verdicts",
    "invented_in_all",
    "left_out_in_all",
]


@dataclass(frozen=True, slots=True)
class Note:
    """Why a word was withheld, what was left out, or what was counted beside the preferences."""

    kind: NoteKind
    figures: tuple[float, ...] = ()
    """Those its sentence names, in the order in which it names them."""
    side: Side | None = None
    """The option it is about."""
    why: Guard | EmptyHanded | NoFit | None = None
    """Of which guard it tells, or why a fit is missing."""
