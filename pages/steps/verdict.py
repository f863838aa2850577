"""Verdict: the card, why, what would change it, the next step, and the PDF to take away."""

from collections.abc import Callable, Sequence

import streamlit as st

from advisor.evidence.scores import secondary
from advisor.report.agreement import who_is_who
from advisor.report.as_json import decision_json
from advisor.report.file_name import file_name
from advisor.report.measures import measure_rows
from advisor.report.model import Report
from advisor.report.pdf.render import PAPERS, PaperSize, render_pdf
from advisor.report.report import write_report
from advisor.verdict.decision import Decision
from pages.ui import errors, frame, markdown, session, widgets
from pages.ui.compare import names
from pages.ui.verdict import report_view, results, share_panel, since_then, what_if

if session.current() is None:
    st.title("Verdict")
opened = frame.require_case()


def show_measures(decision: Decision) -> None:
    """The measures beside the main one; scored on request, never within a plain redraw."""
    kept = st.session_state.get("measures")
    if kept is None or kept[0] is not decision:
        if not st.button("Score every other measure", key="score"):
            return
        with st.spinner("Scoring …"):
            found = secondary(
                decision.case,
                decision.record.outputs,
                pair=(decision.evidence.base_arm, decision.evidence.tuned_arm),
                seed=decision.record.seed,
                alpha=decision.facts.rules.evidence.alpha,
            )
        st.session_state["measures"] = kept = (decision, measure_rows(found))
    rows = kept[1]
    st.markdown(
        "Beside the main measure. None of these decides; chance is corrected for all of them."
    )
    st.dataframe(
        {
            "Measure": [row.measure for row in rows],
            "Base": [row.base for row in rows],
            "Fine-tuned": [row.tuned for row in rows],
            "Difference (likely range)": [row.difference for row in rows],
            "By chance (Holm p)": [row.chance for row in rows],
            "Texts": [row.texts for row in rows],
            "What it says": [row.explains for row in rows],
        },
        hide_index=True,
        alt="Measures beside the main one, for base and fine-tuned",
    )


def make_pdf(report: Report, paper: PaperSize, quoted: Sequence[str]) -> Callable[[], bytes]:
    """What makes the PDF when it is asked for; it names the options of the texts it quotes."""
    tell = names.teller(quoted)

    def made() -> bytes:
        tell()
        return render_pdf(report, paper)

    return made


def take_away(decision: Decision, report: Report, quoted: Sequence[str]) -> None:
    """The PDF, a link to a frozen copy, and what else can be chosen or taken."""
    with st.container(horizontal=True):
        paper = st.session_state.get("paper", next(iter(PAPERS)))
        st.download_button(
            markdown.on_primary("Download the PDF"),
            make_pdf(report, PAPERS[paper], quoted),
            file_name=file_name(report.title, report.today, "pdf"),
            mime="application/pdf",
            type="primary",
            on_click="ignore",
        )
        share_panel.share_button(opened.id)
        with st.popover("More"):
            st.selectbox("Paper of the PDF", PAPERS, key="paper")
            if has_own_texts:
                st.toggle(
                    "Quote three of my own texts here and in the PDF",
                    key=quote_key,
                    help="Off: no text of yours stands in the report. Nothing is sent anywhere.",
                )
            st.download_button(
                "The same as JSON",
                lambda: decision_json(decision),
                file_name=file_name(report.title, report.today, "json"),
                mime="application/json",
                on_click="ignore",
            )


has_own_texts = not opened.case.recorded and bool(opened.case.prompts)
quote_key = f"{opened.form('prompts')}:show_texts"
with errors.expected_errors():
    decided = session.decision()
    assert decided is not None  # noqa: S101 - a case is open
    decision = decided  # never None, for what is drawn later too
    show_texts = has_own_texts and st.session_state.get(quote_key, False)
    report = write_report(decision, show_texts=True) if show_texts else write_report(decision)
    quoted = [excerpt.prompt_id for excerpt in report.excerpts]
    names.votes_are_final(decision)

    st.title(markdown.plain(report.headline), anchor=False)
    report_view.card(report, lambda: take_away(decision, report, quoted))
    share_panel.share_panel(opened, decision)
    since_then.look_back(opened, decision)
    report_view.reasons(report)
    markdown.note(markdown.plain(report.valid_until))

    report_view.figures(report, who_is_who(decision.record.votes))
    st.space("small")
    report_view.forwarded(report)
    report_view.pictures(report)
    tested = report_view.was_tested(report.evidence)
    report_view.analyst(report, beside=(lambda: show_measures(decision)) if tested else None)
    what_if.panel(decision)
    if decision.record.outputs and opened.case.prompts:
        widgets.fold(
            "Every text of the test in one table",
            "fold:results",
            lambda: names.asked_for(
                [prompt.id for prompt in opened.case.prompts],
                "Show the table with names",
                lambda: results.show_results(decision),
            ),
        )
    report_view.quotes(
        report, lambda draw: names.asked_for(quoted, "Show the texts with names", draw)
    )
    report_view.ground(report)
frame.steps(back="costs", onward=None, in_view=False)
