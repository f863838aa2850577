"""A comparison against a slow server goes on whatever becomes of the page that started it."""

import re
from collections import Counter
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Page, expect

from advisor.store.repository import Store
from tests.fault_server import FaultServer
from tests.make import case_at

from .server import settled

pytestmark = pytest.mark.e2e

TEXTS = 100
CALLS = 2 * TEXTS
"""At the speed of a slow server more than a test takes, so that a run ends when the test says so."""
GOING = re.compile(rf"^\d+ of {CALLS} answers in\. ")
WHOLE = re.compile(rf"^{CALLS} of {CALLS} answers in\.")


def save_case(folder: Path, url: str) -> str:
    """A case of all those calls, in the app's store; gives its id."""
    case = case_at(url, TEXTS, concurrency=3)
    brief = case.brief.model_copy(update={"use_case": "domain_summarization"})
    store = Store.open(folder / "cases.db")
    case_id = store.save_case(case.model_copy(update={"brief": brief}))
    store.close()
    return case_id


def test_a_run_survives_double_click_reload_page_switch_and_a_second_viewer(
    page: Page, stranger: Page, folder: Path, url: str
):
    seen_by_both = Event()
    fault = lambda asked, number: None if seen_by_both.is_set() else "slow"  # noqa: E731
    with FaultServer(fault=fault).running() as server:
        case_id = save_case(folder, server.url)
        page.goto(f"{url}/compare?case={case_id}")
        settled(page, "Compare")
        expect(page.get_by_text(f"{CALLS} answers to buy for {TEXTS} texts")).to_be_visible()
        page.get_by_role("button", name="Start the comparison").dblclick()
        going = page.get_by_text(GOING)
        expect(going).to_be_visible()
        page.get_by_role("button", name="All texts").click()
        page.get_by_label("Order").click()
        page.get_by_role("option", name="Newest first").click()
        page.keyboard.press("Escape")
        expect(page.get_by_text("Being written").first).to_be_visible()
        expect(page.get_by_text(re.compile("^(Left|Right): "))).to_have_count(0)

        page.reload()
        expect(going).to_be_visible()
        page.get_by_role("link", name="Texts").click()
        settled(page, "Texts")
        page.get_by_role("link", name="Compare").click()
        expect(going).to_be_visible()

        stranger.goto(f"{url}/compare?case={case_id}")
        expect(stranger.get_by_text(GOING)).to_be_visible()
        assert len(server.completed) < CALLS
        seen_by_both.set()
        expect(stranger.get_by_text(WHOLE)).to_be_visible()
        expect(page.get_by_text(WHOLE)).to_be_visible()
        settled(page)
    assert len(server.completed) == CALLS
    assert set(server.completed.values()) == {1}
    assert len(server.requests) == CALLS


def test_a_run_is_paused_continued_and_stopped_on_the_page(page: Page, folder: Path, url: str):
    with FaultServer(latency_s=0.3).running() as server:
        case_id = save_case(folder, server.url)
        page.goto(f"{url}/compare?case={case_id}")
        settled(page, "Compare")
        page.get_by_role("button", name="Start the comparison").click()
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_text("Paused; it can be continued.")).to_be_visible()
        page.get_by_role("button", name="Continue", exact=True).click()
        page.get_by_role("button", name="Stop", exact=True).click()
        stopped = page.get_by_text("Stopped by hand; what was answered is kept.")
        expect(stopped).to_be_visible()
        assert len(server.completed) < CALLS
        server.latency_s = 0
        page.get_by_role("button", name="Continue", exact=True).click()
        expect(page.get_by_text(WHOLE)).to_be_visible()
        settled(page)
    assert len(server.completed) == CALLS


def test_an_option_that_runs_out_of_quota_stops_alone_and_says_so(
    page: Page, folder: Path, url: str
):
    quota = 10
    bought = iter(range(1, CALLS))

    def fault(asked: dict[str, object], number: int) -> str | None:
        return "quota" if asked["model"] == "m-tuned" and next(bought) > quota else None

    with FaultServer(fault=fault).running() as server:
        case_id = save_case(folder, server.url)
        page.goto(f"{url}/compare?case={case_id}")
        settled(page, "Compare")
        page.get_by_role("button", name="Start the comparison").click()
        said = page.get_by_text(
            "The account at 127.0.0.1 has no credit left; top it up, then go on"
        )
        expect(said).to_be_visible()
        expect(page.get_by_text(f"{TEXTS + quota} of {CALLS} answers in.")).to_be_visible()
        expect(said).to_contain_text("Fine-tuned: The account")
        asked = Counter(str(call["model"]) for call in server.requests)
        assert asked["m-base"] == TEXTS  # the other option went on to its end
        assert asked["m-tuned"] <= quota + 3  # those in flight
        server.fault = lambda asked, number: None
        page.get_by_role("button", name="Continue", exact=True).click()
        expect(page.get_by_text(WHOLE)).to_be_visible()
        settled(page)
    assert len(server.completed) == CALLS
    assert set(server.completed.values()) == {1}  # only what was missing was asked for
