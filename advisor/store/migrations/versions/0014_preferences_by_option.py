"""A preference is an option's id; it was a side: "base", or "tuned" for whatever challenged it.

No pair of that time had an option "base" as its challenger or "tuned" held against, so a word that
is neither option of its pair is a side.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BY_OPTION = """
    UPDATE {table} SET preference = CASE preference WHEN 'base' THEN base_arm ELSE challenger END
    WHERE preference IN ('base', 'tuned') AND preference NOT IN (base_arm, challenger)
"""


def upgrade() -> None:
    for table in ("votes", "judgments"):
        with op.batch_alter_table(table) as batch:
            batch.alter_column(
                "preference",
                existing_type=sa.String(length=20),
                type_=sa.String(length=40),
                existing_nullable=False,
            )
        op.execute(BY_OPTION.format(table=table))
