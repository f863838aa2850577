"""How late a text came, so that texts added later are asked and voted on last."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("prompts", sa.Column("batch", sa.Integer(), nullable=True))
