"""A ballot says who asks, and when its voter was told which answer was whose."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ballots", sa.Column("asked_by", sa.String(length=200), nullable=True))
    op.add_column("ballots", sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True))
