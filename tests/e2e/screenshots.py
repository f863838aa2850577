"""Every page as a picture, in light, dark and on a phone: `python -m tests.e2e.screenshots OUT`.

`python -m tests.e2e.screenshots docs/tour tour` takes those of docs/tour.md and the README.
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from .server import CHROMIUM_ARGS, TITLES, chromium, replay_sample, running, settled

LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "390": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}},
}
TOUR = ("use-case", "texts", "options", "compare", "costs", "verdict")
"""Pages of the tour after Start, each as it opens."""
TOUR_COLOURS = 224
"""A page has few: so many keep a picture small, and nobody sees the difference."""


@contextmanager
def served() -> Iterator[tuple[Browser, str]]:
    """A browser and the address of a server of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGS)
        yield browser, url
        browser.close()


def take(out: Path) -> None:
    """Write one PNG a page and look into `out`, full height, with the sample open."""
    out.mkdir(parents=True, exist_ok=True)
    with served() as (browser, url):
        case_id = replay_sample(browser.new_page(), url)
        for look, settings in LOOKS.items():
            page = browser.new_context(**settings).new_page()
            for path, title in TITLES.items():
                width = settings["viewport"]["width"]
                page.set_viewport_size(settings["viewport"])
                page.goto(f"{url}/{path}?case={case_id}")
                settled(page, title)
                # The page scrolls within its own frame: make the window as high as its content.
                height = page.locator("[data-testid=stMain]").evaluate("main => main.scrollHeight")
                page.set_viewport_size({"width": width, "height": min(height + 20, 12_000)})
                settled(page)
                page.wait_for_timeout(300)  # charts draw themselves anew
                page.screenshot(path=out / f"{path or 'start'}-{look}.png")


def take_tour(out: Path) -> None:
    """Write the first screen of Start and of each step into `out`, with the first sample open."""
    out.mkdir(parents=True, exist_ok=True)
    with served() as (browser, url):
        page = browser.new_context(**LOOKS["light"]).new_page()
        page.goto(url)
        settled(page, TITLES[""])
        small(page, out / "start.png")
        case_id = replay_sample(page, url)
        for path in TOUR:
            page.goto(f"{url}/{path}?case={case_id}")
            small(settled(page, TITLES[path]), out / f"{path}.png")


def small(page: Page, file: Path) -> None:
    """A picture of what is in sight, in few colours."""
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)  # fonts and charts
    seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    seen.quantize(TOUR_COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    (take_tour if "tour" in sys.argv[2:] else take)(Path(sys.argv[1]))
