"""What the charts are drawn from, worked out by hand; and that no text is in it."""

import json
from dataclasses import asdict, replace
from decimal import Decimal

import pytest

from advisor.evidence.model import Output, Vote
from advisor.evidence.record import Record
from advisor.report.as_json import decision_json
from advisor.report.pictures import MOST_GAPS, evenly
from advisor.report.report import write_report
from tests.make import FULL, Whole, arm, case, preferred, tuned, voted

SECRET = "zanzibar"


def referenced(whole: Whole) -> Whole:
    """Every text with an approved answer of four words."""
    texts = tuple(p.model_copy(update={"reference": "a b c d"}) for p in whole.case.prompts)
    return replace(whole, case=whole.case.model_copy(update={"prompts": texts}))


def answered(prompt_id: str, name: str, text: str, **measured: float) -> Output:
    return Output(prompt_id, name, 0, "answered", text, **measured)


def measured_by(*pairs: tuple[str, str]) -> Whole:
    """One text a pair of answers, base's and fine-tuned's; its approved answer is "a b c d"."""
    found = referenced(Whole(case("brand_voice", texts=len(pairs), **FULL)))
    outputs = [
        answered(prompt.id, name, text)
        for prompt, pair in zip(found.case.prompts, pairs, strict=True)
        for name, text in zip(("base", "tuned"), pair, strict=True)
    ]
    return replace(found, record=Record(tuple(outputs)))


def test_before_a_run_there_is_nothing_to_draw():
    charts = case_pictures(Whole(case("brand_voice", texts=3, **FULL)))
    assert charts == type(charts)()


def case_pictures(whole: Whole):
    return write_report(whole.decided()).pictures


def test_the_share_is_that_of_the_clear_choices_with_its_wilson_interval():
    # 41 of 52: Wilson by hand (z = 1.96): centre (41 + 1.92) / (52 + 3.84) = 0.7686, half
    # 1.96 x sqrt(41 x 11 / 52 + 0.96) / 55.84 = 0.1087, so 0.660 to 0.877
    share = case_pictures(voted(case("brand_voice", texts=60, **FULL), preferred(41, 11, 8))).share
    assert (share.wins, share.clear) == (41, 52)
    assert (share.share.value, share.share.low, share.share.high) == pytest.approx(
        (0.7885, 0.660, 0.877), abs=0.001
    )
    assert share.said == (
        "Fine-tuned took 79 % of the 52 clear choices (likely range 66 to 88 %), which lies clear "
        "of an even split."
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((3, 2), "5 clear choices: too few texts for a likely range."),
        ((1, 0), "1 clear choice: too few texts for a likely range."),
        ((0, 0, 4), "No clear choice: too few texts for a likely range."),
    ],
)
def test_few_clear_choices_have_no_range(given, said):
    texts = sum(given)
    share = case_pictures(voted(case("brand_voice", texts=texts, **FULL), preferred(*given))).share
    assert share.share is None
    assert share.said == said


def test_gaps_are_fine_tuned_less_base_by_size():
    # ROUGE-1 F against "a b c d": all four words 1; two of two words 2 x 2 / 6 = 2/3; none 0
    whole = measured_by(("a b", "a b c d"), ("a b c d", "a b"), ("a b", "a b"), ("x", "a b c d"))
    texts = case_pictures(whole).texts
    assert texts.gaps == (-0.3333, 0.0, 0.3333, 1.0)
    assert texts.mean == pytest.approx(0.25)
    assert texts.likely is None  # under six texts
    assert texts.said == (
        "By overlap of words fine-tuned scores higher on 2, lower on 1 and level on 1 of 4 texts; on "
        "average +0.250, with too few texts for a likely range."
    )


def test_six_texts_have_a_range_for_the_mean():
    # five gaps of 1/3 and one of 0: mean 5/18, sd 0.1361, sem 0.0556, t(5) 2.5706: +- 0.1428
    whole = measured_by(*[("a b", "a b c d")] * 5, ("a b", "a b"))
    texts = case_pictures(whole).texts
    assert texts.likely.value == pytest.approx(5 / 18)
    assert (texts.likely.low, texts.likely.high) == pytest.approx((0.1350, 0.4206), abs=0.0005)


def test_many_values_are_thinned_evenly_with_both_ends():
    assert evenly([1, 2, 3], 3) == [1, 2, 3]
    assert evenly(range(11), 6) == [0, 2, 4, 6, 8, 10]
    kept = evenly(range(10_000), MOST_GAPS)
    assert (len(kept), kept[0], kept[-1]) == (MOST_GAPS, 0, 9_999)
    assert kept == sorted(set(kept))


def timed(base: list[float | None], fine: list[float | None]) -> Whole:
    found = case("brand_voice", texts=max(len(base), len(fine)), **FULL)
    outputs = [
        answered(prompt.id, name, "a", first_token_ms=ms and ms / 4, latency_ms=ms)
        for name, times in (("base", base), ("tuned", fine))
        for prompt, ms in zip(found.prompts, times, strict=False)
    ]
    return Whole(found, Record(tuple(outputs)))


def test_times_are_seconds_with_their_quartiles():
    speed = case_pictures(timed([1000.0 * n for n in range(1, 12)], [500.0])).speed
    first, whole, *tuned_rows = speed.rows
    assert (first.what, whole.what) == ("first word", "whole answer")
    # 1 to 11 s: quartiles by linear interpolation 3.5, 6, 8.5; tenths 2 and 10
    assert (whole.tenth, whole.quarter, whole.median) == pytest.approx((2, 3.5, 6))
    assert (whole.three_quarters, whole.nine_tenths) == pytest.approx((8.5, 10))
    assert first.median == pytest.approx(1.5)
    assert [row.answers for row in tuned_rows] == [1, 1]
    assert speed.said == (
        "Time for the whole answer, at 4 at once. Base: half within 6 s, 9 of 10 within 10 s. "
        "Fine-tuned: half within 0.5 s."
    )


def test_a_silent_option_and_a_silent_run_are_said():
    assert case_pictures(timed([2000.0], [None])).speed.said == (
        "Time for the whole answer, at 4 at once. Base: half within 2 s. Not measured: fine-tuned."
    )
    speed = case_pictures(timed([None], [None])).speed
    assert speed.rows == ()
    assert speed.said == "No times were measured, so nothing here is about speed."


def test_quality_against_cost_is_the_share_sent_as_it_is_where_people_said_so():
    found = case("brand_voice", texts=10, **FULL)
    whole = voted(found, preferred(5, 5))
    votes = tuple(
        Vote(p.id, "tie", base_quality="as_is" if n < 6 else "no", tuned_quality="as_is")
        for n, p in enumerate(found.prompts)
    )
    value = case_pictures(replace(whole, record=replace(whole.record, votes=votes))).value
    assert (value.quality, value.is_share) == ("sent as it is", True)
    assert [(m.arm, m.shown, m.quality.value) for m in value.marks] == [
        ("base", "6 of 10", 0.6),
        ("tuned", "10 of 10", 1.0),
    ]
    # Wilson for 6 of 10 is 0.31 to 0.83, for 10 of 10 0.72 to 1
    assert "base 6 of 10 (3 to 8 of 10) at $" in value.said
    assert "fine-tuned 10 of 10 (7 to 10 of 10) at $1,249." in value.said
    assert "%" not in value.said


def test_quality_by_the_measure_is_over_the_texts_all_options_answered():
    whole = measured_by(("a b", "a b c d"), ("a b c d", "a b c d"), ("a b", ""))
    kept = tuple(o for o in whole.record.outputs if o.text)
    value = case_pictures(replace(whole, record=Record(kept))).value
    assert [(m.shown, m.ranged) for m in value.marks] == [("0.833", False), ("1.000", False)]


def test_an_option_without_a_price_has_no_mark():
    found = measured_by(("a b", "a b c d"))
    bare = found.case.model_copy(update={"arms": {"base": arm(), "tuned": tuned()}})
    assert case_pictures(replace(found, case=bare)).value is None


def test_amounts_are_in_the_currency_of_the_case():
    whole = measured_by(("a b", "a b c d"))
    euro = whole.case.currency.model_validate(
        {"code": "EUR", "per_usd": Decimal("0.5"), "rate_on": "2026-11-20"}
    )
    dollars, euros = (
        case_pictures(replace(whole, case=whole.case.model_copy(update={"currency": c}))).value
        for c in (whole.case.currency, euro)
    )
    assert [m.amount for m in euros.marks] == pytest.approx([m.amount / 2 for m in dollars.marks])
    assert (euros.currency, euros.marks[1].cost) == ("EUR", "€624")


def test_no_text_is_in_the_pictures_and_the_json_stays_lean():
    found = referenced(Whole(case("brand_voice", texts=900, **FULL)))
    prompts = tuple(
        p.model_copy(update={"text": f"{SECRET} {p.id}", "reference": f"{SECRET} b"})
        for p in found.case.prompts
    )
    outputs = tuple(
        answered(p.id, name, f"{SECRET} {p.id} {name}", latency_ms=9.0, first_token_ms=1.0)
        for p in prompts
        for name in ("base", "tuned")
    )
    decision = Whole(found.case.model_copy(update={"prompts": prompts}), Record(outputs)).decided()
    assert SECRET not in json.dumps(asdict(write_report(decision).pictures))
    value = json.loads(decision_json(decision))["pictures"]
    assert len(json.dumps(value)) < 5_000
    assert value["texts"]["texts"] == 900
    assert value["speed"]["rows"][0]["median"] == 0.001
