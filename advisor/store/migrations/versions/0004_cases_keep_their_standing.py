"""A case keeps how it was last decided, so that a list of a thousand need not work any out."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("standing", sa.JSON(), nullable=True))
