"""The judge in sentences: before a run, while it goes on, and after."""

from typing import Any

from advisor.case.case import Case
from advisor.case.currency import Currency
from advisor.evidence.judge.family import of_the_judges_family
from advisor.evidence.judge.plan import JudgingState
from advisor.evidence.model import Evidence
from advisor.evidence.run_estimate import JudgeEstimate
from advisor.report.labels import in_a_sentence
from advisor.words import count, duration, listed

PEOPLE_ONLY = "No judge: people only."


def family_warning(case: Case) -> str:
    """That the judge is of an option's family, in a sentence; "" = none is known to be."""
    same = [in_a_sentence(case.name_of(arm)) for arm in of_the_judges_family(case)]
    if not same:
        return ""
    return (
        f"The judge is of the same family as {listed(same)}; such judges prefer their own kind. "
        "Choose one from another vendor."
    )


def where_to(found: JudgeEstimate | None) -> str:
    """Whether texts and answers go to a judge, and where that is."""
    if found is None:
        return PEOPLE_ONLY
    return f"Texts and answers also go to the judge at {found.host or 'its address'}."


def share_of_the_judge(found: JudgeEstimate, currency: Currency) -> str:
    """What of a run's price is the judge's, in a sentence."""
    most = currency.show(found.high)
    price = "at a price not known yet" if found.high is None else f"at most {most}"
    return (
        f"The judge reads every pair of answers twice, once in each order: "
        f"{count(found.calls, 'question')}, {price}, which stands in this price."
    )


def before_the_judge(case: Case, found: JudgeEstimate) -> str:
    """What letting a judge look at answers that are there will take."""
    price, show = "at a price not known yet", case.currency.show
    if found.low is not None and found.expected is not None and found.high is not None:
        price = (
            f"about {show(found.expected)}, from {show(found.low)} to at most {show(found.high)}"
        )
    parts = []
    if found.calls:
        parts.append(
            f"{count(found.calls, 'question')} to the judge, every pair of answers in both orders: "
            f"{price}, in about {duration(found.seconds)}. {where_to(found)}"
        )
    if found.reused:
        parts.append(f"{count(found.reused, 'reply', 'replies')} there already, reused at no cost.")
    return " ".join(parts)


def how_the_judging_stands(judged: JudgingState, currency: Currency, *, going: str = "") -> str:
    """Where a judge stands, in a few sentences.

    Args:
        judged: as the store has it.
        currency: what its cost is shown in.
        going: how fast it goes, while it does.
    """
    parts = []
    run, progress = judged.run, judged.progress
    if run is not None and progress is not None and run.status != "new":
        done = f"{progress.answered:,} of {count(progress.planned, 'question')}"
        parts.append(f"The judge {judged.plan.judge} has answered {done}.")
        if going:
            parts.append(going)
        if progress.reused:
            parts.append(f"{progress.reused:,} reused at no cost.")
        parts.append(f"Spent on it: {currency.show(progress.cost_usd)}.")
        if progress.refused:
            parts.append(f"{progress.refused:,} refused by a content filter.")
        if progress.no_answer:
            parts.append(f"{progress.no_answer:,} came without an answer.")
        if progress.failed:
            parts.append(f"{progress.failed:,} failed.")
        if judged.unreadable and judged.unreadable == progress.answered:
            parts.append(
                "None of its replies names one of the two answers, so nothing is judged: choose "
                "another model."
            )
        elif judged.unreadable:
            cannot = count(judged.unreadable, "reply", "replies")
            parts.append(f"{cannot} could not be read as a choice and count as not judged.")
        if run.status != "running" and progress.missing and run.stop_reason:
            parts.append(run.stop_reason)
    if judged.plan.left_to_people:
        left = count(len(judged.plan.left_to_people), "text")
        parts.append(f"{left} left to people: an answer talks to the judge.")
    return " ".join(parts)


def judge_changed_its_mind(evidence: Evidence) -> str:
    """The flip rate in a sentence; "" where no order was swapped."""
    flips = evidence.flip_rate
    if flips is None:
        return ""
    return (
        f"The judge changed its mind in {flips.flipped:,} of {flips.judged:,} when the order was "
        "swapped; those count as no difference."
    )


def votes_and_the_judge(evidence: Evidence) -> str:
    """How far people and the judge agree; "" where too few texts have both."""
    found = evidence.agreement
    if found is None:
        return ""
    kappa = found.kappa
    return (
        f"Votes and judge agree on {found.same:,} of {count(found.of, 'text')} "
        f"(kappa {kappa.value:.2f}, "
        f"likely range {kappa.low:.2f} to {kappa.high:.2f})."
    )


def judged_value(judged: JudgingState) -> dict[str, Any] | None:
    """The judge's part of what `compare` writes; None = it was not asked."""
    progress = judged.progress
    if judged.run is None or progress is None:
        return None
    return {
        "run_id": judged.run.id,
        "judge": judged.plan.judge,
        "status": judged.run.status,
        "planned": progress.planned,
        "done": progress.answered,
        "refused": progress.refused,
        "failed": progress.failed,
        "unreadable": judged.unreadable,
        "left_to_people": len(judged.plan.left_to_people),
        "cost_usd": progress.cost_usd,
    }
