"""The report's money in rows: costs, assumptions, and where each figure comes from."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from advisor.case import questions
from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.case.use_cases import load_matrix
from advisor.report.access import until
from advisor.report.base_stop import base_until, priced_past_their_day
from advisor.report.labels import CELL_WORDS
from advisor.report.model import CostRow, Source
from advisor.report.money_sentences import break_even, not_counted, scope
from advisor.verdict.costs import Assumed, Costs
from advisor.verdict.verdict import Verdict
from advisor.words import NOT_KNOWN, count, day, percent
from pricing.cost import OptionCost
from pricing.quotes import Quote


def cost_rows(case: Case, money: Costs, today: date) -> tuple[CostRow, ...]:
    """One row an option, in the order of the case."""
    rows = []
    for arm in money.names:
        option, quote = money.cost.arms.get(arm), money.quotes.get(arm)
        if option is None or quote is None:
            continue
        own = ", ".join(
            CELL_WORDS[cell].split(",")[0].lower() for cell in CELL_WORDS if cell in quote.own
        )
        all_in, show = option.usd_per_month_all_in, money.currency.show
        time, accepted = money.people_month(arm), money.usd_per_accepted.get(arm)
        rows.append(
            CostRow(
                arm=arm,
                option=money.names[arm],
                model=_model(money, arm, today),
                per_request=_per_request(option, money),
                first_month=show(option.usd_per_month),
                all_in_month=show(all_in),
                training=show(option.training_usd) if quote.priced else NOT_KNOWN,
                hosting_month=(show(option.hosting_usd_per_month) if quote.priced else NOT_KNOWN),
                total=money.currency.total(option.total_usd),
                basis=_basis(quote, own),
                all_in_month_usd=None if all_in is None else float(all_in),
                until=base_until(quote, today) if arm in case.bases else until(quote, today),
                people_month="" if time is None else show(time),
                model_month="" if time is None else show(money.model_month(arm)),
                counts=scope(money),
                per_accepted="" if accepted is None else show(accepted),
            )
        )
    return tuple(rows)


def _model(money: Costs, arm: OptionId, today: date) -> str:
    """What was priced: a model that has stopped gives its place to what was named in it."""
    name = money.quotes[arm].name
    gone = [s for s in money.handovers.get(arm, ()) if s.on <= today and s.cells is not None]
    return f"{name}; stopped, priced as {gone[-1].successor}" if gone else name


def _basis(quote: Quote, own: str) -> str:
    """Whose figures they are: the list's, the contract's, the reader's."""
    if not quote.priced:
        return "enter one on Costs"
    if not own:
        return price_words(quote)
    mine = f"your own figures: {own}"
    return f"{mine}; else {price_words(quote)}" if quote.discount_percent else mine


def _per_request(option: OptionCost, money: Costs) -> str:
    """A request's price; where the machine's hour holds it, that is said instead of $0.00."""
    if option.usd_per_request == 0 and option.hosting_usd_per_month:
        return "in hosting"
    return money.currency.show(option.usd_per_request)


def cost_note(money: Costs, today: date) -> str:
    """Months of use and break-even, in words; "" before any option is chosen."""
    if not money.cost.arms:
        return ""
    months = money.cost.months_of_use
    if months == 0:
        return "The tuned model has stopped, so there are no months of use to price."
    note = f"Worked over {months.quantize(Decimal('0.1')).normalize():f} months of use."
    if money.currency.rate:
        note += f" Amounts are in {money.currency.code}: {money.currency.rate}."
    if money.people_counted:
        note += (
            " Totals and months include people's time; a text, training, hosting and the first month "
            "are model cost only."
        )
    elif lacking := not_counted(money):
        note += f" {lacking}"
    note = " ".join((note, *priced_past_their_day(money, today)))
    if money.cost.break_even is not None and money.cost.missing:
        return f"{note} We don't know yet when fine-tuning pays for itself."
    return f"{note} {break_even(money)}".strip()


def assumptions(case: Case, money: Costs) -> tuple[tuple[str, str], ...]:
    """What the figures take for granted: volume, units billed, own figures, the answers given."""
    volume = case.volume
    requests = volume.requests_per_month
    rows = [
        ("Texts a month", NOT_KNOWN if requests is None else f"{requests:,}"),
        ("Months you plan for", str(volume.horizon_months)),
        ("Months of use", f"{money.cost.months_of_use.quantize(Decimal('0.1')).normalize():f}"),
    ]
    for words, value in (
        ("Growth a month", volume.growth_per_month),
        ("Cached share of input", volume.cached_share),
        ("Share of the rest written to the cache", volume.cache_write_share),
        ("Share in batches", volume.batch_share),
    ):
        if value:
            rows.append((words, percent(float(value))))
    if volume.retrainings_per_year:
        rows.append(("Retrainings a year", f"{volume.retrainings_per_year.normalize():f}"))
    for arm, option in money.cost.arms.items():
        tokens = option.tokens
        if tokens.input is not None or tokens.output is not None:
            shown = [NOT_KNOWN if n is None else f"{n:,.0f}" for n in (tokens.input, tokens.output)]
            rows.append(
                (
                    f"{money.names[arm]}: units billed a text, in and out",
                    f"{shown[0]} and {shown[1]}, {tokens.origin}",
                )
            )
        rows.extend(
            (f"{money.names[arm]}: assumed", text) for text in assumed_words(money.assumed[arm])
        )
        if said := machine_texts(money, arm):
            rows.append((f"{money.names[arm]}: texts its machine answers in an hour", said))
    for arm, quote in money.quotes.items():
        if quote.discount_percent is not None:
            rows.append((f"{money.names[arm]}: prices", price_words(quote)))
        rows.extend(
            (f"{money.names[arm]}, your own figure: {words}", value)
            for words, value in _own_cells(case, quote)
        )
    rows.extend(_people_rows(case, money))
    if money.currency.rate:
        rows.append(("Currency", money.currency.rate))
    rows.extend(questions.said(case.brief))
    return tuple(rows)


def _own_cells(case: Case, quote: Quote) -> Iterator[tuple[str, str]]:
    """The reader's own figures of an option; one price for both ways in one row."""
    own, cells = quote.own, quote.cells
    alike = {"input", "output"} <= own and cells.input == cells.output
    for cell, words in CELL_WORDS.items():
        if cell not in own or (cell == "training_tokens" and _measured(case)):
            continue
        if alike and cell == "output":
            continue
        both = words.replace("Input", "Input and output", 1) if alike and cell == "input" else words
        yield both, f"{getattr(cells, cell):,}"


def assumed_words(found: Assumed) -> tuple[str, ...]:
    """What an option's cost takes for granted: "3 epochs, the usual default"."""
    said = []
    if found.usual_epochs is not None:
        said.append(f"{found.usual_epochs} epochs, the usual default")
    if found.reasoning is not None:
        said.append(f"answers counted x {found.reasoning.normalize():f} for reasoning")
    if found.pairs is not None:
        pairs = count(found.pairs, "approved pair")
        file = f"the checked file: {pairs}, seen {count(found.seen or 0, 'time')}"
        said.append(f"training on {pairs if found.seen is None else file}")
    return tuple(said)


def price_words(quote: Quote) -> str:
    """ "list price" or "list price less 15 %", of the figures that are not the reader's."""
    if quote.discount_percent is None:
        return "list price"
    return f"list price less {quote.discount_percent.normalize():f} %"


def machine_texts(money: Costs, arm: OptionId) -> str:
    """Texts that an option's own machine answers in an hour, as measured; "" = not by a test."""
    measured = money.options[arm].cells.texts_per_hour
    if measured is None or "texts_per_hour" in money.quotes[arm].own:
        return ""
    return f"{measured:,.0f}, measured by the test"


def _measured(case: Case) -> bool:
    """A checked file says how much is trained on, whatever was typed in before."""
    file = case.training
    return file is not None and file.kind == "examples" and file.usable > 0


def own_figures(case: Case, money: Costs) -> tuple[str, ...]:
    """Names of the assumptions that stand in place of a list's figure, or that no list has."""
    names = [
        name
        for name, _ in assumptions(case, money)
        if ", your own figure: " in name or name.startswith("People: ")
    ]
    names += [
        f"{money.names[arm]}: prices"
        for arm, quote in money.quotes.items()
        if quote.discount_percent is not None
    ]
    if money.currency.rate:
        names.append("Currency")
    return tuple(names)


def _people_rows(case: Case, money: Costs) -> list[tuple[str, str]]:
    """What was said about people's time, and the share corrected, given or measured."""
    people = case.people
    rows = [
        (words, f"{value.normalize():f}")
        for words, value in (
            ("Hourly cost of a person, USD", people.hourly_rate),
            ("People: minutes to correct an answer", people.minutes_to_correct),
            ("People: days for examples, once", people.one_off_days_examples),
            ("People: days for IT, once", people.one_off_days_it),
            ("People: days for testing, once", people.one_off_days_testing),
        )
        if value is not None
    ]
    for arm, time in money.people.items():
        if time.corrected_share is not None:
            of_kind = people.corrected_share(case.kind_of(arm) == "tuned")
            given = case.arms[arm].corrected_share is not None or of_kind is not None
            origin = "given" if given else "measured by votes"
            rows.append(
                (
                    f"{money.names[arm]}: answers corrected",
                    f"{percent(float(time.corrected_share))}, {origin}",
                )
            )
    return rows


def sources(verdict: Verdict, money: Costs) -> tuple[Source, ...]:
    """Where prices and practice come from, each once."""
    prices = [price_source(money, arm) for arm in money.quotes]
    cited = load_matrix().sources
    studies = [
        Source(cited[n].citation, str(cited[n].url) if cited[n].url else None)
        for n in verdict.use_case.sources
    ]
    return tuple(dict.fromkeys([*(source for source in prices if source), *studies]))


def valid_until(money: Costs, today: date, *, sample: bool = False) -> str:
    """How long the prices may be relied on, by the oldest of them; nobody relies on a sample's."""
    checked = [quote.checked for quote in money.quotes.values() if quote.checked is not None]
    if not any(quote.ref or quote.own for quote in money.quotes.values()):
        return "No price is used yet."
    if not checked and any(quote.ref for quote in money.quotes.values()):
        return "When the prices here were read is not known; check them before relying on this."
    if not checked:
        return "No price from a list is used; check the figures entered before relying on this."
    text = f"The oldest price here was read on {day(min(checked))}."
    until = money.prices_good_until
    if sample or until is None:
        return text
    dates = _dates_due(money, today)
    if today > until:
        return f"{text} It is ageing: update it before relying on this.{dates}"
    return f"{text} Update prices before relying on this after {day(until)}.{dates}"


def _dates_due(money: Costs, today: date) -> str:
    """What to do about last days that were read too long ago; "" = they were not."""
    read = money.dates_due(today)
    return (
        "" if read is None else f" A vendor's last days were read on {day(read)}: check them too."
    )


def price_source(money: Costs, arm: OptionId) -> Source | None:
    """Where an option's prices come from; None where it has none."""
    quote = money.quotes.get(arm)
    if quote is None or not quote.source_label:
        return None
    label = quote.source_label
    if quote.discount_percent is not None:
        label = f"{label}, less {quote.discount_percent.normalize():f} %"
    if quote.own and quote.ref is not None:
        label = f"{label}, with your own figures"
    return Source(label, quote.source_url, quote.checked, quote.note)
