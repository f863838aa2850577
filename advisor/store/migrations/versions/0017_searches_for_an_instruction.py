"""Runs that look for a better instruction: what they do, and how far they have come."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("search", sa.JSON(none_as_null=True), nullable=True))
