"""The real server, as `streamlit run app.py` starts it, with a store and a home of its own."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Page, expect

from advisor.case.case_file import load_sample
from advisor.runs.compare import compare
from advisor.store.repository import Store

ROOT = Path(__file__).parents[2]
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",  # a page finds the scripts that another one has compiled
]
VERDICT = re.compile(r"^(Base|Fine-tuned|No option|Verdict)\b")
"""The title of the verdict's page is the verdict; without a case, its name."""
TITLES: dict[str, str | re.Pattern[str]] = {
    "": "Is fine-tuning worth it?",
    "use-case": "Use case",
    "texts": "Texts",
    "options": "Options",
    "compare": "Compare",
    "costs": "Costs",
    "verdict": VERDICT,
    "prices": "Prices",
    "matrix": "Matrix",
    "method": "Method",
    "decisions": "My decisions",
}
"""Address of each page, and the title it opens with."""
BACKGROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 22, 28)"}
"""Of a page, by whether it is asked for in light or in dark."""


def chromium() -> str | None:
    """A Chromium of this machine, in the order of browser.sh; None: Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def at(moment: datetime) -> dict[str, str]:
    """What the environment of a server holds whose clock stands at this moment, and runs on from it.

    As `faketime` sets it, but for the memory that its own children share.
    """
    told = subprocess.run(
        ["faketime", f"{moment:%Y-%m-%d %H:%M:%S}", "env"],
        env={"PATH": os.environ["PATH"], "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=True,
    )
    set_by_it = dict(line.split("=", 1) for line in told.stdout.splitlines())
    return {name: set_by_it[name] for name in ("LD_PRELOAD", "FAKETIME")}


@contextmanager
def running(folder: Path, port: int | None = None, **settings: str) -> Iterator[str]:
    """Start the app on this port, else on a free one, its files in `folder`; gives its address.

    Args:
        folder: becomes its home.
        settings: more of its environment.
    """
    port = port or free_port()
    folder.mkdir(parents=True, exist_ok=True)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("STREAMLIT_", "WORTH_"))}
    env |= {"HOME": str(folder), "WORTH_TUNING_DB": str(folder / "cases.db")} | settings
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        _wait_for(port, server)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(30)  # of a busy machine; test_operations holds one to less


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with code {server.returncode}")
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError("the server did not listen within a minute")


# A busy machine draws the first page of a fresh server in half a minute.
expect.set_options(timeout=60_000)


def settled(page: Page, title: str | re.Pattern[str] | None = None) -> Page:
    """Wait until the page has its title and the script has run to its end."""
    if title is not None:
        heading = page.get_by_role("heading", level=1, name=title, exact=True)
        expect(heading).to_be_visible()
    app = page.locator("[data-testid=stApp][data-test-script-state=notRunning]")
    expect(app).to_be_attached()
    expect(page.locator("[data-testid=stSkeleton], [data-stale=true]")).to_have_count(0)
    return page


_MOVED = """() => Promise.race([
    Promise.all(document.getAnimations()
        .filter(one => one.effect.getComputedTiming().endTime !== Infinity)
        .map(one => one.finished.catch(() => null))),
    new Promise(over => setTimeout(over, 3000))])"""
"""Waits for what passes from one colour, or place, to another; one that stands still may never end."""


def coloured(page: Page, colours: str) -> Page:
    """Ask for light or dark, and wait until the page has it."""
    page.emulate_media(color_scheme=colours)
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", BACKGROUND[colours])
    page.evaluate(_MOVED)
    return page


def unfolded(page: Page) -> Page:
    """Open every fold, those within a fold too, and wait until what is in them has been drawn."""
    folds = page.locator("details > summary").filter(visible=True)
    at = 0
    while at < folds.count():
        fold = folds.nth(at).locator("..")
        while fold.get_attribute("open") is None:  # what opens above may move it from under a click
            folds.nth(at).click()
            with suppress(AssertionError):
                expect(fold).to_have_attribute("open", "", timeout=3_000)
        # Some are drawn only now; none is empty.
        drawn = fold.get_by_test_id("stExpanderDetails").get_by_test_id("stElementContainer")
        expect(drawn.first).to_be_attached()
        settled(page)
        at += 1
    return page


def replay_sample(page: Page, url: str) -> str:
    """Open the first sample, wait for its answers, and hand over the id of its case."""
    page.goto(url)
    settled(page, TITLES[""])
    page.get_by_role("button", name="Open the sample").click()
    settled(page, "Compare")
    expect(page.get_by_text("144 of 144 answers replayed.")).to_be_visible()
    settled(page)
    return page.url.partition("case=")[2]


def replayed(folder: Path) -> str:
    """A sample with its answers, put into the store without a browser; gives its id."""
    store, case = Store.open(folder / "cases.db"), load_sample("clinic_notes")
    case_id = store.save_case(case)
    with ThreadPoolExecutor() as beside:  # Playwright has an event loop in this thread
        ended = beside.submit(compare, case, store, case_id=case_id).result()
    store.close()
    assert ended.done == 80
    return case_id
