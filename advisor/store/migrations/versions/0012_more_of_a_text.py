"""What few texts have beside their columns: conversations, tools, further approved answers."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("prompts", sa.Column("more", sa.JSON(), nullable=True))
