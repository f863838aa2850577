"""A first visit: what a page has the browser load, and what stands before all of it is there.

Held by what is asked for, as seconds would be those of the machine.
"""

from importlib.resources import files

import pytest
from playwright.sync_api import Page, Request, Route, expect

from .server import TITLES, VERDICT, settled

pytestmark = pytest.mark.e2e

LARGE = 1_000_000
"""Bytes of a script that a browser takes half a second and more to load and run."""
CHARTS = "PlotlyChart"
HAS_CHARTS = {"costs", "verdict"}


def large_scripts() -> dict[str, str]:
    """Streamlit's large scripts, by file name: what each is called without its digest."""
    scripts = files("streamlit").joinpath("static", "static", "js").iterdir()
    large = (one.name for one in scripts if len(one.read_bytes()) > LARGE)
    return {name: name.partition(".")[0] for name in large}


@pytest.mark.parametrize("path", TITLES)
def test_a_page_asks_for_no_large_script_but_that_of_its_charts(
    page: Page, url: str, case_id: str, path: str
):
    large, asked = large_scripts(), set()
    assert CHARTS in large.values()

    def note(request: Request) -> None:
        asked.add(large.get(request.url.rpartition("/")[2]))

    page.on("request", note)
    page.goto(f"{url}/{path}?case={case_id}")
    settled(page, TITLES[path])
    assert asked - {None} == ({CHARTS} if path in HAS_CHARTS else set())


@pytest.mark.parametrize(("path", "title"), [("costs", "Costs"), ("verdict", VERDICT)])
def test_the_figures_stand_while_the_charts_are_on_their_way(
    page: Page, url: str, case_id: str, path: str, title: str
):
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**/{CHARTS}.*.js", hold)
    page.goto(f"{url}/{path}?case={case_id}")
    expect(page.get_by_role("heading", level=1, name=title, exact=True)).to_be_visible()
    for n in range(2):
        expect(page.get_by_test_id("stMetricValue").nth(n)).to_contain_text("$")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_role("button", name="Back to")).to_be_enabled()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(0)
    assert held
    held.pop().continue_()
    settled(page)
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
