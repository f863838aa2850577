"""The list of decisions: how each stands, names, and what was deleted."""

from datetime import date

import pytest

from advisor.errors import BadCase, UnknownCase
from advisor.store.tables import cases
from tests.make import SUMMARY, case_at

CASE = case_at("http://localhost:1/v1", prompts=2)


def test_a_row_says_how_its_case_stands_and_who_decides(store):
    owned = CASE.model_copy(update={"decided_by": "Mo", "review_on": date(2027, 5, 22)})
    case_id = store.save_case(owned)
    assert store.case_row(case_id).standing is None
    store.keep_standing(case_id, SUMMARY)
    row = store.case_row(case_id)
    assert (row.standing, row.decided_by, row.review_on) == (SUMMARY, "Mo", date(2027, 5, 22))
    assert store.recent_cases(5) == [row]
    assert store.load_case(case_id) == owned


def test_a_case_is_decided_anew_only_where_the_reader_gave_something_new(store):
    case_id = store.save_case(CASE)
    store.decided(case_id, SUMMARY)
    later = SUMMARY.model_copy(update={"decided_on": date(2027, 5, 22)})
    store.decided(case_id, later)
    assert store.case_row(case_id).standing == SUMMARY
    changed = later.model_copy(update={"digest": "1" * 64})
    store.decided(case_id, changed)
    assert store.case_row(case_id).standing == changed
    with pytest.raises(UnknownCase):
        store.for_owner("someone else").decided(case_id, SUMMARY)


def test_keeping_how_it_stands_moves_no_case_up_the_list(store):
    first, second = store.save_case(CASE), store.save_case(CASE)
    store.keep_standing(first, SUMMARY)
    assert [case_id for case_id, _ in store.titles()] == [second, first]


def test_a_case_saved_again_keeps_how_it_stood(store):
    case_id = store.save_case(CASE)
    store.keep_standing(case_id, SUMMARY)
    store.save_case(CASE, case_id)
    assert store.case_row(case_id).standing == SUMMARY


def test_a_standing_of_another_version_is_none_and_breaks_no_list(store):
    case_id = store.save_case(CASE)
    with store.engine.begin() as connection:
        connection.execute(cases.update().values(standing={"later": True}))
    assert store.case_row(case_id).standing is None


def test_a_deleted_case_comes_back_where_it_stood(store):
    first, second = store.save_case(CASE), store.save_case(CASE)
    store.delete_case(first)
    assert [row.id for row in store.recent_cases()] == [second]
    assert store.titles() == [(second, "A test")]
    with pytest.raises(UnknownCase):
        store.case_row(first)
    store.restore_case(first)
    assert [row.id for row in store.recent_cases()] == [second, first]
    assert store.load_case(first) == CASE


def test_a_name_is_changed_and_a_bad_one_changes_nothing(store):
    case_id = store.save_case(CASE)
    store.rename_case(case_id, "  Letters of\nthe claims desk ")
    assert store.load_case(case_id).title == "Letters of the claims desk"
    with pytest.raises(BadCase, match="3,000 characters, and 200 fit"):
        store.rename_case(case_id, "x" * 3000)
    with pytest.raises(BadCase, match="needs a name"):
        store.rename_case(case_id, " \n")
    assert store.titles() == [(case_id, "Letters of the claims desk")]


def test_another_owner_sees_and_changes_no_row(store):
    case_id = store.save_case(CASE)
    other = store.for_owner("someone else")
    assert other.titles() == other.case_rows([case_id]) == []
    other.keep_standing(case_id, SUMMARY)
    for change in (other.restore_case, other.delete_case):
        with pytest.raises(UnknownCase):
            change(case_id)
    with pytest.raises(UnknownCase):
        other.rename_case(case_id, "forged")
    assert store.case_row(case_id).standing is None
    assert store.titles() == [(case_id, "A test")]
