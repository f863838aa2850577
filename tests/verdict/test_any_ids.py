"""What an option is by, it is by its kind: its id changes no word and no figure of a decision."""

import json
from dataclasses import replace

import pytest

from advisor.evidence.model import Vote
from advisor.evidence.record import Record
from advisor.report.as_json import decision_json
from advisor.report.one_text import one_text
from advisor.report.report import write_report
from advisor.report.results import result_rows
from tests.evidence.cases import in_blocks
from tests.make import FULL, H100, LUNA, NO_RUN, answer, arm, case, decide, tuned
from tests.report.as_text import as_text


def decided(base: str, other: str, wins: int, losses: int):
    """Forty texts that both options answered and a reader voted on."""
    options = {
        base: arm(LUNA).model_copy(update={"kind": None if base == "base" else "base"}),
        other: tuned(H100).model_copy(update={"kind": None if other == "tuned" else "tuned"}),
    }
    asked = case("brand_voice", arms=options, texts=40, **FULL)
    outputs = tuple(
        replace(
            answer(prompt.id, option, f"An answer to {prompt.text}"),
            input_tokens=1_500,
            output_tokens=400,
            latency_ms=500.0,
        )
        for prompt in asked.prompts
        for option in asked.arms
    )
    named = {"base": base, "tuned": other}
    votes = tuple(
        Vote(p.id, named[said], base_arm=base, challenger=other, base_quality="as_is")
        for p, said in zip(asked.prompts, in_blocks(wins, losses), strict=True)
    )
    return decide(asked, Record(outputs, votes))


def as_named(text: str) -> str:
    """A text with the ids of before in the place of the others."""
    return text.replace("luna_as_sold", "base").replace("ft_7", "tuned")


def test_before_a_test_too_an_option_of_any_id_is_priced_and_worded_as_one_that_has_its_kind_by_name():
    usual, other = (
        decide(decided(*ids, 20, 20).case, NO_RUN)
        for ids in (("base", "tuned"), ("luna_as_sold", "ft_7"))
    )
    said = as_text(write_report(other))
    assert said == as_text(write_report(usual))
    assert "Base costs $" in said


@pytest.mark.parametrize(("wins", "losses"), [(35, 5), (5, 35), (20, 20)])
def test_an_option_of_any_id_is_decided_and_worded_like_one_that_has_its_kind_by_name(wins, losses):
    usual, other = (
        decided("base", "tuned", wins, losses),
        decided("luna_as_sold", "ft_7", wins, losses),
    )
    assert as_text(write_report(other)) == as_text(write_report(usual))
    assert json.loads(as_named(decision_json(other))) == json.loads(decision_json(usual))
    assert result_rows(other) == result_rows(usual)
    assert one_text(other, "t000") == one_text(usual, "t000")
