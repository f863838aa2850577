"""Ruled out: which options the texts may not go to, and which are left, in sentences."""

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.report.barred import barred_reason, may_go_words
from advisor.report.labels import in_a_sentence
from advisor.report.places import cheapest_first
from advisor.verdict.bounds import RuledOut, asked_though_barred
from advisor.verdict.costs import Costs
from advisor.verdict.decision import Decision
from advisor.verdict.verdict import Verdict
from advisor.words import listed

NONE_BEATS_A_CONSTANT = (
    "No option is right more often than always giving the commonest approved answer would be."
)


def named(arm: OptionId, money: Costs) -> str:
    """An option with where it is bought: "base (gpt-6-luna at OpenAI)"."""
    quote, words = money.quotes.get(arm), in_a_sentence(money.names[arm])
    if quote is None or quote.ref is None:
        return words
    return quote.name if quote.name.startswith(words) else f"{words} ({quote.name})"


def headline(case: Case, verdict: Verdict, money: Costs) -> str:
    """The card's first line, where the texts' rule has the last word; "" where it has not."""
    barred = verdict.ruled_out
    if verdict.rule == "none_fits" and verdict.evidence.none_beats_a_constant:
        return "No option is good enough yet."
    if verdict.rule == "none_fits" and _all_slow(verdict):
        return f"No option fits yet: none answers within {_seconds(case)} often enough."
    if verdict.rule == "none_fits":
        if all(found.certain for found in barred.values()):
            return f"No option fits yet: the texts may go to {_only(case)}."
        return f"No option is known to fit yet: the texts may go to {_only(case)}."
    if verdict.rule != "what_is_left":
        return ""
    if verdict.recommendation == "tuned":
        return "Fine-tuned: it is the option that is left."
    if barred[money.cost.challenger].by == "speed":
        return "Base. Fine-tuned is too slow for you."
    quote = money.tuned
    vendor = quote.provider_name if quote is not None and quote.provider_name else ""
    if barred[money.cost.challenger].certain:
        return f"Base. Fine-tuning is not possible for you{f' at {vendor}' if vendor else ''}."
    return f"Base, for now. Confirm first where {vendor or 'the fine-tuned model'} keeps the texts."


def sentences(case: Case, verdict: Verdict, money: Costs) -> tuple[str, ...]:
    """Each option that is ruled out and why, then what is left; none where none is."""
    barred = verdict.ruled_out
    floor: tuple[str, ...] = ()
    if verdict.rule == "none_fits" and verdict.evidence.none_beats_a_constant:
        floor = (NONE_BEATS_A_CONSTANT,)
    if not barred:
        return floor
    said = [
        f"Ruled out: {named(arm, money)}; {barred_reason(case.brief, barred[arm])}."
        if barred[arm].certain
        else f"Not confirmed: {named(arm, money)}; {barred_reason(case.brief, barred[arm])}."
        for arm in case.options
        if arm in barred
    ]
    left = [named(arm, money) for arm in case.options if arm not in barred]
    if left:
        return (*floor, *said, f"What is left: {listed(left)}.")
    return (*floor, *said, "No option of yours is left.")


def next_step(found: Decision) -> str:
    """What to do where the texts' rule has the last word; "" where it has not."""
    case, verdict, money = found.case, found.verdict, found.money
    if verdict.rule not in ("none_fits", "what_is_left"):
        return ""
    if verdict.evidence.none_beats_a_constant:
        return (
            "Read on Compare what the answers get wrong, and change the instruction or choose "
            "another model."
        )
    if _all_slow(verdict):
        within = f"that answers within {_seconds(case)}"
        if verdict.rule == "none_fits":
            return f"Choose a model {within}, or allow more time on Compare."
        kind = "fine-tuned" if verdict.recommendation == "base" else "base"
        return f"To use {kind} all the same, choose a {kind} model {within}, or allow more time."
    barred, only = verdict.ruled_out, _only(case)
    to_ask = [arm for arm in case.options if arm in barred and not barred[arm].certain]
    if case.brief.data_may_go == "region" and not case.brief.regions:
        return "Say on Use case which regions the texts may go to: then it is known what fits."
    if to_ask:
        which = listed([named(arm, money) for arm in to_ask])
        return (
            f"Check that {which} keeps the texts where they may go, {only}, and tick it on Options."
        )
    if verdict.rule == "what_is_left" and verdict.recommendation == "base":
        elsewhere = cheapest_first(found)
        if elsewhere:
            return f"To fine-tune, choose a place that fits, such as {elsewhere[0]}."
        return "To fine-tune, choose a place on Options that fits."
    missing = "a base model" if set(barred) & set(case.bases) else "an option"
    machines = case.brief.data_may_go in ("own_machines", "own_or_rented")
    like = f", such as an open model on {may_go_words(case.brief)}" if machines else ""
    return f"Choose on Options {missing} that fits{like}."


def plain_warning(brief: Brief, found: RuledOut, option: str) -> str:
    """Beside an option that stays in the test though its texts may not go there."""
    only, reason = may_go_words(brief), barred_reason(brief, found)
    return (
        f"{option} doesn't keep to what you said: {reason}. It may stay in the test if your texts "
        f"may be sent there for that; it is not recommended while the texts may go to {only} only."
    )


def sent_against_the_rule(case: Case) -> tuple[str, ...]:
    """A warning for each option, and the judge, that is asked though the texts may not go there."""
    return tuple(
        f"The judge doesn't keep to what you said: {barred_reason(case.brief, found)}. It "
        "is sent the texts and both answers."
        if asked == "judge"
        else plain_warning(case.brief, found, case.name_of(asked))
        for asked, found in asked_though_barred(case).items()
    )


def _all_slow(verdict: Verdict) -> bool:
    """Speed alone has ruled out what is ruled out."""
    barred = verdict.ruled_out.values()
    return bool(barred) and all(found.by == "speed" for found in barred)


def _seconds(case: Case) -> str:
    return f"{case.brief.seconds_at_most or 0:g} s"


def _only(case: Case) -> str:
    return f"{may_go_words(case.brief)} only"
