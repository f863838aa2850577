"""What a decision had fixed before its first answer was asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("receipt", sa.JSON(none_as_null=True), nullable=True))
