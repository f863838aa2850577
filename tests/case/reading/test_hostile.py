"""Files nobody listed: read right, with what was left out said, or refused in one sentence."""

import gzip
import io
import json
import zipfile

import pandas
import pytest
from openpyxl import Workbook

from advisor.case.reading.read import read_file
from advisor.errors import BadImport

HEADER_3 = ("Lines 1 to 2 stand above the names of the columns, and were left out.",)
ANSWERS = (
    "{}: read as what a model once answered, so not as an approved answer. If somebody approved it, "
    "choose “Approved answer”; if an option said it, that option."
)


def sheet(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def zipped(**names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in names.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return file.getvalue()


def parquet():
    file = io.BytesIO()
    pandas.DataFrame({"prompt": ["a"]}).to_parquet(file)
    return file.getvalue()


def old_office(stream):
    """The first bytes of a file of Office until 2003, or a locked one, with a stream's name."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + stream.encode("utf-16-le")


HEBREW, ARABIC = "שלום 👩‍👩‍👧", "مرحبا 🎉"
AB = [("a", "b")]
READ = [
    pytest.param(
        "t.csv", "\ufeffprompt;reference;weight\r\nWie hoch?;12,50 €;0,5\r\n".encode(),
        [("Wie hoch?", "12,50 €")], (), id="BOM, semicolons, decimal commas",
    ),
    pytest.param("t.txt", "prompt\treference\r\nä\tb\r\n".encode("utf-16"), [("ä", "b")], (),
                 id="Unicode text of Excel"),
    pytest.param("t.csv", b"prompt,reference\ra,b\r", AB, (), id="line ends of old Macs"),
    pytest.param("t.csv", b"prompt,reference\na,b\nprompt,reference\nc,d\n", [*AB, ("c", "d")],
                 ("Line 3 repeats the names of the columns, and was left out.",), id="names twice"),
    pytest.param("t.csv", b"Letters of May,,\n,,\nprompt,reference,case\na,b,c\n", AB, HEADER_3,
                 id="names under a title"),
    pytest.param("t.csv", b"Letters of May\n\nprompt;reference\na, x;b\n", [("a, x", "b")], HEADER_3,
                 id="a title without marks"),
    pytest.param("t.xlsx", sheet(["May"], [], ["prompt", "reference"], ["a", "b"], ["Total", 3]), AB,
                 ("Rows 1 to 2 stand above the names of the columns, and were left out.",
                  "Row 5 (“Total”) was taken for a total, and left out."), id="title and total"),
    pytest.param("t.csv", b"prompt,reference,weight\na,b,10\nTotal:,,10\n", AB,
                 ("Line 3 (“Total:”) was taken for a total, and left out.",), id="a total"),
    pytest.param("t.csv", b"prompt,,reference,,\na,,b,,\n", AB, (), id="empty columns"),
    pytest.param("t.csv", (",".join(["prompt", "reference", *(f"c{n}" for n in range(298))])
                 + "\na,b" + ",x" * 298).encode(), AB, (), id="300 columns"),
    pytest.param("t.csv", b"input,output,corrected_output\na,old,b\n", AB,
                 (ANSWERS.format("output"),), id="corrected beside a model's output"),
    pytest.param("t.csv", b"prompt,completion,edited\na,old,b\n", AB, (), id="edited completion"),
    pytest.param("t.csv", b"question,answer,response\na,x,y\n", [("a", None)],
                 (ANSWERS.format("answer, response"),), id="two answers of models"),
    pytest.param("t.csv", b"question,reference,ideal\na,b,y\n", AB,
                 ("ideal: by its name an approved answer too. Choose “Another approved answer” if "
                  "either is right.",), id="two approved answers"),
    pytest.param("t.csv", b"Customer Question;Ideal Answer\na;b\n", AB, (), id="names in words"),
    pytest.param("t.csv", b"Where is it?\nWho signs?\n", [("Where is it?", None), ("Who signs?", None)],
                 ("The first line names no columns, so they go by their place.",), id="no names"),
    pytest.param("t.csv", b'prompt,reference\r\n"He said ""no"",\nand left","1\n\n2"\r\n',
                 [('He said "no",\nand left', "1\n\n2")], (), id="quotes and breaks"),
    pytest.param("t.csv", f"prompt,reference\n{HEBREW},{ARABIC}\n".encode(), [(HEBREW, ARABIC)], (),
                 id="emoji and right to left"),
    pytest.param("t.csv", b'[{"prompt": "a", "reference": "b"}]', AB,
                 ("t.csv holds JSON, whatever it is called, and was read so.",), id="JSON called CSV"),
    pytest.param("t.json", b"prompt,reference\na,b\n", AB,
                 ("t.json holds CSV, whatever it is called, and was read so.",), id="CSV called JSON"),
    pytest.param("t.txt", b"prompt,reference\na,b\n", AB, (), id="CSV called text"),
    pytest.param("t.txt", b'{"prompt": "a", "reference": "b"}\n', AB, (), id="JSONL called text"),
    pytest.param("t.csv", sheet(["prompt", "reference"], ["a", "b"]), AB, (), id="Excel called CSV"),
    pytest.param("t.jsonl", b'{\n "prompt": "a",\n "reference": "b"\n}\n{\n "prompt": "c"\n}\n',
                 [*AB, ("c", None)], (), id="objects over several lines"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "expected", "said"), READ)
def test_it_is_read_right_and_what_was_left_out_is_said(name, content, expected, said):
    found = read_file(content, name)
    assert [(p.text, p.reference) for p in found.prompts] == expected
    assert found.remarks == said


CHAT = "is the log of a chat, which does not say what is to be answered."
REFUSED = [
    pytest.param("t.csv", b"%PDF-1.7\n1 0 obj", "t.csv is a PDF; copy the texts into", id="PDF"),
    pytest.param("t.xlsx", zipped(word__document_dot_xml="x"), "is a Word document", id="Word"),
    pytest.param("t.numbers", zipped(Index__Document_dot_iwa="x"), "is a Numbers file", id="Numbers"),
    pytest.param("t.csv", zipped(a_dot_csv="x"), "t.csv is a zip file; unpack it", id="zip"),
    pytest.param("l.eval", zipped(header_dot_json="{}"), "`inspect log convert --to json`", id="eval"),
    pytest.param("t.xlsx", zipped(a_dot_csv="x"), "can't be opened as a workbook", id="not Excel"),
    pytest.param("t.xlsx", b"<html><table>", "is a web page; open it in Excel", id="HTML"),
    pytest.param("t.csv", b"<?xml version='1.0'?><Workbook>", "is XML; if Excel opens it", id="XML"),
    pytest.param("t.csv", gzip.compress(b"prompt\na"), "is compressed (gzip)", id="gzip"),
    pytest.param("t.csv", parquet(), "is a Parquet file; save it as .csv", id="Parquet"),
    pytest.param("t.xlsx", old_office("EncryptedPackage"), "is locked by a password", id="password"),
    pytest.param("t.xls", old_office("Workbook"), "is an Excel file of before 2007", id="xls"),
    pytest.param("t.doc", old_office("WordDocument"), "is a Word document", id="doc"),
    pytest.param("t.xlsx", sheet(), "t.xlsx holds no text: its sheets are empty.", id="empty Excel"),
    pytest.param("t.csv", b"Who signs?,Ann signs.\nWhen?,In May.\n",
                 "t.csv names no columns: write “prompt” above your texts", id="no names"),
    pytest.param("t.json", b'[{"prompt": "a"},]', "line 1, character 18 (", id="a comma too many"),
    pytest.param("t.txt", b"12/05/2024, 14:03 - Ann: Hi\n12/05/2024, 14:04 - Shop: Yes?\nmore\n",
                 CHAT, id="WhatsApp on Android"),
    pytest.param("t.txt", b"[12.05.24, 14:03:11] Ann: Hi\n[12.05.24, 14:04:00] Shop: Yes?\n", CHAT,
                 id="WhatsApp on iOS"),
    pytest.param("t.txt", b"[14:03] Ann Smith\nHi\n[14:04] Desk\nYes?\n", CHAT, id="Teams"),
    pytest.param("t.json", json.dumps([{"type": "message", "user": "U1", "text": "Hi", "ts": "1.0"}]
                                      ).encode(), CHAT, id="Slack"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "said"), REFUSED)
def test_it_is_refused_in_one_sentence_that_says_what_to_do(name, content, said):
    with pytest.raises(BadImport) as refused:
        read_file(content, name)
    assert said in str(refused.value)
    assert str(refused.value).endswith(".")


def test_one_bad_line_of_five_thousand_is_named():
    lines = [json.dumps({"prompt": f"text {n}"}) for n in range(5_000)]
    lines[3_210] = '{"prompt": "x'
    with pytest.raises(BadImport, match=r"Line 3,211 of t\.jsonl is not a JSON object"):
        read_file("\n".join(lines).encode(), "t.jsonl")


def test_macros_are_never_looked_at():
    content = io.BytesIO(sheet(["prompt"], ["a"]))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/vbaProject.bin", old_office("VBA"))
    (text,) = read_file(content.getvalue(), "t.xlsm").prompts
    assert text.text == "a"
