"""A verdict shared through a real browser: one reader shares, another opens the link elsewhere."""

import io
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import APIRequestContext, Page, Playwright, expect
from pypdf import PdfReader

from advisor.report.sharing import CLOSED

from .server import VERDICT, coloured, running, settled
from .visitor import Visitor

pytestmark = pytest.mark.e2e

TITLE, NONE = "Clinic visit notes", "There is no report here"
LINK = re.compile(r"http://localhost:\d+/report\?share=[\w-]{43}")


@pytest.fixture
def asks(playwright: Playwright) -> Iterator[APIRequestContext]:
    """Plain requests, without a browser."""
    context = playwright.request.new_context()
    yield context
    context.dispose()


def share(page: Page, url: str, case_id: str) -> str:
    """Make a link on the Verdict page."""
    page.goto(f"{url}/verdict?case={case_id}")
    settled(page, VERDICT)
    page.get_by_role("button", name="Share").click()
    page.get_by_text("Others may start their own case from it").click()
    page.get_by_role("button", name="Make the link").click()
    code = page.get_by_test_id("stCode").first
    expect(code).to_contain_text("/report?share=")
    expect(page.get_by_text("This link opens only on your computer")).to_be_visible()
    found = LINK.search(code.inner_text())
    assert found, code.inner_text()
    return found[0]


@pytest.fixture(scope="module")
def link(reader: Visitor, url: str, case_id: str) -> str:
    """One that stays open for all tests here."""
    return share(reader.context.new_page(), url, case_id)


def beside(link: str, server: str) -> str:
    """The same link on another server."""
    return f"{server}/report?{urlsplit(link).query}"


def test_a_link_made_here_opens_as_the_first_request_of_a_fresh_server(
    link: str, folder: Path, stranger: Page, asks: APIRequestContext, tmp_path: Path, port: int
):
    # The store as it would be found after a restart.
    with (
        closing(sqlite3.connect(folder / "cases.db")) as made_in,
        closing(sqlite3.connect(tmp_path / "cases.db")) as found_in,
    ):
        made_in.backup(found_in)
    with running(tmp_path, port) as fresh:
        stranger.goto(beside(link, fresh))
        settled(stranger, TITLE)
        expect(stranger.get_by_text(re.compile("Frozen on .*; shared until "))).to_be_visible()
        expect(stranger.get_by_role("heading", name="Base, for now.")).to_be_visible()
        expect(stranger.get_by_test_id("stTopNavLinkContainer")).to_have_count(0)
        expect(stranger.get_by_text("Page not found")).to_have_count(0)
        assert "case=" not in stranger.url
        hover(stranger)
        stranger.goto("about:blank")
    with running(tmp_path, port) as fresh:
        answer = asks.get(beside(link, fresh).replace("/report?", "/report.pdf?"))
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["x-robots-tag"] == "noindex"
        name = rf'inline; filename="{re.escape(TITLE)}-\d{{4}}-\d\d-\d\d\.pdf"'
        assert re.fullmatch(name, answer.headers["content-disposition"])
        first = PdfReader(io.BytesIO(answer.body())).pages[0].extract_text()
        assert TITLE in " ".join(first.split())
        for path in ("/", "/report", "/verdict", "/_stcore/health"):
            assert asks.get(fresh + path).headers["referrer-policy"] == "no-referrer"


def hover(page: Page) -> None:
    """A chart of the shared report answers to the pointer."""
    chart = page.get_by_test_id("stPlotlyChart").first
    chart.scroll_into_view_if_needed()
    bar = chart.locator(".barlayer path").first
    bar.hover(force=True)  # a layer of Plotly's own lies over the bar, and hands the pointer on
    expect(chart.locator(".hoverlayer .hovertext")).to_be_visible()


def test_a_revoked_link_says_what_a_wrong_one_says(
    page: Page, stranger: Page, asks: APIRequestContext, url: str, case_id: str
):
    link = share(page, url, case_id)
    stranger.goto(link)
    settled(stranger, TITLE)
    page.get_by_role("button", name="Revoke").first.click()
    expect(page.get_by_text(re.compile("revoked on")).first).to_be_visible()
    wrong = f"{url}/report?share={'x' * 43}"
    said = []
    for address in (link, wrong):
        stranger.goto(address)
        settled(stranger, NONE)
        said.append(stranger.get_by_test_id("stMain").inner_text())
        pdf = asks.get(address.replace("/report?", "/report.pdf?"))
        said.append(f"{pdf.status} {pdf.text()}")
    assert said[:2] == said[2:]
    assert CLOSED in said[0]
    assert said[1] == f"404 {CLOSED}\n"


def test_a_stranger_starts_their_own_and_the_owners_case_stays(
    stranger: Page, link: str, case_id: str
):
    stranger.goto(link)
    settled(stranger, TITLE)
    stranger.get_by_role("button", name="Start my own from this").click()
    settled(stranger, "Use case")
    expect(stranger.get_by_test_id("stTopNavLinkContainer").first).to_be_visible()
    expect(stranger).to_have_url(re.compile(r"/use-case\?case="))
    assert case_id not in stranger.url
    stranger.reload()
    settled(stranger, "Use case")
    expect(stranger.get_by_label("Name of this case")).to_have_value(TITLE)


def test_axe_finds_nothing_serious_on_a_shared_report(
    page: Page, stranger: Page, url: str, case_id: str
):
    link = share(page, url, case_id)
    for opened, title in ((page, VERDICT), (stranger, TITLE)):
        if opened is stranger:
            stranger.goto(link)
        settled(opened, title)
        for colours in ("light", "dark"):
            settled(coloured(opened, colours))
            options = {"resultTypes": ["violations"]}
            found = Axe().run(opened, options=options).response["violations"]
            grave = [
                (violation["id"], node["html"][:200])
                for violation in found
                if violation["impact"] in ("serious", "critical")
                for node in violation["nodes"]
            ]
            assert grave == []


def test_a_phone_shows_a_shared_report_without_scrolling_sideways(stranger: Page, link: str):
    stranger.set_viewport_size({"width": 390, "height": 844})
    stranger.goto(link)
    settled(stranger, TITLE)
    main = stranger.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth") <= 390
    button = stranger.get_by_role("button", name="Download the PDF")
    button.scroll_into_view_if_needed()
    expect(button).to_be_in_viewport()
