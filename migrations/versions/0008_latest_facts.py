"""What was last sent, sent back and seen of a finding, kept beside it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.core.db

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

#: What is open, with all that its colour goes by.
OPEN = ["school_id", "deadline", "found_on", "brigade_id", "id", "closed_on", "inspection_id"]
LATEST = ["evidence_at", "returned_at", "applied_at", "rechecked_at", "looked_on", "recheck_outcome"]

#: Each column from what was sent and seen so far.
FILL = """
UPDATE finding SET
  evidence_at = (SELECT max(e.sent_at) FROM evidence e
    WHERE e.finding_id = finding.id AND (e.answer IS NULL OR e.answer <> 'returned')),
  returned_at = (SELECT max(e.answered_at) FROM evidence e WHERE e.finding_id = finding.id AND e.answer = 'returned'),
  applied_at = (SELECT min(e.sent_at) FROM evidence e
    WHERE e.finding_id = finding.id AND e.asks_recheck AND (e.answer IS NULL OR e.answer <> 'returned')
    AND NOT EXISTS (SELECT 1 FROM recheck_result r WHERE r.finding_id = e.finding_id AND r.seen_at >= e.sent_at)),
  rechecked_at = (SELECT max(r.seen_at) FROM recheck_result r WHERE r.finding_id = finding.id),
  looked_on = (SELECT max(r.seen_on) FROM recheck_result r WHERE r.finding_id = finding.id),
  recheck_outcome = (SELECT r.outcome FROM recheck_result r WHERE r.finding_id = finding.id
    ORDER BY r.seen_at DESC, r.id DESC LIMIT 1)
"""


def _index_open_findings(columns: list[str]) -> None:
    where = sa.text("closed_on IS NULL")
    op.create_index("ix_finding_open", "finding", columns, unique=False, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    op.drop_index("ix_finding_open", table_name="finding")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        for name in LATEST[:4]:
            batch_op.add_column(sa.Column(name, app.core.db.Moment(), nullable=True))
        batch_op.add_column(sa.Column("looked_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "recheck_outcome",
                sa.Enum(
                    "corrected",
                    "partly",
                    "not_corrected",
                    name="recheck_outcome",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=True,
            )
        )
    op.execute(FILL)
    _index_open_findings(OPEN + LATEST)


def downgrade() -> None:
    op.drop_index("ix_finding_open", table_name="finding")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_finding_recheck_outcome"), type_="check")
        for name in reversed(LATEST):
            batch_op.drop_column(name)
    _index_open_findings(OPEN)
