"""The box on Start where a message of one's own is answered by both models."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from advisor.case.live_sample import MODELS
from tests.fault_server import FaultServer, answer_to

from .server import TITLES, running, settled

pytestmark = pytest.mark.e2e

TEXT = "My saddle is loose."


def test_a_message_of_ones_own_is_answered_by_both_side_by_side(
    page: Page, tmp_path: Path, port: int
):
    base, tuned = (FaultServer(fault=lambda asked, number: "slow", holds=True) for _ in range(2))
    with (
        base.running(),
        tuned.running(),
        running(tmp_path, port, WORTH_TUNING_LIVE=f"{base.url},{tuned.url}") as url,
    ):
        page.goto(url)
        settled(page, TITLES[""])
        box = page.get_by_label("A message to a bike-subscription firm")
        box.fill(TEXT)
        page.get_by_role("button", name="Ask both models").click()
        whole = {kind: answer_to(TEXT, model) for kind, model in MODELS.items()}
        begun = {kind: said[: len(said) // 2].rstrip() for kind, said in whole.items()}
        for said in begun.values():  # what is there is shown while the rest is being written
            expect(page.get_by_text(said, exact=True)).to_be_visible()
        for said in whole.values():
            expect(page.get_by_text(said, exact=True)).to_have_count(0)
        base.holds = tuned.holds = False
        for said in whole.values():
            expect(page.get_by_text(said, exact=True)).to_be_visible()
        left, right = (
            page.get_by_text(said, exact=True).bounding_box()
            for said in (whole["base"], whole["tuned"])
        )
        assert left is not None
        assert right is not None
        assert left["x"] + left["width"] <= right["x"]
        settled(page)
    assert [len(server.requests) for server in (base, tuned)] == [1, 1]
