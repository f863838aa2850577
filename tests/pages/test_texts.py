"""Bringing texts: what was understood is said in a sentence; nonsense changes nothing."""

import io
import json

import pandas
import pytest

from pages.ui import session
from pages.ui.compare.asked_before import TOGETHER
from tests.letters import as_xlsx, letters

from .reader import Reader, unescaped


@pytest.fixture
def reader() -> Reader:
    case = Reader("use_case").pick("What should the model do?", "domain_summarization")
    return case.go("texts")


def test_before_any_text_it_says_what_texts_can_prove(reader):
    assert "No texts yet." in reader.says
    assert "Bring about 130 texts to settle" in reader.says


def test_a_paste_is_understood(reader):
    reader.paste("one text\n\nsecond text\none text")
    assert "2 texts, 1 empty skipped, 1 repeated left out, no approved answers." in reader.says
    assert [prompt.text for prompt in reader.case.prompts] == ["one text", "second text"]


def test_texts_in_use_are_said_to_be_loaded_and_others_to_replace_them(reader):
    replaces = "This replaces the 2 texts you have."
    reader.paste("one text\n\nsecond text\none text")
    assert "Loaded." in reader.says
    assert replaces not in reader.says
    reader.at.text_area[0].set_value("another text").run()
    assert "Loaded." not in reader.says
    assert replaces in reader.says


def test_texts_of_several_lines_are_parted_by_dashes(reader):
    reader.paste("Dear Sir,\nI write\n---\nHello\n")
    assert [prompt.text for prompt in reader.case.prompts] == ["Dear Sir,\nI write", "Hello"]


def test_one_text_is_one_text(reader):
    assert "1 text, no approved answers." in reader.paste("only this").says
    assert "1 text: too few to show anything." in reader.says


@pytest.mark.parametrize(
    ("texts", "share"),
    [(30, "9 of 10"), (40, "9 of 10"), (100, "8 of 10"), (130, "7 of 10"), (300, "64 of 100")],
)
def test_the_share_that_texts_can_prove_is_never_told_too_low(reader, texts, share):
    reader.paste("\n".join(f"letter {n}" for n in range(texts)))
    assert f"{texts} texts show a difference when about {share} readers" in reader.says


def test_a_csv_is_understood(reader):
    reader.upload("t.csv", b"prompt,reference,cluster\na,x,c1\nb,y,c1\nc,z,c2\n,,\n")
    assert not reader.errors
    assert (
        "3 texts, 1 empty skipped, each with an approved answer, "
        "2 groups of texts that belong together." in reader.says
    )
    assert [prompt.reference for prompt in reader.case.prompts] == ["x", "y", "z"]


def test_a_jsonl_is_understood(reader):
    rows = [{"prompt": f"text {i}", **({"reference": "ok"} if i else {})} for i in range(4)]
    reader.upload("t.jsonl", "\n".join(map(json.dumps, rows)).encode())
    assert "4 texts, 1 approved answers missing." in reader.says or (
        "4 texts, 1 approved answer missing." in reader.says
    )


def test_a_sample_s_texts_can_be_taken(reader):
    reader.at.segmented_control[0].set_value("Sample").run()
    reader.click("Use these texts")
    assert "48 texts, each with an approved answer." in reader.says


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        pytest.param(
            "t.csv", b"prompt,id\na,1\nb,2,3\n", "Line 3 of t.csv has 3 cells", id="cells"
        ),
        pytest.param("t.jsonl", b'{"prompt": "a"}\n[1]\n', "Line 2 of t.jsonl is not", id="object"),
        pytest.param("t.csv", b"PK\x03\x04\x14\x00", "t.csv is a zip file", id="zip"),
        pytest.param("t.txt", b"\x00\x01\x02", "t.txt holds binary data", id="binary"),
        pytest.param("t.txt", b"  \n \n", "No text found", id="blank"),
        pytest.param("t.csv", b"", "No text found", id="nothing"),
        pytest.param("t.csv", b"%PDF-1.7\n", "t.csv is a PDF; copy the texts", id="PDF"),
        pytest.param("t.csv", b"PAR1\x15", "t.csv is a Parquet file", id="Parquet"),
        pytest.param("t.xlsx", b"<html><table>", "t.xlsx is a web page", id="web page"),
        pytest.param("t.json", b'[{"prompt": "a"},]', "t.json is not valid JSON", id="JSON"),
        pytest.param(
            "t.json",
            b'[{"user": "U1", "text": "Hi", "ts": "1.0"}]',
            "This is the log of a chat",
            id="messages of Slack",
        ),
    ],
)
def test_a_file_that_is_no_use_gives_one_sentence_and_keeps_what_was_there(
    reader, name, content, says
):
    reader.paste("kept one\nkept two")
    reader.upload(name, content)
    assert not reader.at.exception
    assert len(reader.errors) == 1
    assert reader.errors[0].startswith(says)
    assert reader.errors[0].endswith(".")
    assert [prompt.text for prompt in reader.case.prompts] == ["kept one", "kept two"]


@pytest.mark.parametrize(
    ("name", "content"), [("t.csv", b"foo,bar\n1,2\n"), ("t.jsonl", b'{"note": "a"}\n')]
)
def test_a_file_whose_texts_go_by_another_name_asks_which_column_they_are(reader, name, content):
    reader.upload(name, content)
    assert not reader.errors
    assert "Which column holds your texts?" in reader.says
    column = "foo" if name == "t.csv" else "note"
    reader.fill("selectbox", column, "text").click("Use this file")
    assert [prompt.text for prompt in reader.case.prompts] == ["1" if name == "t.csv" else "a"]


def test_the_first_rows_stand_below_a_choice_for_each_column_filled_with_the_guess(reader):
    reader.at.segmented_control[0].set_value("File").run()
    content = "question;output;expected_output;Notiz\n" + "".join(
        f"Frage {n};x{n};Antwort {n};-\n" for n in range(7)
    )
    reader.at.file_uploader[0].upload("t.csv", content.encode("cp1252")).run()
    chosen = {box.label: box.value for box in reader.at.selectbox}
    assert chosen == {
        "question": "text",
        "output": "leave out",
        "expected_output": "approved answer",
        "Notiz": "leave out",
    }
    first = reader.at.dataframe[0].value
    assert list(first["question"]) == [f"Frage {n}" for n in range(5)]
    assert (
        "7 texts from CSV with semicolons, each with an approved answer; left out: output, Notiz."
        in reader.says
    )


def test_rows_that_are_no_texts_are_said_to_be_left_out(reader):
    reader.upload("t.csv", b"Letters of May\n\nprompt,reference,weight\na,b,10\nTotal,,10\n")
    assert not reader.errors
    assert [(p.text, p.reference) for p in reader.case.prompts] == [("a", "b")]
    reader.at.run()
    assert "Lines 1 to 2 stand above the names of the columns, and were left out." in reader.says
    assert "Line 5 (“Total”) was taken for a total, and left out." in reader.says


def test_a_file_whose_columns_have_no_names_asks_which_holds_the_texts(reader):
    reader.upload("t.csv", b"Who signs?,Ann signs.\nWhen?,In May.\n")
    assert not reader.errors
    assert "Which column holds your texts?" in reader.says
    reader.fill("selectbox", "column 1", "text").click("Use this file")
    assert [prompt.text for prompt in reader.case.prompts] == ["Who signs?", "When?"]


def test_a_workbook_of_two_sheets_asks_which(reader):
    file = io.BytesIO()
    with pandas.ExcelWriter(file, engine="openpyxl") as book:
        pandas.DataFrame({"prompt": ["one"]}).to_excel(book, sheet_name="May", index=False)
        pandas.DataFrame({"prompt": ["two"]}).to_excel(book, sheet_name="June", index=False)
    reader.at.segmented_control[0].set_value("File").run()
    reader.at.file_uploader[0].upload("letters.xlsx", file.getvalue()).run()
    assert "This is the sheet “May”; “June” was not read." in reader.says
    reader.fill("selectbox", "Sheet", "June").click("Use this file")
    assert [prompt.text for prompt in reader.case.prompts] == ["two"]


def test_a_spreadsheet_with_both_answers_is_decided_without_an_address():
    reader = Reader().click("I already have the answers", then="use_case")
    reader.pick("What should the model do?", "general_chatbots").go("texts")
    reader.at.file_uploader[0].upload("letters.xlsx", as_xlsx(letters())).run()
    reader.fill("selectbox", "Letter", "text").click("Use this file")
    assert not reader.errors
    assert "80 answers came with them: vote, or see the verdict." in reader.says
    assert {arm.endpoint[:6] for arm in reader.case.arms.values()} == {"given:"}
    reader.go("verdict")
    assert not reader.at.exception
    assert "40 of 40" in reader.says
    assert "The answers came with the texts; no model was asked here." in reader.says
    # Another paste: the answers were to other texts, and none is left.
    reader.go("texts").paste("another text")
    assert {arm.endpoint for arm in reader.case.arms.values()} == {""}


def test_a_chosen_file_is_used_before_one_goes_on(reader):
    reader.at.segmented_control[0].set_value("File").run()
    reader.at.file_uploader[0].upload("t.csv", b"foo,bar\n1,2\n").run()
    assert "Your file is not in use yet." in reader.says
    assert "Continue to Options" not in [button.label for button in reader.at.button]
    reader.fill("selectbox", "foo", "text")
    assert "Continue to Options" not in [unescaped(b.label) for b in reader.at.button]
    reader.click("Use this file")
    reader.click("Continue to Options")
    assert reader.at.title[0].value == "Options"
    assert len(reader.case.prompts) == 1


def test_whether_given_texts_belong_together_is_asked_on_compare():
    """The verdict waits for it, and says so: it must be there to answer."""
    reader = Reader().click("I already have the answers", then="use_case")
    reader.pick("What should the model do?", "general_chatbots")
    reader.click("Continue to Texts", then="texts")
    reader.at.file_uploader[0].upload("letters.xlsx", as_xlsx(letters())).run()
    reader.fill("selectbox", "Letter", "text").click("Use this file").go("verdict")
    assert "Say on Compare whether several of your texts come from one document" in reader.says
    reader.go("compare")
    assert "80 of 80 answers came with your texts." in reader.says
    reader.pick(TOGETHER, False).go("verdict")
    assert reader.case.brief.together is False
    assert "Say on Compare whether" not in reader.says


def test_votes_of_a_file_join_the_answers_that_came_before(reader):
    reader.upload("t.csv", b"id,prompt,base,tuned\n1,one,a,b\n2,two,c,d\n")
    reader.upload("votes.csv", b"prompt_id,voter,pair,preference\n1,Ann,base/tuned,tuned\n")
    assert not reader.errors
    run = session.store().latest_run(reader.case_id)
    assert run is not None
    (vote,) = session.store().votes(run.id)
    assert (vote.prompt_id, vote.voter, vote.preference) == ("1", "Ann", "tuned")


def test_an_empty_paste_gives_one_sentence_and_keeps_what_was_there(reader):
    reader.paste("kept one\nkept two").paste("   \n \n")
    assert reader.errors == [
        "No text found; paste one text a line, or upload a .xlsx, .csv, .ods, .jsonl, .json or .txt."
    ]
    assert [prompt.text for prompt in reader.case.prompts] == ["kept one", "kept two"]


def test_five_thousand_texts_go_through_every_step(reader):
    reader.paste("\n".join(f"letter number {i}" for i in range(5000)))
    assert "5,000 texts, no approved answers." in reader.says
    for page in ("texts", "options", "compare", "costs", "verdict", "use_case"):
        assert not reader.go(page).at.exception
        assert not reader.errors
    assert len(Reader("texts", case_id=reader.case_id).case.prompts) == 5000


def test_an_instruction_is_kept_per_option(reader):
    reader.paste("one\ntwo").go("options").compete("base", "tuned")
    reader.fill("text_area", "Base: instruction", "Answer in one line, politely.")
    reader.fill("text_area", "Fine-tuned: instruction", "Answer.")
    arms = reader.case.arms
    assert arms["base"].system_prompt == "Answer in one line, politely."
    assert arms["tuned"].system_prompt == "Answer."
