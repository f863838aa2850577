"""Answers and votes that exist already: read, compared and decided with no address."""

import json

import pytest

from tests.case_files import SHORT
from tests.cli.command import TODAY
from tests.letters import LETTERS, as_xlsx, letters

ALONE = "together = false\n"
"""Asked before anything is decided: no two texts come from one customer or thread."""
SHEET = """
[prompts]
file = "letters.xlsx"
[prompts.columns]
Nr = "id"
Letter = "text"
Ideal = "approved answer"
"Answer of base" = "answer of base"
"Answer of tuned" = "answer of tuned"
"""


@pytest.fixture
def case(run):
    """A case whose texts, approved answers and answers stand in one Excel file."""
    path = run.write(SHORT + ALONE + SHEET)
    (run.folder / "letters.xlsx").write_bytes(as_xlsx(letters()))
    return path


def test_a_spreadsheet_with_both_answers_decides_without_an_address_or_a_database(run, case):
    value = run.json("decide", case, "--today", TODAY)
    assert value["evidence"]["word"] == "decides"
    # Shared words decide: the tuned answer is the approved one, 40 times of 40.
    assert value["evidence"]["preferences"] == {"tuned": 40, "base": 0, "tie": 0, "both_bad": 0}
    assert not (run.folder / "answers.db").exists()


def test_the_same_is_kept_where_there_is_a_database_and_nothing_is_asked(run, case):
    value = run.json("compare", case, "--db", run.db)
    assert (value["status"], value["done"], value["planned"]) == ("done", 80, 80)
    assert (value["failed"], value["cost_usd"]) == (0, 0)
    again = run.json("compare", case, "--db", run.db)
    assert again == value
    kept = run.json("decide", case, "--db", run.db, "--today", TODAY)
    alone = run.json("decide", case, "--today", TODAY)
    assert kept["evidence"]["preferences"] == alone["evidence"]["preferences"]


def test_where_the_answers_come_from_stands_in_the_pdf(run, case):
    pdf = run.folder / "out.pdf"
    run("decide", case, "--today", TODAY, "--pdf", pdf)
    from pypdf import PdfReader

    words = " ".join(page.extract_text() for page in PdfReader(pdf).pages)
    assert "The answers came with the texts" in " ".join(words.split())


def test_answers_and_votes_of_their_own_files(run):
    path = run.write(
        SHORT
        + '[prompts]\nfile = "prompts.jsonl"\nanswers = "answers.jsonl"\nvotes = "votes.csv"\n',
        "".join(json.dumps({"id": f"t{n}", "prompt": f"Text {n}"}) + "\n" for n in range(30)),
    )
    answers = [
        {
            "prompt_id": f"t{n}", "arm": arm, "text": f"{arm} says {n}",
            "model": f"model-{arm}", "input_tokens": 10, "output_tokens": 4, "seconds": 0.5,
        }
        for n in range(30) for arm in ("base", "tuned")
    ]  # fmt: skip
    (run.folder / "answers.jsonl").write_text("\n".join(map(json.dumps, answers)))
    votes = [f"t{n},Ann,base/tuned,{'tuned' if n % 10 else 'tie'}" for n in range(30)]
    (run.folder / "votes.csv").write_text("\n".join(["prompt_id,voter,pair,preference", *votes]))
    value = run.json("decide", path, "--today", TODAY)
    assert value["evidence"]["preferences"] == {"tuned": 27, "base": 0, "tie": 3, "both_bad": 0}
    run("compare", path, "--db", run.db)
    kept = run.json("decide", path, "--db", run.db, "--today", TODAY)
    assert kept["evidence"]["preferences"] == value["evidence"]["preferences"]


def test_a_guess_takes_no_option_its_address_away(run):
    table = "prompt,base,tuned\nhello,a,b\nbye,c,d\n"
    (run.folder / "t.csv").write_text(table)
    arms = "".join(
        f'[arms.{arm}]\nendpoint = "http://localhost:1/v1"\nmodel = "{arm}"\n'
        for arm in ("base", "tuned")
    )
    value = run.json(
        "decide", run.write(SHORT + '[prompts]\nfile = "t.csv"\n' + arms), "--today", TODAY
    )
    assert value["evidence"]["word"] == "none"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        pytest.param(
            {"answers.jsonl": '{"prompt_id": "x", "arm": "base", "text": "a"}'},
            "answers.jsonl holds an answer to the text “x”, and there is no text of that id",
            id="no such text",
        ),
        pytest.param(
            {"answers.jsonl": '{"prompt_id": "1", "arm": "other", "text": "a"}'},
            "answers.jsonl holds answers of “other”, which is no option here",
            id="no such option",
        ),
        pytest.param(
            {"answers.jsonl": '{"prompt": "1"}'},
            "answers.jsonl holds texts, not answers; it needs the columns prompt_id, arm and text.",
            id="texts",
        ),
    ],
)
def test_answers_that_fit_nothing_are_refused(run, files, said):
    path = run.write(SHORT + '[prompts]\nfile = "prompts.jsonl"\nanswers = "answers.jsonl"\n')
    for name, content in files.items():
        (run.folder / name).write_text(content)
    assert said in run.refused("decide", path, "--today", TODAY)


def test_read_says_what_is_understood_and_writes_it(run):
    (run.folder / "letters.xlsx").write_bytes(as_xlsx(letters()))
    with_names = run.folder / "named.xlsx"
    with_names.write_bytes(as_xlsx(letters().rename(columns={"Letter": "Question"})))
    value = run.json("read", with_names)
    assert (value["kind"], value["format"], len(value["texts"])) == ("texts", "Excel", LETTERS)
    assert value["columns"] == {
        "Question": "text",
        "Ideal": "approved answer",
        "Answer of base": "answer of base",
        "Answer of tuned": "answer of tuned",
    }
    assert (value["unread"], len(value["answers"])) == (["Nr"], 2 * LETTERS)
    assert "Which column holds your texts?" in run.refused("read", run.folder / "letters.xlsx")


def test_a_case_of_function_calling_with_eight_tools_decides_by_right_calls(run):
    tools = [{"type": "function", "function": {"name": f"tool_{k}"}} for k in range(8)]
    texts, answers = [], []
    for n in range(40):
        call = {"name": f"tool_{n % 8}", "arguments": {"order": n}}
        right = [] if n % 10 == 9 else [call]  # for every tenth text no call is right
        texts.append(
            {
                "id": f"t{n}",
                "messages": [
                    {"role": "system", "content": "You are a shop."},
                    {"role": "user", "content": f"Order {n}, please."},
                ],
                "tools": tools,
                "calls": right,
            }
        )
        answers.append({"prompt_id": f"t{n}", "arm": "tuned", "text": "Hello", "calls": right})
        if right:
            answers[-1]["text"] = ""
        wrong = {"name": "tool_0", "arguments": {"order": n + 1}}
        answers.append({"prompt_id": f"t{n}", "arm": "base", "calls": [wrong]})
    path = run.write(
        SHORT + ALONE + '[prompts]\nfile = "prompts.jsonl"\nanswers = "answers.jsonl"\n',
        "".join(json.dumps(text) + "\n" for text in texts),
    )
    (run.folder / "answers.jsonl").write_text("\n".join(map(json.dumps, answers)))
    value = run.json("decide", path, "--today", TODAY)
    assert value["evidence"]["word"] == "decides"
    assert value["evidence"]["preferences"] == {"tuned": 40, "base": 0, "tie": 0, "both_bad": 0}
    assert value["evidence"]["primary_metric"] == "same_calls"


def test_a_chat_of_six_turns_is_decided_and_printed(run):
    def turns(n):
        said = [("user", f"Parcel {n} is late."), ("assistant", "Which order?")]
        said += [("user", f"Order {n}."), ("assistant", "Since when?"), ("user", "Since Monday.")]
        return [{"role": role, "content": content} for role, content in said]

    approved = "It arrives on {}, with our apologies."
    texts = [
        {"messages": [*turns(n), {"role": "assistant", "content": approved.format(n)}]}
        | {"tuned": approved.format(n), "base": "Please wait a little."}
        for n in range(30)
    ]
    path = run.write(
        SHORT + '[prompts]\nfile = "prompts.jsonl"\n',
        "".join(json.dumps(text) + "\n" for text in texts),
    )
    pdf = run.folder / "out.pdf"
    value = run.json("decide", path, "--today", TODAY, "--pdf", pdf)
    assert value["evidence"]["preferences"] == {"tuned": 30, "base": 0, "tie": 0, "both_bad": 0}
    assert pdf.read_bytes().startswith(b"%PDF")
