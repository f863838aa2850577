"""Each page with a case open: usable by all (axe-core), on a phone, in light and in dark."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from .server import BACKGROUND, TITLES, settled
from .visitor import Visitor

pytestmark = pytest.mark.e2e

STEPS = {
    "use-case": (None, "Continue"),
    "texts": ("Back to Use case", "Continue to Options"),
    "options": ("Back to Texts", "Continue to Compare"),
    "compare": ("Back to Options", "Continue to Costs"),
    "costs": ("Back to Compare", "Continue to Verdict"),
    "verdict": ("Back to Costs", None),
}


@pytest.fixture(scope="module")
def page(reader: Visitor) -> Iterator[Page]:
    """One for all pages: to go on from page to page is quicker than to open each in a new one."""
    yield reader.context.new_page()
    reader.forget()


@pytest.fixture
def context(reader: Visitor) -> BrowserContext:
    """That of `page`, which stays open."""
    return reader.context


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("path", TITLES)
def test_a_phone_shows_every_page_whole_and_axe_finds_nothing_serious(
    page: Page, url: str, case_id: str, path: str, colours: str
):
    # Opened anew for either colours: charts keep those they were drawn in.
    page.emulate_media(color_scheme=colours)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{url}/{path}?case={case_id}")
    settled(page, TITLES[path])
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", BACKGROUND[colours])
    nothing_scrolls_sideways(page)
    words_of_charts_are_whole(page)
    a_thumb_reaches(page, STEPS.get(path, ()))
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.get_by_test_id("stSidebarNavItems")).to_have_count(0)  # a phone's, on its way out
    # The page scrolls within its own frame, and axe judges the contrast of what is in sight only.
    height = settled(page).get_by_test_id("stMain").evaluate("main => main.scrollHeight")
    page.set_viewport_size({"width": 1280, "height": height})
    axe_finds_nothing_serious(settled(page))
    words_of_charts_are_whole(page)


def nothing_scrolls_sideways(page: Page) -> None:
    """At 390 pixels, neither the page nor its main part, and no text or control ends beyond."""
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
    wide = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stTable], [data-testid=stTable] *')]
                 .filter(e => e.scrollWidth > e.clientWidth + 1)
                 .filter(e => ['auto', 'scroll'].includes(getComputedStyle(e).overflowX))
                 .map(e => e.innerText.slice(0, 60))"""
    )
    assert wide == []


def words_of_charts_are_whole(page: Page) -> None:
    """None is cut off at the edge of its chart, and none lies over another."""
    expect(page.locator("[data-testid=stPlotlyChart]:not(:has(.main-svg))")).to_have_count(0)
    amiss = page.evaluate(
        """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(chart => {
            const all = chart.getBoundingClientRect();
            const words = [...chart.querySelectorAll('text')].filter(e => e.textContent.trim());
            const of = e => [e, e.getBoundingClientRect()];
            const cut = words.map(of).filter(([e, r]) =>
                r.left < all.left - 1 || r.right > all.right + 1 || r.bottom > all.bottom + 1);
            const all_words = words.map(of);
            const over = all_words.filter(([e, r], i) => all_words.slice(i + 1).some(([f, s]) =>
                r.left < s.right - 1 && s.left < r.right - 1
                && r.top < s.bottom - 1 && s.top < r.bottom - 1));
            return [...cut, ...over].map(([e]) => e.textContent);
        })"""
    )
    assert amiss == []


def a_thumb_reaches(page: Page, names: tuple[str | None, ...]) -> None:
    """The buttons of these names are, scrolled to, whole on a phone's screen."""
    for name in filter(None, names):
        button = page.get_by_role("button", name=name)
        button.scroll_into_view_if_needed()
        expect(button).to_be_in_viewport()
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def axe_finds_nothing_serious(page: Page, **options: object) -> None:
    """By all its rules, unless its own options say otherwise."""
    asked = {"resultTypes": ["violations"], **options}
    found = Axe().run(page, options=asked).response["violations"]
    grave = [
        (violation["id"], node["target"], node["html"][:200])
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    assert grave == []


@pytest.mark.parametrize(
    ("colours", "bar"), [("light", "rgb(0, 114, 178)"), ("dark", "rgb(86, 180, 233)")]
)
def test_charts_are_drawn_in_the_colours_of_the_theme(
    page: Page, url: str, case_id: str, colours: str, bar: str
):
    page.emulate_media(color_scheme=colours)
    page.goto(f"{url}/verdict?case={case_id}")
    settled(page, TITLES["verdict"])
    base = page.locator(".js-plotly-plot .bars path").first
    expect(base).to_have_css("fill", bar)


def test_every_page_of_the_navigation_is_tested_here(page: Page, url: str):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(url)
    settled(page, TITLES[""])
    expect(page.get_by_test_id("stTopNavLinkContainer").last).to_be_visible()
    linked = page.get_by_role("link").evaluate_all(
        "links => links.map(l => new URL(l.href)).filter(u => u.origin == location.origin)"
        ".map(u => u.pathname.slice(1))"
    )
    page.get_by_role("button", name="Look up").click()
    steps = {path for path in TITLES if path not in ("prices", "matrix", "method", "decisions")}
    assert set(linked) - {"decisions"} == steps  # Start names the way to all decisions too
    looked_up = ["Prices", "Matrix", "Method", "My decisions"]
    expect(page.get_by_role("menuitem")).to_have_text(looked_up, use_inner_text=True)
