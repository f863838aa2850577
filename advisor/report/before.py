"""What is said before the reader spends: what texts can prove, and what was understood of them."""

from decimal import Decimal
from urllib.parse import urlsplit

from advisor.case import Case
from advisor.evidence import stats
from advisor.money import Money
from advisor.prompts import Imported
from advisor.report.words import count, listed, usd
from advisor.rules import load_rules
from advisor.store.repository import Progress, Run


def what_texts_can_prove(n: int) -> str:
    """What a test on `n` texts can show, in one or two sentences, before they are collected."""
    if n == 0:
        return (
            "Bring about 100 texts to settle a difference that 7 of 10 readers would see. "
            "30 prove only a large one: 9 of 10 readers prefer one side."
        )
    rate = stats.what_texts_can_prove(n)
    have = "1 text" if n == 1 else f"{n:,} texts"
    if rate is None:
        return f"{have}: too few to prove anything. About 100 settle 7 of 10, 30 settle 9 of 10."
    text = f"{have} show a difference when about {round(rate * 10)} of 10 readers prefer one side."
    return text if n >= 100 else f"{text} Bring about 100 to settle 7 of 10."


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


def before_the_run(case: Case, money: Money) -> str:
    """What a run will buy: how many answers, for how much, and where the texts go."""
    arms = {name: arm for name, arm in case.arms.items() if arm.answers}
    answers = len(case.prompts) * len(arms) * case.run.samples
    if all(arm.recorded for arm in arms.values()):
        return (
            f"{count(len(case.prompts), 'text')}, {count(answers, 'answer')}, {case.recorded}. They "
            "are replayed here: nothing is bought, and no text leaves this computer."
        )
    costs = [money.cost.arms[name].usd_per_request for name in arms]
    known = [cost for cost in costs if cost is not None]
    price = (
        f"about {money.currency.show(sum(known, Decimal(0)) * len(case.prompts) * case.run.samples)}"
        if len(known) == len(costs)
        else "at a price not known yet"
    )
    hosts = sorted(
        {urlsplit(arm.endpoint).hostname or "" for arm in arms.values() if not arm.recorded}
    )
    return (
        f"{count(answers, 'answer')} for {count(len(case.prompts), 'text')}, {price}. Your texts go "
        f"to {listed(hosts)} and are kept on this server; no judge sees them."
    )


def how_the_run_stands(run: Run, progress: Progress, recorded: bool) -> str:
    """Where a run stands, in one or two sentences."""
    done = f"{progress.answered:,} of {count(progress.planned, 'answer')}"
    parts = [f"{done} replayed." if recorded else f"{done} in."]
    if progress.refused:
        parts.append(f"{progress.refused:,} refused by a content filter.")
    if progress.failed:
        parts.append(f"{progress.failed:,} failed.")
    if progress.reused:
        parts.append(f"{progress.reused:,} reused at no cost.")
    if not recorded:
        parts.append(f"Spent so far: {usd(progress.cost_usd)}.")
    if run.status == "interrupted":
        parts.append(
            f"Interrupted: at most {count(progress.in_flight, 'answer')} may have been paid for "
            "without arriving. Continue asks only for what is missing."
        )
    elif run.status != "running" and run.stop_reason:
        parts.append(run.stop_reason)
    return " ".join(parts)


def how_votes_stand(votes: int, texts: int) -> str:
    """How many texts are voted on, and from when on the votes are what decides."""
    needed = load_rules().evidence.scored
    if votes >= needed or texts < needed:
        return f"{votes:,} of {count(texts, 'text')} voted on."
    return f"{votes:,} of {count(texts, 'text')} voted on. From {needed} on, your votes decide."
