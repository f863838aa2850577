"""What a judge was told is part of what its verdict answers to: verdicts by two rubrics stand apart."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = ["run_id", "prompt_id", "judge", "base_arm", "challenger", "order", "told_sha256"]


def upgrade() -> None:
    with op.batch_alter_table("judgments") as batch:
        # Of a verdict given before, nobody kept what it was told: "".
        batch.add_column(
            sa.Column("told_sha256", sa.String(length=64), nullable=False, server_default="")
        )
        batch.drop_constraint("pk_judgments", type_="primary")
        batch.create_primary_key("pk_judgments", KEY)
    with op.batch_alter_table("judgments") as batch:
        batch.alter_column("told_sha256", server_default=None)
