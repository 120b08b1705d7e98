"""What an extinguisher holds as a column of its own; more indexes that the lists of a city walk along."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


#: What the lists of a city walk along: name, table, columns, and which rows where not all.
INDEXES: tuple[tuple[str, str, list[str], str], ...] = (
    (
        "ix_finding_open",
        "finding",
        ["school_id", "deadline", "found_on", "brigade_id", "id", "closed_on"],
        "closed_on IS NULL",
    ),
    ("ix_order_state_archived", "rectification_order", ["state", "archived_on", "drafted_at"], ""),
    (
        "ix_equipment_due",
        "equipment",
        ["school_id", "kind", "status", "agent", "made_on", "serviced_on", "trouble"],
        "",
    ),
    ("ix_school_name", "school", ["name", "brigade_id", "id"], ""),
)
#: Indexes that one of those begins with, as they were.
COVERED: tuple[tuple[str, str, list[str], str], ...] = (
    ("ix_finding_open", "finding", ["school_id", "deadline", "found_on", "brigade_id", "id"], "closed_on IS NULL"),
    ("ix_equipment_school_kind", "equipment", ["school_id", "kind", "status"], ""),
)


def _create(name: str, table: str, columns: list[str], which: str) -> None:
    where = sa.text(which) if which else None
    op.create_index(name, table, columns, unique=False, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    op.add_column("equipment", sa.Column("agent", sa.String(length=20), nullable=True))
    op.execute("UPDATE equipment SET agent = specification ->> 'agent'")
    for name, table, _columns, _which in COVERED:
        op.drop_index(name, table_name=table)
    for one in INDEXES:
        _create(*one)


def downgrade() -> None:
    for name, table, _columns, _which in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    for one in COVERED:
        _create(*one)
    op.drop_column("equipment", "agent")
