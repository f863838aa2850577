"""Inviting others to vote, and the page they open: by AppTest through app.py."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.case.run_spec import spec_of
from pages.ui import session

from .reader import APP, Reader, said, unescaped

LINK = re.compile(r"vote\?ballot=([\w-]+)")


class Voter:
    """A stranger with a link."""

    def __init__(self, token: str) -> None:
        self.at = AppTest.from_file(APP, default_timeout=60)
        self.at.query_params["ballot"] = token
        self.at.switch_page("pages/public/vote.py").run()
        assert not self.at.exception

    @property
    def says(self) -> str:
        return said(self.at)

    def click(self, label: str) -> "Voter":
        found = [b for b in self.at.button if unescaped(b.label) == label]
        assert len(found) == 1, f"{label!r} is not once among {[b.label for b in self.at.button]}"
        found[0].click().run()
        assert not self.at.exception
        return self

    @property
    def labels(self) -> list[str]:
        return [unescaped(button.label) for button in self.at.button]

    @property
    def text(self) -> str:
        return str(self.at.text[0].value)


def invite(reader: Reader, names: str, asked_by: str = "") -> dict[str, str]:
    """The tokens of new links, by voter."""
    reader.fill("text_area", "Voters, one name a line", names)
    reader.fill("text_input", "Your name, as they will read it", asked_by)
    reader.click("Make the links")
    shown = [LINK.search(code.value)[1] for code in reader.at.code]
    return dict(zip((line for line in names.splitlines() if line.strip()), shown, strict=True))


def run_id(reader: Reader) -> str:
    run = session.store().find_run(spec_of(reader.case).spec_hash, reader.case_id)
    assert run is not None
    return str(run.id)


def test_links_are_shown_once_with_how_far_each_voter_is(replayed):
    assert "40 texts, about 60 minutes for each voter" in replayed.says
    tokens = invite(replayed, "Anna\n\n Ben \n", "Mo")
    assert len(set(tokens.values())) == 2
    assert "0 of 40 texts, link works until" in replayed.says
    again = Reader("compare", case_id=replayed.case_id)
    assert not again.at.code
    assert "**Anna**" in again.says


def test_a_name_twice_is_said_in_a_sentence(replayed):
    replayed.fill("text_area", "Voters, one name a line", "Anna\nanna").click("Make the links")
    assert replayed.errors == ["anna is there twice; each voter needs a name of their own."]
    replayed.fill("text_area", "Voters, one name a line", "\n").click("Make the links")
    assert replayed.errors == ["Enter a name for each voter, one on a line."]


def test_a_stranger_votes_and_only_the_count_is_seen_before_the_end(replayed):
    tokens = invite(replayed, "Anna\nBen", "Mo")
    anna = Voter(tokens["Anna"])
    assert "Mo asks you, Anna, to read two answers" in anna.says
    assert "40 texts, about 60 minutes" in anna.says
    assert "0 of 40 texts voted on." in anna.says
    first = anna.text
    anna.click("Left")
    assert anna.text != first
    assert "1 of 40 texts voted on." in anna.says
    assert "0 of 40 texts voted on." in Voter(tokens["Ben"]).says
    replayed.at.run()
    assert "1 of 40 texts, link works until" in replayed.says
    (vote,) = session.store().votes(run_id(replayed))
    assert vote.voter == "Anna"
    # The owner's own vote on that text is still blind.
    assert "You chose" not in replayed.says


def test_no_name_stands_on_the_page_before_the_vote(replayed):
    token = invite(replayed, "Anna")["Anna"]
    anna = Voter(token)
    shown = [str(text.value) for text in anna.at.text]
    said = anna.says
    for text in shown:
        said = said.replace(text, "")
    elements = [*anna.at.button, *anna.at.button_group, *anna.at.expander]
    handed_out = " ".join([said, *(f"{e.label} {getattr(e, 'key', '')}" for e in elements)]).lower()
    names = [
        "base",
        "tuned",
        "gpt",
        "bart",
        "clinic",
        "replay",
        *(a.model for a in replayed.case.arms.values()),
    ]
    assert [name for name in names if name.lower() in handed_out] == []
    assert "left" in handed_out


def test_the_answers_stand_on_the_sides_that_the_vote_is_kept_for(replayed):
    anna = Voter(invite(replayed, "Anna")["Anna"])
    prompt = next(p for p in replayed.case.prompts if p.text == anna.text)
    left = str(anna.at.text[1].value)
    anna.click("Left")
    (vote,) = session.store().votes(run_id(replayed))
    outputs = session.store().prompt_outputs(run_id(replayed), prompt.id)
    assert vote.prompt_id == prompt.id
    assert outputs[vote.preference].text == left


def test_what_is_skipped_comes_back_at_the_end(few):
    anna = Voter(invite(few, "Anna")["Anna"])
    skipped = anna.text
    anna.click("Skip")
    seen = {anna.text}
    for _ in range(4):
        anna.click("No difference")
        assert anna.text != skipped
        seen.add(anna.text)
    assert len(seen) == 5
    anna.click("No difference")
    assert anna.text == skipped
    assert "5 of 6 texts voted on." in anna.says
    anna.click("Right")
    assert "You have voted on 6 of 6 texts." in anna.says
    anna.click("Look at my votes again")
    assert "You chose" in anna.says


def test_a_vote_can_be_changed_until_the_names_are_told_and_not_after(replayed):
    token = invite(replayed, "Anna")["Anna"]
    anna = Voter(token)
    anna.click("Left").click("Previous text")
    assert "You chose the left one. You can still change it." in anna.says
    anna.click("Neither is good").click("Next text")
    (vote,) = session.store().votes(run_id(replayed))
    assert vote.preference == "both_bad"
    anna.click("I am done")
    assert "39 texts would stay without your vote" in anna.says
    anna.click("Go on voting").click("I am done").click("Show me which was which")
    assert "In 1 text you chose fine-tuned 0 times" in anna.says
    for voter in (anna, Voter(token)):
        assert "Left" not in voter.labels
        (table,) = [frame.value for frame in voter.at.dataframe]
        assert sorted(table.iloc[0][["Left was", "Right was"]]) == ["Base", "Fine-tuned"]
        assert table.iloc[0]["You chose"] == "Neither"
    replayed.at.run()
    assert "1 of 40 texts, done on" in replayed.says


def test_two_pages_of_one_voter_make_one_vote_and_the_second_cannot_vote_after_the_end(replayed):
    token = invite(replayed, "Anna")["Anna"]
    one, other = Voter(token), Voter(token)
    one.click("Left")
    one.click("I am done").click("Show me which was which")
    other.click("Right")
    assert "Thank you" in other.says
    assert len(session.store().votes(run_id(replayed))) == 1


def test_whether_an_answer_would_go_out_is_kept_with_a_strangers_vote(replayed):
    anna = Voter(invite(replayed, "Anna")["Anna"])
    left, right = anna.at.button_group
    left.set_value("as_is").run()
    anna.at.button_group[1].set_value("no").run()
    anna.click("Right")
    (vote,) = session.store().votes(run_id(replayed))
    better = {"base": vote.base_quality, "tuned": vote.tuned_quality}
    assert better[vote.preference] == "no"
    assert sorted(better.values()) == ["as_is", "no"]
    assert left.label != right.label


@pytest.mark.parametrize("token", ["", "wrong", "x" * 5_000])
def test_a_wrong_link_says_what_a_revoked_one_says(replayed, token):
    revoked = invite(replayed, "Anna")["Anna"]
    open_page = Voter(revoked)
    replayed.click("Revoke")
    assert "link closed on" in replayed.says
    assert not replayed.at.code
    said = {Voter(token).says, Voter(revoked).says}
    assert said == {
        "This link takes no votes\nThis link takes no votes. Ask the sender for a new one."
    }
    open_page.click("Left")
    assert open_page.says in said
    assert session.store().votes(run_id(replayed)) == []


def test_a_voters_page_reaches_nothing_but_the_ballot():
    source = Path(APP.parent, "pages/public/vote.py").read_text("utf-8")
    assert set(re.findall(r"\bsession\.(\w+)", source)) == {"ballot"}
    assert "repository" not in source


def test_the_owner_skips_to_the_next_text_without_a_vote(replayed):
    first = replayed.at.text[0].value
    replayed.click("No difference")  # leads to the next text
    second = replayed.at.text[0].value
    replayed.click("Previous text")
    assert "Skip" not in [b.label for b in replayed.at.button]
    replayed.click("Next text")
    replayed.click("Skip")
    third = replayed.at.text[0].value
    assert len({first, second, third}) == 3
    replayed.fill("number_input", "Text, 1 to 40", 40).click("Skip")
    assert replayed.at.text[0].value == second  # round to the first without a vote


def test_the_owners_widgets_tell_no_side(replayed):
    keys = [str(b.key) for b in [*replayed.at.button, *replayed.at.button_group] if b.key]
    assert not [key for key in keys if "base" in key or "tuned" in key]
