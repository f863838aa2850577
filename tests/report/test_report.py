"""What a report says, in whole cases: true, clear, and the same on page, PDF and in JSON."""

import io
import json
import re
from dataclasses import fields, replace

import pytest
from pypdf import PdfReader

from advisor.report.as_json import decision_json
from advisor.report.pdf.render import BREAK, render_pdf
from advisor.report.report import write_report
from advisor.verdict.verdict import Verdict
from advisor.words import about, count, listed, share, usd
from tests.make import FULL, VOLUME, Whole, arm, case, cut, preferred, sample, tuned, voted
from tests.report.as_text import as_text
from tests.report.whole_cases import WHOLE

SAMPLES = {"7_sample_clinic_notes": "clinic_notes", "4_sample_chatbot_raw": "chatbot_raw"}
NAMES = [*WHOLE, *SAMPLES]


@pytest.fixture(scope="module")
def decided(tmp_path_factory):
    """Decisions by name, each worked out once."""
    folder, made = tmp_path_factory.mktemp("samples"), {}

    def decide(name):
        if name not in made:
            whole = sample(SAMPLES[name], folder) if name in SAMPLES else WHOLE[name]
            made[name] = whole.decided()
        return made[name]

    return decide


def verdict_of(whole: Whole) -> Verdict:
    return whole.decided().verdict


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_the_one_read_and_agreed(decided, golden, name):
    golden(f"{name}.report.txt", as_text(write_report(decided(name))))


@pytest.mark.parametrize("name", NAMES)
def test_the_report_recommends_what_the_verdict_does(decided, name):
    says = {"tuned": "fine-tuned", "base": "base"}[decided(name).verdict.recommendation]
    assert write_report(decided(name)).recommendation == says


def test_the_golden_text_leaves_nothing_out():
    report = write_report(WHOLE["4_test_for_tuned"].decided(), show_texts=True)
    told = as_text(report)
    rows = (*report.costs, *report.figures, *report.reasons, *report.signals)
    for row in (report, *rows):
        for field in fields(row):
            value = getattr(row, field.name)
            if isinstance(value, str) and field.name not in ("arm", "prices_sha256"):
                assert value in told, field.name
    assert len(report.excerpts) == 3


# What no report says


CODE_WORDS = r"(?i)\b(arms?|prompts?|endpoints?|gates?|lean score|tokens?|provisional)\b"


def code_words(texts):
    return {text: found for text in texts if (found := re.findall(CODE_WORDS, text))}


@pytest.mark.parametrize("name", NAMES)
def test_the_reader_meets_no_word_of_the_code(decided, name):
    report = write_report(decided(name))
    shown = (
        report.headline,
        report.firmness_label,
        report.summary,
        report.line,
        report.rests_on,
        report.next_step,
        report.cost_note,
        report.valid_until,
        report.evidence.heading,
        report.evidence.judged_by,
        *(f"{figure.label} {figure.value}" for figure in report.figures),
        *(reason.text for reason in report.reasons),
        *report.missing,
        *report.changes,
        *report.caps,
        *report.gates,
        *report.evidence.sentences,
        *(text for row in report.costs for text in (row.option, row.until)),
    )
    assert not code_words(shown)


def test_a_readers_own_figures_are_named_in_their_words(decided):
    report = write_report(decided("4_test_for_tuned"))
    assert not code_words([row.basis for row in report.costs])
    assert not code_words([name for name, _ in report.assumptions])


@pytest.mark.parametrize("name", NAMES)
def test_sentences_are_whole(decided, name):
    report = write_report(decided(name))
    sentences = (
        report.headline,
        report.summary,
        report.next_step,
        report.cost_note,
        report.valid_until,
        *(reason.text for reason in report.reasons),
        *report.missing,
        *report.changes,
        *report.caps,
        *report.gates,
        *report.evidence.sentences,
    )
    for sentence in filter(None, sentences):
        assert sentence[0].isupper() or sentence[0].isdigit(), sentence
        assert sentence.endswith("."), sentence
        assert not re.search(r"None|\bnan\b|\binf\b|\{|\}|  |\.\.|,\.| \.|: \.|\(\)", sentence), (
            sentence
        )


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_listed_twice(decided, name):
    report = write_report(decided(name))
    for rows in (report.missing, report.changes, report.caps, report.sources, report.assumptions):
        assert len(set(rows)) == len(rows)


@pytest.mark.parametrize("texts", [1, 5, 6, 10, 19])
def test_few_texts_make_no_percentage(texts):
    whole = voted(
        case("brand_voice", texts=texts, **FULL), preferred(texts - texts // 3, texts // 3)
    )
    decision = whole.decided()
    assert decision.evidence.tally.scored == texts
    report = write_report(decision, show_texts=True)
    told = as_text(replace(report, signals=(), assumptions=(), figures=()))
    told += " ".join(f"{figure.label} {figure.value}" for figure in report.figures)
    told = re.sub(r"(?m)^- .*\b9[05] %: ", "", told)  # the analyst's names of intervals
    assert re.findall(r"\d[\d.]* ?%", told) == []
    pdf = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(report))).pages)
    parts = re.findall(r"[^\s]+ [^\s]+ \d[\d.]* ?%", pdf)
    assert all(re.search(r"9[05] ?%|dearer|\d% *$", part) for part in parts), parts


def test_twenty_texts_make_one():
    whole = voted(case("brand_voice", texts=20, **FULL), preferred(14, 6))
    assert (
        "Fine-tuned took 70 % of the 20 clear choices"
        in write_report(whole.decided()).reasons[0].text
    )
    assert "%" not in write_report(cut(whole, 19).decided()).reasons[0].text


# The same figures everywhere


def pdf_text(report):
    pages = PdfReader(io.BytesIO(render_pdf(report))).pages
    return squeezed(" ".join(page.extract_text() for page in pages))


def squeezed(text):
    """Without blanks, breaks and hyphens of line ends."""
    return re.sub(r"\s", "", text.replace(BREAK, ""))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_pdf_says_what_the_report_says(decided, name):
    report = write_report(decided(name))
    text = pdf_text(report)
    told = [
        report.title,
        report.headline,
        report.firmness_label,
        report.summary,
        report.next_step,
        report.cost_note,
        report.valid_until,
        *(part for f in report.figures for part in (f.label, f.value)),
        *(reason.text for reason in report.reasons),
        *(text for row in report.costs for text in (row.option, row.total, row.all_in_month)),
    ]
    assert [part for part in told if squeezed(part) not in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_json_holds_the_figures_of_the_report(decided, name):
    decision = decided(name)
    report, value = write_report(decision), json.loads(decision_json(decision))
    for key in ("title", "headline", "summary", "recommendation", "firmness", "score", "next_step"):
        assert value[key] == getattr(report, key)
    assert [reason["text"] for reason in value["reasons"]] == [r.text for r in report.reasons]
    assert value["changes"] == list(report.changes)
    assert [set(flip) for flip in value["flips"]] == [{"input", "now", "flips_at", "to"}] * len(
        report.flips
    )
    assert value["missing"] == list(report.missing)
    given = value["evidence"]["preferences"]
    assert given["tuned"] == report.evidence.tuned_wins
    assert given["base"] == report.evidence.base_wins
    assert given["tie"] + given["both_bad"] == report.evidence.ties
    assert [row.arm for row in report.costs] == list(value["cost"]["arms"])
    for row in report.costs:
        figures = value["cost"]["arms"][row.arm]
        in_hosting = not figures["usd_per_request"] and figures["hosting_usd_per_month"]
        shown = "in hosting" if in_hosting else usd(figures["usd_per_request"])
        assert row.per_request == shown
        assert row.first_month == usd(figures["usd_per_month"])
        assert row.all_in_month == usd(figures["usd_per_month_all_in"])
        assert row.training == usd(figures["training_usd"])
        assert row.hosting_month == usd(figures["hosting_usd_per_month"])
        assert row.total == decision.money.currency.total(figures["total_usd"])


# Worked out by hand


def test_the_money_of_a_whole_case_to_the_dollar(decided):
    # 4,000 texts a month, 1,500 in and 400 out; from 22 Nov 2026 to 14 Oct 2027 are 326 days,
    # 326 / 30.4375 = 10.7105 months.
    #   fine-tuned gpt-4.1-mini  (1,500 x 0.40 + 400 x 1.60) / 1M = 0.00124 a text, 4.96 a month
    #   hosting 730 x 1.70 = 1,241; first month 1,245.96; training 2M x 3 x 5 / 1M = 30
    #   all in 1,245.96 + 30 / 10.7105 = 1,248.76; total 1,248.76 x 10.7105 = 13,374.8
    row = {row.arm: row for row in write_report(decided("4_test_for_tuned")).costs}["tuned"]
    assert (row.per_request, row.first_month, row.all_in_month) == ("$0.0012", "$1,246", "$1,249")
    assert (row.training, row.hosting_month, row.total) == ("$30.00", "$1,241", "$13,375")
    assert row.until == "The tuned model stops on 14 Oct 2027, in 326 days"


def test_a_tuned_model_that_pays_back_after_its_stop_is_a_no():
    # Base gpt-4.1 at 2 and 8: 1,500 x 2 + 400 x 8 = 0.0062 a text; tuned mini 0.00124: 0.00496
    # saved. At 252,000 a month 1,249.92 is saved and 1,241 hosted: 8.92 left a month, and 150 of
    # training (10M tokens x 3 x 5 / 1M) take 17 months. It stops after 10.7.
    whole = voted(
        case(
            "classification",
            {"base": arm("openai:gpt-4.1", input=2, output=8), "tuned": tuned(tokens=10_000_000)},
            texts=60,
            volume=VOLUME.model_copy(update={"requests_per_month": 252_000, "horizon_months": 36}),
            **FULL,
        ),
        preferred(50, 5, 5),
    )
    found = verdict_of(whole)
    assert (found.recommendation, found.firmness, found.rule) == ("base", "decided", "too_dear")


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (None, "not known"),
        (0, "$0.00"),
        (0.00018, "$0.00018"),
        (0.000182, "$0.00018"),
        (0.0415, "$0.042"),
        (0.994, "$0.99"),
        (0.995, "$1.00"),
        (34.2, "$34.20"),
        (99.99, "$99.99"),
        (99.999, "$100.00"),
        (100, "$100"),
        (1240.5, "$1,241"),
        (-1240.5, "-$1,241"),
        (12_345_678, "$12,345,678"),
    ],
)
def test_usd(amount, expected):
    assert usd(amount) == expected


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (0, "0"),
        (940, "940"),
        (999, "999"),
        (1_049, "1,000"),
        (8_640, "8,600"),
        (372_000, "370,000"),
        (8_600_000, "8.6 million"),
        (36_400_000, "36 million"),
        (364_000_000, "360 million"),
        (2_000_000_000, "2 billion"),
    ],
)
def test_about(n, expected):
    assert about(n) == expected


def test_small_words():
    assert (count(1, "text"), count(0, "text"), count(1_200, "text")) == (
        "1 text",
        "0 texts",
        "1,200 texts",
    )
    assert (listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])) == (
        "a",
        "a and b",
        "a, b and c",
    )
    assert (share(8, 10), share(15, 19), share(15, 20)) == ("8 of 10", "15 of 19", "75 %")
