"""A decision as files: saved as one, brought in again, its answers and results as sheets."""

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from advisor.evidence.people.blind import OWNER
from advisor.report.calendar_file import review_event
from advisor.report.results import result_rows
from advisor.report.sheets import as_csv, as_jsonl, result_sheet
from advisor.store.archive.file import MAX_BYTES, read_file, write_file
from advisor.store.archive.sheet import output_rows
from advisor.store.repository import CaseRow
from pages.ui import errors, session
from pages.ui.decisions import news

MB = MAX_BYTES // 1024 // 1024
WHAT_IT_HOLDS = (
    "All of it: texts, answers, votes with the voters' names, model addresses, versions; no key. "
    "Import it again, here or elsewhere: nothing is lost."
)


def bring_one_in() -> None:
    """A field for a decision's file; if anything is wrong with the file, nothing here changes."""
    with st.popover("Import"):
        st.markdown("A decision that was saved as a file, here or by somebody else.")
        form = st.session_state.setdefault("import_form", 0)
        file = st.file_uploader(
            "Decision, as JSON", type="json", max_upload_size=MB, key=f"import:{form}"
        )
        if st.button("Keep it as a new decision", disabled=file is None) and file is not None:
            with errors.expected_errors():
                kept = read_file(file.getvalue())
                case_id = session.store().put_in(kept)
                # Another key empties the field: a second click would keep it twice.
                st.session_state["import_form"] = form + 1
                news.say(f"“{kept.case.title}” is here as a new decision.", case_id)
                st.rerun()


def downloads(row: CaseRow) -> None:
    """Everything about a decision, to take away; each file is made when it is asked for."""
    store, name = session.store(), f"decision-{row.id[-6:]}"

    def whole() -> bytes:
        return write_file(store.take_out(row.id), datetime.now(UTC))

    def tell() -> None:
        for run in store.runs(row.id):
            blind = store.still_blind(run.id, OWNER)
            store.show_names(run.id, blind, OWNER, datetime.now(UTC))

    def answers(form: Callable[..., bytes]) -> Callable[[], bytes]:
        def made() -> bytes:
            tell()
            return form(output_rows(store.take_out(row.id)))

        return made

    def results(form: Callable[..., bytes]) -> Callable[[], bytes]:
        def made() -> bytes:
            tell()
            return form(result_sheet(result_rows(session.decided_today(row.id))))

        return made

    sheets = (
        ("Answers, CSV", answers(as_csv), f"{name}-answers.csv", "text/csv"),
        ("Answers, JSONL", answers(as_jsonl), f"{name}-answers.jsonl", "application/jsonl"),
        ("Results, CSV", results(as_csv), f"{name}-results.csv", "text/csv"),
        ("Results, JSONL", results(as_jsonl), f"{name}-results.jsonl", "application/jsonl"),
    )
    _download(row, "Save as a file", whole, f"{name}.json", "application/json", WHAT_IT_HOLDS)
    with st.popover("Answers and results"):
        st.markdown(
            "These files name the option behind each answer. Once you take one, the texts in it "
            "take no more votes from you; votes you have given stay."
        )
        for label, make, file_name, mime in sheets:
            _download(row, label, make, file_name, mime)


def _download(
    row: CaseRow,
    label: str,
    make: Callable[[], bytes],
    file_name: str,
    mime: str,
    about: str | None = None,
) -> None:
    st.download_button(
        label,
        make,
        file_name=file_name,
        mime=mime,
        on_click="ignore",
        key=f"{label}:{row.id}",
        help=about,
    )


def calendar(row: CaseRow) -> None:
    """The review date for a calendar."""
    if row.review_on is None:
        return
    event = review_event(
        row.id,
        f"Review: {row.title}",
        row.review_on,
        "Open the decision in Worth Tuning and see what is still true.",
        datetime.now(UTC),
    )
    st.download_button(
        "For my calendar",
        event,
        file_name=f"review-{row.review_on}.ics",
        mime="text/calendar",
        on_click="ignore",
        key=f"calendar:{row.id}",
    )
