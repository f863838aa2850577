"""What a reader or a model wrote is shown as it is: it never becomes markup."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from streamlit.testing.v1.element_tree import Block

from advisor.case.brief import Brief
from advisor.runs.compare import compare
from pages.ui import session
from tests.fault_server import FaultServer
from tests.make import case_at

from .reader import PAGES, Reader, unescaped
from .test_voters import Voter

HOSTILE = (
    "**bold** <img src=x onerror=alert(1)> :red[x] $a$ [link](https://evil.example) `c` "
    "# h | a | :material/home: {{7*7}} ![i](https://evil.example/i.png)"
)
MARKS = ("<img", ":red[", "$a$", "](https://evil", "**bold**", ":material/home:", "`c`")


def drawn_as_markdown(node: Any) -> Iterator[str]:
    """Every string the browser would read as Markdown: texts, labels, cells of plain tables."""
    if isinstance(node, Block):
        label = getattr(node, "label", None)
        if isinstance(label, str):
            yield label
        for child in node.children.values():
            yield from drawn_as_markdown(child)
        return
    # HTML is not Markdown: what stands in it is looked at by itself.
    if node.type in ("text", "code", "html", "text_area", "text_input", "arrow_data_frame"):
        if isinstance(getattr(node, "label", None), str):
            yield node.label
        return
    if node.type in ("table", "arrow_table"):
        yield from (str(cell) for row in node.value.values.tolist() for cell in row)
        return
    for name in ("value", "label", "help", "body"):
        text = getattr(node, name, None)
        if isinstance(text, str):
            yield text


def live_markup(reader: Reader) -> list[str]:
    """Marks of the hostile text that stand unescaped in Markdown."""
    found = []
    for text in drawn_as_markdown(reader.at._tree):  # dialogs included
        bare = re.sub(r"\\[\\`*_{}\[\]()#+\-.!|<>~$:^=&]", "", text)
        found += [f"{mark} in {text[:120]}" for mark in MARKS if mark in bare]
    return found


@pytest.fixture
def reader() -> Reader:
    case = Reader("use_case").pick("What should the model do?", "general_chatbots")
    return case.fill("text_input", "Name of this case", HOSTILE)


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_title_is_shown_as_it_was_typed(reader, name):
    assert reader.case.title == HOSTILE
    reader.go(name)
    assert not reader.at.exception
    assert live_markup(reader) == []
    assert f"**{HOSTILE}**" in reader.says  # the frame line


@pytest.mark.parametrize("name", PAGES)
def test_hostile_texts_instructions_and_models_are_shown_as_they_were_typed(replayed, name):
    case = replayed.case
    prompts = tuple(
        prompt.model_copy(update={"text": f"{HOSTILE} {i}", "reference": HOSTILE})
        for i, prompt in enumerate(case.prompts[:3])
    )
    arms = {
        key: arm.model_copy(
            update={"model": HOSTILE, "system_prompt": HOSTILE, "endpoint": HOSTILE}
        )
        for key, arm in case.arms.items()
    }
    hostile = case.model_copy(update={"prompts": prompts, "arms": arms, "recorded": None})
    session.store().save_case(hostile, replayed.case_id)
    reader = Reader(name, case_id=replayed.case_id)
    assert not reader.at.exception
    assert live_markup(reader) == []


def test_a_hostile_answer_and_text_stand_on_the_page_word_for_word(replayed):
    with session.store().engine.begin() as connection:
        changed = connection.exec_driver_sql("update outputs set text = ?", (HOSTILE,)).rowcount
    assert changed == 80
    reader = Reader("compare", case_id=replayed.case_id)
    assert [text.value for text in reader.at.text][1:3] == [HOSTILE, HOSTILE]
    assert reader.at.text[0].value in {prompt.text for prompt in reader.case.prompts}
    assert live_markup(reader) == []


FORMULA = "=HYPERLINK(A1)"


def cells(reader: Any) -> set[str]:
    """Of all tables that a browser may save as CSV."""
    assert not reader.at.exception
    tables = [frame.value for frame in reader.at.dataframe]
    return {cell for table in tables for row in table.values for cell in row if type(cell) is str}


def test_no_cell_of_a_table_would_run_in_a_spreadsheet(own_store):
    with FaultServer().running() as server:
        case = case_at(server.url, 3)
        prompts = tuple(
            prompt.model_copy(
                update={"text": f"{FORMULA} {n}", "reference": FORMULA, "cluster": FORMULA}
            )
            for n, prompt in enumerate(case.prompts)
        )
        changed = {"prompts": prompts, "brief": Brief(use_case="brand_voice")}
        ended = compare(case.model_copy(update=changed), session.store(), {})
    token = session.store().make_ballots(ended.run_id, [FORMULA], datetime.now(UTC))[FORMULA]
    Reader("verdict", case_id=ended.case_id).click("Show the table with names")
    by_page = {name: cells(Reader(name, case_id=ended.case_id)) for name in PAGES}
    voter = Voter(token).click("Left").click("I am done").click("Show me which was which")
    by_page["vote"] = cells(voter)
    seen = set().union(*by_page.values())
    assert [cell for cell in seen if cell.startswith(("=", "@", "\t", "\r", "\n"))] == []
    shown = {name for name, found in by_page.items() if any(FORMULA in cell for cell in found)}
    assert shown == {"texts", "verdict", "vote"}


def test_a_search_for_markup_is_shown_as_typed(reader):
    reader.go("decisions").fill("text_input", "Search", HOSTILE + "!")
    assert live_markup(reader) == []
    assert HOSTILE.lower() in reader.says.lower()


def test_the_check_itself_finds_live_markup():
    assert unescaped(r"\*\*bold\*\*") == "**bold**"
    reader = Reader("method")
    texts = list(drawn_as_markdown(reader.at.main))
    assert any("**Base model:**" in text for text in texts)
