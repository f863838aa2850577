"""Judging runs, ballots for invited voters, pairs of arms other than base against tuned."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("prompts", sa.Column("passages", sa.Text(), nullable=True))
    # Without a foreign key: for one, SQLite would remake the table, and so delete all outputs.
    op.add_column("runs", sa.Column("judges", sa.String(length=36), nullable=True))
    for table, key in (("votes", "voter"), ("judgments", "judge")):
        of_key = ["run_id", "prompt_id", key, "base_arm", "challenger"]
        with op.batch_alter_table(table) as batch:
            batch.add_column(
                sa.Column(
                    "challenger", sa.String(length=40), nullable=False, server_default="tuned"
                )
            )
            batch.drop_constraint(f"pk_{table}", type_="primary")
            batch.create_primary_key(
                f"pk_{table}", of_key if table == "votes" else [*of_key, "order"]
            )
        with op.batch_alter_table(table) as batch:
            batch.alter_column("challenger", server_default=None)
    op.create_table(
        "ballots",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("voter", sa.String(length=200), nullable=False),
        sa.Column("base_arm", sa.String(length=40), nullable=False),
        sa.Column("challenger", sa.String(length=40), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_ballots_run_id_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballots")),
        sa.UniqueConstraint("run_id", "voter", name=op.f("uq_ballots_run_id_voter")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_ballots_token_sha256")),
    )
