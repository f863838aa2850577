"""Each page with a case open: usable by all (axe-core), on a phone, in light and in dark."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .server import TITLES, settled

pytestmark = pytest.mark.e2e

STEPS = {
    "use-case": (None, "Continue to Prompts"),
    "prompts": ("Back to Use case", "Continue to Models and volume"),
    "models": ("Back to Prompts", "Continue to Compare"),
    "compare": ("Back to Models and volume", "Continue to Verdict"),
    "verdict": ("Back to Compare", None),
}


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all pages: it keeps the client's files, so a page opens in a second."""
    with browser.new_context() as context:
        yield context


@pytest.fixture(scope="module")
def page(context: BrowserContext) -> Page:
    return context.new_page()


def open_page(page: Page, url: str, path: str, case_id: str) -> Page:
    page.goto(f"{url}/{path}?case={case_id}")
    return settled(page, TITLES[path])


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("path", TITLES)
def test_axe_finds_nothing_serious(page: Page, url: str, case_id: str, path: str, colours: str):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme=colours)
    open_page(page, url, path, case_id)
    background = page.locator("[data-testid=stApp]").evaluate(
        "app => getComputedStyle(app).backgroundColor"
    )
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 22, 28)"}[colours]
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    grave = [
        (violation["id"], node["target"], node["html"][:200])
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    assert grave == []


@pytest.mark.parametrize("path", TITLES)
def test_a_phone_shows_every_page_without_scrolling_sideways(
    page: Page, url: str, case_id: str, path: str
):
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, url, path, case_id)
    widths = page.evaluate(
        """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
                 .map(element => element.scrollWidth)"""
    )
    assert max(widths) <= 390
    beyond = page.evaluate(
        """() => [...document.querySelectorAll('h1, h2, h3, button, input, textarea, p')]
                 .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > 391)
                 .filter(e => !e.closest('[data-testid=stTable], [data-testid=stCode], header'))
                 .map(e => e.outerHTML.slice(0, 200))"""
    )
    assert beyond == []
    for name in filter(None, STEPS.get(path, ())):
        button = page.get_by_role("button", name=name)
        button.scroll_into_view_if_needed()
        expect(button).to_be_in_viewport()
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_every_page_of_the_navigation_is_tested_here(page: Page, url: str):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(url)
    settled(page, TITLES[""])
    linked = page.get_by_role("link").evaluate_all(
        "links => links.map(l => new URL(l.href)).filter(u => u.origin == location.origin)"
        ".map(u => u.pathname.slice(1))"
    )
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_role("menuitem").first).to_be_visible()
    looked_up = page.get_by_role("menuitem").all_inner_texts()
    steps = {path for path in TITLES if path not in ("prices", "matrix", "method", "decisions")}
    assert set(linked) - {"decisions"} == steps  # Start names the way to all decisions too
    assert looked_up == ["Prices", "Matrix", "Method", "My decisions"]
