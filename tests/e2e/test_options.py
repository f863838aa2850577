"""Five options over a few texts, in a real browser, from Options to the Verdict."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from advisor.case.texts import Prompt
from advisor.store.repository import Store
from tests.fault_server import FaultServer
from tests.make import CHATBOT, case_at

from .server import TITLES, settled

pytestmark = pytest.mark.e2e


def save_texts(folder: Path, many: int) -> str:
    """A case with texts, each with an approved answer, and no option yet."""
    texts = tuple(
        Prompt(id=f"p{i}", text=f"Sort letter {i}", reference=f"box {i % 3}") for i in range(many)
    )
    case = case_at("", 0, ()).model_copy(update={"prompts": texts, "brief": CHATBOT})
    store = Store.open(folder / "cases.db")
    case_id = store.save_case(case)
    store.close()
    return case_id


def fill(page: Page, label: str, value: str, row: Locator) -> None:
    field = row.get_by_label(label, exact=True)
    field.fill(value)
    field.press("Enter")
    expect(field).to_have_value(value)
    settled(page)


def row(page: Page, option: str) -> Locator:
    return page.locator(f".st-key-option-{option}")


def add(page: Page, button: str) -> None:
    page.get_by_role("button", name="Add an option").click()
    page.get_by_role("button", name=button, exact=True).click()
    settled(page)
    page.keyboard.press("Escape")


def act(page: Page, of: Locator, what: str) -> None:
    of.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name=what, exact=True).click()
    settled(page)


def test_five_options_compete_from_options_to_the_verdict(page: Page, url: str, folder: Path):
    case_id = save_texts(folder, 11)
    page.set_viewport_size({"width": 1280, "height": 900})
    with FaultServer().running() as server:
        page.goto(f"{url}/options?case={case_id}")
        settled(page, "Options")
        add(page, "A base model at your own address")
        base = row(page, "base")
        fill(page, "Model address", server.url, base)
        fill(page, "Model name", "m-base", base)
        base.get_by_role("button", name="Close", exact=True).click()
        settled(page)
        act(page, base, "Try it with examples")
        expect(row(page, "base_examples")).to_be_visible()
        act(page, base, "Duplicate")
        second = row(page, "base_2")
        expect(second.get_by_text("It is asked just as “Base” is.")).to_be_visible()
        second.get_by_role("button", name="Change", exact=True).click()
        settled(page)
        fill(page, "Name", "Another base", second)
        fill(page, "Model name", "m-other", second)
        expect(second.get_by_text("It is asked just as")).to_have_count(0)
        second.get_by_role("button", name="Close", exact=True).click()
        settled(page)
        for option, model in (("tuned", "m-tuned"), ("tuned_2", "m-tuned-2")):
            add(page, "A fine-tuned model")
            fill(page, "Model address", server.url, row(page, option))
            fill(page, "Model name", model, row(page, option))
            row(page, option).get_by_role("button", name="Close", exact=True).click()
            settled(page)
        second.get_by_role("button", name="Test", exact=True).click()
        expect(second.get_by_text("m-other answered")).to_be_visible()
        assert {asked["model"] for asked in server.requests} == {"m-other"}
        onward = page.get_by_role("button", name="Continue to Compare")
        page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
        expect(onward).to_be_in_viewport()
        onward.click()
        settled(page, "Compare")
        page.get_by_role("button", name="Start the comparison").click()
        expect(page.get_by_text("30 of 30 answers in.")).to_be_visible()
        settled(page)
        page.get_by_role("button", name="Continue to Costs").click()
        settled(page, "Costs")
        page.get_by_role("button", name="Continue to Verdict").click()
        settled(page, "Verdict")
        asked = {asked["model"] for asked in server.requests}
        assert asked == {"m-base", "m-other", "m-tuned", "m-tuned-2"}
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("options", "costs"):
        page.goto(f"{url}/{path}?case={case_id}")
        settled(page, TITLES[path])
        widths = page.evaluate(
            """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
                     .map(element => element.scrollWidth)"""
        )
        assert max(widths) <= 390
