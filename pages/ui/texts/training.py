"""The training file on Texts, checked once an upload; and personal data in the texts."""

from dataclasses import replace
from typing import Any

import streamlit as st

from advisor.case.training_summary import digest_of
from advisor.errors import AdvisorError
from advisor.report.access import access_reason
from advisor.report.training_file import (
    against_the_brief,
    counts,
    drop_label,
    findings,
    headline,
    job_price,
    personal,
    texts_changed,
    void,
)
from advisor.training.jobs import TrainingJob
from advisor.training.leakage import without_leaked
from advisor.training.model import Private, TrainingReport
from advisor.training.private import NOT_FOUND, private_in
from advisor.training.read import require_jsonl
from advisor.training.summary import summary_of
from advisor.verdict.decision import Decision
from advisor.verdict.training_jobs import jobs_of
from advisor.words import count
from pages.ui import errors, markdown, session
from pages.ui.cells import inert
from pages.ui.open_case import OpenCase

_GRADE_ICON = {
    "not possible": ":material/block:",
    "not enough": ":material/remove_circle:",
    "pilot": ":material/science:",
    "enough": ":material/check_circle:",
}
_IN_FULL, _ROWS = 3, 1_000


def personal_data(opened: OpenCase) -> None:
    """Say what in the reader's own texts looks like personal data; looked for once per set of texts."""
    key = f"{opened.id}:private"
    kept: tuple[Any, tuple[Private, ...]] | None = st.session_state.get(key)
    if kept is None or kept[0] is not opened.case.prompts:
        found = private_in(opened.case.prompts)
        st.session_state[key] = kept = (opened.case.prompts, found)
    sentences = " ".join(personal(kept[1], "text", "your texts"))
    if kept[1]:
        st.warning(markdown.plain(sentences), icon=":material/person_alert:")
    markdown.note(markdown.plain(NOT_FOUND if kept[1] else f"{sentences} {NOT_FOUND}"))


def training_file(opened: OpenCase) -> None:
    """Take a training file, and say what is in it, what is wrong with it and what it costs."""
    st.subheader("Training file")
    st.markdown(
        "If you have examples to fine-tune on, have them checked before anything is paid for. The "
        "file is checked on this server and then deleted."
    )
    file = st.file_uploader(
        "A .jsonl with one example a line, in your vendor's format",
        type=["jsonl"],
        max_upload_size=200,
        key=f"{opened.id}:training:{st.session_state.get(_left_out(opened), 0)}",
    )
    report = None
    with errors.expected_errors():
        report = _checked(opened, file) if file is not None else None
    kept = opened.case.training
    if kept is None:
        return
    icon = _GRADE_ICON.get(kept.grade or "", ":material/compare:")
    st.markdown(f"{icon} **{markdown.plain(headline(kept))}**")
    _void(opened, report)
    _contradiction(opened)
    if report is not None:
        markdown.note(markdown.plain(counts(report)))
        _found(report)
    elif changed := texts_changed(kept, opened.case.prompts):
        st.info(markdown.plain(changed))
    else:
        markdown.note(
            f"{markdown.plain(kept.file)}, checked before. Upload it again to see every finding."
        )
    _price(opened)


def _checked(opened: OpenCase, file: Any) -> TrainingReport:
    """The report on an upload and the texts as they are; worked out when either is new."""
    from advisor.training.check import check_training_file, vocabulary_of

    prompts, key = opened.case.prompts, f"{opened.id}:training_report"
    of = (file.file_id, digest_of(prompts))
    kept: tuple[Any, TrainingReport | AdvisorError] | None = st.session_state.get(key)
    if kept is None or kept[0] != of:
        model = vocabulary_of(opened.case)
        found: TrainingReport | AdvisorError
        try:
            require_jsonl(file.name)
            with st.spinner("Checking the file. 50,000 lines take about 20 seconds."):
                found = check_training_file(file.getvalue(), file.name, prompts, model=model)
        except AdvisorError as error:
            found = error
        st.session_state[key] = (of, found)
        if isinstance(found, TrainingReport):
            summary = summary_of(found, prompts)
            session.save(opened.case.model_copy(update={"training": summary}))
            st.rerun()
        raise found
    if isinstance(kept[1], AdvisorError):
        raise kept[1]
    return kept[1]


def _void(opened: OpenCase, report: TrainingReport | None) -> None:
    """Show the leaked texts, with a button that drops them."""
    leaked = opened.case.leaked
    if not leaked:
        return
    st.error(
        markdown.plain(void(len(leaked), len(opened.case.prompts))), icon=":material/content_copy:"
    )
    if st.button(drop_label(len(leaked)), key="drop_leaked"):
        case = without_leaked(opened.case)
        session.save(case)
        key = f"{opened.id}:training_report"
        if report is not None:  # the file need not be read again for what is left
            (file_id, _), _ = st.session_state[key]
            rest = replace(report, leaks=(), prompts=len(case.prompts))
            st.session_state[key] = ((file_id, digest_of(case.prompts)), rest)
        st.rerun()


def _contradiction(opened: OpenCase) -> None:
    """Where the file and the reader's own answer differ, and the way back to the answer."""
    case = opened.case
    if case.training is None:
        return
    if words := against_the_brief(case.brief, case.training):
        st.info(markdown.plain(words), icon=":material/compare_arrows:")
    st.button("Leave this file out", key="leave_out", on_click=_leave_out, args=(opened,))


def _left_out(opened: OpenCase) -> str:
    """Where the session counts files left out: the next upload gets an empty field."""
    return f"{opened.id}:training_left_out"


def _leave_out(opened: OpenCase) -> None:
    with errors.click("leave_out"):
        session.save(opened.case.model_copy(update={"training": None}))
        key = _left_out(opened)
        st.session_state[key] = st.session_state.get(key, 0) + 1


def _found(report: TrainingReport) -> None:
    """The findings; the first wrong lines in words, the others in a table."""
    st.markdown("\n".join(f"- {markdown.plain(sentence)}" for sentence in findings(report)))
    for fault in report.faults[:_IN_FULL]:
        st.text(fault.words)
    more = report.faults[_IN_FULL:]
    if more:
        with st.expander(f"{count(len(more), 'more line')} to look at"):
            st.dataframe(
                inert(
                    {
                        "Line": [fault.line for fault in more[:_ROWS]],
                        "What": [fault.words for fault in more[:_ROWS]],
                        "Used": ["no" if fault.fatal else "yes" for fault in more[:_ROWS]],
                    }
                ),
                hide_index=True,
                alt="Lines of the training file to look at, one a row",
            )
            if len(more) > _ROWS:
                markdown.note(f"The first {_ROWS:,}; `python -m advisor check` lists them all.")


def _jobs(decision: Decision) -> tuple[TrainingJob, ...]:
    return jobs_of(decision.case, decision.money, decision.today)


def _price(opened: OpenCase) -> None:
    """What a training job on the file costs."""
    kept, decision = opened.case.training, session.decision()
    if kept is None or not kept.tokens or not kept.usable or decision is None:
        return
    jobs = session.once(f"{opened.id}:training_jobs", decision, _jobs)
    tuned, currency = decision.money.quotes.get("tuned"), decision.money.currency
    st.markdown(markdown.plain(job_price(jobs, tuned.ref if tuned else None, currency)))
    with st.expander("The price of a training job at every vendor"):
        st.dataframe(
            {
                "Vendor": [job.provider for job in jobs],
                "Model": [f"{job.model} ({job.method})" for job in jobs],
                "One training job": [
                    currency.show(job.usd) if job.usd is not None else "not published"
                    for job in jobs
                ],
                "Open to you": [
                    {True: "yes", False: "no", None: "it depends"}[job.can_train] for job in jobs
                ],
                "Why": [access_reason(job.why) for job in jobs],
            },
            hide_index=True,
            alt="The price of a training job, one offer a row",
        )
