"""Unknowns: what a decision still hangs on, what would settle each, and what that costs."""

from collections.abc import Iterator

from advisor.case.case import Case
from advisor.case.variants import shows_examples
from advisor.report.first_page_values import Unknown
from advisor.report.labels import PRICE_FIGURES, figure_names, in_a_sentence
from advisor.verdict.costs import Costs
from advisor.verdict.decision import Decision
from advisor.verdict.more_texts import texts_to_bring
from advisor.verdict.verdict import Verdict
from advisor.words import count, duration

SHOWN = 3
ASKING = "No money: one question"
SIGNAL_QUESTIONS = {
    "training_pairs": (
        "How many answers an expert approved",
        "Count them; below {pairs_below} tuning rarely helps",
    ),
    "tried": (
        "What was tried with the base model before",
        "Ask the person who wrote the instruction",
    ),
    "facts": ("How often the facts in an answer change", "Ask the people who keep the documents"),
    "strictness": ("How exact an answer must look", "Ask the people who use the answers"),
    "stability": ("How often the required format changes", "Ask the owner of the process"),
}


def unknowns(decision: Decision) -> tuple[Unknown, ...]:
    """What is not known and matters most, three at most: the test, what could stop it, the rest."""
    case, verdict, money = decision.case, decision.verdict, decision.money
    found = [
        *_test(decision),
        *_stoppers(case, verdict, money),
        *_cheaper_steps(case, verdict, money),
        *_figures(case, money),
        *_signals(verdict),
    ]
    return tuple(found[:SHOWN])


def settling_cost(found: Decision) -> str:
    """What finding out costs in all, in model use and reading time."""
    case, verdict, money, test = found.case, found.verdict, found.money, found.next_test
    usd, minutes, texts = test.usd, test.minutes_per_reader, test.texts
    if verdict.texts_to_read:
        return f"No money: {reading_time(found)} for each reader."
    if verdict.evidence.word == "trade_off":
        return "No money: it takes a choice of what counts for more."
    if verdict.evidence.needs_cases:
        return "No money: it takes an answer to the first question below."
    if not texts:
        return "Each question below says what it costs to answer."
    spent = f"about {money.currency.show(usd)} of model use" if usd else ""
    reading = "" if minutes is None else f"about {duration(minutes * 60)} for each reader"
    said = " and ".join(part for part in (spent, reading) if part) or "not known yet"
    tuned = _training(case, verdict, money)
    return f"{said[0].upper()}{said[1:]}, for {count(texts, 'text')}.{tuned}"


def reading_time(found: Decision) -> str:
    """How long it takes one reader to vote on the texts that wait for people."""
    return f"about {duration(found.reading_minutes * 60)}"


def _training(case: Case, verdict: Verdict, money: Costs) -> str:
    """The pilot that a test needs first, where no tuned model exists."""
    option = money.tuned_cost
    if case.brief.tuned_exists or verdict.evidence.tally.scored or option is None:
        return ""
    if option.training_usd is None:
        return " A pilot has to be trained first; its price is not known."
    return f" A pilot has to be trained first: {money.currency.show(option.training_usd)}."


def _test(found: Decision) -> Iterator[Unknown]:
    case, verdict, money, test = found.case, found.verdict, found.money, found.next_test
    usd, minutes, texts = test.usd, test.minutes_per_reader, test.texts
    if verdict.evidence.needs_cases:
        yield Unknown(
            "Whether several texts come from one document, customer or thread",
            "Ask who collected the texts, and say it on Compare",
            ASKING,
        )
        return
    if waiting := verdict.texts_to_read:
        other = "other " if verdict.evidence.source == "votes" else ""
        yield _readers(found, f"{other}{count(waiting, 'text')}")
        return
    if verdict.evidence.word == "trade_off":
        yield Unknown(
            "Which of two findings counts for more",
            "The person responsible chooses; no further test",
            "No money",
        )
        return
    if not texts:
        if found.unread_texts:
            yield _readers(found, count(found.unread_texts, "text"))
        return
    spent = [f"about {money.currency.show(usd)}"] if usd else []
    spent += [] if minutes is None else [f"{duration(minutes * 60)} a reader"]
    more = "more texts" if verdict.evidence.tally.scored else "of your own texts"
    first = (
        ""
        if case.brief.tuned_exists or found.more_texts
        else "A pilot is trained; then both options"
    )
    yield Unknown(
        "Which option answers better on your own texts",
        f"{first or 'Both options'} answer {texts:,} {more}, compared without the names",
        ", ".join(spent) or "Not known yet",
    )


def _readers(found: Decision, texts: str) -> Unknown:
    return Unknown(
        "Which answers people prefer",
        f"Readers vote on the {texts} of the test, without the names",
        f"{reading_time(found)} a reader",
    )


def _stoppers(case: Case, verdict: Verdict, money: Costs) -> Iterator[Unknown]:
    """What could still rule fine-tuning out."""
    if case.brief.training_permission in (None, "not_asked") and not case.recorded:
        yield Unknown(
            "Whether the approved answers may train a model", "Ask the owner of the texts", ASKING
        )
    access, quote = verdict.access, money.tuned
    if case.brief.tuned_exists or access is None or access.chosen_open is not None:
        return
    if quote is None or quote.ref is None:
        yield Unknown(
            "Where the model would be fine-tuned", "Choose a place on Options", "No money"
        )
    else:
        vendor = quote.provider_name
        yield Unknown(f"Whether you may fine-tune at {vendor}", f"Ask {vendor}", ASKING)


def _cheaper_steps(case: Case, verdict: Verdict, money: Costs) -> Iterator[Unknown]:
    """What is tried before tuning, and was not."""
    tried = case.brief.tried
    if tried is not None and "few_shot" not in tried and not shows_examples(case):
        each = money.usd_per_request(money.cost.against)
        texts = len(case.prompts) or texts_to_bring(verdict.rules.evidence)
        cost = "Not known yet" if each is None else f"about {money.currency.show(each * texts)}"
        yield Unknown(
            "Whether five examples in the instruction are enough",
            f"The base model answers {count(texts, 'text')} again, with examples",
            cost if each is None else f"{cost}, a little more for the examples",
        )


def _figures(case: Case, money: Costs) -> Iterator[Unknown]:
    if case.volume.requests_per_month is None:
        yield Unknown("How many texts there are a month", "Count last month's", ASKING)
    for arm, option in money.cost.arms.items():
        lacking = [cell for cell in option.missing if cell != "requests a month"]
        if lacking:
            name = in_a_sentence(money.names[arm])
            priced = any(cell in PRICE_FIGURES for cell in lacking)
            settled = "Ask the vendor for a price" if priced else "Count it on a few of your texts"
            yield Unknown(f"What {name} costs: {figure_names(lacking)}", settled, ASKING)
    if not money.people_counted and money.cost.arms:
        yield Unknown(
            "What people's time to correct answers costs",
            "Time ten corrections",
            "About an hour",
        )


def _signals(verdict: Verdict) -> Iterator[Unknown]:
    """Questions not answered, the weightiest first."""
    rules = verdict.rules
    silent = [s for s in verdict.lean.signals if s.value is None and s.key in SIGNAL_QUESTIONS]
    for signal in sorted(silent, key=lambda s: -getattr(rules.weights, s.key)):
        question, settled_by = SIGNAL_QUESTIONS[signal.key]
        yield Unknown(question, settled_by.format(pairs_below=rules.try_first.pairs_below), ASKING)
