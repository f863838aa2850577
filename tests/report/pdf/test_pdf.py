"""The PDF says what the report says, on the page, the same each time, whatever the texts hold."""

import io
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from advisor.report.first_page_values import Line
from advisor.report.model import Report, Source
from advisor.report.pdf import printable, render
from advisor.report.pdf.render import render_pdf
from advisor.report.report import write_report
from tests.make import sample
from tests.report.reports import BLOCKED, CLINIC, EMPTY, TRIAGE

HOSTILE = '#eval("1+1") #read("/etc/passwd") $x$ *b* `c` @ref <signed> = Head // c /* \\ --'
UNPRINTABLE = "Some characters cannot be shown in this PDF"


def pages_of(file: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(file)).pages]


def count_of(file: bytes) -> int:
    """How many pages; to read their text takes four times as long as to make them."""
    return len(PdfReader(io.BytesIO(file)).pages)


def text_of(file: bytes) -> str:
    """The whole text without line breaks, as a search would find it."""
    return " ".join(" ".join(pages_of(file)).replace(printable.BREAK, "").split())


def squeezed(text: str) -> str:
    """Without blanks, and without the dots that stand for line breaks."""
    return re.sub(r"[\s·]", "", text)


def with_texts(report: Report, text: str) -> Report:
    """The report with one text wherever a model's or the reader's words may stand."""
    return replace(
        report,
        title=text,
        summary=text,
        next_step=text,
        reasons=tuple(replace(reason, text=text) for reason in report.reasons),
        costs=tuple(replace(cost, model=text) for cost in report.costs),
        missing=(text,),
        signals=tuple(replace(signal, said=text) for signal in report.signals),
        excerpts=tuple(
            replace(excerpt, prompt_id=text, prompt=text, base=text, tuned=text)
            for excerpt in report.excerpts
        ),
        assumptions=((text, text),),
        first_page=replace(
            report.first_page, signed=(Line("Decided by", text), *report.first_page.signed[1:])
        ),
    )


@pytest.mark.parametrize("report", [CLINIC, TRIAGE, BLOCKED, EMPTY], ids=lambda it: it.headline)
def test_the_text_is_the_one_read_and_agreed(report, golden):
    name = re.sub(r"\W+", "_", f"{report.title} {report.firmness}".lower())
    golden(f"{name}.pdf.txt", "\n\f\n".join(pages_of(render_pdf(report))) + "\n")


@pytest.mark.parametrize(
    ("report", "pages"),
    [
        pytest.param(CLINIC, 4, id="a whole case"),
        pytest.param(TRIAGE, 4, id="fine-tuned, decided"),
        pytest.param(BLOCKED, 3, id="blocked"),
        pytest.param(EMPTY, 2, id="one answer given"),
    ],
)
def test_no_more_pages_than_it_has_to_say(report, pages):
    assert count_of(render_pdf(report)) <= pages


@pytest.mark.parametrize("name", ["clinic_notes", "chatbot", "chatbot_raw"])
def test_a_sample_fits_on_four_pages_with_answers_of_500_characters(tmp_path, name):
    report = write_report(sample(name, tmp_path).decided())
    for paper in ("a4", "us-letter"):
        assert 3 <= count_of(render_pdf(report, paper)) <= 4
    assert len(report.excerpts) == 3
    shown = squeezed(text_of(render_pdf(report)))
    for excerpt in report.excerpts:
        for answer in (excerpt.base, excerpt.tuned):
            kept = answer.removesuffix(" … [cut]")
            assert 495 <= len(kept) <= 500
            assert squeezed(kept) in shown


def test_long_amounts_stand_apart():
    amounts = dict.fromkeys(
        ("per_request", "training", "hosting_month", "first_month", "total", "all_in_month"),
        "$1,275,000.00",
    )
    costs = tuple(replace(cost, **amounts) for cost in CLINIC.costs)
    file = render_pdf(replace(CLINIC, costs=costs))
    assert text_of(file).count("$1,275,000.00 " * 5) == 3
    assert count_of(file) == 4


def test_sources_stay_together():
    last = PdfReader(io.BytesIO(render_pdf(CLINIC, "us-letter"))).pages[-1].extract_text()
    assert [f"\n{number} " in last for number in range(1, 7)] == [True] * 6


def test_same_report_same_bytes():
    assert render_pdf(CLINIC) == render_pdf(CLINIC)


def test_another_time_gives_other_bytes():
    later = replace(CLINIC, made_at=CLINIC.made_at + timedelta(minutes=1))
    assert render_pdf(CLINIC) != render_pdf(later)


def test_a_screen_reader_finds_title_language_and_tags():
    reader = PdfReader(io.BytesIO(render_pdf(CLINIC)))
    catalog = reader.trailer["/Root"]
    assert catalog["/Lang"] == "en"
    assert catalog["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in catalog
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert reader.metadata.title == "Clinic visit notes"
    assert reader.metadata.author == "Worth Tuning"
    assert reader.metadata.creation_date == CLINIC.made_at
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalog["/Metadata"].get_data()


@pytest.mark.parametrize(("paper", "points"), [("a4", (595, 842)), ("us-letter", (612, 792))])
def test_the_paper_is_the_one_asked_for(paper, points):
    box = PdfReader(io.BytesIO(render_pdf(CLINIC, paper))).pages[0].mediabox
    assert (round(box.width), round(box.height)) == points


def test_every_reason_points_to_a_source_that_is_listed():
    unlisted = Source("A talk with the vendor", None)
    report = replace(CLINIC, reasons=(replace(CLINIC.reasons[0], source=unlisted),), sources=())
    text = text_of(render_pdf(report))
    assert "A talk with the vendor [1]" in text
    assert "Sources 1 A talk with the vendor" in text


def test_only_web_addresses_can_be_clicked():
    sources = (
        Source("Web", "https://a.example/x?y=1"),
        Source("Script", "javascript:alert(1)"),
        Source("File", "file:///etc/passwd"),
        Source("Two lines", "https://a.example/\njavascript:alert(1)"),
        Source("Not an address", "//["),
    )
    reader = PdfReader(io.BytesIO(render_pdf(replace(EMPTY, sources=sources))))
    actions = [note.get_object()["/A"] for page in reader.pages for note in page.get("/Annots", [])]
    assert [action["/URI"] for action in actions] == ["https://a.example/x?y=1"]


def test_markup_in_a_text_stays_text():
    text = text_of(render_pdf(with_texts(CLINIC, HOSTILE)))
    assert text.count('#eval("1+1") #read("/etc/passwd") $x$ *b* `c` @ref <signed>') >= 10
    assert "root:" not in text


def test_control_characters_and_reordering_marks_are_left_out():
    text = text_of(render_pdf(with_texts(CLINIC, "safe\x00\x07 \u202egnp.exe\u202c \u2066x\u2069")))
    assert "safe gnp.exe x" in text
    assert UNPRINTABLE not in text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("中文测试，繁體字。 日本語のテキスト 한국어 문장", id="CJK"),
        pytest.param("مرحبا بالعالم، هذا نص طويل.", id="Arabic"),
        pytest.param("שלום עולם, זה טקסט.", id="Hebrew"),
        pytest.param("नमस्ते दुनिया สวัสดีชาวโลก", id="Devanagari and Thai"),
        pytest.param("নমস্কার পৃথিবী வணக்கம் உலகம் నమస్కారం ప్రపంచం", id="Bengali, Tamil and Telugu"),
        pytest.param("გამარჯობა მსოფლიო ሰላም ዓለም", id="Georgian and Amharic"),
        pytest.param("Ελληνικά Кириллица Tiếng Việt", id="Greek, Cyrillic, Vietnamese"),
        pytest.param("ا\u093f 字\u0e31 x\u064e", id="a letter and a mark of two fonts"),
        pytest.param("😀 👩‍👩‍👧 👍🏽 ✅ → ≤ ∑ ∀ ┌─┐ ▓ ⟨x⟩", id="emoji, signs, frames"),
    ],
)
def test_other_scripts_are_printed(text):
    assert UNPRINTABLE not in text_of(render_pdf(with_texts(CLINIC, text)))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\U00013000 is a hieroglyph", id="no font has it"),
        pytest.param("\ue000 is private", id="private use"),
        pytest.param("\ufffd was lost before", id="already a replacement"),
    ],
)
def test_what_cannot_be_printed_is_said(text):
    shown = text_of(render_pdf(with_texts(CLINIC, text)))
    assert UNPRINTABLE in shown
    assert text.split(" ", 1)[1] in shown


def test_every_character_thought_printable_is_printed():
    """PDF/UA refuses a file with a missing character, so that a file is made says it all."""
    characters = sorted(printable.characters())
    assert len(characters) > 17_000
    lines = tuple(
        " ".join(characters[start : start + 900]) for start in range(0, len(characters), 900)
    )
    assert render_pdf(replace(EMPTY, missing=lines)).startswith(b"%PDF-")


LONG = "An answer that goes on. " * 90
LONG_REPORT = replace(
    with_texts(CLINIC, LONG),
    sample_note=LONG[:120],
    headline=LONG[:120],
    firmness_label=LONG[:120],
    figures=tuple(replace(figure, value="$1,000,000 to $2,000,000") for figure in CLINIC.figures),
    changes=(LONG,) * 8,
    costs=CLINIC.costs * 4,
    evidence=replace(CLINIC.evidence, sentences=(LONG,) * 4, analyst=((LONG[:99], LONG[:99]),) * 9),
    sources=tuple(Source(LONG[:99], f"https://a.example/{'x' * 1500}{i}") for i in range(9)),
    valid_until=LONG,
)


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
@pytest.mark.parametrize(
    "report",
    [
        pytest.param(CLINIC, id="a case"),
        pytest.param(BLOCKED, id="blocked"),
        pytest.param(with_texts(CLINIC, "x" * 3_000), id="no place to break"),
        pytest.param(with_texts(CLINIC, "w\n" * 3_000), id="only line breaks"),
        pytest.param(with_texts(CLINIC, "字" * 3_000), id="Chinese without spaces"),
        pytest.param(LONG_REPORT, id="everything long"),
        pytest.param(
            replace(CLINIC, excerpts=(replace(CLINIC.excerpts[0], tuned="word " * 40_000),)),
            id="an answer of 200 kB",
        ),
    ],
)
def test_nothing_leaves_the_page(report, paper):
    """Margins stay white, and the layout settles: Typst warns when it does not."""
    with render._compiler() as compiler:
        images, warnings = compiler.compile_with_warnings(
            render._document(report, paper, close=False), format="png", ppi=36
        )
    assert warnings == []
    for image in images if isinstance(images, list) else [images]:
        page = Image.open(io.BytesIO(image)).convert("L")
        width, height = page.size
        margin, edge = round(width * 16 / 210), round(height * 4 / 297)
        for strip in (
            (0, 0, margin, height),
            (width - margin, 0, width, height),
            (0, 0, width, edge),
            (0, height - edge, width, height),
        ):
            assert page.crop(strip).getextrema()[0] > 240


def test_a_long_answer_is_cut_and_says_so():
    excerpt = replace(CLINIC.excerpts[0], tuned="word " * 40_000, tuned_chars=200_000)
    text = text_of(render_pdf(replace(CLINIC, excerpts=(excerpt,))))
    assert "Fine-tuned first 499 of 200,000 characters" in text
    assert "word … [cut]" in text


def test_an_answer_shown_whole_is_not_called_cut():
    """Blanks at its ends are not shown and not missed; an empty one has words of the report's."""
    empty = "(the answer is empty)"
    excerpt = replace(
        CLINIC.excerpts[0], base="Refill …", base_chars=12, tuned=empty, tuned_chars=0
    )
    text = text_of(render_pdf(replace(CLINIC, excerpts=(excerpt,))))
    assert "Base Refill … Fine-tuned (the answer is empty)" in text
    assert "[cut]" not in text


def test_a_line_break_in_an_answer_is_a_dot():
    excerpt = replace(
        CLINIC.excerpts[0], base="CC:\n\n  Knee \t pain.\r\nPlan: rest", base_chars=30
    )
    text = text_of(render_pdf(replace(CLINIC, excerpts=(excerpt,))))
    assert "CC: · Knee pain. · Plan: rest" in text


def test_at_most_three_pairs_of_answers_are_shown():
    text = text_of(render_pdf(replace(CLINIC, excerpts=CLINIC.excerpts * 4)))
    assert text.count("[cut]") == 6


def test_a_missing_amount_has_no_bar_and_says_so():
    unknown = replace(CLINIC.costs[0], all_in_month="not known", all_in_month_usd=None)
    assert "not known" in text_of(render_pdf(replace(CLINIC, costs=(unknown,))))


def test_the_template_gets_data_and_no_source():
    """One string of plain ASCII in which no quote stands bare; without escapes it is the report."""
    report = with_texts(CLINIC, HOSTILE + '"\\" \\u{22} \u2028 \x7f é 字')
    file = render._document(report, "a4", close=False).decode("ascii")
    string = r'"((?:[ !#-\[\]-~]|\\["\\])*)"'
    call = rf'#import "report\.typ": typeset\n#typeset\(json\(bytes\({string}\)\)\)\n'
    found = re.fullmatch(call, file)
    assert found is not None
    given = json.loads(re.sub(r"\\(.)", r"\1", found[1]))
    assert given == {
        "report": render._content(report)[0],
        "paper": "a4",
        "all_printed": True,
        "close": False,
    }


nasty = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "#$*_`\\@<>[]{}/=-~\"'\u200b\u200d\u202e\ufe0f\u0300\u0653\u093f\ud800\n\t"
        ),
    ),
    max_size=400,
)


@settings(max_examples=25)
@given(title=nasty, prompt=nasty, answer=nasty)
def test_any_text_can_be_printed(title, prompt, answer):
    excerpt = replace(CLINIC.excerpts[0], prompt=prompt, base=answer, tuned=answer * 3)
    file = render_pdf(replace(EMPTY, title=title, excerpts=(excerpt,)))
    assert count_of(file) in (2, 3)
