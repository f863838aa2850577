"""A field filled in and a step clicked at once: what was typed is kept, and the step opens."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from .server import replayed, settled

pytestmark = pytest.mark.e2e

HELD_MS = (0, 30)
"""How long the mouse is held down. A tap on a phone is sent before what the field holds, a slow
click after it."""


def step(page: Page, name: str) -> Locator:
    return page.get_by_test_id("stTopNavLinkContainer").filter(has_text=name).get_by_role("link")


@pytest.mark.parametrize("held_ms", HELD_MS)
@pytest.mark.parametrize(
    ("path", "title", "label", "number", "typed"),
    [
        ("use-case", "Use case", "Name of this case", 1, "Typed just now"),
        ("costs", "Costs", "Texts a month", 5, "4321"),
    ],
)
def test_what_was_typed_is_kept_and_the_step_opens(
    page: Page,
    url: str,
    folder: Path,
    path: str,
    title: str,
    label: str,
    number: int,
    typed: str,
    held_ms: int,
):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{url}/{path}?case={replayed(folder)}")
    settled(page, title)
    for more in ("", "1", "2"):
        page.get_by_label(label).fill(typed + more)
        step(page, "2 Texts").click(delay=held_ms)
        settled(page, "Texts")
        step(page, f"{number} {title}").click()
        settled(page, title)
        expect(page.get_by_label(label)).to_have_value(typed + more)
