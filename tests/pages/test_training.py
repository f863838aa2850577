"""The training file on Texts: checked once, leaked texts dropped by one click."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from advisor.report.report import write_report
from advisor.report.signals import SIGNAL_WORDS, signal_rows
from advisor.training import check
from advisor.words import usd

from .reader import Reader, unescaped

TOY = Path(__file__).parents[1] / "training" / "data" / "toy_chat_fine_tuning.jsonl"


def examples(n: int, start: int = 0) -> bytes:
    """Pairs that have little in common, a line each."""
    words = [first + second for first in "bdfglmnprs" for second in ("ash", "elm")]
    lines = []
    for i in range(start, start + n):
        asked = " ".join(words[(i * k + i // 20) % 20] for k in (1, 3, 7, 9, 11))
        lines.append(json.dumps({"prompt": f"{asked} {i * 7919}", "completion": f"answer {i}"}))
    return "\n".join(lines).encode()


def bring(reader: Reader, content: bytes, name: str = "train.jsonl") -> Reader:
    reader.at.file_uploader[-1].upload(name, content).run()
    return reader


@pytest.fixture
def reader() -> Reader:
    case = Reader("use_case").pick("What should the model do?", "domain_summarization")
    return case.go("texts").paste("I lost my book today\nSomething else altogether here")


def test_the_toy_file_s_defects_are_said_and_kept_in_the_case(reader):
    bring(reader, TOY.read_bytes(), "toy.jsonl")
    assert not reader.errors[1:]
    assert "Not possible yet: 3 usable, distinct examples." in reader.says
    assert "2 lines can't be used: no input (line 4), repeats itself (line 5)." in reader.says
    assert "Line 3 has no instruction (system message), unlike most others; add it." in reader.says
    kept = reader.case.training
    assert (kept.file, kept.examples, kept.usable, kept.grade) == (
        "toy.jsonl",
        5,
        3,
        "not possible",
    )
    assert set(kept.leaked) == {"1"}


def test_leaked_texts_are_dropped_by_one_click_and_the_file_is_not_read_again(reader, monkeypatch):
    bring(reader, TOY.read_bytes())
    assert reader.errors == [
        "1 of your 2 texts for the comparison stands in the training file. A model proves nothing "
        "on a text it has seen, so the comparison is void until it is dropped."
    ]
    monkeypatch.setattr(check, "check_training_file", None)  # a second call would raise
    reader.click("Drop this text from the comparison")
    assert not reader.at.exception
    assert reader.errors == []
    assert [prompt.text for prompt in reader.case.prompts] == ["Something else altogether here"]
    assert not reader.case.training.leaked


def test_a_rerun_does_not_check_again(reader, monkeypatch):
    bring(reader, TOY.read_bytes())
    monkeypatch.setattr(check, "check_training_file", None)
    reader.at.run()
    assert not reader.at.exception
    assert "Not possible yet" in reader.says


def test_after_a_reload_the_leak_is_still_there_and_can_be_dropped(reader):
    bring(reader, TOY.read_bytes())
    again = Reader("texts", case_id=reader.case_id)
    assert again.errors[0].startswith("1 of your 2 texts")
    again.click("Drop this text from the comparison")
    assert len(again.case.prompts) == 1
    assert again.errors == []


def test_other_texts_under_the_same_id_are_not_taken_for_leaked(reader):
    bring(reader, TOY.read_bytes())
    again = Reader("texts", case_id=reader.case_id).paste("quite new\nnewer still")
    assert again.errors == []
    assert "2 texts were not here yet when the training file was checked." in again.says


def test_the_file_goes_before_what_was_ticked_and_the_answer_is_not_overwritten(reader):
    bring(reader, examples(60))
    assert reader.case.brief.training_pairs is None
    assert "You said" not in reader.says
    brief = reader.case.brief.model_copy(update={"training_pairs": 0})
    from pages.ui import session

    session.store().save_case(reader.case.model_copy(update={"brief": brief}), reader.case_id)
    again = Reader("texts", case_id=reader.case_id)
    assert "You said 0 texts with an approved answer, and this file has 60 usable" in again.says
    assert again.case.brief.training_pairs == 0
    assert "The verdict goes by the file." in again.says
    assert pairs_counted(again) == "60 approved pairs"
    again.go("use_case")
    again.turn_to("button_group", "How many texts have an answer an expert approved?")
    assert "train.jsonl, checked on Texts, has 60 usable pairs." in again.says
    again.go("texts").click("Leave this file out")
    assert again.case.training is None
    assert "You said" not in again.says
    assert pairs_counted(again) == "0 approved pairs"


def pairs_counted(reader: Reader) -> str:
    """What the verdict says of the pairs it goes by."""
    rows = signal_rows(reader.at.session_state["decision"][2])
    return next(row.said for row in rows if row.name == SIGNAL_WORDS["training_pairs"])


def test_a_file_left_out_can_be_brought_again(reader):
    bring(reader, examples(60)).click("Leave this file out")
    assert not reader.at.exception
    assert "usable" not in reader.says
    bring(reader, examples(70), "second.jsonl")
    assert (reader.case.training.file, reader.case.training.usable) == ("second.jsonl", 70)


def test_a_job_has_one_price_on_every_page(reader):
    """300 pairs in the file, "200-999" ticked; gpt-4.1-mini at Azure trains at $5 per 1M."""
    from advisor.case.options import Arm
    from pages.ui import session
    from tests.make import AZURE_MINI

    bring(reader, examples(300))
    case, kept = reader.case, reader.case.training
    brief = case.brief.model_copy(update={"training_pairs": 200})
    arms = {"base": Arm(offer="openai:gpt-6-luna"), "tuned": Arm(offer=AZURE_MINI)}
    session.store().save_case(
        case.model_copy(update={"brief": brief, "arms": arms}), reader.case_id
    )
    assert (kept.usable, kept.epochs) == (300, 3)
    job = usd(Decimal(kept.tokens * 3 * 5) / 10**6)
    again = Reader("texts", case_id=reader.case_id)
    assert f"at Azure (Microsoft Foundry), gpt-4.1-mini-2025-04-14: about {job}." in again.says
    again.go("options")
    prices = again.at.session_state["decision"][2]
    assert write_report(prices).costs[-1].training == job
    assert pairs_counted(again) == "300 approved pairs"


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        pytest.param(b"", "t.jsonl", "t.jsonl is empty", id="empty"),
        pytest.param(b"prompt,completion\na,b\n", "t.jsonl", "t.jsonl looks like a CSV", id="csv"),
        pytest.param(b'[{"prompt": "a"}]', "t.jsonl", "t.jsonl is one JSON list", id="list"),
        pytest.param(b"{}", "t.exe.jsonl", "t.exe.jsonl", id="name"),
    ],
)
def test_a_file_that_is_no_use_gives_one_sentence_and_keeps_the_texts(reader, content, name, says):
    bring(reader, content, name)
    assert not reader.at.exception
    if name == "t.exe.jsonl":
        assert 'Line 1 has neither "messages" nor "prompt"' in reader.says
    else:
        assert len(reader.errors) == 1
        assert reader.errors[0].startswith(says)
    assert len(reader.case.prompts) == 2


def test_personal_data_in_the_texts_is_said_without_showing_it(reader):
    reader.paste("Write to jane.doe@example.org please\nnothing here")
    said = [unescaped(str(warning.value)) for warning in reader.at.warning]
    assert said == ["Personal data in your texts: e-mail address (text 1)."]
    assert "Names, addresses and dates of birth can't be found by a pattern" in reader.says
