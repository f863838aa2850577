"""Runs keep which parameters an endpoint did not take, so that the next run does not send them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("refused", sa.JSON(none_as_null=True), nullable=True))
