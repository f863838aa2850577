"""Draw a report on a page, the owner's and a shared one alike."""

from collections.abc import Callable

import streamlit as st

from advisor.report.all_options import UNKNOWN
from advisor.report.model import (
    AgreementRow,
    CostRow,
    EvidenceBlock,
    OptionLine,
    Report,
    Source,
)
from pages.ui import markdown, widgets
from pages.ui.verdict import evidence_charts, first_page, for_analysts, money_charts, what_if

COST_ROWS = (
    ("Model", "model"),
    ("A text", "per_request"),
    ("Training, once", "training"),
    ("Hosting a month", "hosting_month"),
    ("First month", "first_month"),
    ("Over the months of use", "total"),
    ("A month", "all_in_month"),
    ("Of it people's time", "people_month"),
    ("Of it model cost only", "model_month"),
    ("An answer that needs no correcting", "per_accepted"),
    ("Price", "basis"),
    ("Until", "until"),
)
"""A row's name and the field it shows; a row that no option fills is left out."""


def card(report: Report, buttons: Callable[[], None]) -> None:
    """How firm it is, what to do in a sentence, what to take away, and the figures that decide."""
    widgets.firmness_badge(report)
    st.markdown(markdown.plain(report.summary))
    buttons()  # before the figures, which are long on a phone
    if report.figures:
        with st.container(horizontal=True, gap="medium"):
            for figure in report.figures:
                st.metric(figure.label, figure.value, help=figure.help or None, width="content")
    markdown.note(f"Based on: {markdown.plain(report.rests_on)}")


def reasons(report: Report) -> None:
    """What stops it, why, what would change it, and the next step."""
    _stoppers(report)
    _why(report)
    _onward(report)


def figures(report: Report, who_is_who: str = "") -> None:
    """The test and the money in charts, and the tables behind them.

    Args:
        report: the report, which names no voter.
        who_is_who: which reader is whom, for the owner alone.
    """
    _test(report, who_is_who)
    _options(report.options, report.first_two)
    _costs(report)


def forwarded(report: Report) -> None:
    """The first page of the PDF, which is made to be forwarded."""
    if report.first_page.request:  # a report frozen before there was such a page has none
        page = report.first_page
        widgets.fold("For director, finance and legal", "fold:page", lambda: first_page.draw(page))


def pictures(report: Report) -> None:
    """Quality against cost, and speed, where either was measured."""
    value, speed = report.pictures.value, report.pictures.speed
    if speed is None:
        return

    def draw() -> None:
        if value is not None:
            evidence_charts.value(value)
        evidence_charts.speed(speed)

    widgets.fold("Quality against cost, and speed", "fold:pictures", draw)


def analyst(report: Report, beside: Callable[[], None] | None = None) -> None:
    """The lean, the figures of the test, what would turn the verdict, and what stands beside it."""

    def draw() -> None:
        for_analysts.analyst(report)
        what_if.turns(report)
        if beside is not None:
            beside()

    widgets.fold("For the analyst", "fold:analyst", draw)


def quotes(report: Report, before: Callable[[Callable[[], None]], None] | None = None) -> None:
    """The texts that the report quotes, with both answers.

    Args:
        report: the report.
        before: draws them once its reader may see the names; None = at once.
    """

    def draw() -> None:
        for_analysts.excerpts(report)

    if report.excerpts:
        label = f"{len(report.excerpts)} texts with both answers"
        widgets.fold(label, "fold:quotes", draw if before is None else lambda: before(draw))


def ground(report: Report) -> None:
    """The assumptions, how the verdict is computed, and where each figure comes from."""
    widgets.fold("What this rests on", "fold:ground", lambda: _ground(report))


def _ground(report: Report) -> None:
    rows = {
        "Assumption": [markdown.plain(name) for name, _ in report.assumptions],
        "Value": [markdown.plain(value) for _, value in report.assumptions],
    }
    if report.own_figures:
        own = set(report.own_figures)
        rows["Source"] = ["entered by you" if name in own else "" for name, _ in report.assumptions]
    st.table(rows, hide_index=True)
    if report.method:
        st.markdown("**How this is computed**")
        st.markdown("\n".join(f"1. {markdown.plain(sentence)}" for sentence in report.method))
    st.markdown("**Sources**")
    st.markdown("\n".join(f"1. {_source(source)}" for source in report.sources))


def was_tested(evidence: EvidenceBlock) -> bool:
    """Some text was compared."""
    return evidence.base_wins + evidence.ties + evidence.tuned_wins > 0


def _source(source: Source) -> str:
    """A source with its note, if it has one."""
    note = markdown.plain(source.note)
    return f"{markdown.source(source)}. {note}" if note else markdown.source(source)


def _stoppers(report: Report) -> None:
    if report.gates:
        st.subheader("Stoppers", anchor=False)
        st.markdown("\n".join(f"- {markdown.plain(gate)}" for gate in report.gates))


def _why(report: Report) -> None:
    st.subheader("Why", anchor=False)
    with st.container(border=True):
        for reason in report.reasons:
            topic, text, source = st.columns([1, 5, 2])
            topic.markdown(f"**{reason.topic}**")
            text.markdown(markdown.plain(reason.text))
            source.markdown(markdown.source(reason.source))


def _test(report: Report, who_is_who: str) -> None:
    evidence = report.evidence
    tested = was_tested(evidence)
    if not (tested or evidence.sentences):
        return
    st.subheader(markdown.plain(evidence.heading), anchor=False)
    if tested:
        evidence_charts.preferences(evidence, report.pictures)
    in_table = {row.sentence for row in report.agreement}
    said = [sentence for sentence in evidence.sentences if sentence not in in_table]
    st.markdown("\n".join(f"- {markdown.plain(sentence)}" for sentence in said))
    _agreement(report.agreement)
    if report.agreement and who_is_who:
        markdown.note(markdown.plain(who_is_who))
    if tested and not any(evidence.judged_by in sentence for sentence in evidence.sentences):
        markdown.note(markdown.plain(evidence.judged_by))
    gaps = report.pictures.texts
    if tested and gaps is not None and evidence_charts.shows_degrees(gaps):
        evidence_charts.texts(gaps)


def _agreement(rows: tuple[AgreementRow, ...]) -> None:
    """How far every two of those who voted or judged agree."""
    if rows:
        st.table(
            {
                "Who": [markdown.plain(row.who) for row in rows],
                "Same choice in": [row.same for row in rows],
                "Kappa (likely range)": [row.kappa or "too few texts" for row in rows],
                "Agreement": [row.word for row in rows],
            },
            hide_index=True,
        )


def _options(lines: tuple[OptionLine, ...], first_two: tuple[str, ...]) -> None:
    """All options, where there are more than two; one that another beats in everything is grey."""
    if not lines:
        return
    st.subheader("All options", anchor=False)
    if first_two:
        st.markdown(markdown.plain(" ".join(first_two)))
    columns: dict[str, Callable[[OptionLine], str]] = {
        "Option": lambda line: line.name,
        "Answers": lambda line: line.quality,
        "Right": lambda line: line.right,
        "A month": lambda line: line.month,
        "Median answer": lambda line: line.seconds,
        "Model": lambda line: line.until,
        "Note": lambda line: line.note,
    }
    shown = {
        name: [_greyed(cell(line), line.is_behind) for line in lines]
        for name, cell in columns.items()
        if any(cell(line) not in UNKNOWN for line in lines)
    }
    st.table(shown, hide_index=True, alt="All options, one a row")


def _greyed(text: str, grey: bool) -> str:
    said = markdown.plain(text)
    return f":gray[{said}]" if grey and said else said


def _costs(report: Report) -> None:
    if not report.costs:
        return
    st.subheader("What each costs a month", anchor=False)
    money_charts.monthly_bars(report)
    st.markdown(markdown.plain(report.cost_note))
    spend = report.first_page.spend
    if spend is not None and spend.tells_more():
        money_charts.spend(spend)
    widgets.fold(
        "Every figure of the cost",
        "fold:costs",
        lambda: st.table(cost_table(report.costs), hide_index=True),
    )


def cost_table(costs: tuple[CostRow, ...]) -> dict[str, list[str]]:
    """Options as columns, to be read across, each cell escaped for Markdown."""
    shown = {key: name for name, key in COST_ROWS if any(getattr(row, key) for row in costs)}
    if held := costs[0].counts:
        shown["all_in_month"] += f", {held}"
    elif "people_month" in shown:  # frozen when people's time was in no total
        shown["people_month"] = "People's time a month, apart"
    table = {" ": [markdown.plain(name) for name in shown.values()]}
    for cost in costs:
        table[cost.option] = [markdown.plain(getattr(cost, key)) for key in shown]
    return table


def _onward(report: Report) -> None:
    changes, onward = st.columns(2, gap="large")
    with changes:
        st.subheader("What would change this", anchor=False)
        st.markdown(
            "\n".join(f"- {markdown.plain(text)}" for text in report.changes) or "Nothing known."
        )
    with onward:
        st.subheader("Next step", anchor=False)
        st.markdown(markdown.plain(report.next_step))
        if report.missing:
            st.markdown("**Not known yet**")
            st.markdown("\n".join(f"- {markdown.plain(text)}" for text in report.missing))
