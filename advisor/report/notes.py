"""The notes of the evidence in words: why a word was withheld, what was left out, what was counted."""

from collections.abc import Mapping

from advisor.case.case import Case
from advisor.evidence.model import Evidence
from advisor.evidence.notes import EmptyHanded, Guard, NoFit, Note, NoteKind, Side
from advisor.report.labels import in_a_sentence
from advisor.words import count, percent

_NAMES: dict[Side, str] = {"tuned": "Fine-tuned", "base": "Base"}
_DOES: dict[Guard | EmptyHanded, str] = {
    "constant": "gives the same answer to every text",
    "copied": "gives the text itself back",
    "refused": "refuses more",
    "invented": "names more people or numbers that nobody gave it",
    "left_out": "leaves out more of the facts that must be there",
}
"""What the side it is about does."""
_NO_FIT: dict[NoFit, str] = {
    "few_choices": "fewer than {0:,} clear choices",
    "one_sided": "all clear choices went to one side",
    "none_near": "hardly any text has two answers of about the same length",
    "all_alike": "the answers differ in length by the same amount everywhere",
    "separated": "length separates wins from losses completely",
    "not_settled": "the fit did not settle",
}
_WORDS = {
    "incomplete": "The run is not complete, so it decides nothing yet.",
    "no_longer_settled": "The run was ended as settled, but with what has come in since it is not: "
    "continue it.",
    "void": "The comparison is void until the texts of the training file are dropped.",
    "in_training": "Prompts left out because they stand in the training file: {0:,}.",
    "other_answers": "Judgments left out because they judge other answers: {0:,}.",
    "one_unanswered": "Judgments left out because one of the two options has no answer: {0:,}.",
    "cut_off": "{Name} answers cut off at the limit of output tokens: {0:,} of {1:,}.",
    "length_untold": "We can't tell whether longer answers won because they're longer: {why}.",
    "few_cases": "The texts come from only {cases}, so the likely range is wide and rough.",
    "no_answers": "{Name} {does}, so it doesn't really answer.",
    "too_few_texts": "It takes at least {0:,} compared texts to decide; there are {1:,}.",
    "one_case": "All texts belong to one case, so they say nothing about other cases.",
    "together_unknown": "It is not known which texts come from one document, customer or thread: "
    "until then nothing is decided.",
    "too_few_cases": "The texts come from {cases}; it takes {1:,} to decide. Bring more cases, "
    "not more texts of the same.",
    "cases_apart": "Counted by text the test points one way, counted by case the other: so it "
    "decides nothing.",
    "cases_unfinished": "Cases that don't count yet, as not all their texts are in: {0:,}.",
    "readers_first": "Readers have begun: from {0:,} clear choices on, their votes count, and until "
    "then the judge decides nothing.",
    "maybe_a_draw": "Texts of the same case go together, and the likely range still includes a "
    "draw.",
    "votes_to_come": "The options look level so far, which is looked at once, when all texts are voted "
    "on: {0:,} to go.",
    "second_look": "The options look level, but that was looked at before texts were added: a second "
    "look takes {0:,} texts.",
    "read_by_nobody": "A wrong answer is costly here, and no person has checked this test: let "
    "people vote on at least {0:,} texts.",
    "too_few_votes": "A wrong answer is costly here: people must vote on {0:,} texts.",
    "worse_by_guard": "{Name} answers better but {does}: {0:,} texts against {1:,}.",
    "level_but_worse": "Both are preferred about equally often, but {name} {does}: "
    "{0:,} against {1:,}{of}.",
    "longer_answers": "{Name} is preferred, but its answers are longer. Where they are about as long "
    "it does not lead, so length may explain it: ask people.",
    "judge_flips": "The judge changed its mind in {0:,} of {1:,} texts when the order was swapped, "
    "more than {most}: it is not used.",
    "talks_to_judge": "Texts left to people because an answer talks to the judge: {0:,}. No judge "
    "is asked about them; vote on them.",
    "no_verdict": "Texts without a readable verdict of the judge in both orders: {0:,}; left out.",
    "outdated_verdicts": "Verdicts of the judge left out because its rubric, or what it is shown "
    "beside the answers, has changed since: {0:,}. Let it judge again.",
    "invented_in_all": "The fine-tuned answers hold {names} that are in neither the text nor the "
    "approved answer; base holds {1:,}.",
    "left_out_in_all": "Of {0:,} facts that the answers must hold, fine-tuned leaves out {1:,}, "
    "base {2:,}.",
}
"""By kind, with the note's figures by their place."""

WITHHOLD: tuple[NoteKind, ...] = (
    "together_unknown",
    "too_few_cases",
    "cases_apart",
    "readers_first",
    "no_answers",
    "too_few_texts",
    "one_case",
    "maybe_a_draw",
    "read_by_nobody",
    "too_few_votes",
    "votes_to_come",
    "second_look",
    "worse_by_guard",
    "level_but_worse",
    "longer_answers",
)
"""Notes on a test that would have come to a word, but for what is missing or speaks against it."""


def note_words(*notes: Note, names: Mapping[Side, str] = _NAMES) -> list[str]:
    """Each note as a sentence.

    Args:
        names: what the two options of the test are called.
    """
    return [_sentence(note, "" if note.side is None else names[note.side]) for note in notes]


def pair_names(case: Case, evidence: Evidence) -> dict[Side, str]:
    """What the two options are called that the test's claim is about."""
    return {"base": case.name_of(evidence.base_arm), "tuned": case.name_of(evidence.tuned_arm)}


def _sentence(note: Note, name: str) -> str:
    figures = note.figures
    return _WORDS[note.kind].format(
        *figures,
        Name=name,
        name=in_a_sentence(name),
        does=_DOES.get(note.why, ""),  # type: ignore[arg-type]
        why=_NO_FIT.get(note.why, "").format(*figures),  # type: ignore[arg-type]
        of=f", of {figures[2]:,} facts" if len(figures) > 2 else " texts",
        cases=count(int(figures[0]), "case") if figures else "",
        names=count(int(figures[0]), "name or number", "names or numbers") if figures else "",
        most=percent(figures[2]) if len(figures) > 2 else "",
    )
