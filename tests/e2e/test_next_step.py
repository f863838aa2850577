"""In the browser: both connection tests stay, and after a run the next step is what is next."""

import re
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from advisor.case.case import Case
from advisor.store.repository import Store
from tests.fault_server import FaultServer
from tests.make import case_at
from tests.runs.workers.hosting import until

from .server import VERDICT, settled

pytestmark = pytest.mark.e2e


def save_case(folder: Path, case: Case) -> str:
    brief = case.brief.model_copy(update={"use_case": "domain_summarization"})
    store = Store.open(folder / "cases.db")
    case_id = store.save_case(case.model_copy(update={"brief": brief}))
    store.close()
    return case_id


def votes_in(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "cases.db")) as database:
        return int(database.execute("SELECT count(*) FROM votes").fetchone()[0])


def next_step(page: Page, url: str, case_id: str, says: str) -> None:
    page.goto(f"{url}/verdict?case={case_id}")
    settled(page, VERDICT)
    expect(page.get_by_text(says)).to_be_visible()
    expect(page.get_by_text(re.compile("Run your texts|run your texts"))).to_have_count(0)


def test_the_result_of_each_connection_test_stays(page: Page, folder: Path, url: str):
    with socket.socket() as unused, FaultServer().running() as server:
        unused.bind(("127.0.0.1", 0))
        case = case_at(server.url, 3)
        dead = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        arms = case.arms | {"tuned": case.arms["tuned"].model_copy(update={"endpoint": dead})}
        case_id = save_case(folder, case.model_copy(update={"arms": arms}))
        page.goto(f"{url}/options?case={case_id}")
        settled(page, "Options")
        works, fails = page.get_by_text("m-base answered"), page.get_by_text("Nothing answers at")
        tests = page.get_by_role("button", name="Test")
        tests.nth(0).click()
        expect(works).to_be_visible()
        tests.nth(1).click()
        expect(fails).to_be_visible()
        expect(works).to_be_visible()
        tests.nth(0).click()
        settled(page)
        expect(works).to_be_visible()
        expect(fails).to_be_visible()


def test_after_a_run_the_next_step_is_what_is_next(page: Page, folder: Path, url: str):
    """Stopped, then finished without a vote, then 1 of 3 voted on, then 3 ties."""
    with FaultServer(latency_s=3).running() as server:
        case_id = save_case(folder, case_at(server.url, 3, concurrency=1))
        next_step_before = "Run your texts on both options"
        page.goto(f"{url}/verdict?case={case_id}")
        settled(page, VERDICT)
        expect(page.get_by_text(next_step_before)).to_be_visible()

        page.goto(f"{url}/compare?case={case_id}")
        settled(page, "Compare")
        page.get_by_role("button", name="Start the comparison").click()
        page.get_by_role("button", name="Stop", exact=True).click()
        expect(page.get_by_text("Stopped by hand; what was answered is kept.")).to_be_visible()
        server.latency_s = 0
        next_step(page, url, case_id, "Continue the run on Compare: it was stopped before every")

        page.goto(f"{url}/compare?case={case_id}")
        settled(page, "Compare")
        page.get_by_role("button", name="Continue", exact=True).click()
        expect(page.get_by_text(re.compile("^6 of 6 answers in"))).to_be_visible()
        settled(page)
        next_step(page, url, case_id, "Vote on your texts, let a judge, or bring approved answers")

        for voted, says in (
            (1, "Vote on the other 2 texts on Compare: 1 of 3 have a preference so far."),
            (2, "All 3 texts were ties: bring 27 more texts."),
        ):
            page.goto(f"{url}/compare?case={case_id}")
            settled(page, "Compare")
            page.get_by_role("button", name="All texts").click()
            page.get_by_text("Not voted", exact=True).click()
            page.keyboard.press("Escape")
            for _ in range(voted):
                settled(page)
                stored = votes_in(folder)
                page.get_by_role("button", name=re.compile("^No difference")).click()
                # Else the next click may meet the buttons of this text.
                until(lambda stored=stored: votes_in(folder) == stored + 1, 30)
                settled(page)
            next_step(page, url, case_id, says)
