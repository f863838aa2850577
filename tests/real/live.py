"""`make live` as a reader meets it: from the command to both answers in a browser, and its end."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import expect, sync_playwright

from tests.e2e.server import CHROMIUM_ARGS, ROOT, TITLES, chromium, free_port, settled

TEXT = "The front brake squeals when it rains. Can somebody look at it this week?"
SOON_S = 15
"""From the command to both answers, once everything is installed."""


def made_live(folder: Path) -> Iterator[tuple[str, str, bool]]:
    """Ask both models a message of one's own, then tell the command to end."""
    port, began = free_port(), time.monotonic()
    app = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    folder.mkdir()
    env = os.environ | {"WORTH_TUNING_LIVE_PORT": "0", "STREAMLIT_SERVER_HEADLESS": "true"}
    env |= {"HOME": str(folder), "WORTH_TUNING_DB": str(folder / "cases.db")}
    with subprocess.Popen(
        [ROOT / ".venv-live/bin/python", "deploy/live.py", "--", *app],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            addresses = process.stdout.readline().strip().split(",")
            answers = _asked(f"http://localhost:{port}")
            took = time.monotonic() - began
            yield (
                "make live: a message is answered by both, side by side",
                " | ".join(answers),
                answers[1] == "workshop" and answers[0] not in ("", "…"),
            )
            said = f"{took:.0f} s after the command; {SOON_S} s promised"
            yield "make live: the first answers of both", said, took <= SOON_S
        finally:
            process.send_signal(signal.SIGTERM)
        code = process.wait(30)
    ports = [port, *(urlsplit(address).port for address in addresses)]
    left = [str(one) for one in ports if _listens(one)]
    seen = f"code {code}; still answering: {', '.join(left) or 'none'}"
    yield "make live: told to end, app and both servers are gone", seen, not left


def _asked(url: str) -> list[str]:
    """Both answers to a message typed on Start."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGS)
        _wait_for(url)
        page = browser.new_page()
        page.goto(url)
        settled(page, TITLES[""])
        page.get_by_label("A message to a bike-subscription firm").fill(TEXT)
        page.get_by_role("button", name="Ask both models").click()
        expect(page.get_by_text("workshop", exact=True)).to_be_visible()
        settled(page)
        said = [one.inner_text() for one in page.get_by_test_id("stText").all()]
        browser.close()
    return said


def _wait_for(url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)


def _listens(port: int | None) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
