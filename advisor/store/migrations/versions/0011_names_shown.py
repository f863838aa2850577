"""Texts of which a voter was told which answer is whose: a vote on them is blind no more.

Before, the owner was told after every vote, and a voter at the end.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TOLD_BEFORE = """
    INSERT INTO names_shown (run_id, prompt_id, voter, owner, shown_at)
    SELECT v.run_id, v.prompt_id, v.voter, v.owner, MAX(v.created_at)
    FROM votes v
    WHERE (
        v.voter = 'me'
        OR EXISTS (
            SELECT 1 FROM ballots b
            WHERE b.run_id = v.run_id AND b.voter = v.voter AND b.revealed_at IS NOT NULL
        )
    )
    AND 2 = (
        SELECT COUNT(*) FROM outputs o
        WHERE o.run_id = v.run_id AND o.prompt_id = v.prompt_id AND o.sample = 0
        AND o.outcome = 'answered' AND o.arm IN (v.base_arm, v.challenger)
    )
    GROUP BY v.run_id, v.prompt_id, v.voter, v.owner
"""
"""Where only one option answered there is no name to tell."""


def upgrade() -> None:
    # SQLite enforces no length; see 0006.
    words = sa.Text() if op.get_bind().dialect.name == "postgresql" else sa.String(length=200)
    op.create_table(
        "names_shown",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("prompt_id", words, nullable=False),
        sa.Column("voter", words, nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["runs.id"],
            name=op.f("fk_names_shown_run_id_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "prompt_id", "voter", name=op.f("pk_names_shown")),
    )
    op.execute(TOLD_BEFORE)
