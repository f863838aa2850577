"""What the checks found of personal data reaches the legal part, as kinds and counts."""

import io

import pytest
from pypdf import PdfReader

from advisor.case.training_summary import TrainingSummary
from advisor.report.pdf.render import render_pdf
from advisor.report.report import write_report
from advisor.training.check import check_training_file
from advisor.training.summary import summary_of
from tests.make import FULL, case, decide
from tests.training.files import jsonl, pair

MAIL = "Write to jane.doe@example.org please"
CLEAN = [pair(f"{i**9} wholly else {i**5 * 13}", f"z {i**8}") for i in range(2, 20)]
READ = " It can't spot names, addresses or dates of birth: someone has to read for them."


def report(texts=(), file=None, **answers):
    found = case("brand_voice", texts=len(texts), **FULL | answers)
    prompts = tuple(
        prompt.model_copy(update=said if isinstance(said, dict) else {"text": said})
        for prompt, said in zip(found.prompts, texts, strict=True)
    )
    if isinstance(file, list):
        file = summary_of(check_training_file(jsonl(*file), "secret-name.jsonl"), prompts)
    found = found.model_copy(update={"prompts": prompts, "training": file})
    return write_report(decide(found))


def said(made) -> str:
    return next(line.text for line in made.first_page.legal if line.topic == "Personal data")


OLD = TrainingSummary(
    file="f", sha256="0", examples=99, usable=99, grade="pilot", tokens=9_000, epochs=3
)


@pytest.mark.parametrize(
    ("given", "row"),
    [
        pytest.param({}, "", id="nothing to check"),
        pytest.param({"file": OLD}, "", id="a file checked before findings were kept"),
        pytest.param(
            {"training_permission": "nothing_personal"},
            "None in the approved answers, as answered in this case. There were no texts to check.",
            id="answered, nothing to check",
        ),
        pytest.param(
            {"texts": ["one"]},
            f"The automatic check of the 1 text of the comparison found none.{READ}",
            id="one clean text",
        ),
        pytest.param(
            {"texts": ["one", MAIL, MAIL + " now"]},
            "The automatic check found in the 3 texts of the comparison e-mail address (2 texts)."
            + READ,
            id="in the texts",
        ),
        pytest.param(
            {"texts": [{"text": "one", "reference": MAIL}]},
            "The automatic check found in the 1 text of the comparison e-mail address (1 text)."
            + READ,
            id="in an approved answer",
        ),
        pytest.param(
            {"file": CLEAN},
            f"The automatic check of the training file found none.{READ}",
            id="a clean file",
        ),
        pytest.param(
            {"file": [*CLEAN, pair(MAIL, "yes")]},
            f"The automatic check found in the training file e-mail address (1 example).{READ}",
            id="in the file",
        ),
        pytest.param(
            {
                "texts": [MAIL],
                "file": [*CLEAN, pair("Who is it?", f"{MAIL} 2")],
                "training_permission": "nothing_personal",
            },
            "“Nothing personal” was answered, but the automatic check found in the 1 text of the "
            "comparison e-mail address (1 text); and in the training file e-mail address "
            f"(1 example).{READ}",
            id="in both, against the answer",
        ),
    ],
)
def test_the_legal_row_says_what_was_found(given, row):
    assert said(report(**given)) == row


def test_the_pdf_has_it_and_neither_the_value_nor_the_file_s_name():
    made = report([MAIL], [*CLEAN, pair(MAIL, "yes")])
    pages = PdfReader(io.BytesIO(render_pdf(made))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "in the training file e-mail address (1 example)" in text
    assert "jane.doe" not in text
    assert "secret-name" not in text
