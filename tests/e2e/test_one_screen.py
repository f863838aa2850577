"""At first sight: what one came to do is in view, and nothing scrolls within the page."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from .server import TITLES, replayed, settled

pytestmark = pytest.mark.e2e

SIZES = {"desk": (1280, 900), "phone": (390, 844)}
PRIMARY = {
    "": ("Start my case", "Open the sample"),
    "use-case": ("Continue",),
    "texts": ("Continue to Options",),
    "options": ("Continue to Compare", "Add an option"),
    "compare": ("Left", "Right", "No difference", "Neither is good", "Skip"),
    "costs": ("Continue to Verdict",),
    "verdict": ("Download the PDF", "Share"),
    "decisions": ("Open", "Import"),
}
"""What one comes to do on a page, by its buttons; on a phone the first of them."""
WAYS = {
    "use-case": ("Continue",),
    "texts": ("Back to Use case", "Continue to Options"),
    "options": ("Back to Texts", "Continue to Compare"),
    "compare": ("Back to Options", "Continue to Costs"),
    "costs": ("Back to Compare", "Continue to Verdict"),
    "verdict": ("Back to Costs",),
}
"""The ways from each step, by their buttons."""
UNBROKEN = (
    "",
    "use-case",
    "options",
    "compare",
    "costs",
    "verdict",
    "matrix",
    "method",
    "decisions",
)
"""Pages without a table that one moves about in."""
MOST_WIDGETS = 12


@pytest.fixture(scope="module")
def untouched(folder: Path, url: str) -> str:
    """A case on the server that no other module opens."""
    return replayed(folder)


def in_first_screen(button: Locator, height: int) -> bool:
    """Whether all of it is in view before anything is scrolled."""
    box = button.bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= height


def opened(page: Page, url: str, path: str, case_id: str, size: str) -> Page:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{url}/{path}?case={case_id}")
    return settled(page, TITLES[path])


@pytest.mark.parametrize("path", TITLES)
def test_a_page_as_it_opens_at_a_desk(page: Page, url: str, case_id: str, path: str):
    opened(page, url, path, case_id, "desk")
    for name in PRIMARY.get(path, ()):
        what_one_came_to_do_is_in_the_first_screen(page, name, "desk")
    above = widgets_above(page, SIZES["desk"][1])
    assert above <= MOST_WIDGETS
    assert above or path == "method"  # which is only read
    if path in UNBROKEN:
        nothing_scrolls_within(page)


def what_one_came_to_do_is_in_the_first_screen(page: Page, name: str, size: str) -> None:
    """The button of this name is, without scrolling."""
    button = page.get_by_test_id("stApp").get_by_role("button", name=name).first
    expect(button).to_be_visible()
    assert in_first_screen(button, SIZES[size][1]), name


def nothing_scrolls_within(page: Page) -> None:
    """No part of the page has a scroll bar of its own."""
    inner = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stMain] *')]
                 .filter(e => e.checkVisibility() && e.scrollHeight > e.clientHeight + 1)
                 .filter(e => ['auto', 'scroll'].includes(getComputedStyle(e).overflowY))
                 .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert inner == []


@pytest.mark.parametrize("path", PRIMARY)
def test_a_page_as_it_opens_on_a_phone(page: Page, url: str, untouched: str, path: str):
    opened(page, url, path, untouched, "phone")
    names = PRIMARY[path] if path == "compare" else PRIMARY[path][:1]
    for name in names:
        what_one_came_to_do_is_in_the_first_screen(page, name, "phone")
    for name in WAYS.get(path, ()):
        button = page.get_by_test_id("stApp").get_by_role("button", name=name, exact=True)
        if path in ("compare", "verdict"):  # without a bar of theirs, at the foot of the page
            button.scroll_into_view_if_needed()
        expect(button).to_be_in_viewport()


@pytest.mark.parametrize("size", SIZES)
def test_the_verdict_its_chance_and_what_each_costs_are_in_the_first_screen(
    page: Page, url: str, folder: Path, size: str
):
    opened(page, url, "verdict", replayed(folder), size)
    seen = page.get_by_test_id("stMain")
    costs = seen.get_by_test_id("stMetric").filter(has_text="a month")
    expect(costs).to_have_count(2)
    for part in (
        seen.get_by_role("heading", level=1),
        seen.get_by_text("Chance that fine-tuning is right"),
        *costs.all(),
    ):
        assert in_first_screen(part, SIZES[size][1])


def test_no_table_of_costs_goes_on_beyond_a_phone(page: Page, url: str, case_id: str):
    opened(page, url, "costs", case_id, "phone")
    tables = page.get_by_test_id("stTable").filter(visible=True)
    expect(page.get_by_text("Model and place")).to_be_visible()
    hidden: list[int] = tables.evaluate_all(
        """tables => tables.flatMap(table => [table, ...table.querySelectorAll('div')])
                 .map(e => e.scrollWidth - e.clientWidth)"""
    )
    assert max(hidden) <= 8  # pixels, which hide no letter


@pytest.mark.parametrize("size", SIZES)
def test_each_screen_of_the_use_case_has_few_widgets_and_its_button(
    page: Page, url: str, case_id: str, size: str
):
    height = SIZES[size][1]
    opened(page, url, "use-case", case_id, size)
    for first_question in ("1 · ", "5 · ", "9 · "):
        expect(page.get_by_text(first_question).first).to_be_visible()
        settled(page)
        onward = page.get_by_role("button", name="Continue").first
        assert in_first_screen(onward, height)
        assert widgets_above(page, height) <= MOST_WIDGETS
        onward.click()


def widgets_above(page: Page, height: int) -> int:
    """How many begin within the first screen."""
    tops: list[float] = page.evaluate(
        """() => [...document.querySelectorAll(
                   '[data-testid=stButton], [data-testid=stButtonGroup], [data-testid=stPopover],' +
                   '[data-testid=stNumberInput], [data-testid=stSelectbox],' +
                   '[data-testid=stTextInput], [data-testid=stTextArea], [data-testid=stCheckbox],' +
                   '[data-testid=stDownloadButton], [data-testid=stMultiSelect],' +
                   '[data-testid=stFileUploader], [data-testid=stExpander]')]
                 .filter(e => e.checkVisibility())
                 .map(e => e.getBoundingClientRect().top)"""
    )
    return sum(top < height for top in tops)


def test_a_sample_s_verdict_is_two_clicks_from_the_start(page: Page, url: str):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(url)
    settled(page, TITLES[""])
    began = time.monotonic()
    page.get_by_role("button", name="Open the sample").click()
    page.get_by_role("link", name="See the verdict").click()
    expect(page.get_by_role("heading", level=1, name="Fine-tuned.", exact=True)).to_be_visible()
    print(f"from Start to a sample's verdict: {time.monotonic() - began:.1f} s")


def test_a_key_votes_and_brings_the_next_text_while_the_bar_stays(
    page: Page, url: str, folder: Path
):
    opened(page, url, "compare", replayed(folder), "desk")
    place = page.get_by_label("Text, 1 to 40")
    bar = page.locator(".st-key-vote_bar")
    before = bar.bounding_box()
    took = []
    for at, key in enumerate("1234123412", 1):
        expect(place).to_have_value(str(at))
        settled(page)
        began = time.monotonic()
        page.keyboard.press(key)
        page.wait_for_function(
            "wanted => document.querySelector('[aria-label=\"Text, 1 to 40\"]').value === wanted",
            arg=str(at + 1),
        )
        took.append(time.monotonic() - began)
    print(f"vote to next text: median {sorted(took)[5] * 1000:.0f} ms")
    expect(bar).to_be_in_viewport()
    assert bar.bounding_box() == before
