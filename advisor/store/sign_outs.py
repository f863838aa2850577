"""Sign-ins that are over: the cookie of one is signed and lasts for weeks, so copies of it may be."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from advisor.store.connected import Connected
from advisor.store.tables import sign_outs

COOKIE_LASTS = timedelta(days=32)
"""Longer than Streamlit takes an identity cookie: 30 days and one of grace."""


class SignOutStore(Connected):
    """What one user has signed out of; their sign-ins on other devices go on."""

    def sign_out(self, sign_in_sha256: str, now: datetime) -> None:
        """Note that a sign-in is over; and forget those whose cookies are too old by now."""
        ended = {
            "sign_in_sha256": sign_in_sha256,
            "owner": self.owner,
            "signed_out_at": now,
        }
        old = (sign_outs.c.owner == self.owner) & (sign_outs.c.signed_out_at < now - COOKIE_LASTS)
        with self._write() as connection:
            connection.execute(delete(sign_outs).where(old))
            connection.execute(self._insert(sign_outs).values(**ended).on_conflict_do_nothing())

    def is_signed_out(self, sign_in_sha256: str) -> bool:
        """Whether this user has signed out of that sign-in."""
        found = select(sign_outs.c.owner).where(
            sign_outs.c.sign_in_sha256 == sign_in_sha256, sign_outs.c.owner == self.owner
        )
        with self._read() as connection:
            return connection.execute(found).first() is not None
