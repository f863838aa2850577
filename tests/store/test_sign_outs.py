"""What a user has signed out of, and nobody else."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from advisor.store.sign_outs import COOKIE_LASTS
from advisor.store.tables import sign_outs

NOW = datetime(2026, 12, 1, tzinfo=UTC)
LAPTOP, PHONE = "1" * 64, "2" * 64


def test_signing_out_ends_one_sign_in_of_one_user(store):
    anna, otto = store.for_owner("oidc:anna"), store.for_owner("oidc:otto")
    anna.sign_out(LAPTOP, NOW)
    anna.sign_out(LAPTOP, NOW)  # pressed twice, or in two windows
    assert anna.is_signed_out(LAPTOP)
    assert not anna.is_signed_out(PHONE)
    assert not otto.is_signed_out(LAPTOP)


def test_what_no_cookie_can_be_left_of_is_forgotten(store):
    anna = store.for_owner("oidc:anna")
    anna.sign_out(LAPTOP, NOW)
    anna.sign_out(PHONE, NOW + COOKIE_LASTS)
    assert anna.is_signed_out(LAPTOP)
    anna.sign_out(PHONE, NOW + COOKIE_LASTS + timedelta(seconds=1))
    with store.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(sign_outs)) == 1
