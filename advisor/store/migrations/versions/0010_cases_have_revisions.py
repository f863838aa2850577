"""A case says which writing of it this is, so that nobody writes over what another one wrote."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("revision", sa.String(36)))
