"""What the README says of how to add something is all it takes: it is added, and run."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from advisor.case.brief import Brief
from advisor.case.case import Case, RunSettings
from advisor.evidence.metrics import METRICS, metric
from advisor.evidence.model import Evidence
from advisor.report.judged import judged_by, measure_words
from advisor.report.measures import every_measure

ROOT = Path(__file__).parent.parent
USE_CASE = """
[[use_cases]]
id = "recipe_cards"
number = 99
title = "Recipe cards"
label = "Write recipe cards"
default = "fine_tuned"
strength = "moderate"
statement = "A fixed form that examples show best."
sources = [10]
flips = [{ text = "You have fewer than 50 approved cards.", when = { training_pairs_below = 50 } }]
"""
CASE = """
title = "Cards"

[brief]
use_case = "recipe_cards"
training_pairs = 1000
"""
ASKED = """
title = "Tickets"
[brief]
use_case = "classification"
[arms.tuned]
endpoint = "https://host.example/v1"
model = "ours"
"""
ASK = """
from advisor.case.use_cases import use_case
from advisor.evidence.judge.prompt import rubric_for
print(use_case("recipe_cards").label, "|", rubric_for("recipe_cards").id)
"""
FIXED = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from advisor.case.case_file import read_case
from advisor.case.run_spec import spec_of
from advisor.evidence.receipt import Receipt, changed_since, receipt_of
from advisor.verdict.rules import load_rules
case, rules = read_case(Path("CASE.toml")), load_rules().evidence
kept = json.loads(sys.argv[1])
receipt = receipt_of(case, rules, datetime(2026, 11, 22, tzinfo=UTC))
receipt = Receipt.model_validate(kept) if kept else receipt
own = case.arms["tuned"].parameters
told = {"sent": own.sent, "spec": spec_of(case).spec_hash}
told["receipt"] = receipt.model_dump(mode="json")
told["changed"] = [change.what for change in changed_since(receipt, case, rules)]
if "top_k" in type(own).model_fields:
    told["top_k"] = own.top_k
print(json.dumps(told))
"""
"""What a case fixes, beside a receipt that was kept."""


@pytest.fixture
def copy(tmp_path):
    """The app's code and data, to be changed."""
    for package in ("advisor", "pricing"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return tmp_path


def in_copy(folder, *arguments):
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_a_use_case_takes_its_row_and_a_family_of_rubrics(copy):
    data = copy / "advisor" / "data"
    matrix, rubrics = data / "use_cases.toml", data / "rubrics.toml"
    matrix.write_text(matrix.read_text("utf-8") + USE_CASE, "utf-8")
    family = '["brand_voice", "personalization"]'
    told = rubrics.read_text("utf-8")
    assert told.count(family) == 1
    with_it = family.replace("]", ', "recipe_cards"]')
    rubrics.write_text(told.replace(family, with_it), "utf-8")
    (copy / "CASE.toml").write_text(CASE, "utf-8")
    decide = ("-m", "advisor", "decide", "CASE.toml", "--json", "out.json", "--today", "2026-11-22")
    in_copy(copy, *decide)
    decided = json.loads((copy / "out.json").read_text("utf-8"))
    # Practice 25 and 1,000 pairs 20 points: 45, by two of the twelve answers.
    assert (decided["recommendation"], decided["rule"]) == ("fine-tuned", "likely")
    assert decided["score"] == pytest.approx(45)
    assert "Recipe cards: practice says fine-tuned" in json.dumps(decided["reasons"])
    assert in_copy(copy, "-c", ASK).strip() == "Write recipe cards | voice"


def test_a_measure_that_decides_takes_one_function():
    try:

        @metric("First word", "Whether both start alike.", primary=True, words="the first word")
        def first_word(answer: str, reference: str) -> float:
            return float(answer.split()[:1] == reference.split()[:1])

        case = Case(
            title="t",
            brief=Brief(use_case="brand_voice"),
            run=RunSettings(primary_metric="first_word"),
        )
        evidence = Evidence("not_enough", source="metric")
        assert judged_by(evidence, case) == "the main measure (the first word)"
        assert measure_words("first_word") == "the first word"
        (row,) = [row for row in every_measure() if row.measure == "First word"]
        assert row.may_decide
    finally:
        METRICS.pop("first_word", None)


def test_a_measure_that_decides_has_its_words():
    with pytest.raises(ValueError, match="say in `words` what it goes by"):
        metric("Last word", "Whether both end alike.", primary=True)


def test_a_parameter_of_a_later_version_opens_where_it_was_passed_on(copy):
    (copy / "CASE.toml").write_text(f"{ASKED}[arms.tuned.parameters.extra]\ntop_k = 20\n", "utf-8")
    before = json.loads(in_copy(copy, "-c", FIXED, "{}"))
    options = copy / "advisor" / "case" / "options.py"
    told = options.read_text("utf-8")
    field, sent = "    top_p: float | None = ", "        if self.top_p is not None:\n"
    assert (told.count(field), told.count(sent)) == (1, 1)
    told = told.replace(field, f"    top_k: int | None = None\n{field}")
    new = '        if self.top_k is not None:\n            fields["top_k"] = self.top_k\n'
    options.write_text(told.replace(sent, new + sent), "utf-8")
    after = json.loads(in_copy(copy, "-c", FIXED, json.dumps(before["receipt"])))
    assert after == before | {"top_k": None}
    assert after["changed"] == []
    assert after["sent"] == {"top_k": 20}
    (copy / "CASE.toml").write_text(f"{ASKED}[arms.tuned.parameters]\ntop_k = 20\n", "utf-8")
    placed = json.loads(in_copy(copy, "-c", FIXED, "{}"))
    assert (placed["top_k"], placed["sent"]) == (20, {"top_k": 20})


READER = """
from advisor.case.reading.table import Table, TableRow

def read_numbered(text: str, name: str) -> Table:
    rows = (line.partition(")")[2].strip() for line in text.splitlines())
    lines = tuple(TableRow(n, {"prompt": row}) for n, row in enumerate(rows, 1))
    return Table(("prompt",), lines, "numbered lines")
"""


def test_a_kind_of_file_takes_its_reader_and_its_row(copy):
    reading = copy / "advisor" / "case" / "reading"
    (reading / "numbered.py").write_text(READER, "utf-8")
    formats = reading / "formats.py"
    told = formats.read_text("utf-8")
    row = (
        '    Format(("num",), "a .num with a number before each text", "num", read_numbered),\n)\n'
    )
    before = '    Format(("txt",), "a .txt with one text a line", "plain"),\n'
    assert told.count(f"{before})\n") == 1
    told = told.replace(f"{before})\n", before + row).replace(
        "from advisor.words",
        "from advisor.case.reading.numbered import read_numbered\nfrom advisor.words",
    )
    formats.write_text(told, "utf-8")
    (copy / "texts.num").write_text("1) Where is my parcel?\n2) Cancel it.\n", "utf-8")
    said = in_copy(copy, "-m", "advisor", "read", "texts.num", "--json", "-")
    assert [one["prompt"] for one in json.loads(said)["texts"]] == [
        "Where is my parcel?",
        "Cancel it.",
    ]


GLOSSARY = '''
"""Glossary page: the words of the field."""

import streamlit as st

from pages.ui import markdown

TITLE = "Glossary"
PLACE = 2.5

st.title(TITLE)
st.markdown(markdown.plain("A *token* is a piece of a word."))
'''
OPEN_IT = """
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=60).run()
app.switch_page("pages/library/glossary.py").run()
assert not app.exception, app.exception
from pages.ui.look_up import library_pages
print([page.title for page in library_pages()], [one.value for one in app.title])
"""


def test_a_page_under_look_up_takes_its_file(copy):
    shutil.copytree(ROOT / "pages", copy / "pages")
    shutil.copytree(ROOT / "static", copy / "static")
    shutil.copy(ROOT / "app.py", copy)
    (copy / "pages" / "library" / "glossary.py").write_text(GLOSSARY.lstrip(), "utf-8")
    assert in_copy(copy, "-c", OPEN_IT).splitlines()[-1] == (
        "['Prices', 'Matrix', 'Glossary', 'Method', 'My decisions'] ['Glossary']"
    )
