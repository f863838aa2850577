"""Chunks of runs that workers share, what calls in flight may cost, texts of any length."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WORDS = {
    "cases": ("title",),
    "prompts": ("id",),
    "outputs": ("prompt_id",),
    "judgments": ("prompt_id", "judge"),
    "votes": ("prompt_id", "voter"),
    "ballots": ("voter", "asked_by"),
    "snapshots": ("title",),
}


def upgrade() -> None:
    op.add_column("outputs", sa.Column("reserved_usd", sa.String(length=60), nullable=True))
    op.create_table(
        "chunks",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("runner", sa.String(length=300), nullable=False),
        sa.Column("calls", sa.JSON(), nullable=False),
        sa.Column("worker", sa.String(length=36), nullable=True),
        sa.Column("stopped", sa.JSON(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_chunks_run_id_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_chunks")),
    )
    if op.get_bind().dialect.name == "postgresql":  # SQLite enforces no length
        for table, columns in WORDS.items():
            for column in columns:
                op.alter_column(table, column, type_=sa.Text())
