"""From Options to a verdict with an improved instruction, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from advisor.store.repository import Store
from tests.instruction_server import InstructionServer, case_of

from .server import settled
from .test_options import act, row

pytestmark = pytest.mark.e2e


def test_an_improved_instruction_competes_up_to_the_verdict(page: Page, url: str, folder: Path):
    with InstructionServer().running() as server:
        store = Store.open(folder / "cases.db")
        case_id = store.save_case(case_of(server.url, compared=54, aside=0))
        page.goto(f"{url}/options?case={case_id}")
        settled(page, "Options")
        base = row(page, "base")
        act(page, base, "Improve its instruction")
        expect(base.get_by_text("20 of your 54 texts leave the comparison")).to_be_visible()
        base.get_by_role("button", name="Start the search").click()
        expect(base.get_by_text("A better instruction for base was found for")).to_be_visible(
            timeout=60_000
        )
        base.get_by_role("button", name="Use it as an option").click()
        settled(page)
        expect(row(page, "base_improved").get_by_text("Base, improved")).to_be_visible()
        searched = len(server.asked)
        page.get_by_role("button", name="Continue to Compare").click()
        settled(page, "Compare")
        page.get_by_role("button", name="Start the comparison").click()
        expect(page.get_by_role("link", name="See the verdict")).to_be_visible(timeout=60_000)
        assert len(server.asked) == searched + 2 * 34
        page.get_by_role("link", name="See the verdict").click()
        settled(page)
        said = page.get_by_text("A better instruction for base was found for")
        expect(said.first).to_be_attached()
        compared = {prompt.text for prompt in store.load_case(case_id).prompts}
        sent = "\n".join(m["content"] for a in server.asked[:searched] for m in a["messages"])
        assert [text for text in compared if text in sent] == []
        store.close()
