"""Every page as a picture, in light, dark and on a phone: `python -m tests.e2e.screenshots OUT`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from .server import CHROMIUM_ARGS, TITLES, chromium, replay_sample, running, settled

LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "390": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}},
}


def take(out: Path) -> None:
    """Write one PNG a page and look into `out`, full height, with the sample open."""
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGS)
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
        browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]))
