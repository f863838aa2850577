"""Conversations and calls of tools on the pages: read as people read them, never as JSON."""

import json

from pages.ui import session

from .reader import Reader
from .test_voters import Voter, invite

CALL = {"name": "track", "arguments": {"order": 812, "urgent": True}}
WORDS = "track(order=812, urgent=true)"
JSON_OF_IT = '[{"arguments"'


def lines(*rows):
    return "\n".join(map(json.dumps, rows)).encode()


def chats(calls):
    """Texts of six turns with an instruction of their own, approved calls and both answers."""
    said = (
        ("system", "You are the desk."),
        ("user", "Late."),
        ("assistant", "Which order?"),
        ("user", "Order 812."),
        ("assistant", "Since when?"),
        ("user", "Since Monday."),
    )
    messages = [{"role": role, "content": words} for role, words in said]
    return lines(
        *(
            {"id": f"t{n}", "messages": [*messages[:-1], {"role": "user", "content": f"Day {n}."}],
             "tools": [{"name": "track"}], "calls": calls, "base": "Please wait.", "tuned": calls}
            for n in range(3)
        )
    )  # fmt: skip


def test_calls_and_turns_are_read_in_words_by_the_owner_the_voter_and_in_the_list_of_texts():
    reader = Reader("use_case").pick("What should the model do?", "general_chatbots").go("texts")
    reader.upload("chats.jsonl", chats([CALL]))
    assert not reader.errors
    table = reader.at.dataframe[-1].value
    assert list(table["Approved answer"]) == [WORDS] * 3
    reader.go("compare")
    assert "Assistant: Since when?" in reader.says
    assert WORDS in reader.says
    assert JSON_OF_IT not in reader.says
    voter = Voter(invite(reader, "Ann")["Ann"])
    while "Left" not in voter.labels:
        voter.at.button[0].click().run()
    assert WORDS in voter.says
    assert "Assistant: Since when?" in voter.says
    assert JSON_OF_IT not in voter.says
    voter.click("Left")
    (vote,) = session.store().votes(session.store().latest_run(reader.case_id).id)
    assert (vote.voter, vote.preference in ("base", "tuned")) == ("Ann", True)


def test_where_texts_bring_an_instruction_it_is_asked_once_what_models_get():
    reader = Reader("use_case").pick("What should the model do?", "general_chatbots").go("texts")
    reader.upload("chats.jsonl", chats([]))
    asked = (
        "3 texts bring an instruction of their own (a system message). Which should the models get?"
    )
    assert reader.case.run.system_in_text == "follows"
    reader.fill("radio", asked, "replaces")
    assert reader.case.run.system_in_text == "replaces"
    assert list(reader.at.dataframe[-1].value["Approved answer"]) == ["No call."] * 3
    reader.paste("a text without one")
    assert asked not in [radio.label for radio in reader.at.radio]
