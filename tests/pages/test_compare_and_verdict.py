"""From a sample's recorded answers to its verdict; votes are blind, kept and counted."""

import re

import pytest

from advisor.case.run_spec import spec_of
from advisor.case.texts import Prompt
from advisor.evidence.metrics import METRICS
from pages.ui import session

from .reader import Reader, unescaped

NAMES = ("base", "fine-tuned", "gpt", "bart", "tuned")


def without_approved_answers(reader: Reader) -> Reader:
    """The same case where only votes can say which is better."""
    case = reader.case
    bare = tuple(p.model_copy(update={"reference": None}) for p in case.prompts)
    session.store().save_case(case.model_copy(update={"prompts": bare}), reader.case_id)
    return Reader("compare", case_id=reader.case_id)


@pytest.fixture
def unjudged(replayed) -> Reader:
    return without_approved_answers(replayed)


def shown_text(reader: Reader) -> Prompt:
    """The reader's text that is looked at, above the two answers."""
    found = [p for p in reader.case.prompts if p.text == reader.at.text[0].value]
    assert len(found) == 1
    return found[0]


def answers(reader: Reader) -> str:
    """What stands between the filter and Back and Continue, without the texts themselves."""
    assert shown_text(reader) in reader.case.prompts
    assert len(reader.at.text) >= 3
    headings = [line for line in reader.says.split("\n") if line.startswith(("**Which", "You"))]
    headings += [unescaped(heading.value) for heading in reader.at.subheader]
    labels = [b.label for b in reader.at.button if b.key and ":vote:" in b.key]
    shown = [*headings, *labels, *(e.label for e in reader.at.expander)]
    return " ".join(shown).lower()


def see_names(reader: Reader) -> Reader:
    """Back to the text just voted on, and its names asked for."""
    return reader.click("Previous text").click("Show the names of this text")


def side(reader: Reader, of: str) -> str:
    """Which of Left and Right an option stands on, where the names are shown."""
    told = [unescaped(heading.value) for heading in reader.at.subheader]
    return next(place for place in ("Left", "Right") if f"{place}: {of}" in told)


def owner_vote(reader: Reader):
    """The vote that there is."""
    run = session.store().latest_run(reader.case_id)
    (vote,) = session.store().votes(run.id)
    return vote


@pytest.mark.parametrize(
    ("opens", "frame", "firmness", "headline", "counts", "answered"),
    [
        # Right answers by the sample's answers.jsonl: base with examples 6, fine-tuned 43, both 5.
        pytest.param(
            "Open the sample",
            "Decided by the sample's test: fine-tuned",
            "Decided by the sample's test",
            "Fine-tuned.",
            (1, 9, 38),
            144,
            id="fine-tuned, decided by right answers",
        ),
        # 40 texts; which side a text goes to by overlap of words is tested with the metrics.
        pytest.param(
            "Open Clinic notes",
            "Too close to call: base",
            "Too close to call",
            "Base, for now. Nobody has read the answers yet.",
            (17, 1, 22),
            80,
            id="base, too close to call",
        ),
        # Counted in the samples' judgments.jsonl: 44 base, 22 tie, 14 tuned; 3 and 77.
        pytest.param(
            "Open Chatbot",
            "Decided by the sample's test: base",
            "Decided by the sample's test",
            "Base.",
            (44, 22, 14),
            160,
            id="base, decided",
        ),
        pytest.param(
            "Open Chatbot v an untrained model",
            "Decided by the sample's test: fine-tuned",
            "Decided by the sample's test",
            "Fine-tuned.",
            (3, 0, 76),  # one answer of the raw model is empty, so it is none
            159,
            id="fine-tuned, decided",
        ),
    ],
)
def test_a_sample_leads_to_its_verdict(opens, frame, firmness, headline, counts, answered):
    reader = Reader().click(opens, then="compare")
    reader.finish()
    asked = answered + (answered == 159)
    assert f"{answered} of {asked} answers replayed." in reader.says
    assert frame in reader.go("costs").says
    reader.go("verdict")
    assert not reader.at.exception
    assert not reader.errors
    assert [title.value.replace("\\", "") for title in reader.at.title] == [headline]
    assert any(line.endswith(f": {firmness}") for line in reader.says.split("\n"))  # the card's
    base, neither, tuned = counts
    drawn = [re.sub(r"\D*(\d+)\D*", r"\1", line) for line in reader.says.split("\n") if "■" in line]
    assert drawn == [str(base), str(neither), str(tuned)]
    assert [b.label for b in reader.at.get("download_button")]


def test_a_second_click_on_replay_makes_no_second_run(sample):
    sample.replay()
    assert [b.label for b in sample.at.button if "Replay" in b.label] == []
    with session.store().engine.connect() as connection:
        runs = connection.exec_driver_sql("select count(*) from runs").scalar()
        outputs = connection.exec_driver_sql("select count(*) from outputs").scalar()
    assert (runs, outputs) == (1, 80)


def test_before_a_vote_no_option_and_no_model_is_named(replayed):
    before = answers(replayed)
    assert "left" in before
    assert not [name for name in NAMES if name in before]


def test_after_a_vote_no_option_is_named_and_the_vote_can_be_changed(replayed):
    first = shown_text(replayed)
    replayed.click("Left")
    assert shown_text(replayed) != first
    assert not [name for name in NAMES if name in answers(replayed)]
    replayed.click("Previous text")
    assert shown_text(replayed) == first
    assert "You chose the left one. You can still change it." in replayed.says
    assert not [name for name in NAMES if name in answers(replayed)]


def test_names_are_shown_on_request_and_the_vote_is_final_then(replayed):
    replayed.click("Left")
    replayed.click("Previous text")
    open_in_a_second_tab = Reader("compare", case_id=replayed.case_id)
    replayed.click("Show the names of this text")
    assert {side(replayed, "Base"), side(replayed, "Fine-tuned")} == {"Left", "Right"}
    chosen = "base" if side(replayed, "Base") == "Left" else "fine-tuned"
    final = f"You chose the left one: {chosen}. You have seen the names, so your vote is final."
    assert final in replayed.says
    # A second tab, drawn before, still has the buttons: what is clicked there is not taken.
    before = owner_vote(replayed)
    open_in_a_second_tab.click("Right")
    assert any(
        "this text takes no vote from you any more" in e for e in open_in_a_second_tab.errors
    )
    assert owner_vote(replayed) == before
    again = Reader("compare", case_id=replayed.case_id)
    for reader in (replayed, again, open_in_a_second_tab):
        assert final in reader.says
        assert "Left" not in [button.label for button in reader.at.button]
    # The next text is as blind as before.
    again.click("Next text")
    assert not [name for name in NAMES if name in answers(again)]


def test_names_without_a_vote_leave_the_text_without_one(replayed):
    replayed.click("Show the names of this text")
    assert "You have seen the names of this text, so it takes no vote from you" in replayed.says
    assert "Left" not in [button.label for button in replayed.at.button]


def test_names_come_at_the_end_for_all_texts_at_once(few):
    unjudged = without_approved_answers(few)
    for _ in range(5):
        unjudged.click("Left")
    assert "Show me which was which" not in [button.label for button in unjudged.at.button]
    unjudged.click("Right")
    assert "You have voted on 6 texts without knowing which answer is whose." in unjudged.says
    unjudged.click("Show me which was which")
    assert "Show me which was which" not in [button.label for button in unjudged.at.button]
    for at in (1, 3, 6):
        unjudged.fill("number_input", "Text, 1 to 6", at)
        assert {side(unjudged, "Base"), side(unjudged, "Fine-tuned")} == {"Left", "Right"}


def test_names_of_several_texts_are_shown_by_one_click_and_the_others_stay_blind(replayed):
    for _ in range(3):
        replayed.click("Left")
    assert "The other 37 texts can still be voted on." in replayed.says
    replayed.click("Show the names of the 3 texts you voted on")
    assert not [name for name in NAMES if name in answers(replayed)]
    for at in (1, 2, 3):
        replayed.fill("number_input", "Text, 1 to 40", at)
        assert "You have seen the names, so your vote is final." in replayed.says


def test_the_sides_told_are_the_sides_that_answered(replayed):
    see_names(replayed.click("Left"))
    run = session.store().find_run(spec_of(replayed.case).spec_hash, replayed.case_id)
    assert run is not None
    first = shown_text(replayed).id
    by_arm = {o.arm: o.text for o in session.store().outputs(run.id) if o.prompt_id == first}
    left, right = (text.value for text in replayed.at.text[1:3])
    expected = (by_arm["base"], by_arm["tuned"])
    assert (left, right) == (expected if side(replayed, "Base") == "Left" else expected[::-1])


def test_the_sides_differ_between_texts_and_not_between_reloads(replayed):
    again = Reader("compare", case_id=replayed.case_id)
    seen = set()
    for at in range(1, 9):
        for reader in (replayed, again):
            reader.fill("number_input", "Text, 1 to 40", at)
        assert [t.value for t in replayed.at.text] == [t.value for t in again.at.text]
        replayed.click("Show the names of this text")
        seen.add(side(replayed, "Base"))
        again.at.run()
    assert seen == {"Left", "Right"}


def test_a_vote_can_be_changed_and_counts_once(unjudged):
    unjudged.click("Left").click("Previous text").click("No difference")
    assert "You chose no difference. You can still change it." in unjudged.says
    unjudged.go("verdict")
    assert "In 1 text, readers who did not know which was which chose" in unjudged.says
    assert "no difference 1" in unjudged.says


def test_a_vote_that_a_verdict_was_read_with_is_final(unjudged):
    unjudged.click("Left").go("verdict").go("compare")
    unjudged.fill("number_input", "Text, 1 to 40", 1)
    assert "You have seen the names, so your vote is final." in unjudged.says
    unjudged.click("Next text")
    assert "Left" in [button.label for button in unjudged.at.button]


def test_votes_change_the_counts_of_the_verdict(unjudged):
    assert "Nobody has said yet which answers are preferred" in unjudged.go("verdict").says
    unjudged.go("compare")
    for at, vote in enumerate(("Left", "Right", "Left", "No difference", "Neither is good"), 1):
        unjudged.fill("number_input", "Text, 1 to 40", at).click(vote)
    run = session.store().latest_run(unjudged.case_id)
    chosen = [vote.preference for vote in session.store().votes(run.id)]
    base, tuned = chosen.count("base"), chosen.count("tuned")
    assert base + tuned == 3
    unjudged.go("verdict")
    times = {n: "once" if n == 1 else f"{n} times" for n in range(4)}
    assert (
        f"In 5 texts, readers who did not know which was which chose fine-tuned {times[tuned]}, "
        f"base {times[base]}, no difference 1, neither once." in unjudged.says
    )


def test_answers_under_their_names_are_shown_on_request_and_end_the_blind_vote(replayed):
    replayed.go("verdict")
    assert "You have not yet been shown the names of 40 texts" in replayed.says
    assert "You have not yet been shown the names of 3 texts" in replayed.says
    assert not [frame for frame in replayed.at.dataframe if "Result" in frame.value]
    replayed.click("Show the texts with names")
    assert "You have not yet been shown the names of 37 texts" in replayed.says
    replayed.click("Show the table with names")
    assert [frame for frame in replayed.at.dataframe if "Result" in frame.value]
    replayed.go("compare")
    assert "so it takes no vote from you any more" in replayed.says


def test_filters_leave_the_texts_they_name(replayed):
    replayed.click("No difference").pick("Show", "Not voted")
    assert [field.label for field in replayed.at.number_input] == ["Text, 1 to 39"]
    replayed.pick("Show", "Refused")
    assert "No text fits this filter." in replayed.says
    replayed.pick("Show", "All")
    assert [field.label for field in replayed.at.number_input] == ["Text, 1 to 40"]


def ways(reader: Reader) -> list[str]:
    """To other texts, as the bar offers them."""
    labels = [button.label for button in reader.at.button]
    return [label for label in labels if label in ("Skip", "Previous text", "Next text")]


def test_next_and_previous_stop_at_the_ends(few):
    assert ways(few) == ["Skip", "Next text"]
    few.fill("number_input", "Text, 1 to 6", 6)
    assert ways(few) == ["Skip", "Previous text"]
    seen = {shown_text(few).id}
    for at in range(1, 6):
        few.fill("number_input", "Text, 1 to 6", at)
        seen.add(shown_text(few).id)
    assert len(seen) == 6


def test_another_instruction_asks_for_another_run_and_takes_nothing_away(replayed):
    replayed.go("options").fill("text_area", "Base: instruction", "Shorter.").go("compare")
    assert [b.label for b in replayed.at.button if "Replay" in b.label]
    replayed.go("options").fill("text_area", "Base: instruction", "").go("compare")
    assert "80 of 80 answers replayed." in replayed.says


def test_whether_an_answer_would_be_sent_is_kept_with_the_vote(unjudged):
    quality = [
        group for group in unjudged.at.button_group if group.label.startswith("Would you send")
    ]
    assert len(quality) == 2
    quality[0].set_value("as_is").run()
    run = session.store().find_run(spec_of(unjudged.case).spec_hash, unjudged.case_id)
    assert session.store().votes(run.id) == []
    unjudged.click("Left")
    left = owner_vote(unjudged).preference
    unjudged.click("Previous text")
    kept = {"base": None, "tuned": None, left: "as_is"}
    (vote,) = session.store().votes(run.id)
    assert (vote.base_quality, vote.tuned_quality) == (kept["base"], kept["tuned"])
    # Said after the vote, it is kept at once; the preference stays.
    right = "tuned" if left == "base" else "base"
    quality = [
        group for group in unjudged.at.button_group if group.label.startswith("Would you send")
    ]
    quality[1].set_value("no").run()
    (changed,) = session.store().votes(run.id)
    kept[right] = "no"
    assert (changed.base_quality, changed.tuned_quality) == (kept["base"], kept["tuned"])
    assert changed.preference == vote.preference == left


def test_the_main_measure_is_named_before_the_run_and_not_changed_after(sample):
    assert [box.label for box in sample.at.selectbox] == ["Measure, if nobody votes"]
    assert METRICS["rouge1"].explains in sample.says
    sample.fill("selectbox", "Measure, if nobody votes", "rouge2")
    assert METRICS["rouge2"].explains in sample.says
    assert sample.case.run.primary_metric == "rouge2"
    sample.replay()
    assert "Measure, if nobody votes" not in [box.label for box in sample.at.selectbox]


def test_every_other_measure_is_scored_on_request(replayed):
    replayed.go("verdict")
    assert "None of these decides" not in replayed.says
    replayed.click("Score every other measure")
    assert "None of these decides" in replayed.says
    (table,) = [frame.value for frame in replayed.at.dataframe if "Measure" in frame.value]
    rows = table.set_index("Measure")
    # The mean lengths in words, counted apart: 1,695 and 2,546 characters.
    assert rows.loc["Length", "Texts"] == 40
    assert float(rows.loc["Length", "Base"]) < float(rows.loc["Length", "Fine-tuned"])
    assert float(rows.loc["Length", "By chance (Holm p)"]) < 0.05
    assert "ROUGE-1" not in rows.index


def test_every_text_stands_in_one_table_with_the_counts_of_the_card(replayed):
    replayed.go("verdict").click("Show the table with names")
    (table,) = [frame.value for frame in replayed.at.dataframe if "Result" in frame.value]
    counts = table["Result"].value_counts()
    assert (counts["base ahead"], counts["no difference"], counts["fine-tuned ahead"]) == (
        17,
        1,
        22,
    )
    # Wins are by more than 0.01 on the main measure, fine-tuned less base.
    assert (table[table["Result"] == "fine-tuned ahead"]["Gap"] > 0.01).all()
    assert (table[table["Result"] == "base ahead"]["Gap"] < -0.01).all()
    # The means that the sample's origin is known by.
    assert round(table["Base, ROUGE-1"].mean(), 3) == 0.539
    assert round(table["Fine-tuned, ROUGE-1"].mean(), 3) == 0.552


def test_own_texts_are_quoted_on_request_and_the_decision_is_not_taken_again(replayed):
    session.store().save_case(replayed.case.model_copy(update={"recorded": ""}), replayed.case_id)
    reader = Reader("verdict", case_id=replayed.case_id)
    taken = reader.at.session_state["decision"]
    assert "3 texts with both answers" not in [e.label for e in reader.at.expander]
    reader.fill("toggle", "Quote three of my own texts here and in the PDF", True)
    assert "3 texts with both answers" in [e.label for e in reader.at.expander]
    assert reader.at.session_state["decision"] is taken
