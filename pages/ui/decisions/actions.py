"""What can be done with one decision of the list: name, owner, copy, comparison, files, deletion."""

from datetime import date

import streamlit as st

from advisor.case.case import LONGEST_TITLE
from advisor.report.differences import SAME, differences
from advisor.report.report import write_report
from advisor.store.repository import CaseRow
from pages.ui import errors, markdown, session
from pages.ui.decisions import erasing, files, news

COPY = " (copy)"


def panel(row: CaseRow) -> None:
    """Everything that can be done with the chosen decision."""
    case_id = row.id
    # Each key holds what the widget shows: changed elsewhere, the field shows what is so now.
    name = f"name:{case_id}:{row.title}"
    owner = f"owner:{case_id}:{row.decided_by}"
    review = f"review:{case_id}:{row.review_on}"
    with st.container(horizontal=True):
        st.text_input("Name", value=row.title, key=name, on_change=_rename, args=(case_id, name))
        st.text_input(
            "Who decides",
            value=row.decided_by or "",
            max_chars=LONGEST_TITLE,
            key=owner,
            on_change=_own,
            args=(case_id, owner),
        )
        st.date_input(
            "Review on",
            value=row.review_on,
            min_value=min(session.today(), row.review_on or session.today()),
            max_value=date(2099, 12, 31),
            key=review,
            on_change=_review,
            args=(case_id, review),
        )
    with st.container(horizontal=True):
        files.downloads(row)
        files.calendar(row)
        st.button("Duplicate", key=f"copy:{case_id}", on_click=_duplicate, args=(row,))
        st.button("Compare with another", key=f"against:{case_id}", on_click=_compare)
        st.button("Move to bin", key=f"delete:{case_id}", on_click=_delete, args=(row,))
        erasing.offer(case_id, row.title)
    if st.session_state.get("compared_decision"):
        _comparison(row)


def _rename(case_id: str, key: str) -> None:
    with news.errors_kept():
        session.store().rename_case(case_id, st.session_state[key])
        session.forget(case_id)


def _own(case_id: str, key: str) -> None:
    owner = " ".join(st.session_state[key].split())[:LONGEST_TITLE]
    _change(case_id, "decided_by", owner or None)


def _review(case_id: str, key: str) -> None:
    _change(case_id, "review_on", st.session_state[key])


def _change(case_id: str, field: str, value: str | date | None) -> None:
    """Keep one field of a decision, which need not be the open one."""
    with news.errors_kept():
        session.store().edit_case(case_id, lambda case: case.model_copy(update={field: value}))
        session.forget(case_id)


def _duplicate(row: CaseRow) -> None:
    with news.errors_kept():
        title = row.title[: LONGEST_TITLE - len(COPY)] + COPY
        store = session.store()
        news.say(
            f"“{title}” is here as a new decision.", store.put_in(store.take_out(row.id), title)
        )


def _delete(row: CaseRow) -> None:
    with news.errors_kept():
        session.store().delete_case(row.id)
        if st.session_state.get("case_id") == row.id:
            session.close()
        news.say(f"“{row.title}” is deleted.", row.id, undo=True)


def _compare() -> None:
    st.session_state["compared_decision"] = True


def _comparison(row: CaseRow) -> None:
    """The chosen decision beside another, as both stand today."""
    others = {key: title for key, title in session.store().titles() if key != row.id}
    other = st.selectbox(
        "Compare with",
        list(others),
        index=None,
        format_func=lambda key: others.get(key, ""),
        placeholder="Choose another decision",
        key=f"other:{row.id}",
    )
    if other is None:
        return
    with errors.expected_errors():
        which = (row.id, other, session.today())
        kept = st.session_state.get("comparison")
        if kept is None or kept[0] != which:
            first, second = (session.decided_today(key) for key in (row.id, other))
            found = differences(write_report(first), write_report(second), first.case.currency)
            st.session_state["comparison"] = kept = (which, found)
        rows = kept[1]
        same = sum(one.words == SAME for one in rows)
        st.markdown(f"{len(rows) - same} differences, {same} rows are the same. Both as of today.")
        st.table(
            {
                "How the other differs": [
                    f"{markdown.plain(one.topic)}: {_marked(one.words)}" for one in rows
                ],
                "This one": [markdown.plain(one.first) for one in rows],
                "The other": [markdown.plain(one.second) for one in rows],
            },
            hide_index=True,
        )


def _marked(words: str) -> str:
    return f":gray[{words}]" if words == SAME else f"**{markdown.plain(words)}**"
