"""The pages that strangers open by a link, with hostile texts, answers, models and names on them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect

from advisor.runs.compare import compare
from advisor.store.repository import Store

from .server import VERDICT, running, settled, unfolded
from .test_safety import ATTACKS, EVIL, blocked, hostile_case, says_hostile, unharmed
from .test_sharing import LINK
from .test_voters import ASKS

pytestmark = pytest.mark.e2e

TEXTS = 4
VOTER = "<img src=http://evil.example/v onerror='window.pwned = 1'>"
OWNER = "![x](http://evil.example/o)<script>window.pwned=1</script>"
PUBLIC = ("an image", "a request", "a script elsewhere", "a script in the page", "a handler")
"""Of the ways to carry something off; test_safety tries all, on the pages of the owner."""


@dataclass(frozen=True, slots=True)
class Attacked:
    """A server whose one case is hostile in every word, run to its end."""

    url: str
    folder: Path
    case_id: str
    run_id: str

    def ballot(self, voter: str) -> str:
        """A voter's link; whoever asks has a hostile name as well."""
        store = Store.open(self.folder / "cases.db")
        made = store.make_ballots(self.run_id, [voter], datetime.now(UTC), asked_by=OWNER)
        store.close()
        return f"{self.url}/vote?ballot={made[voter]}"


@pytest.fixture
def attacked(tmp_path: Path, port: int) -> Iterator[Attacked]:
    store = Store.open(tmp_path / "cases.db")
    transport = httpx2.MockTransport(says_hostile)
    arms = {"base": transport, "tuned": transport}
    with ThreadPoolExecutor() as beside:  # Playwright has an event loop in this thread
        ended = beside.submit(compare, hostile_case(), store, transports=arms).result()
    assert ended.done == 2 * TEXTS
    store.close()
    with running(tmp_path, port) as url:
        yield Attacked(url, tmp_path, ended.case_id, ended.run_id)


@pytest.fixture(autouse=True)
def no_dialog(page: Page) -> None:
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))


def shown(page: Page) -> int:
    """How often the hostile answer stands on the page, word for word."""
    return page.get_by_text("<script>window.pwned = 1</script>").count()


def sends_nothing_off(page: Page) -> None:
    """Should a text become markup all the same: what it could do is stopped by the page's policy."""
    left: list[str] = []
    page.route(f"{EVIL}/**", lambda route: (left.append(route.request.url), route.abort()))
    met = {name: blocked(page, ATTACKS[name][0]) for name in PUBLIC}
    assert {name: rules for name, rules in met.items() if ATTACKS[name][1] not in rules} == {}
    assert left == []
    assert page.evaluate("() => window.pwned") is None


def test_a_voter_reads_hostile_texts_and_answers_as_texts_and_so_the_names_at_the_end(
    page: Page, stranger: Page, attacked: Attacked
):
    page.goto(attacked.ballot(VOTER))
    for number in range(TEXTS):
        settled(page, ASKS)
        expect(page.get_by_text(f"{number} of {TEXTS} texts voted on.")).to_be_visible()
        settled(page)
        assert shown(page) >= 3  # the text and both answers
        asks = page.get_by_text("asks you").inner_text().replace("\u2060", "")  # see `show.plain`
        assert asks.startswith(f"{OWNER} asks you, {VOTER}, to read")
        page.get_by_text("approved").first.click()
        settled(page)
        unharmed(page)
        page.keyboard.press("1")
    expect(page.get_by_text(f"You have voted on {TEXTS} of {TEXTS} texts.")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Show me which was which").click()
    settled(page, "Thank you")
    unharmed(page)
    stranger.goto(attacked.ballot("Anna"))  # whose console may show the attacks
    settled(stranger)
    sends_nothing_off(stranger)
    stranger.goto("about:blank")
    page.goto("about:blank")


def test_a_shared_report_that_quotes_hostile_answers_quotes_them_as_texts(
    page: Page, stranger: Page, attacked: Attacked
):
    page.goto(f"{attacked.url}/verdict?case={attacked.case_id}")
    settled(page, VERDICT)
    page.get_by_role("button", name="Share").click()
    page.get_by_text("Quote three of my texts, with both answers").click()
    settled(page)
    page.get_by_role("button", name="Make the link").click()
    code = page.get_by_test_id("stCode").first
    expect(code).to_contain_text("/report?share=")
    link = LINK.search(code.inner_text())
    assert link
    page.goto(link[0])
    unfolded(settled(page))
    assert shown(page) >= 6  # three texts, each with two answers
    unharmed(page)
    stranger.goto(link[0])
    settled(stranger)
    sends_nothing_off(stranger)
    stranger.goto("about:blank")
    page.goto("about:blank")
