"""Five options from a run to the verdict: the table of all of them, and no chart that breaks."""

from collections.abc import Iterator

import pytest

from advisor.case.options import Arm
from advisor.case.texts import Prompt
from pages.ui import session
from pricing.offers import PriceCells
from tests.fault_server import FaultServer
from tests.make import VOLUME, case_at

from .reader import Reader, unescaped

KINDS = {"base": None, "base_examples": None, "luna": "base", "tuned": None, "small": "tuned"}


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer().running() as running:
        yield running


def case_with(url: str, options: tuple[str, ...]):
    price = PriceCells(input="1", output="2", training_per_1m="1", training_tokens=1, epochs=1)
    case = case_at(url, prompts=7)
    arms = {
        option: Arm(endpoint=url, model=f"m-{option}", kind=KINDS[option], price=price)
        for option in options
    }
    return case.model_copy(
        update={
            "arms": arms,
            "volume": VOLUME,
            "brief": case.brief.model_copy(update={"use_case": "brand_voice"}),
            "prompts": tuple(p.model_copy(update={"reference": p.text}) for p in case.prompts),
            "examples": (Prompt(id="e", text="an example", reference="approved"),),
        }
    )


def verdict_on(url: str, *options: str) -> Reader:
    case_id = session.store().save_case(case_with(url, options))
    reader = Reader("compare", case_id=case_id)
    return reader.click("Start the comparison").finish().go("verdict")


def test_the_verdict_shows_all_five_and_two_need_no_such_table(server):
    reader = verdict_on(server.url, *KINDS)
    assert reader.errors == []
    assert "All options" in [heading.value for heading in reader.at.subheader]
    table = next(t.value for t in reader.at.table if "Median answer" in t.value.columns)
    names = [unescaped(name) for name in table["Option"]]
    assert [name.removeprefix(":gray[").removesuffix("]") for name in names] == [
        "Base (m-base)",
        "Base with examples",
        "Base (m-luna)",
        "Fine-tuned (m-tuned)",
        "Fine-tuned (m-small)",
    ]
    two = verdict_on(server.url, "base", "tuned")
    assert two.errors == []
    assert "All options" not in [heading.value for heading in two.at.subheader]
