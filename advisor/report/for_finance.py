"""For finance: each option's money over the months of use, low and high, and on what terms."""

from datetime import date
from decimal import Decimal
from math import floor, log10

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.report.costs import price_words
from advisor.report.first_page_values import MoneyLine, SpendLine, SpendPicture
from advisor.report.labels import in_a_sentence
from advisor.report.money_sentences import break_even, not_counted, scope
from advisor.verdict.costs import Costs
from advisor.words import CENTS_BELOW, NOT_KNOWN, day, listed, percent
from pricing.cost import OptionCost
from pricing.quotes import LIST_RATES, Quote
from pricing.spending import SpendRange
from pricing.uncertainty import SWING

LEAST_MONTHS_DRAWN = 1
TICKS = 4


def option_name(case: Case, arm: OptionId) -> str:
    """The option as a budget lists it: base says whether an instruction goes with it."""
    if arm in case.arms and case.name_of(arm) == "Base":
        told = case.arms[arm].system_prompt.strip()
        return "Base with its instruction" if told else "Base as it is"
    return case.name_of(arm)


def money_lines(
    case: Case, money: Costs, spreads: dict[OptionId, SpendRange]
) -> tuple[MoneyLine, ...]:
    """One row an option, in the order of the arms."""
    show, months = money.currency.total, money.cost.months_of_use
    rows = []
    for arm in money.names:
        option, quote = money.cost.arms.get(arm), money.quotes.get(arm)
        if option is None or quote is None:
            continue
        spread = spreads.get(arm)
        rows.append(
            MoneyLine(
                arm=arm,
                option=option_name(case, arm),
                one_off=_amount(money, option.once_usd),
                month=_amount(money, money.running_month(arm)),
                total=show(option.total_usd),
                low=NOT_KNOWN if spread is None else show(spread.low),
                high=NOT_KNOWN if spread is None else show(spread.high),
                people="not counted" if option.people_usd is None else show(option.people_usd),
                model="" if option.people_usd is None else show(option.model_usd),
                terms=terms(case, arm, option, quote),
                low_month_usd=None if spread is None else float(spread.low / months),
                high_month_usd=None if spread is None else float(spread.high / months),
            )
        )
    return tuple(rows)


def _amount(money: Costs, usd: Decimal | None) -> str:
    return "none" if usd == 0 else money.currency.show(usd)


def terms(case: Case, arm: OptionId, option: OptionCost, quote: Quote) -> str:
    """Whose price it is, and what of it is spent or can be ended."""
    kind = case.kind_of(arm)
    whose = price_words(quote).capitalize() if quote.ref is not None else ""
    if quote.own & {*LIST_RATES}:
        whose = f"{whose} and own figures" if whose else "Own figures"
    if not whose:
        return "No price chosen yet"
    parts = [whose]
    if kind == "tuned" and case.brief.tuned_exists and option.once_usd == 0:
        parts.append("already trained, so nothing is due once")
    if option.hosting_usd_per_month and "hosting_per_hour" not in quote.own:
        parts.append("hosting is paid by the hour until it is ended")
    elif quote.ref is None:
        parts.append("the contract says what can be ended")
    elif option.usd_per_request:
        fixed = quote.cells.storage_per_month if kind == "tuned" else None
        parts.append(
            "paid by use, and storage by the month" if fixed else "paid by use, nothing fixed"
        )
    if kind == "tuned" and option.training_usd:
        parts.append("what is spent on training is not paid back")
    return "; ".join(parts)


def money_notes(
    case: Case, money: Costs, spreads: dict[OptionId, SpendRange], today: date
) -> tuple[str, ...]:
    """Pay-back beside the stop date, what low and high mean, people's time, currency and tax."""
    if not money.cost.arms:
        return ("No model is chosen yet, so there is no cost to budget.",)
    months = money.cost.months_of_use
    notes = [f"{_pay_back(money, today)}"]
    if spreads and any(s.low != s.high for s in spreads.values()):
        measured = any(spread.usage_measured for spread in spreads.values())
        within = ", plus measured variation per text" if measured else ""
        notes.append(
            f"{_over(case, months)} Range, low to high: volume ±{percent(float(SWING))}{within}."
        )
    elif months:
        notes.append(_over(case, months))
    notes.append(_once_spread(money))
    if case.volume.requests_per_month is None:
        notes.append("How many texts a month is not known, so most amounts are not.")
    if money.people_counted:
        notes.append("Amounts include people's time: once its one-off days, then corrections.")
    else:
        notes.append(not_counted(money) or "People's time was not given: this is model cost only.")
    if any(_seems_wrong(arm, money) for arm in money.cost.arms):
        notes.append("Amounts are rounded, so that months may not add up to a total.")
    currency = money.currency
    listed_prices = any(quote.ref is not None for quote in money.quotes.values())
    tax = "; list prices are without tax" if listed_prices else ""
    notes.append(f"In {currency.code}{f' at {currency.rate}' if currency.rate else ''}{tax}.")
    return tuple(note for note in notes if note)


def _once_spread(money: Costs) -> str:
    """The month that the rest of the report shows, where it holds more than the one beside "once"."""
    show = money.currency.show
    months = {
        arm: show(option.usd_per_month_all_in)
        for arm, option in money.cost.arms.items()
        if option.once_usd and option.usd_per_month_all_in is not None
    }
    told = [
        f"{in_a_sentence(money.names[arm])} comes to {month}"
        for arm, month in months.items()
        if month != show(money.running_month(arm))
    ]
    return f"With what is paid once spread over the months, {listed(told)} a month." if told else ""


def _seems_wrong(arm: OptionId, money: Costs) -> bool:
    """The months, multiplied as one is shown, come to more than 1 beside what they come to."""
    month = money.running_month(arm)
    if month is None:
        return False
    each = money.currency.of(month)
    shown = round(each, 0 if each >= CENTS_BELOW else 2)
    return abs(shown - each) * float(money.cost.months_of_use) > 1


def _over(case: Case, months: Decimal) -> str:
    """The months that totals hold, and why they are fewer than planned."""
    planned = case.volume.horizon_months
    if months >= planned:
        return f"Totals are over {planned} months."
    used = f"{_number(months)} of the {planned} months planned"
    return f"Totals are over {used}, until the tuned model stops."


def _pay_back(money: Costs, today: date) -> str:
    quote = money.tuned
    stops = quote.tuned_stops_on if quote is not None else None
    if stops is None:
        return break_even(money)
    ends = f"The tuned model {'stopped' if stops <= today else 'stops'} on {day(stops)}."
    return f"{break_even(money)} {ends}".strip()


def spend_picture(money: Costs, today: date) -> SpendPicture | None:
    """Spend in all by month, for the chart; None where less than one month or no total is known."""
    cost, currency = money.cost, money.currency
    months = cost.months_of_use
    if not cost.cumulative or months < LEAST_MONTHS_DRAWN:
        return None
    lines = []
    for arm in money.names:
        spent = cost.cumulative.get(arm)
        if spent is None:
            continue
        amounts = (cost.arms[arm].once_usd or Decimal(0), *spent)
        ends = (0.0, *(float(min(Decimal(n + 1), months)) for n in range(len(spent))))
        lines.append(
            SpendLine(
                arm=arm,
                option=money.names[arm],
                months=ends,
                amounts=tuple(float(usd * currency.per_usd) for usd in amounts),
                shown=currency.total(spent[-1]),
            )
        )
    stop = money.tuned.tuned_stops_on if money.tuned else None
    within = stop is not None and stop > today and months < money.months_planned
    told = listed([f"{in_a_sentence(line.option)} {line.shown}" for line in lines])
    said = f"Total after {_number(months)} months, {scope(money)}: {told}."
    if stop is not None and within:
        said += f" Then the tuned model stops, on {day(stop)}."
    most = max(max(line.amounts) for line in lines)
    return SpendPicture(
        currency=currency.code,
        lines=tuple(lines),
        ticks=_ticks(money, most),
        stop=f"tuned model stops {day(stop)}" if stop is not None and within else "",
        said=said,
    )


def _ticks(money: Costs, most: float) -> tuple[tuple[float, str], ...]:
    """Round amounts from 0 to just over the most; steps of 1, 2 or 5."""
    if most <= 0:
        return ((0.0, money.currency.show(0).removesuffix(".00")),)
    rough = most / TICKS
    unit = 10.0 ** floor(log10(rough))
    step = next(unit * times for times in (1, 2, 5, 10) if unit * times >= rough)
    rate = float(money.currency.per_usd)
    values = [step * n for n in range(int(most / step) + 2)]
    zero = money.currency.show(0).removesuffix(".00")
    return ((0.0, zero), *((value, money.currency.show(value / rate)) for value in values[1:]))


def _number(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.1')).normalize():f}"
