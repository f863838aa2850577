"""Pages in states that a whole sample never shows: axe-core finds nothing serious, light and dark."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.store.repository import Store
from tests.fault_server import FaultServer
from tests.make import case_at

from .server import BACKGROUND, TITLES, coloured, replayed, settled, unfolded
from .test_every_page import axe_finds_nothing_serious

pytestmark = pytest.mark.e2e

STEPS = ("use-case", "texts", "options", "compare", "costs", "verdict")
CALLS = 12


NO_CONTRAST = {"color-contrast": {"enabled": False}}


def usable(page: Page, **options: object) -> None:
    """In either colours; axe judges the contrast of what is in sight only, so all of it is."""
    height = page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
    page.set_viewport_size({"width": 1280, "height": max(900, height)})
    for colours in BACKGROUND:
        axe_finds_nothing_serious(settled(coloured(page, colours)), **options)
    page.set_viewport_size({"width": 1280, "height": 900})


def kept(folder: Path, case: Case) -> str:
    """A case in the store of the server; gives its id."""
    store = Store.open(folder / "cases.db")
    case_id = store.save_case(case)
    store.close()
    return case_id


def test_steps_before_anything_is_filled_in(page: Page, url: str):
    for path in STEPS:
        page.goto(f"{url}/{path}")
        settled(page, TITLES[path])
        usable(page)


def test_steps_of_a_case_of_which_little_is_known(page: Page, url: str, folder: Path):
    brief = Brief(use_case="brand_voice", strictness="strict")
    case_id = kept(folder, Case(title="Half filled", brief=brief))
    for path in STEPS:
        page.goto(f"{url}/{path}?case={case_id}")
        settled(page, TITLES[path])
        usable(page)


def started(page: Page, url: str, folder: Path, server: FaultServer) -> None:
    """A run against this server, on the page where it was begun."""
    case_id = kept(folder, case_at(server.url, CALLS // 2, concurrency=3, timeout_s=60))
    page.goto(f"{url}/compare?case={case_id}")
    settled(page, "Compare")
    page.get_by_role("button", name="Start the comparison").click()


def test_a_run_that_goes_on(page: Page, url: str, folder: Path):
    with FaultServer(fault=lambda *_: "slow", holds=True).running() as server:
        started(page, url, folder, server)
        expect(page.get_by_role("button", name="Pause")).to_be_visible()
        # Every second what is about to be drawn anew is dimmed.
        usable(page, rules=NO_CONTRAST)
        server.holds = False
        expect(page.get_by_text(f"{CALLS} of {CALLS} answers in.")).to_be_visible()


def test_a_run_that_failed(page: Page, url: str, folder: Path):
    with FaultServer(fault=lambda *_: "quota").running() as server:
        started(page, url, folder, server)
        expect(page.get_by_text("has no credit left").first).to_be_visible()
        settled(page)
        usable(page)


def test_a_vote_that_can_still_be_changed(page: Page, url: str, folder: Path):
    page.goto(f"{url}/compare?case={replayed(folder)}")
    settled(page, "Compare")
    page.keyboard.press("1")
    expect(page.get_by_label("Text, 1 to 40")).to_have_value("2")
    page.get_by_role("button", name="Previous text").click()
    expect(page.get_by_text("You can still change it.")).to_be_visible()
    settled(page)
    usable(page)


def test_each_screen_of_the_use_case(page: Page, url: str, case_id: str):
    page.goto(f"{url}/use-case?case={case_id}")
    for questions in ("1 to 4 of 12", "5 to 8 of 12", "9 to 12 of 12"):
        expect(page.get_by_text(questions)).to_be_visible()
        usable(settled(page))
        page.get_by_role("button", name="Continue").first.click()


@pytest.mark.parametrize("path", TITLES)
def test_a_page_with_all_its_folds_open(page: Page, url: str, case_id: str, path: str):
    page.goto(f"{url}/{path}?case={case_id}")
    settled(page, TITLES[path])
    usable(unfolded(page))
    opener = page.get_by_test_id("stPopover").get_by_role("button", expanded=False)
    for at in range(opener.filter(visible=True).count()):
        opener.nth(at).click()
        expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
        for colours in BACKGROUND:
            axe_finds_nothing_serious(settled(coloured(page, colours)))
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)


def test_addresses_that_open_nothing(page: Page, url: str):
    for path, said in {
        "verdict?case=0": "There is no such decision here.",
        "report?share=0": "There is no report here",
        "vote?ballot=0": "This link takes no votes",
    }.items():
        page.goto(f"{url}/{path}")
        expect(page.get_by_text(said).first).to_be_visible()
        settled(page)
        usable(page)
