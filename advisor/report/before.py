"""What is said before the reader spends: what texts can prove, and what was understood of them."""

import math
from collections.abc import Collection
from datetime import datetime

from advisor.case.case import Case
from advisor.case.currency import Currency
from advisor.case.endpoints import AT_ONCE_INSIDE, at_once, profile_of
from advisor.case.options import Role
from advisor.case.texts import Imported
from advisor.evidence.rules import EvidenceRules
from advisor.evidence.run_estimate import RunEstimate
from advisor.evidence.run_state import Progress, RunState
from advisor.report.judging import share_of_the_judge, where_to
from advisor.verdict.more_texts import PlannedTest, plan_test
from advisor.verdict.rules import load_rules
from advisor.words import chance, count, duration, listed

_BASIS = {
    "earlier answers": "as long as earlier ones",
    "approved answers": "as long as the approved ones",
    "half of the longest allowed": "half as long as allowed",
}


def what_texts_can_prove(n: int, costly_errors: bool = False, cases: int | None = None) -> str:
    """What a test on `n` texts can show, in one or two sentences, before they are collected.

    Where errors are costly more is asked for.

    Args:
        n: texts there are.
        costly_errors: a wrong answer harms somebody or concerns a regulator.
        cases: that the texts come from; None = each stands alone, or nobody said.
    """
    rules = load_rules().evidence
    found = plan_test(rules, n, costly_errors, cases)
    if found.cases is not None:
        return _what_cases_can_prove(found, found.cases, rules)
    bring, least = found.bring, _of_ten(found.rate_of_least or 1)
    if n == 0:
        return (
            f"Bring about {bring} texts to settle a difference that 7 of 10 readers would see. "
            f"{found.least} texts only reveal a clear winner ({least} readers)."
        )
    rate = found.rate
    have = "1 text" if n == 1 else f"{n:,} texts"
    if rate is None:
        return (
            f"{have}: too few to show anything. About {bring} settle a difference that 7 of 10 "
            f"readers would see; {found.least} only reveal a clear winner ({least} readers)."
        )
    share = _of_ten(rate) if rate > 0.65 else f"{round(rate * 100)} of 100"  # tenths say nothing
    text = f"{have} show a difference when about {share} readers prefer one side."
    return text if n >= bring else f"{text} Bring about {bring} to settle 7 of 10."


def _what_cases_can_prove(found: PlannedTest, cases: int, rules: EvidenceRules) -> str:
    """The same where texts belong together: it is the cases that count."""
    come = f"Your {found.texts:,} texts come from {count(cases, 'case')}"
    more = "bring more cases, not more texts of the same"
    if found.chance is None:
        return f"{come}: it takes {rules.cases} to decide anything, so {more}."
    likely = chance(found.chance)
    said = f"a difference that 7 of 10 readers would see is settled in {likely} such tests"
    return f"{come}: {said}." if found.is_powered else f"{come}: {said}; {more}."


def _of_ten(rate: float) -> str:
    """Rounded up, so that no less is promised than is needed."""
    return f"{math.ceil(rate * 10)} of 10"


def what_was_understood(imported: Imported) -> str:
    """What came of an import: "38 texts, 2 empty lines skipped, no approved answers"."""
    n = len(imported.prompts)
    if n == 0:
        return "No texts yet."
    parts = ["1 text" if n == 1 else f"{n:,} texts"]
    if imported.empty_skipped:
        parts.append(f"{imported.empty_skipped:,} empty skipped")
    if imported.repeats_skipped:
        parts.append(f"{imported.repeats_skipped:,} repeated left out")
    if imported.references == n:
        parts.append("each with an approved answer")
    elif imported.references:
        parts.append(f"{count(n - imported.references, 'approved answer')} missing")
    else:
        parts.append("no approved answers")
    if imported.clusters:
        parts.append(f"{count(imported.clusters, 'group')} of texts that belong together")
    return ", ".join(parts) + "."


def before_the_run(case: Case, found: RunEstimate) -> str:
    """What a run will buy: how many answers, for how much, how long, and where the texts go."""
    texts, show = count(len(case.prompts), "text"), case.currency.show
    if not found.hosts and not found.reused and found.judge is None:
        if any(arm.given for arm in case.arms.values()):
            return (
                f"{texts}, {count(found.calls, 'answer')}. They came with the texts: nothing is "
                "bought, and no text is sent anywhere."
            )
        when = f", {case.recorded}" if case.recorded else ""
        return (
            f"{texts}, {count(found.calls, 'answer')}{when}. They are replayed here: nothing is "
            "bought, and no text is sent anywhere."
        )
    parts = []
    if found.calls:
        price = "at a price not known yet"
        if found.low is not None and found.expected is not None and found.high is not None:
            low, expected, high = (show(n) for n in (found.low, found.expected, found.high))
            price = f"about {expected}, from {low} to at most {high}"
        parts.append(
            f"{count(found.calls, 'answer')} to buy for {texts}: {price}, in about "
            f"{duration(found.seconds)}. This assumes answers {_BASIS[found.basis]}."
        )
    if found.reused:
        have = "is there already and is" if found.reused == 1 else "are there already and are"
        parts.append(f"{count(found.reused, 'answer')} {have} reused at no cost.")
    if found.judge is not None and found.judge.calls:
        parts.append(share_of_the_judge(found.judge, case.currency))
    if found.hosts:
        parts.append(f"Your texts go to {listed(found.hosts)} and are kept on this server.")
    if found.calls and any(
        arm.answers and at_once(arm.endpoint, case.run.concurrency) != case.run.concurrency
        for arm in case.arms.values()
    ):
        parts.append(
            f"A server of your own is asked {AT_ONCE_INSIDE} at once: times depend on how many wait "
            "for it."
        )
    parts.append(where_to(found.judge))
    return " ".join(parts)


def where_it_runs(case: Case, *, with_workers: bool, shared: bool) -> str:
    """Which process makes the calls, and what ends that; "" where there is only one.

    Args:
        case: with the options that are asked.
        with_workers: workers make the calls.
        shared: several processes serve the app on one database.
    """
    if not shared or all(arm.recorded for arm in case.arms.values()):
        return ""
    if with_workers:
        return (
            "This server's workers make the calls, so the run goes on whatever becomes of a page."
        )
    return (
        "The run stays in the process of this server that you are connected to, as a key that was "
        "typed in is handed to no other. Should that process end, what was answered is kept, and "
        "you can go on from there."
    )


def how_the_run_stands(
    run: RunState,
    progress: Progress,
    recorded: bool,
    *,
    currency: Currency,
    going: str | None = None,
) -> str:
    """Where a run stands, in a few sentences.

    Args:
        run: as the store has it.
        progress: its counts.
        recorded: its answers are replayed, so nothing is bought.
        currency: what its cost is shown in.
        going: from `how_it_goes`, while it runs.
    """
    parts = [counts_of_the_run(run, progress, recorded, currency=currency, going=going)]
    if run.status not in ("running", "interrupted") and run.stop_reason:
        parts.append(run.stop_reason)
    return " ".join((*parts, *run.notes))


def counts_of_the_run(
    run: RunState,
    progress: Progress,
    recorded: bool,
    *,
    currency: Currency,
    going: str | None = None,
) -> str:
    """The same without why it ended, and without what was found out on the way."""
    done = f"{progress.answered:,} of {count(progress.planned, 'answer')}"
    parts = [f"{done} replayed." if recorded else f"{done} in."]
    if going:
        parts.append(going)
    if progress.cut:
        parts.append(f"{progress.cut:,} cut off at the longest allowed.")
    if progress.refused:
        parts.append(f"{progress.refused:,} refused by a content filter.")
    if progress.no_answer:
        parts.append(f"{progress.no_answer:,} came without an answer.")
    if progress.failed:
        parts.append(f"{progress.failed:,} failed.")
    if progress.reused:
        parts.append(f"{progress.reused:,} reused at no cost.")
    if not recorded:
        cap = run.settings.cap_usd
        limit = "" if cap is None else f" of at most {currency.show(cap)}"
        parts.append(f"Spent so far: {currency.show(progress.cost_usd)}{limit}.")
    if run.status == "interrupted":
        parts.append(
            f"Interrupted at {progress.answered + progress.refused:,} of {progress.planned:,}: at "
            f"most {count(progress.in_flight, 'answer')} may have been bought twice. Continue asks "
            "only for what is missing."
        )
    return " ".join(parts)


def how_far(progress: Progress, seconds_left: float | None, currency: Currency) -> str:
    """A line while a run goes on: "120 of 400 done, 2 failed, about 35 s left, $0.12 spent"."""
    done = progress.answered + progress.refused + progress.no_answer
    parts = [f"{done:,} of {progress.planned:,} done"]
    if progress.no_answer:
        parts.append(f"{progress.no_answer:,} without an answer")
    if progress.failed:
        parts.append(f"{progress.failed:,} failed")
    if seconds_left is not None and progress.not_made:
        parts.append(f"about {duration(seconds_left)} left")
    if progress.cost_usd is not None:
        parts.append(f"{currency.show(progress.cost_usd)} spent")
    return ", ".join(parts)


def how_it_goes(
    progress: Progress, finished: int, first: datetime | None, now: datetime, pause_s: float
) -> str:
    """How fast a run goes and what it waits for.

    Args:
        progress: its counts.
        finished: calls that finished lately.
        first: when the first of those did.
        now: this moment, UTC.
        pause_s: seconds until the provider takes a further call.
    """
    if pause_s >= 1:
        return f"Waiting for the provider's limit, {duration(pause_s)} more."
    seconds = (now - first).total_seconds() if first is not None else 0.0
    if finished < 2 or seconds <= 0:
        return "Asking."
    rate = finished / seconds
    left = progress.missing - progress.failed
    speed = f"{rate:.0f} a second" if rate >= 2 else f"{rate * 60:.0f} a minute"
    return f"Asking: {speed}, about {duration(left / rate)} left."


def how_votes_stand(votes: int, texts: int, *, alone: bool = False) -> str:
    """How many texts are voted on, and from when on the votes are what decides.

    Args:
        votes: texts that have one.
        texts: of the case.
        alone: there is one option, so nothing to choose between.
    """
    if alone:
        return (
            f"{votes:,} of {count(texts, 'text')} looked at. The Verdict counts how many answers "
            "you would send."
        )
    needed = load_rules().evidence.scored
    if votes >= needed or texts < needed:
        return f"{votes:,} of {count(texts, 'text')} voted on."
    return f"{votes:,} of {count(texts, 'text')} voted on. From {needed} on, your votes decide."


def keys_to_enter(case: Case, entered: Collection[Role]) -> str | None:
    """Which options wait for a key; keys are forgotten with a reload. None = no option does."""
    lacking = [
        case.name_of(name)
        for name, arm in case.arms.items()
        if arm.answers
        and not arm.recorded
        and name not in entered
        and profile_of(arm.endpoint).key == "needed"
    ]
    if not lacking:
        return None
    return f"No key is entered for: {listed(lacking)}. Enter it under Options first."
