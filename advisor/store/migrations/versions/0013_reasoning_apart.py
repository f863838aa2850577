"""Reasoning stands apart from the answer, and what is no answer is called none.

Answers of before are read anew by the rules of today: only those whose text or end says that they
are something else change. Runs keep what was found out on the way.
"""

import sqlalchemy as sa
from alembic import op

from advisor.llm.reread import reread

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_KEY = ("run_id", "prompt_id", "arm", "sample")
_outputs = sa.table(
    "outputs",
    *(sa.column(name) for name in _KEY),
    *(sa.column(name) for name in ("outcome", "text", "finish_reason", "error")),
    *(sa.column(name) for name in ("reasoning", "why")),
)


def upgrade() -> None:
    op.add_column("outputs", sa.Column("reasoning", sa.Text(), nullable=True))
    op.add_column("outputs", sa.Column("why", sa.String(length=20), nullable=True))
    op.add_column("runs", sa.Column("notes", sa.JSON(none_as_null=True), nullable=True))
    connection = op.get_bind()
    changed = list(_changed(connection))
    rule = sa.and_(*(_outputs.c[name] == sa.bindparam(f"of_{name}") for name in _KEY))
    names = ("outcome", "text", "reasoning", "why", "error", "finish_reason")
    update = (
        _outputs.update().where(rule).values({name: sa.bindparam(f"new_{name}") for name in names})
    )
    for start in range(0, len(changed), _AT_ONCE):
        connection.execute(update, changed[start : start + _AT_ONCE])


def _changed(connection):
    kept = sa.select(*(_outputs.c[name] for name in (*_KEY, "text", "finish_reason"))).where(
        _outputs.c.outcome == "answered"
    )
    for row in connection.execute(kept):
        found = reread(row.text or "", row.finish_reason)
        if found is None:
            continue
        yield {f"of_{name}": row._mapping[name] for name in _KEY} | {
            "new_outcome": found.outcome,
            "new_text": found.text,
            "new_reasoning": found.reasoning,
            "new_why": found.why,
            "new_error": found.error,
            "new_finish_reason": found.finish_reason,
        }
