"""The next step: the one thing to do after a decision, in a sentence."""

from datetime import date

from advisor.case import Case
from advisor.money import Money
from advisor.report.pilot import pilot
from advisor.report.words import count, day
from advisor.training.sentences import drop_label
from advisor.verdict import Verdict

TRY_NEXT = {
    "prompt": "Write a careful instruction for the base model and run your texts again: it costs "
    "an hour, and often settles it.",
    "few_shot": "You have not tried examples in the instruction: add “Base with examples” on Models "
    "and volume, which shows five approved answers to the base model, and run your texts again.",
    "retrieval": "You have not tried looking facts up: add “Base with look-up” on Models and volume, "
    "paste the right passages for each text, and run your texts again.",
}


def next_step(case: Case, verdict: Verdict, money: Money, today: date) -> str:
    """What to do next: one sentence."""
    brief, evidence = case.brief, verdict.evidence
    if verdict.rule == 1:
        return verdict.gates[0].what_it_takes
    if verdict.rule in (2, 3, 5) and verdict.recommendation == "base":
        return "Keep the base model, and look again when prices, volume or models change."
    quote = money.quotes.get("tuned")
    if verdict.recommendation == "tuned" and verdict.firmness == "decided":
        stops = quote.tuned_stops_on if quote else None
        if stops is not None:
            return f"Go ahead, and choose its successor before it stops on {day(stops)}."
        return "Go ahead: put it into use, and measure again after the first month."
    if evidence.leaked:
        return f"{drop_label(evidence.leaked)}, on the Prompts page, and look again."
    if evidence.word == "trade_off":
        return "Decide which of the two counts for more for you, and say so beside the verdict."
    if evidence.word == "no_difference":
        return (
            "Say on Models and volume what both options cost and how many texts a month there are: "
            "the answers are as good, so the cost decides."
        )
    if evidence.word == "not_enough" and not evidence.complete:
        return "Continue the run: calls are missing, and a part of a test settles nothing."
    if evidence.word == "not_enough" and not evidence.tally.scored:
        if evidence.refused >= evidence.prompts:
            return (
                "See on the Compare page what was refused: no text has an answer of both options."
            )
        return "Vote on your texts, let a judge, or bring approved answers: none has a preference."
    if evidence.n_more and not case.recorded:
        return f"Bring about {count(evidence.n_more, 'more text')} and run them on both options."
    if brief.tried is not None:
        untried = next((step for step in TRY_NEXT if step not in brief.tried), None)
        if untried and not (untried == "retrieval" and brief.fact_change == "in_text"):
            return TRY_NEXT[untried]
    if evidence.n_more:
        return f"Bring about {count(evidence.n_more, 'more text')} and run them on both options."
    if evidence.word == "none" and (evidence.room_left or evidence.between_bases):
        if evidence.room_left is None:
            return (
                "Say of each answer whether you would send it as it is: that shows what is left "
                f"to gain. {pilot(case, money, today)}"
            )
        return pilot(case, money, today)
    if not case.prompts:
        return "Bring about 100 of your own texts: what they show counts for more than practice."
    tuned = case.arms.get("tuned")
    if brief.tuned_exists or (tuned is not None and tuned.answers):
        return "Run your texts on both options: what they show counts for more than practice."
    return (
        "Run your texts on the base model as it is and with examples, and say which answers you "
        "would send: that shows whether there is anything left to gain."
    )
