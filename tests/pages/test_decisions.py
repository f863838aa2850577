"""The list of decisions: found, named, copied, compared, deleted, taken away and brought in again."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from advisor.case.brief import Brief
from advisor.case.case_file import load_sample
from advisor.case.options import Arm
from advisor.store.archive.file import read_file, write_file
from advisor.verdict.newer_base import BaseOnList
from pages.ui import session
from tests.fault_server import FaultServer
from tests.make import case_at

from .reader import Reader, unescaped

CASE = load_sample("clinic_notes")


def keep(title: str) -> str:
    """A case in the store under this name."""
    return session.store().save_case(CASE.model_copy(update={"title": title}))


def listed(reader: Reader) -> list[str]:
    """The names on the page, in their order."""
    return [
        row.title for row in session.store().recent_cases(50) if f"**{row.title}**" in reader.says
    ]


def more(reader: Reader, case_id: str) -> Reader:
    """Open what can be done with one decision."""
    reader.at.button(key=f"more_{case_id}").click().run()
    assert not reader.at.exception
    return reader


def act(reader: Reader, key: str) -> Reader:
    reader.at.button(key=key).click().run()
    assert not reader.at.exception
    return reader


def test_each_row_says_how_its_decision_stands(replayed):
    reader = Reader("decisions", case_id=replayed.case_id)
    row = session.store().case_row(replayed.case_id)
    assert row.standing is not None
    assert row.standing.decided_on == session.today()
    stands = f"{row.standing.headline} :gray[{row.standing.firmness_label}, as of"
    assert stands in reader.says
    assert stands in Reader("start").says


def test_search_finds_part_of_a_name_whatever_its_case():
    keep("Ärzte Briefe")
    keep("Claims desk")
    reader = Reader("decisions").fill("text_input", "Search", "äRZTE")
    assert listed(reader) == ["Ärzte Briefe"]
    reader.fill("text_input", "Search", "nothing like it")
    assert listed(reader) == []
    assert "No decision has “nothing like it” in its name." in reader.says


def test_a_long_list_comes_in_pages():
    for number in range(45):
        keep(f"Decision {number}")
    reader = Reader("decisions")
    assert "1 to 20 of 45 decisions" in reader.says
    reader.click("Older").click("Older")
    assert "41 to 45 of 45 decisions" in reader.says
    assert listed(reader) == [f"Decision {number}" for number in (4, 3, 2, 1, 0)]
    assert reader.button("Older").disabled
    reader.click("Newer")
    assert "21 to 40 of 45 decisions" in reader.says
    reader.fill("text_input", "Search", "Decision 7")
    assert listed(reader) == ["Decision 7"]


def test_a_new_name_is_kept_and_a_bad_one_is_one_sentence():
    case_id = keep("Old name")
    reader = more(Reader("decisions"), case_id)
    reader.fill("text_input", "Name", "New name")
    assert session.store().load_case(case_id).title == "New name"
    reader.fill("text_input", "Name", "x" * 3000)
    assert reader.errors == ["The name has 3,000 characters, and 200 fit; shorten it."]
    assert session.store().load_case(case_id).title == "New name"


def test_an_owner_and_a_review_date_are_kept_and_the_calendar_file_offered():
    case_id = keep("Letters")
    reader = more(Reader("decisions"), case_id)
    assert "For my calendar" not in [b.label for b in reader.at.get("download_button")]
    reader.fill("text_input", "Who decides", "Mo of claims")
    day = session.today() + timedelta(days=180)
    reader.at.date_input[0].set_value(day).run()
    assert not reader.at.exception
    case = session.store().load_case(case_id)
    assert (case.decided_by, case.review_on) == ("Mo of claims", day)
    assert "decided by Mo of claims · review on" in reader.says
    assert "For my calendar" in [b.label for b in reader.at.get("download_button")]


def test_a_review_that_is_due_says_so():
    late = CASE.model_copy(update={"review_on": session.today() - timedelta(days=1)})
    case_id = session.store().save_case(late)
    assert "review was due" in more(Reader("decisions"), case_id).says


def test_a_copy_is_another_decision_with_the_same_answers(replayed):
    reader = more(Reader("decisions"), replayed.case_id)
    act(reader, f"copy:{replayed.case_id}")
    assert "Clinic visit notes (copy)” is here as a new decision." in reader.says
    copy, original = (key for key, _ in session.store().titles())
    assert original == replayed.case_id
    (run,) = session.store().runs(copy)
    assert len(session.store().outputs(run.id)) == 80


def test_a_deleted_decision_comes_back_by_undo(replayed):
    reader = more(Reader("decisions", case_id=replayed.case_id), replayed.case_id)
    act(reader, f"delete:{replayed.case_id}")
    assert "“Clinic visit notes” is deleted." in reader.says
    assert session.store().titles() == []
    act(reader, "undo_delete")
    assert "is deleted" not in reader.says
    assert listed(reader) == ["Clinic visit notes"]
    assert session.store().load_case(replayed.case_id) == replayed.case


def test_two_decisions_stand_side_by_side(replayed):
    dearer = replayed.case.volume.model_copy(update={"requests_per_month": 2_000_000})
    other = session.store().save_case(replayed.case.model_copy(update={"volume": dearer}))
    reader = act(more(Reader("decisions"), other), f"against:{other}")
    reader.fill("selectbox", "Compare with", replayed.case_id)
    assert not reader.at.exception
    assert "rows are the same. Both as of today." in reader.says
    table = reader.at.table[0].value
    assert list(table) == ["How the other differs", "This one", "The other"]
    rows = [unescaped(cell) for cell in table["How the other differs"]]
    assert [row for row in rows if re.fullmatch(r"Base, a month: \*\*\$.* a month less\*\*", row)]
    assert "Texts for base: **17 texts more**" in rows


def test_a_file_comes_in_as_a_new_decision(replayed):
    store = session.store()
    content = write_file(store.take_out(replayed.case_id), datetime.now(UTC))
    store.delete_case(replayed.case_id)
    reader = Reader("decisions")
    reader.at.file_uploader[0].upload("decision.json", content).run()
    reader.click("Keep it as a new decision")
    assert not reader.errors
    assert "“Clinic visit notes” is here as a new decision." in reader.says
    assert reader.button("Keep it as a new decision").disabled
    ((case_id, _),) = store.titles()
    assert read_file(write_file(store.take_out(case_id), datetime.now(UTC))) == read_file(content)
    reader.click("Open it", then="verdict")
    assert "40 texts compared" in reader.says


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"what": "worth-tuning decision", "format": 99}', "update the app"),
        (b'{"what": "worth-tuning dec', "cut short"),
        (b'{"some": "other JSON"}', "not a decision's file"),
    ],
)
def test_a_bad_file_is_one_sentence_and_nothing_is_lost(content, said):
    keep("Letters")
    reader = Reader("decisions")
    reader.at.file_uploader[0].upload("decision.json", content).run()
    reader.click("Keep it as a new decision")
    (error,) = reader.errors
    assert said in error
    assert listed(reader) == ["Letters"]


# Six months later


@pytest.fixture
def old(replayed) -> Reader:
    """The replayed sample, decided half a year ago, when a base model was not on the list yet."""
    store = session.store()
    then = store.case_row(replayed.case_id).standing
    assert then is not None
    gone = tuple(base for base in then.bases if base.name != "gpt-6-luna")
    earlier = then.model_copy(update={"decided_on": date(2026, 5, 22), "bases": gone})
    store.keep_standing(replayed.case_id, earlier)
    return replayed


def test_a_decision_of_today_is_not_looked_back_on(replayed):
    assert "Decided on" not in replayed.go("verdict").says


def test_an_old_decision_says_what_is_still_true_and_stays_as_it_was(old):
    with time_machine.travel(datetime(2026, 11, 30, 9, tzinfo=UTC)):  # within the months planned
        reader = Reader("verdict", case_id=old.case_id)
    assert "Decided on 22 May 2026: Base, for now." in reader.says
    assert "Today the verdict would be the same: base, for now." in reader.says
    assert "**Changed: Newer base models.** New on our list: gpt-6-luna ($" in reader.says
    assert "**Can't tell: Volume.** 20,000 texts a month" in reader.says
    standing = session.store().case_row(old.case_id).standing
    assert standing.decided_on == date(2026, 5, 22)


def test_todays_verdict_is_taken_only_when_asked(old):
    reader = Reader("verdict", case_id=old.case_id).click("Take today's verdict as the decision")
    assert "Decided on" not in reader.says
    assert session.store().case_row(old.case_id).standing.decided_on == session.today()


def test_the_same_texts_go_to_todays_best_base_and_the_old_decision_is_untouched(old):
    before = write_file(session.store().take_out(old.case_id), datetime(2026, 1, 1, tzinfo=UTC))
    reader = Reader("verdict", case_id=old.case_id)
    assert "40 answers to buy" in reader.says
    assert "40 old answers reused. This decision stays as it is." in reader.says
    best = "gpt-oss-20b, at Fireworks"
    reader.click(f"Make a copy with {best}", then="compare")
    assert reader.case_id != old.case_id
    assert reader.case.title == f"Clinic visit notes, on {best}"
    assert reader.case.arms["base"].model == "accounts/fireworks/models/gpt-oss-20b"
    assert reader.case.arms["tuned"] == CASE.arms["tuned"]
    after = write_file(session.store().take_out(old.case_id), datetime(2026, 1, 1, tzinfo=UTC))
    assert after == before


def test_changing_the_volume_is_a_new_decision(old):
    store = session.store()
    volume = old.case.volume.model_copy(update={"requests_per_month": 5})
    store.save_case(old.case.model_copy(update={"volume": volume}), old.case_id)
    assert "Decided on" not in Reader("verdict", case_id=old.case_id).says
    assert store.case_row(old.case_id).standing.decided_on == session.today()


def test_the_frame_says_when_it_was_saved(replayed):
    assert f"saved {datetime.now(UTC):%H}" in replayed.says


def test_the_standing_in_a_file_is_that_of_the_decision(old):
    content = write_file(session.store().take_out(old.case_id), datetime.now(UTC))
    assert json.loads(content)["standing"]["decided_on"] == "2026-05-22"
    assert BaseOnList.model_validate(json.loads(content)["standing"]["bases"][0]).checked


def test_which_model_answers_is_asked_only_on_a_click_and_a_deaf_address_is_said():
    with FaultServer(latency_s=0).running() as server:
        case = case_at(server.url, prompts=2)
        arms = case.arms | {"tuned": Arm(endpoint="http://127.0.0.1:9/v1", model="m-tuned")}
        brief = Brief(use_case="domain_summarization")
        store = session.store()
        case_id = store.save_case(case.model_copy(update={"arms": arms, "brief": brief}))
        Reader("verdict", case_id=case_id)
        then = store.case_row(case_id).standing
        served = tuple(o.model_copy(update={"served": ("m-old",)}) for o in then.options)
        earlier = then.model_copy(update={"decided_on": date(2026, 5, 22), "options": served})
        store.keep_standing(case_id, earlier)
        reader = Reader("verdict", case_id=case_id)
        assert "m-old answered then; the address was not asked today." in reader.says
        assert not server.requests
        reader.click("Ask which model answers now")
        assert "**Changed: Who answers as base.** m-base answers now; it was m-old." in reader.says
        assert "**Can't tell: Who answers as fine-tuned.** m-old answered then" in reader.says
        assert len(reader.errors) == 1
        assert len(server.requests) == 1
