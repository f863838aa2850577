"""The tables, fit for SQLite and Postgres. Times are UTC, ids are uuid7 as text, money is text."""

import os
import re
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class UtcTime(TypeDecorator[datetime]):
    """A moment, aware in Python; SQLite keeps no time zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; a moment without a time zone is a bug."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give an aware moment in UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text of a reader or a model, as it came.

    Postgres keeps no NUL in a text, so there it is written as two other characters, which are
    escaped themselves.
    """

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Of any length on Postgres, which alone would enforce one."""
        length = getattr(self.impl_instance, "length", None)
        free = length is None or dialect.name == "postgresql"
        return Text() if free else String(length)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Escape where it is needed."""
        if value is None or dialect.name != "postgresql" or not _ESCAPED.search(value):
            return value
        return value.replace(_ESCAPE, _ESCAPE * 2).replace("\0", _NUL)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Give the text that was put in."""
        if value is None or dialect.name != "postgresql" or _ESCAPE not in value:
            return value  # type: ignore[no-any-return]
        return _WRITTEN.sub(lambda found: "\0" if found[0] == _NUL else _ESCAPE, value)


_ESCAPE = "\ue000"
"""For private use (Unicode 17.0, 23.5), so hardly ever in a text."""
_NUL = _ESCAPE + "0"
_ESCAPED = re.compile(f"[\0{_ESCAPE}]")
_WRITTEN = re.compile(f"{_NUL}|{_ESCAPE * 2}")


def new_id() -> str:
    """A uuid7: unique, and sorts by the time it was made (RFC 9562, 5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    bits = (milliseconds << 80) | int.from_bytes(os.urandom(10))
    bits = (bits & ~(0xF << 76)) | (0x7 << 76)  # version 7
    bits = (bits & ~(0x3 << 62)) | (0x2 << 62)  # RFC variant
    return str(uuid.UUID(int=bits))


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _owner() -> Column[str]:
    return Column("owner", String(200), nullable=False)


cases = Table(
    "cases",
    metadata,
    Column("id", String(36), primary_key=True),
    _owner(),
    Column("title", Words(200), nullable=False),
    Column("body", JSON, nullable=False),  # a Case without its prompts
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("deleted_at", UtcTime),
    Column("standing", JSON(none_as_null=True)),  # how it was last decided; empty: not yet
    Column("revision", String(36), default=new_id),  # another one whenever the case was written
    Index("ix_cases_owner_updated_at", "owner", "updated_at"),
)

prompts = Table(
    "prompts",
    metadata,
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    _owner(),
    Column("id", Words(200), nullable=False),
    Column("text", Words, nullable=False),
    Column("reference", Words),
    Column("cluster", Words),
    Column("passages", Words),
    Column("more", JSON(none_as_null=True)),  # what few texts have: a conversation, tools, ...
    Column("batch", Integer),  # how late it came, once runs had begun; empty: with the first
)

runs = Table(
    "runs",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    _owner(),
    Column("spec_hash", String(64), nullable=False),
    Column("spec", JSON, nullable=False),
    Column("settings", JSON, nullable=False),
    Column("planned", Integer, nullable=False),  # calls of the whole spec
    Column("status", String(20), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("started_at", UtcTime),
    Column("ended_at", UtcTime),
    Column("heartbeat_at", UtcTime),
    Column("runner", String(300)),
    Column("stop_reason", Words),
    Column("notes", JSON(none_as_null=True)),  # what was found out on the way, a sentence each
    Column("refused", JSON(none_as_null=True)),  # address, model, what it does not take
    # The run whose answers this one judges; empty: this run answers the prompts itself.
    Column("judges", String(36)),
    Column("search", JSON(none_as_null=True)),  # for an instruction: its plan and what it found
    Column("receipt", JSON(none_as_null=True)),  # what was fixed when it was last opened unbegun
    UniqueConstraint("owner", "case_id", "spec_hash"),
    Index("ix_runs_owner_spec_hash", "owner", "spec_hash"),
    Index("ix_runs_status", "status"),
    Index("ix_runs_judges", "judges"),
)

outputs = Table(
    "outputs",
    metadata,
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("prompt_id", Words(200), primary_key=True),
    Column("arm", String(40), primary_key=True),
    Column("sample", Integer, primary_key=True, autoincrement=False),
    _owner(),
    Column("call_hash", String(64), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),  # empty: the call was in flight when last heard of
    Column("outcome", String(20)),
    Column("text", Words),
    Column("finish_reason", Words),
    Column("served_model", Words),
    Column("request_id", Words),
    Column("error", Words),
    Column("input_tokens", Integer),
    Column("cached_tokens", Integer),
    Column("output_tokens", Integer),
    Column("reasoning_tokens", Integer),
    Column("tokens_counted", Boolean, nullable=False, default=False),
    Column("first_token_ms", Float),
    Column("latency_ms", Float),
    Column("attempts", Integer, nullable=False, default=1),
    Column("cost_usd", String(60)),  # an exact decimal; empty: not known
    # What a call in flight may cost at most, where several workers share a cap.
    Column("reserved_usd", String(60)),
    Column("reused", Boolean, nullable=False, default=False),
    Column("reasoning", Words),
    Column("why", String(20)),  # there is no answer though nothing failed
    # Not by owner first: SQLite would read all of an owner's outputs to find those of one run.
    Index("ix_outputs_call_hash_owner", "call_hash", "owner"),
)

chunks = Table(  # of a run that workers share: calls that one of them makes
    "chunks",
    metadata,
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _owner(),
    Column("runner", String(300), nullable=False),  # which going-on of the run it belongs to
    Column("calls", JSON, nullable=False),  # [prompt, arm, sample] of each
    Column("worker", String(36)),  # who took it last
    Column("stopped", JSON(none_as_null=True)),  # arms it gave up, each with the reason
    Column("ended_at", UtcTime),
)

judgments = Table(
    "judgments",
    metadata,
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("prompt_id", Words(200), primary_key=True),
    Column("judge", Words(200), primary_key=True),
    Column("base_arm", String(40), primary_key=True),
    Column("challenger", String(40), primary_key=True),
    Column("order", String(20), primary_key=True),
    Column("told_sha256", String(64), primary_key=True),
    _owner(),
    Column("preference", String(40), nullable=False),  # an option's id, tie or both_bad
    Column("base_sha256", String(64), nullable=False),
    Column("tuned_sha256", String(64), nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

votes = Table(
    "votes",
    metadata,
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("prompt_id", Words(200), primary_key=True),
    Column("voter", Words(200), primary_key=True),
    Column("base_arm", String(40), primary_key=True),
    Column("challenger", String(40), primary_key=True),
    _owner(),
    Column("preference", String(40), nullable=False),  # an option's id, tie or both_bad
    Column("base_quality", String(20)),
    Column("tuned_quality", String(20)),
    Column("created_at", UtcTime, nullable=False),
)

names_shown = Table(  # texts of which a voter was told which answer is whose
    "names_shown",
    metadata,
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("prompt_id", Words(200), primary_key=True),
    Column("voter", Words(200), primary_key=True),
    _owner(),
    Column("shown_at", UtcTime, nullable=False),
)

ballots = Table(
    "ballots",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    _owner(),
    Column("voter", Words(200), nullable=False),
    Column("base_arm", String(40), nullable=False),
    Column("challenger", String(40), nullable=False),
    Column("token_sha256", String(64), nullable=False, unique=True),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("revoked_at", UtcTime),
    Column("asked_by", Words(200)),  # the name that the voter reads
    Column("revealed_at", UtcTime),  # from then on the voter knows the options, and votes no more
    UniqueConstraint("run_id", "voter"),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("id", String(36), primary_key=True),
    _owner(),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("token_sha256", String(64), nullable=False, unique=True),
    Column("title", Words(200), nullable=False),
    Column("body", Text, nullable=False),  # canonical JSON, see advisor.report.snapshot
    Column("report_sha256", String(64), nullable=False),
    Column("with_texts", Boolean, nullable=False),
    Column("may_copy", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    Index("ix_snapshots_owner_case_id", "owner", "case_id"),
)

# No foreign key: what a day has cost still counts once the case is erased.
budgets = Table(
    "budgets",
    metadata,
    Column("id", String(36), primary_key=True),
    _owner(),
    Column("day", Date, nullable=False),  # UTC
    Column("run_id", String(36), nullable=False),
    Column("spent_before_usd", String(60), nullable=False),
    Column("reserved_usd", String(60), nullable=False),
    Column("spent_usd", String(60)),  # empty: the run still goes on, and the reserve counts
    Column("created_at", UtcTime, nullable=False),
    Index("ix_budgets_owner_day", "owner", "day"),
)

# What asking an address apart from a run has found, for the runs after it.
asked_apart = Table(
    "asked_apart",
    metadata,
    Column("id", String(36), primary_key=True),
    _owner(),
    Column("refused", JSON, nullable=False),  # as of a run
    Column("created_at", UtcTime, nullable=False),
    Index("ix_asked_apart_owner", "owner"),
)

sign_outs = Table(
    "sign_outs",
    metadata,
    Column("sign_in_sha256", String(64), primary_key=True),
    _owner(),
    Column("signed_out_at", UtcTime, nullable=False),
)
