"""The money of a decision in sentences: what each option costs, and when tuning pays back."""

from advisor.case.options import OptionId
from advisor.report.labels import figure_names, in_a_sentence
from advisor.verdict.costs import Costs
from advisor.verdict.decision import Decision
from advisor.words import about, listed
from pricing.charges import MOST_REQUESTS
from pricing.cost import BreakEven
from pricing.people import RATE

INCLUDED = "people's time included"
MODEL_ONLY = "model cost only"


def scope(money: Costs) -> str:
    """What every total of a case holds."""
    return INCLUDED if money.people_counted else MODEL_ONLY


def offers_scope(money: Costs) -> str:
    """What a month at an offer to tune holds: people's time only where a tuned model's is known."""
    tuned = money.options.get(money.cost.challenger)
    return INCLUDED if tuned is not None and tuned.people is not None else MODEL_ONLY


def money_row(found: Decision) -> str:
    """What each costs a month, when tuning pays back, and what else was on the list."""
    money, base_arm = found.money, found.evidence.base_arm
    cost, show = money.cost, money.currency.show
    base, tuned = cost.arms.get(base_arm), money.tuned_cost
    if base is None and tuned is None:
        return "No model is chosen yet, so there is no cost."
    parts: list[str] = []
    several = len(money.names) > 2  # then a word alone leaves open which one is meant
    pair = (("Base", base_arm, base), ("Fine-tuned", cost.challenger, tuned))
    months: list[str] = []
    for plain, option, priced in pair:
        word = money.names.get(option, plain) if several else plain
        if priced is None:
            continue
        if not cost.months_of_use:
            parts.append(f"{word}: not worked out, as the tuned model has stopped.")
        elif priced.usd_per_month_all_in is None:
            parts.append(f"{word}: not known ({figure_names(priced.missing)} missing).")
        else:
            month = show(priced.usd_per_month_all_in)
            months.append(
                f"{in_a_sentence(word)} {month}" if months else f"{word} costs {month} a month"
            )
    if months:
        parts.insert(0, f"{listed(months)}, {scope(money)}.")
    if base is not None and tuned is not None:
        parts.append(break_even(money))
    parts += [people(money, base_arm), not_counted(money)]
    parts.append(cheaper_base(found))
    return " ".join(part for part in parts if part)


def people(money: Costs, base_arm: OptionId) -> str:
    """People's time a month within the totals; "" where it is not counted."""
    arms = (base_arm, money.cost.challenger)
    times = {arm: money.people_month(arm) for arm in arms}
    said = [
        f"{money.currency.show(time)} with {word}"
        for (arm, time), word in zip(times.items(), ("base", "fine-tuned"), strict=True)
        if time is not None
    ]
    return f"Of this, people's time is {listed(said)} a month." if said else ""


def not_counted(money: Costs) -> str:
    """What it takes to count people's time that was given; "" where it is counted, or was not."""
    times = money.people.items()
    if money.people_counted or not any(time.people.given for _, time in times):
        return ""
    lacking = [
        "what an hour costs" if figure == RATE else f"{in_a_sentence(money.names[arm])}: {figure}"
        for arm, time in times
        for figure in time.missing
    ]
    needed = listed(list(dict.fromkeys(lacking)))
    return f"People's time is in no amount yet; missing: {needed}."


def cheaper_base(found: Decision) -> str:
    """The cheapest of today's base models, where it undercuts the one chosen."""
    money, cheaper = found.money, found.cheaper_base
    if cheaper is None:
        return ""
    return (
        f"The cheapest base model on our list today, {cheaper.name}, would cost "
        f"{money.currency.show(cheaper.usd_per_month_all_in)} a month"
        f"{', with as many corrections' if money.people_counted else ''}; it was not tested here."
    )


def break_even(money: Costs) -> str:
    """From which volume and month fine-tuning pays for itself."""
    found = money.cost.break_even
    if found is None or money.cost.missing or found.reason == "stopped":
        return ""
    if found.requests_per_month is None:
        dearer = "fine-tuning costs more at any volume."
        return (
            f"Before people's time, {dearer}" if not money.people_counted else dearer.capitalize()
        )
    if found.up_to is not None:
        return (
            f"Up to about {about(found.up_to)} texts a month fine-tuning costs no more; from then "
            "on it does."
        )
    if found.requests_per_month == 0:
        return "Fine-tuning costs no more, whatever the volume."
    text = (
        f"Fine-tuning breaks even at about {about(found.requests_per_month)} texts a month"
        f"{_likely(money)}. At this volume"
    )
    if found.month is None:
        return f"{text} it never pays for itself."
    if found.late:
        return f"{text} it pays for itself in month {found.month}, which is too late."
    return f"{text} it pays for itself in month {found.month}."


def break_even_reason(found: BreakEven) -> str:
    """Why the break-even is what it is, in a clause."""
    said = _why(found)
    return f"{said}, {INCLUDED}" if found.people_included else said


def _why(found: BreakEven) -> str:
    match found.reason:
        case "not_asked":
            return ""
        case "stopped":
            return "the tuned model has stopped"
        case "not_known":
            return f"not known yet: {', '.join(found.missing)}"
        case "dearer_per_request":
            never = "never" if found.requests_per_month is None else "never at this volume"
            return f"{never}: the tuned model costs more per request"
        case "saves_nothing":
            return "never: the tuned model saves nothing per request, and has costs of its own"
        case "too_many_requests":
            return f"never: it would take more than {MOST_REQUESTS:,} requests a month"
        case "paid_back":
            late = ", after the months of use" if found.late else ""
            return f"paid back in month {found.month}{late}"
        case "not_in_time":
            requests = f"{found.requests_per_month:,}"
            return f"not within the months of use: it takes {requests} requests a month"


def _likely(money: Costs) -> str:
    """The break-even's range by the tokens measured, in brackets; "" where it adds nothing."""
    spread = money.break_even_range
    if spread is None or spread.low is None:
        return ""
    if spread.high is None:
        return f" (by the usage measured, from {about(spread.low)} to never)"
    low, high = about(spread.low), about(spread.high)
    return "" if low == high else f" (by the usage measured, between about {low} and {high})"
