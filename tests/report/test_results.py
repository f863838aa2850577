"""The table of all texts: each figure worked out by hand, and the orders a reader may ask for."""

from dataclasses import replace
from decimal import Decimal

import pytest

from advisor.case.case import Judgment
from advisor.case.options import Arm, Judge
from advisor.evidence.model import Output, Vote
from advisor.evidence.record import Record
from advisor.report.results import (
    CHANGED,
    ORDERS,
    in_one_line,
    main_measure,
    result_rows,
)
from advisor.verdict.costing import answer_usd, price_case
from advisor.verdict.text_results import disagreement
from pricing.offers import PriceCells
from tests.make import FULL, TODAY, Whole, case, sha256

TEXTS = ("t000", "t001", "t002", "t003")
ANSWERS = {
    "t000": ("a b", "a b c d"),  # ROUGE-1 F against "a b c d": 2/3 and 1
    "t001": ("a b c d", "a b c d e f g h"),  # 1 and 8/12
    "t002": ("a b c d", None),  # fine-tuned refused
    "t003": ("a b c d", "a b c d"),
}


def priced() -> dict[str, Arm]:
    cells = PriceCells(input=Decimal(2), output=Decimal(8), cached_input=Decimal(1))
    arm = Arm(endpoint="http://127.0.0.1:1/v1", model="m", price=cells)
    dearer = PriceCells(input=Decimal(4), output=Decimal(16))
    return {"base": arm, "tuned": arm.model_copy(update={"price": dearer})}


def judgment(prompt_id: str, preference: str, order: str) -> Judgment:
    base, tuned = ANSWERS[prompt_id]
    return Judgment(
        prompt_id=prompt_id,
        preference=preference,
        judge="gpt-4",
        order=order,
        base_sha256=sha256(base),
        tuned_sha256=sha256(tuned or ""),
    )


@pytest.fixture(scope="module")
def decision():
    asked = case("brand_voice", priced(), texts=4, **FULL)
    prompts = tuple(p.model_copy(update={"reference": "a b c d"}) for p in asked.prompts)
    given = (
        judgment("t000", "base", "base_first"),
        judgment("t000", "base", "tuned_first"),
        judgment("t001", "tuned", "base_first"),
        judgment("t001", "base", "tuned_first"),
        judgment("t003", "tie", "both").model_copy(update={"tuned_sha256": sha256("other")}),
    )
    outputs = tuple(
        Output(
            prompt_id,
            name,
            0,
            "answered" if text is not None else "refused",
            text or "I can't help with that",
            input_tokens=1_000,
            output_tokens=500,
            finish_reason="length" if (prompt_id, name) == ("t003", "base") else "stop",
        )
        for prompt_id, pair in ANSWERS.items()
        for name, text in zip(("base", "tuned"), pair, strict=True)
    )
    votes = (
        Vote("t000", "tuned", "anna"),
        Vote("t000", "tuned", "ben"),
        Vote("t000", "base", "cleo"),
        Vote("t003", "tie", "anna"),
        Vote("t003", "both_bad", "ben"),
        Vote("t001", "base_examples", "anna", base_arm="base_examples"),
    )
    found = asked.model_copy(update={"prompts": prompts, "judgments": given})
    return Whole(found, Record(outputs, votes)).decided()


@pytest.fixture(scope="module")
def rows(decision):
    return {row.prompt_id: row for row in result_rows(decision)}


def test_a_row_a_text_in_the_order_of_the_case(decision, rows):
    assert tuple(rows) == TEXTS
    assert main_measure(decision) == "ROUGE-1"


def test_the_measure_and_the_length_of_both_and_their_gaps(rows):
    row = rows["t000"]
    assert (row.base_score, row.tuned_score, row.gap) == pytest.approx((2 / 3, 1, 1 / 3))
    assert (row.base_words, row.tuned_words, row.words_gap) == (2, 4, 2)
    missing = rows["t002"]
    assert (missing.tuned_score, missing.gap, missing.tuned_words, missing.words_gap) == (None,) * 4


def test_votes_and_the_judge_are_said_text_by_text(rows):
    assert rows["t000"].votes == "2 fine-tuned, 1 base"
    assert rows["t003"].votes == "1 no difference, 1 neither"
    assert rows["t001"].votes == ""  # that vote was on another option
    assert (rows["t000"].judge, rows["t001"].judge) == ("base", CHANGED)
    assert (rows["t002"].judge, rows["t003"].judge) == ("", "")  # not judged; other answers judged


def test_a_live_judge_is_heard_before_a_recorded_one(decision):
    said = (judgment("t000", "tuned", "base_first"), judgment("t000", "tuned", "tuned_first"))
    heard = replace(decision.record, judgments=said)
    asked = decision.case.model_copy(update={"judge": Judge(endpoint="http://x/v1", model="gpt-4")})
    rows = result_rows(replace(decision, record=heard, case=asked))
    assert [row.judge for row in rows] == ["fine-tuned", "", "", ""]
    other = asked.model_copy(update={"judge": Judge(endpoint="http://x/v1", model="another")})
    assert result_rows(replace(decision, record=heard, case=other))[0].judge == "base"


def test_what_went_wrong_is_marked(rows):
    marks = {key: row.marks for key, row in rows.items()}
    assert marks == {
        "t000": "",
        "t001": "",
        "t002": "fine-tuned refused",
        "t003": "base cut off",
    }
    assert [row.regressed for row in rows.values()] == [False, False, True, False]


def test_an_answer_costs_its_own_tokens_at_its_options_prices(rows):
    # base (1,000 x 2 + 500 x 8) / 1M = 0.006; fine-tuned twice that; a refusal is no answer
    assert (rows["t000"].base_usd, rows["t000"].tuned_usd) == pytest.approx((0.006, 0.012))
    assert (rows["t002"].base_usd, rows["t002"].tuned_usd) == (pytest.approx(0.006), None)


def test_cached_tokens_count_at_their_own_price_where_there_is_one():
    money = price_case(case("brand_voice", priced(), **FULL), (), TODAY)
    answer = Output("t", "base", 0, "answered", "a", input_tokens=1_000, output_tokens=500)
    cached = replace(answer, cached_tokens=600)
    # (400 x 2 + 600 x 1 + 500 x 8) / 1M
    assert answer_usd(money, cached) == Decimal("0.0054")
    assert answer_usd(money, replace(cached, arm="tuned")) == Decimal("0.012")  # no such price
    assert answer_usd(money, replace(answer, output_tokens=None)) is None
    assert answer_usd(money, replace(answer, arm="base_examples")) is None


@pytest.mark.parametrize(
    ("said", "share"),
    [
        ((), 0),
        (("base",), 0),
        (("base", "base"), 0),
        (("base", "tuned"), 0.5),
        (("tuned", "tuned", "base", "base", "tuned"), 0.4),
        (("tuned", "tie", "both_bad"), 1 / 3),  # both say that neither is ahead
    ],
)
def test_disagreement_is_the_share_outside_the_largest_camp(said, share):
    assert disagreement(said) == pytest.approx(share)


def test_disagreement_counts_voters_judge_and_measure(rows):
    # t000: votes tuned, tuned, base; judge base twice; measure tuned: 3 of 6 each
    assert rows["t000"].disagreement == 0.5
    # t001: judge tuned and base; measure base
    assert rows["t001"].disagreement == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        ("As brought", ["t000", "t001", "t002", "t003"]),
        ("Most disagreement", ["t000", "t001", "t002", "t003"]),
        ("Worst for fine-tuned", ["t002", "t001", "t003", "t000"]),
        ("Largest length gap", ["t001", "t000", "t003", "t002"]),
    ],
)
def test_orders(decision, order, ids):
    assert [row.prompt_id for row in result_rows(decision, ORDERS[order])] == ids


def test_every_order_keeps_every_row(decision, rows):
    for order in ORDERS.values():
        assert set(result_rows(decision, order)) == set(rows.values())


def test_a_row_in_one_line(rows):
    assert in_one_line(rows["t000"], "ROUGE-1").endswith(
        "Votes: 2 fine-tuned, 1 base. The judge: base. ROUGE-1: base 0.667, fine-tuned 1.000."
    )
    assert in_one_line(rows["t002"], "ROUGE-1").endswith("Went wrong: fine-tuned refused.")
