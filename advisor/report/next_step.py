"""The next step: the one thing to do after a decision, in a sentence."""

from advisor.case.case import Case
from advisor.evidence.model import Evidence
from advisor.evidence.rules import EvidenceRules
from advisor.evidence.run_state import Status
from advisor.report import ruled_out
from advisor.report.barriers import mend
from advisor.report.gates import gate_words
from advisor.report.labels import in_a_sentence
from advisor.report.pilot import pilot
from advisor.report.places import cheapest_first
from advisor.report.training_file import drop_label
from advisor.verdict.costs import Costs
from advisor.verdict.decision import Decision
from advisor.verdict.more_texts import MoreTexts, texts_to_bring
from advisor.verdict.verdict import Verdict
from advisor.words import count, day

TRY_NEXT = {
    "prompt": "Write a careful instruction for the base model and {run}: it costs an hour, and "
    "often settles it.",
    "few_shot": "You have not tried examples in the instruction: add “Base with examples” on Options, "
    "which shows five approved answers to the base model, and {run}.",
    "retrieval": "You have not tried looking facts up: add “Base with look-up” on Options, "
    "paste the right passages for each text, and {run}.",
}
SETTLES_NOTHING = "a part of a test settles nothing"
UNFINISHED: dict[Status, str] = {
    "running": "Let the run finish; on Compare you can vote on the answers that are in.",
    "paused": f"Continue the run on Compare: it is paused, and {SETTLES_NOTHING}.",
    "cancelled": "Continue the run on Compare: it was stopped before every answer was in, and "
    f"{SETTLES_NOTHING}.",
    "capped": "Raise the limit on Compare and continue the run: it met what it may cost before "
    "every answer was in.",
    "interrupted": "Continue the run on Compare: the program stopped while it went on, and only "
    "what is missing is asked for.",
    "partial": f"Retry on Compare what failed: calls have no answer, and {SETTLES_NOTHING}.",
    "settled": "Continue the run on Compare: it was ended as settled, and what came in since says "
    "otherwise.",
    "done": f"Continue the run: calls are missing, and {SETTLES_NOTHING}.",
}
"""What is next while a run has calls missing, by how it stands."""


def next_step(found: Decision, status: Status | None = None) -> str:
    """What to do next: one sentence.

    Args:
        found: what was decided so far.
        status: how the run stands; None = there is none.
    """
    case, verdict, money, evidence = found.case, found.verdict, found.money, found.evidence
    if said := ruled_out.next_step(found):
        return said
    if verdict.rule == "blocked":
        takes = gate_words(verdict.gates[0]).what_it_takes
        others = cheapest_first(found)
        if verdict.gates[0].key == "G5" and others and not verdict.keep_until:
            return f"{takes.removesuffix('.')}, such as {others[0]}."
        return takes
    if verdict.rule == "level" and evidence.neither_is_good:
        return (
            "Read on Compare what the answers get wrong, and change the instruction or choose "
            "another model."
        )
    if verdict.rule in ("base_wins", "too_dear", "level") and verdict.recommendation == "base":
        several = len(case.bases) > 1
        kept = in_a_sentence(case.name_of(evidence.base_arm)) if several else "the base model"
        return f"Keep {kept}, and look again when prices, volume or models change."
    if verdict.recommendation == "tuned" and verdict.firmness == "decided":
        quote = money.tuned
        stops = quote.tuned_stops_on if quote else None
        if stops is not None:
            return f"Go ahead, and choose its successor before it stops on {day(stops)}."
        return "Go ahead: put it into use, and measure again after the first month."
    if evidence.leaked:
        return f"{drop_label(evidence.leaked)}, on Texts, and look again."
    if status in (None, "new"):
        return _before_a_run(case, money, verdict.rules.evidence)
    if evidence.barriers and status != "running":
        return mend(evidence.barriers[0], case.names)
    if not evidence.complete:
        if evidence.would_decide is not None:
            return "End the run on Compare: what is in settles it. You can also let it finish."
        return UNFINISHED[status]
    return _after_a_run(found)


def _before_a_run(case: Case, money: Costs, rules: EvidenceRules) -> str:
    """No answer has been asked for: what is missing for it, else to run."""
    answering = {name for name, arm in case.arms.items() if arm.answers}
    if case.prompts and not answering:
        return (
            "Choose on Options which model answers, and where: "
            f"your {count(len(case.prompts), 'text')} can be run then."
        )
    own = f"about {texts_to_bring(rules)} of your own texts"
    run = "run your texts" if case.prompts else f"bring {own} to run"
    if untried := _untried(case, run):
        return untried
    if not case.prompts:
        return f"Bring {own}: what they show counts for more than practice."
    if case.recorded:
        return (
            "Replay the recorded answers on Compare: what they show counts for more than practice."
        )
    priced = (money.cost.arms[name].usd_per_request is not None for name in answering)
    if case.run.cap_usd is not None and not all(priced):
        return (
            "Enter on Costs what the options cost, or take the limit off on Compare: "
            "a run keeps to a limit only where every price is known."
        )
    if not answering & set(case.bases):
        return "Choose a base model on Options, and run your texts on both options."
    if answering & set(case.tuned_options):
        return "Run your texts on both options: what they show counts for more than practice."
    if case.brief.tuned_exists:
        return (
            "Enter on Options the address of your fine-tuned model, and run your texts on both "
            "options."
        )
    return (
        "Run your texts on the base model as it is and with examples, and say which answers you "
        "would send: that shows whether there is anything left to gain."
    )


def _after_a_run(found: Decision) -> str:
    """Every answer is in."""
    case, evidence, least = found.case, found.evidence, found.facts.rules.evidence.scored
    if evidence.needs_readers:
        return (
            "Have people read the answers: vote on your texts, or invite readers on the Compare "
            "page. They don't know which option wrote what."
        )
    if evidence.word == "trade_off":
        return "Decide which of the two counts for more for you, and say so beside the verdict."
    if evidence.word == "no_difference":
        return (
            "Say on Costs what both options cost and how many texts a month there are: "
            "the answers are as good, so the cost decides."
        )
    if evidence.word == "none":
        return _without_a_tuned_model(found)
    if lacking := _lacking(case, evidence):
        return lacking
    if missing := _preferences_missing(case, evidence, least):
        return missing
    more = "" if _unlikely(evidence, found.more_texts, least) else _more_texts(evidence, least)
    if more and not case.recorded:
        return more
    return _untried(case, "run your texts again") or more or _enough(found.verdict, found.money)


def _lacking(case: Case, evidence: Evidence) -> str:
    """What a test lacks that would have come to a word; "" = nothing but more texts."""
    lacks = {note.kind for note in evidence.notes}
    if "no_answers" in lacks:
        return "See on Compare why all answers of an option are alike, and mend its instruction."
    if "together_unknown" in lacks and case.brief.together:
        return (
            "Say on Texts which case each text belongs to, by a column “case”: the test waits for "
            "that."
        )
    if "together_unknown" in lacks:
        return (
            "Say on Compare whether several of your texts come from one document, customer or "
            "thread: the test waits for that."
        )
    if lacks & {"readers_first", "read_by_nobody", "too_few_votes"}:
        return (
            "Vote on more of your texts on Compare, or invite readers: the test waits for what "
            "people prefer."
        )
    return ""


def _without_a_tuned_model(found: Decision) -> str:
    """Base options among themselves, or one alone: whether there is anything left to gain."""
    case, evidence = found.case, found.evidence
    if evidence.refused + evidence.failed >= evidence.prompts:
        return "See on Compare why no answer came, and mend it: no text has one."
    if untried := _untried(case, "run your texts again"):
        return untried
    said = (
        "Say of each answer on Compare whether you would send it as it is: that shows what is left "
        "to gain."
    )
    if evidence.room_left is None:
        return f"{said} {pilot(found)}" if evidence.between_bases else said
    return pilot(found)


def _preferences_missing(case: Case, evidence: Evidence, least: int) -> str:
    """Texts that nobody has preferred on; "" = all that can have a preference have one."""
    scored = evidence.tally.scored
    lost = evidence.refused + evidence.failed
    if not scored and lost >= evidence.prompts:
        return "See on the Compare page what was refused: no text has an answer of both options."
    if not scored:
        if not any(case.arms[arm].answers for arm in case.bases):
            return "Choose a base model on Options: there is nothing to compare with."
        if case.judge is not None and not evidence.judges:
            return "Start the judge on Compare, or vote on your texts: none has a preference yet."
        return "Vote on your texts, let a judge, or bring approved answers: none has a preference."
    left = evidence.prompts - scored - lost
    if left <= 0 or (scored >= least and evidence.source != "votes"):
        return ""
    if evidence.source == "judge":
        return f"Let the judge go on, on Compare: {count(left, 'text')} still to look at."
    return (
        f"Vote on the other {count(left, 'text')} on Compare: {scored:,} of "
        f"{evidence.prompts:,} have a preference so far."
    )


def _more_texts(evidence: Evidence, least: int) -> str:
    """How many more texts it takes; "" = more of them would not settle it."""
    scored = evidence.tally.scored
    if not evidence.tally.decisive and scored < least:
        all_of = "The one text was a tie" if scored == 1 else f"All {scored:,} texts were ties"
        return (
            f"{all_of}: bring {count(least - scored, 'more text')}. If they are ties too, the "
            "options are level, and the cost decides."
        )
    if evidence.n_more_cases:
        return (
            f"Bring texts of about {count(evidence.n_more_cases, 'more case')}, and run them on "
            "both options: more texts of the same cases settle little."
        )
    if evidence.n_more:
        return f"Bring about {count(evidence.n_more, 'more text')} and run them on both options."
    return ""


def _unlikely(evidence: Evidence, more_texts: MoreTexts | None, least: int) -> bool:
    """More texts like the ones seen would hardly settle it; of few texts that is not said."""
    if more_texts is None or evidence.tally.scored < least:
        return False
    return more_texts.unlikely


def _enough(verdict: Verdict, money: Costs) -> str:
    """So many texts would have settled it, and did not: what it leans to stays meanwhile."""
    evidence = verdict.evidence
    if evidence.clusters is not None and evidence.clusters < evidence.tally.scored:
        return "Bring texts of other cases: more of the same cases settle little."
    pair = (money.cost.arms.get(arm) for arm in (evidence.base_arm, evidence.tuned_arm))
    by_cost = "Decide by cost"
    if any(option is None or option.usd_per_month is None for option in pair):
        by_cost = "Enter on Costs what both options cost, and decide by that"
    stays = "the base model" if verdict.recommendation == "base" else "fine-tuned"
    return (
        f"{by_cost}, or stay with {stays} for now: more texts like these are unlikely to "
        "settle which answers are better."
    )


def _untried(case: Case, run: str) -> str:
    """The first cheaper step that was not tried; "" = none, or not known."""
    tried = case.brief.tried
    if tried is None:
        return ""
    step = next((step for step in TRY_NEXT if step not in tried), None)
    if step is None or (step == "retrieval" and case.brief.fact_change == "in_text"):
        return ""
    return TRY_NEXT[step].format(run=run)
