"""The Method page's content: filled in, sourced, and worked out for the day asked."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel

from advisor.report import library
from advisor.report import method as about
from advisor.verdict.rules import Weights, load_rules
from pricing.clocks import clocks
from pricing.lifecycle import for_newcomers
from pricing.offers import find_offer

TODAY = date(2026, 11, 22)
SHIPPED = Path(about.__file__).parents[1] / "data" / "method.toml"


@pytest.fixture(scope="module")
def method():
    return about.load_method(TODAY)


def parts(value: object) -> Iterator[object]:
    """Every value in a model, however deep."""
    yield value
    if isinstance(value, BaseModel):
        for _, child in value:
            yield from parts(child)
    elif isinstance(value, tuple):
        for child in value:
            yield from parts(child)


def test_no_text_is_left_with_a_hole(method):
    texts = [part for part in parts(method) if isinstance(part, str)]
    assert len(texts) > 100
    assert [text for text in texts if "{" in text or "}" in text] == []


def test_every_page_read_has_its_day_and_every_day_is_past(method):
    sources = {part for part in parts(method) if isinstance(part, about.MethodSource)}
    for source in sources:
        is_paper = source.checked is None
        assert is_paper or (source.url is not None and source.checked <= date.today())  # noqa: DTZ011


def test_every_weight_of_the_rules_is_explained_once(method):
    assert [row.key for row in method.weights] == list(Weights.model_fields)
    assert sum(row.points for row in method.weights) == 100


def test_the_four_differences_asked_for_are_there(method):
    aspects = [row.aspect for row in method.differences]
    assert aspects[:4] == ["Specialization", "Performance", "Cost", "Speed"]


def test_both_sides_have_their_reasons(method):
    sides = [row.choose for row in method.choices]
    assert sides.count("base") >= 3
    assert sides.count("tuned") >= 3
    assert all(row.sources for row in method.choices)


def test_corrections_hold_the_true_figures(method):
    truths = " ".join(row.truth for row in method.corrections)
    for figure in (
        "128,000 tokens",
        "$0.0025 per 1,000 tokens in and $0.01 out",
        "$2.50 and $10.00 per 1 million",
        "$0.03 in and $0.06 out was GPT-4",
        "ft:gpt-4o-2024-08-06:acme:legal:9AbC1dEf",
    ):
        assert figure in truths


def test_what_a_tuned_model_costs_beside_its_base_is_said_and_corrects_nobody(method):
    """Nobody claimed that it costs the same."""
    (answers,) = (row.text for row in method.paid if row.name == "Answers of a tuned model")
    assert "$3.75 in and $15.00 out against $2.50 and $10.00" in answers
    assert "hosting adds $1.70 an hour" in answers
    assert not [row.claim for row in method.corrections if "costs what its base" in row.claim]


def test_no_correction_says_more_than_the_sheets_and_addresses_do(method):
    truths = {row.claim: row.truth for row in method.corrections}
    assert not [t for t in truths.values() if "does not exist" in t or "No provider" in t]
    name = truths["A tuned model is called gpt-4o-legal-finetuned."]
    assert name.endswith("Azure, vLLM or Ollama, it is that of your own deployment.")


@pytest.mark.parametrize(
    ("claim", "truth", "cited"),
    [
        pytest.param(
            "gpt-4o has a free tier.", "charges $2.50 in and $10.00 out", "OpenAI", id="free"
        ),
        pytest.param(
            "Fine-tuning reduces hallucinations.",
            "learned slowly and, once learned, make it invent more",
            "Gekhman",
            id="hallucinations",
        ),
        pytest.param(
            "A fine-tuned model is slightly slower, because of extra layers or adapters.",
            "merged into the model adds no time",
            "LoRA",
            id="slower",
        ),
    ],
)
def test_each_claim_that_is_not_so_has_a_correction_of_its_own(method, claim, truth, cited):
    (row,) = (row for row in method.corrections if row.claim == claim)
    assert truth in row.truth
    assert any(cited in source.label for source in row.sources)


def test_dates_are_those_of_the_price_sheets(method):
    openai, azure, _ = (row.text for row in method.dates)
    for when in ("7 May 2026", "2 Jul 2026", "6 Jan 2027", "14 Jan 2027"):
        assert when in openai
    assert "14 Apr 2027" in azure
    assert "14 Oct 2027" in azure


def test_thresholds_are_those_of_the_rules(method):
    pairs, months = load_rules().gates.pairs, load_rules().gates.stop_months
    stoppers = [row.text for row in method.stoppers]
    assert stoppers[0].startswith(f"You have fewer than {pairs} approved answers")
    assert stoppers[-1].startswith(f"The tuned model stops in less than {months:.0f} months.")


def test_base_models_carry_the_price_of_the_day(method):
    rows = {row.name: row for row in library.compare_base(method, TODAY)}
    assert rows["gpt-6-luna"].price == "$0.10 in, $0.50 out"
    assert rows["gpt-4o"].price == "$2.50 in, $10.00 out"
    assert rows["gpt-4o"].context_window == "128,000"
    assert all(row.sources[0].url and row.sources[0].checked for row in rows.values())


def test_a_tuned_model_never_takes_its_price_from_the_base(method):
    rows = {row.name: row for row in library.compare_tuned(method, TODAY)}
    assert rows["gemini-3.5-flash-lite at Google Vertex AI"].price == about.NOT_FOUND
    assert rows["gpt-4.1-mini at OpenAI"].price == "$0.80 in, $3.20 out"


def test_what_is_charged_by_the_hour_says_so(method):
    rows = {row.name: row for row in library.compare_tuned(method, TODAY)}
    together = rows["gpt-oss-20b at Together AI"]
    assert (together.price, together.hosting) == ("included in the hour", "$3.99 an hour")
    assert together.training == "$0.40 per 1M tokens"
    assert rows["Open models on a rented machine"].stops == "no vendor date"


@pytest.mark.parametrize(
    ("ref", "word"),
    [
        ("together:openai/gpt-oss-20b:LoRA SFT", "Open"),
        ("azure_foundry:gpt-4.1-2025-04-14:SFT/DPO developer", "Evaluation only"),
        ("openai:gpt-4.1-2025-04-14:SFT", "Closed to new"),
        ("openai:gpt-3.5-turbo:SFT", "Ended"),
        ("azure_foundry:gpt-5-2025-08-07:RFT", "By invitation"),
        ("predibase:models up to 7B:LoRA SFT", "Not verified"),
        ("huggingface:any open model:hosting only (1x A100 80GB aws)", "Hosting only"),
    ],
)
def test_a_newcomer_is_told_in_two_words(ref, word):
    assert library.NEWCOMERS[for_newcomers(find_offer(ref), TODAY)] == word


def test_openai_is_the_first_clock_to_run_out():
    first, *rest = clocks(TODAY)
    assert first.provider == "OpenAI"
    assert first.days_left == 8 + 31 + 14  # to 14 January
    assert all(row.tuned_stops_on > first.tuned_stops_on for row in rest)


def test_a_clock_that_has_run_out_is_not_listed():
    assert "OpenAI" in {row.provider for row in clocks(date(2027, 1, 14))}
    assert "OpenAI" not in {row.provider for row in clocks(date(2027, 1, 15))}
    assert clocks(date(2030, 1, 1)) == []


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("0.1"), "$0.10"),
        (Decimal("0.035"), "$0.035"),
        (Decimal("0.00875"), "$0.00875"),
        (Decimal("10"), "$10.00"),
        (Decimal("27.5"), "$27.50"),
        (Decimal("100"), "$100"),
        (Decimal("0"), "$0.00"),
        (Decimal("1963.7"), "$1,964"),
    ],
)
def test_no_decimal_of_a_price_is_cut_off(amount, text):
    assert about.usd(amount) == text


@pytest.mark.parametrize(
    ("precision", "text"), [(None, "1 Oct 2026"), ("month", "Oct 2026"), ("year", "2026")]
)
def test_a_date_is_no_more_exact_than_it_is_known(precision, text):
    assert about.day(date(2026, 10, 1), precision) == text


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        pytest.param("{luna_in}", "{lunar_in}", KeyError, id="a figure that is not there"),
        pytest.param('["openai_prices"]', '["openai_price"]', KeyError, id="no such source"),
        pytest.param("aspect =", "aspekt =", ValueError, id="a misspelt key"),
    ],
)
def test_a_slip_in_the_file_fails_on_load_and_names_the_file(tmp_path, old, new, error):
    text = SHIPPED.read_text("utf-8")
    assert old in text
    slipped = tmp_path / "slipped.toml"
    slipped.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(error) as raised:
        about.load_method(TODAY, slipped)
    assert raised.value.__notes__ == ["in slipped.toml"]
