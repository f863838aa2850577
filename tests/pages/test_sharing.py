"""Sharing a verdict and opening the link: by AppTest through app.py."""

import io
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import update
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from advisor.errors import BadSnapshot
from advisor.report.model import Report
from advisor.report.pdf.render import render_pdf
from advisor.report.report import write_report
from advisor.report.sharing import CLOSED, OLDER
from advisor.report.snapshot import Snapshot, freeze
from advisor.store.tables import snapshots
from pages.ui import session
from pages.ui.verdict import shared
from tests.make import Whole
from tests.report.whole_cases import WHOLE

from .reader import APP, Reader, texts, unescaped, unfold
from .test_hostile_texts import HOSTILE, MARKS, drawn_as_markdown

LINK = re.compile(r"^report\?share=([\w-]{43})$")  # AppTest has no address of its own
THERE_IS_NONE = "There is no report here"


class Stranger:
    """Whoever has a link, in a session of their own."""

    def __init__(self, token: str) -> None:
        self.at = AppTest.from_file(APP, default_timeout=60)
        self.at.query_params["share"] = token
        self.at.switch_page("pages/public/report.py")
        unfold(self.at)
        self.at.run()
        assert not self.at.exception

    @property
    def says(self) -> str:
        return "\n".join(texts(self.at.main))

    @property
    def labels(self) -> list[str]:
        return [unescaped(button.label) for button in self.at.button]


def tokens_on(reader: Reader) -> list[str]:
    """Of the links shown, if any."""
    return [found[1] for code in reader.at.code if (found := LINK.match(code.value))]


def share(reader: Reader, *choices: str) -> str:
    """Make a link on the Verdict page, and give its token."""
    reader.go("verdict")
    if not any(b.label == "Make the link" for b in reader.at.button):
        reader.click("Share")
    for label in choices:
        reader.fill("checkbox", label, True)
    reader.click("Make the link")
    (token,) = tokens_on(reader)
    return token


TEXTS, COPY = (
    "Quote three of my texts, with both answers",
    "Others may start their own case from it",
)


def frozen_case(whole: Whole, *, quoting: bool = False) -> str:
    """The token of a whole case's report, shared without a page."""
    report = (
        write_report(whole.decided(), show_texts=True) if quoting else write_report(whole.decided())
    )
    snapshot = freeze(whole.case, report, with_texts=quoting, may_copy=True)
    case_id = session.store().save_case(whole.case)
    return session.store().share(
        case_id,
        snapshot.to_json(),
        datetime.now(UTC),
        title=whole.case.title,
        report_sha256="",
        with_texts=quoting,
        may_copy=True,
    )


def test_a_stranger_reads_what_the_owner_shared_and_can_change_nothing(replayed):
    token = share(replayed)
    stranger = Stranger(token)
    assert [title.value for title in stranger.at.title] == ["Clinic visit notes"]
    assert "Sample, not your data" in stranger.says
    today = datetime.now(UTC).date()
    until = today + timedelta(days=30)
    assert f"Frozen on {today.day} {today:%b %Y}; shared until {until.day} {until:%b %Y}" in (
        stranger.says
    )
    for line in replayed.at.title[0].value, replayed.at.metric[0].value:
        assert unescaped(line) in stranger.says
    assert stranger.labels == []
    assert [b.label for b in stranger.at.get("download_button")] == [":violet[Download the PDF]"]
    for widgets in ("text_input", "text_area", "number_input", "checkbox", "selectbox", "toggle"):
        assert list(getattr(stranger.at, widgets)) == []
    assert "case" not in stranger.at.query_params


def test_the_owners_page_and_the_shared_one_are_the_same_drawing(replayed):
    stranger = Stranger(share(replayed))
    replayed.click("Share")  # the panel closes
    mine = [line for line in texts(replayed.at.main) if line]
    theirs = [line for line in texts(stranger.at.main) if line]
    begin = mine.index("Why")
    oldest = next(n for n, line in enumerate(mine) if "The oldest price here" in line)
    answer, rest = mine[begin:oldest], mine[oldest:]
    assert len(answer) > 12
    at = theirs.index("Why")
    assert theirs[at : at + len(answer)] == answer
    figures = rest[: next(n for n, line in enumerate(rest) if line.startswith("Lean score"))]
    assert len(figures) > 14
    at = theirs.index(figures[0])
    assert theirs[at : at + len(figures)] == figures


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 43, "'; drop table snapshots; --"])
def test_a_wrong_link_says_one_sentence(token, own_store):
    stranger = Stranger(token)
    assert stranger.says == f"{THERE_IS_NONE}\n{CLOSED}"
    assert stranger.labels == []


def test_wrong_expired_revoked_and_deleted_are_answered_alike(replayed):
    tokens = [share(replayed) for _ in range(3)]
    wrong = Stranger("wrong").says
    assert all(THERE_IS_NONE not in Stranger(token).says for token in tokens)
    store, case_id = session.store(), replayed.case_id
    third, _, first = store.shared(case_id)
    store.revoke_share(first.id, datetime.now(UTC))
    with store._write() as connection:
        past = datetime.now(UTC) - timedelta(seconds=1)
        row = update(snapshots).where(snapshots.c.id == third.id).values(expires_at=past)
        connection.execute(row)
    assert Stranger(tokens[0]).says == wrong
    assert Stranger(tokens[2]).says == wrong
    assert shared.pdf(tokens[0]) is None
    assert Stranger(tokens[1]).says != wrong
    assert shared.pdf(tokens[1]) is not None
    store.delete_case(case_id)
    assert Stranger(tokens[1]).says == wrong
    assert shared.pdf(tokens[1]) is None


def test_the_owner_revokes_on_the_page_and_an_open_page_closes(replayed):
    token = share(replayed)
    stranger = Stranger(token)
    assert "works until" in replayed.says
    replayed.click("Revoke")
    assert "revoked on" in replayed.says
    assert tokens_on(replayed) == []
    assert "Revoke" not in [b.label for b in replayed.at.button]
    stranger.at.run()
    assert stranger.says == f"{THERE_IS_NONE}\n{CLOSED}"


def test_the_link_is_shown_once_and_is_kept_nowhere(replayed):
    token = share(replayed)
    page, pdf = (code.value for code in replayed.at.code[:2])
    assert page == f"report?share={token}"
    assert pdf == f"report.pdf?share={token}"
    (warning,) = replayed.at.warning
    assert warning.value.startswith("This link opens only on your computer")
    assert warning.value.endswith("Send the PDF.")
    again = Reader("verdict", case_id=replayed.case_id).click("Share")
    assert tokens_on(again) == []
    assert "works until" in again.says


def test_a_copy_that_this_version_can_not_read_says_so(replayed):
    token = session.store().share(
        replayed.case_id, '{"format":9}', datetime.now(UTC), title="x", report_sha256=""
    )
    stranger = Stranger(token)
    (error,) = stranger.at.error
    assert "frozen by another version of the app" in error.value
    with pytest.raises(BadSnapshot):
        shared.pdf(token)


def test_how_long_a_link_works_is_chosen(replayed):
    replayed.go("verdict").click("Share")
    assert replayed.field("selectbox", "The link works for").value == 30
    replayed.fill("selectbox", "The link works for", 7).click("Make the link")
    (row,) = session.store().shared(replayed.case_id)
    assert row.expires_at - row.created_at == timedelta(days=7)


def test_a_later_edit_changes_no_frozen_copy_and_the_owner_is_told(replayed):
    token = share(replayed)
    before = Stranger(token).says
    pdf = shared.pdf(token)
    assert OLDER not in replayed.says
    replayed.go("use_case").fill("text_input", "Name of this case", "Another name")
    replayed.go("verdict")
    assert OLDER in replayed.says
    assert Stranger(token).says == before
    assert shared.pdf(token) == pdf
    assert "Another name" not in before
    share(replayed)
    assert OLDER not in replayed.says
    assert replayed.says.count("works until") == 2


def own_case() -> Reader:
    """A case of the reader's own, with texts that are easily found again."""
    reader = Reader("use_case").pick("What should the model do?", "general_chatbots")
    return reader.go("texts").paste("CANARY one\nCANARY two\nCANARY three")


def test_a_sample_asks_about_no_texts_and_ones_own_case_does(replayed):
    replayed.go("verdict").click("Share")
    assert TEXTS not in [box.label for box in replayed.at.checkbox]
    own = own_case().go("verdict").click("Share")
    assert [box.value for box in own.at.checkbox] == [False, False]
    assert [box.label for box in own.at.checkbox] == [TEXTS, COPY]
    assert "No text and no answer is in it." in own.says


@pytest.mark.parametrize(
    ("choices", "texts_in", "starts"),
    [
        ((), False, False),
        ((COPY,), False, True),
        ((TEXTS,), False, False),
        ((TEXTS, COPY), True, True),
    ],
)
def test_texts_leave_only_where_the_owner_ticked_them(choices, texts_in, starts):
    reader = own_case()
    token = share(reader, *choices)
    body = session.store().open_share(token, datetime.now(UTC)).body
    assert ("CANARY" in body) is texts_in  # none is quoted, as no test was run
    assert (Snapshot.from_json(body).start is not None) is starts
    assert ("Start my own from this" in Stranger(token).labels) is starts


def test_a_stranger_starts_a_case_of_their_own(replayed):
    token = share(replayed, COPY)
    stranger = Stranger(token)
    (start,) = [b for b in stranger.at.button if b.label == "Start my own from this"]
    start.click().run()
    assert not stranger.at.exception
    new = str(stranger.at.query_params["case"])
    assert new != replayed.case_id
    case = session.store().load_case(new)
    assert case.brief == replayed.case.brief
    assert case.volume == replayed.case.volume
    assert {name: arm.offer for name, arm in case.arms.items()} == {
        name: arm.offer for name, arm in replayed.case.arms.items()
    }
    assert [arm.endpoint for arm in case.arms.values()] == ["", ""]
    assert (case.prompts, case.recorded) == ((), None)
    again = Reader("use_case", case_id=new)
    again.fill("text_input", "Name of this case", "Mine now")
    assert replayed.case.title == "Clinic visit notes"


def test_a_hostile_report_is_shown_as_it_was_written():
    reader = Reader("use_case").pick("What should the model do?", "general_chatbots")
    reader.fill("text_input", "Name of this case", HOSTILE)
    stranger = Stranger(share(reader, COPY))
    assert HOSTILE in stranger.says
    bare = [re.sub(r"\\[\\`*_{}\[\]()#+\-.!|<>~$:^=&]", "", t) for t in shown(stranger)]
    assert [text for text in bare if any(mark in text for mark in MARKS)] == []


def shown(stranger: Stranger) -> list[str]:
    return list(drawn_as_markdown(stranger.at.main))


# Page and PDF

DAYS = {"made_at", "today"}
"""The page says when it was frozen instead, which these tests do on the day they run."""
NOT_IN_BOTH = {"excerpts", "pictures", "moves", "turning", "current_bases", "flips"} | DAYS
"""Drawn as charts, cut to a page's room, or not in the PDF."""
UNSEEN = {
    *("arm", "url", "spend", "signal", "prices_sha256"),
    *("all_in_month_usd", "low_month_usd", "high_month_usd"),
}
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def numbers_in(text: str) -> set[Decimal]:
    return {Decimal(found.replace(",", "")) for found in NUMBER.findall(text.replace("\u200b", ""))}


def numbers_of(value: Any, skip: set[str] = UNSEEN) -> Iterator[tuple[Decimal, str]]:
    """Every number that a report says, with where it says it."""
    if is_dataclass(value):
        for field in fields(value):
            if field.name not in skip:
                yield from (
                    (number, f"{field.name}: {where}")
                    for number, where in numbers_of(getattr(value, field.name), skip)
                )
    elif isinstance(value, tuple):
        for item in value:
            yield from numbers_of(item, skip)
    elif isinstance(value, date):
        yield from ((Decimal(n), str(value)) for n in (value.day, value.year))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield abs(Decimal(str(value))).normalize(), str(value)
    elif isinstance(value, str):
        yield from ((number, value) for number in numbers_in(value))


def everything_on(node: Any) -> Iterator[str]:
    """Every text of a page, cells of tables and help included."""
    if isinstance(node, Block):
        yield str(getattr(node, "label", ""))
        for child in node.children.values():
            yield from everything_on(child)
    elif node.type in ("table", "arrow_table"):
        yield from (str(cell) for row in node.value.values.tolist() for cell in row)
        yield from map(str, node.value.columns)
    else:
        yield from (str(getattr(node, name, "")) for name in ("value", "label", "help", "body"))


@pytest.mark.parametrize(
    "name", ["4_test_for_tuned", "3_cutting_cost_and_dearer", "1_live_and_stops_soon"]
)
def test_page_and_pdf_carry_every_figure_of_the_report(name):
    token = frozen_case(WHOLE[name])
    _, file = shared.pdf(token)
    report = Snapshot.from_json(session.store().open_share(token, datetime.now(UTC)).body).report
    assert file == render_pdf(report)
    printed = numbers_in(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(file)).pages))
    page = numbers_in(unescaped("\n".join(everything_on(Stranger(token).at.main))))
    said = dict(numbers_of(report, UNSEEN | NOT_IN_BOTH))
    assert len(said) > 40
    assert {n: where for n, where in said.items() if n not in printed} == {}
    assert {n: where for n, where in said.items() if n not in page} == {}


def test_a_quoted_text_stands_on_the_page_as_in_the_pdf():
    token = frozen_case(WHOLE["4_test_for_tuned"], quoting=True)
    report: Report = shared.read(session.store().open_share(token, datetime.now(UTC))).report
    assert len(report.excerpts) == 3
    _, file = shared.pdf(token)
    printed = " ".join(
        " ".join(p.extract_text() for p in PdfReader(io.BytesIO(file)).pages).split()
    )
    says = Stranger(token).says
    for excerpt in report.excerpts:
        for text in (excerpt.prompt, excerpt.base, excerpt.tuned):
            assert text in says
            assert " ".join(text.split()) in printed


def test_no_path_is_named_on_a_shared_page(replayed: Reader, own_store: Path):
    assert str(own_store) not in Stranger(share(replayed)).says
