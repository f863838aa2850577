"""Indices by which one run is read alone: one that opens with the owner led SQLite to read all."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outputs_call_hash_owner", "outputs", ["call_hash", "owner"])
    op.create_index("ix_runs_judges", "runs", ["judges"])
    op.drop_index("ix_outputs_owner_call_hash", table_name="outputs")
