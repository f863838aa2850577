"""Frozen reports: who opens one, who lists and revokes, and that nothing changes one."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from advisor.errors import UnknownCase
from advisor.store.repository import Store
from advisor.store.tables import snapshots
from tests.make import case_at

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CASE = case_at("http://localhost:1/v1", prompts=2)
BODY = '{"format":1}'


@pytest.fixture
def case_id(store: Store) -> str:
    return store.save_case(CASE)


def share(store: Store, case_id: str, body: str = BODY, **how: object) -> str:
    given = {"title": "A case", "report_sha256": "0" * 64, **how}
    return store.share(case_id, body, NOW, **given)


def test_a_token_has_256_bits_and_stands_nowhere_in_the_database(store, case_id):
    tokens = {share(store, case_id) for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) == 43 for token in tokens)  # 32 bytes, 6 bits a letter
    with store.engine.connect() as connection:
        rows = connection.execute(select(snapshots)).all()
    assert len(rows) == 3
    assert not [value for row in rows for value in row if value in tokens]


def test_whoever_has_the_token_gets_the_body_and_two_dates_and_not_the_owner(store, case_id):
    token = share(store, case_id, days=7)
    shared = store.for_owner("nobody").open_share(token, NOW)
    assert (shared.body, shared.created_at, shared.expires_at) == (
        BODY,
        NOW,
        NOW + timedelta(days=7),
    )
    assert set(shared.__dataclass_fields__) == {"body", "created_at", "expires_at"}


def test_wrong_expired_revoked_and_deleted_are_answered_alike(store, case_id):
    token, other = share(store, case_id), share(store, case_id)
    later = NOW + timedelta(days=30)
    assert store.open_share("", NOW) is None
    assert store.open_share("\ud800", NOW) is None
    assert store.open_share(token + "x", NOW) is None
    assert store.open_share(token, later - timedelta(seconds=1)) is not None
    assert store.open_share(token, later) is None
    newest, first = store.shared(case_id)
    store.revoke_share(first.id, NOW)
    assert store.open_share(token, NOW) is None
    assert store.open_share(other, NOW) is not None
    store.delete_case(case_id)
    assert store.open_share(other, NOW) is None
    assert newest.works(NOW)


def test_only_the_owner_shares_lists_and_revokes(store, case_id):
    token = share(store, case_id)
    other = store.for_owner("someone else")
    with pytest.raises(UnknownCase):
        share(other, case_id)
    assert other.shared(case_id) == []
    (row,) = store.shared(case_id)
    other.revoke_share(row.id, NOW)
    assert store.open_share(token, NOW) is not None


def test_a_deleted_case_is_not_shared(store, case_id):
    store.delete_case(case_id)
    with pytest.raises(UnknownCase, match="open one from My decisions"):
        share(store, case_id)


def test_links_are_listed_the_newest_first_with_what_the_owner_chose(store, case_id):
    share(store, case_id, title="first", report_sha256="1" * 64)
    share(store, case_id, title="second", with_texts=True, may_copy=True, days=1)
    second, first = store.shared(case_id)
    assert (second.title, second.with_texts, second.may_copy) == ("second", True, True)
    assert (first.title, first.with_texts, first.may_copy) == ("first", False, False)
    assert first.report_sha256 == "1" * 64
    assert second.expires_at == NOW + timedelta(days=1)
    assert first.works(NOW + timedelta(days=29))
    assert not second.works(NOW + timedelta(days=1))


def test_a_link_is_revoked_once(store, case_id):
    share(store, case_id)
    (row,) = store.shared(case_id)
    store.revoke_share(row.id, NOW)
    store.revoke_share(row.id, NOW + timedelta(days=1))
    (row,) = store.shared(case_id)
    assert row.revoked_at == NOW
    assert not row.works(NOW)


def test_saving_the_case_again_changes_no_frozen_copy(store, case_id):
    token = share(store, case_id)
    store.save_case(CASE.model_copy(update={"title": "Another title", "prompts": ()}), case_id)
    assert store.open_share(token, NOW).body == BODY
