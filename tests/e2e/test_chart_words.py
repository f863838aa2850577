"""Words on charts, measured in the browser: options that end level stand apart and not over another."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.options import NAMED, Arm, name_by_id
from advisor.case.run_spec import spec_of
from advisor.case.texts import Prompt
from advisor.evidence.model import Output
from advisor.store.repository import Store
from pricing.cost import Volume
from pricing.offers import PriceCells

from .server import VERDICT, settled
from .test_every_page import words_of_charts_are_whole

pytestmark = pytest.mark.e2e


def level_case(folder: Path, *, score: str = "all of it is here") -> str:
    """Four options that cost nearly the same a month and answer alike; in the app's store."""
    training = {"training_per_1m": Decimal(1), "training_tokens": 1_000, "epochs": 1}
    case = Case(
        title="Level",
        brief=Brief(use_case="domain_summarization"),
        prompts=tuple(
            Prompt(id=f"t{n}", text=f"Text {n}", reference="all of it is here") for n in range(40)
        ),
        arms={
            name: Arm(
                endpoint="http://127.0.0.1:9/v1",
                model=f"m-{name}",
                price=PriceCells(
                    input=1 + n * Decimal("0.01"),
                    output=2 + n * Decimal("0.02"),
                    **(training if name == "tuned" else {}),
                ),
            )
            for n, name in enumerate(NAMED)
        },
        volume=Volume(
            requests_per_month=4_000,
            input_tokens_per_request=Decimal(1_500),
            output_tokens_per_request=Decimal(400),
        ),
    )
    store = Store.open(folder / "cases.db")
    case_id = store.save_case(case)
    run_id = store.start_run(case_id, spec_of(case), case.run)
    for n, call in enumerate(spec_of(case).calls()):
        said = Output(
            call.prompt_id,
            call.arm,
            0,
            "answered",
            score if n % 3 else "all of it",
            input_tokens=1_500,
            output_tokens=400,
            first_token_ms=200.0 + n,
            latency_ms=900.0 + n,
        )
        store.keep_calls(run_id, ended=[(call, said, Decimal("0.0023"))])
    store.set_status(run_id, "done")
    store.close()
    return case_id


@pytest.mark.parametrize("width", [390, 1280])
def test_options_that_are_level_have_words_that_stand_apart(
    page: Page, folder: Path, url: str, width: int
):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{url}/verdict?case={level_case(folder)}")
    settled(page, VERDICT)
    for fold in ("Quality against cost, and speed", "For the analyst"):
        page.get_by_text(fold, exact=True).click()
        settled(page)
    charts = page.locator(".js-plotly-plot")
    expect(charts.filter(has_text="in all")).to_have_count(1)
    expect(charts.filter(has_text="better")).to_have_count(1)
    for chart in (charts.filter(has_text="in all"), charts.filter(has_text="better")):
        for name in map(name_by_id, NAMED):
            expect(chart.get_by_text(re.compile(rf"{name}(,| \$)"))).to_have_count(1)
    words_of_charts_are_whole(page)
