"""Tablets, what they brought, and uploads on their way; indexes that the lists of a city walk along."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.core.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


#: What the lists of a city walk along: name, table, columns, and which rows where not all.
INDEXES: tuple[tuple[str, str, list[str], str], ...] = (
    ("ix_finding_open", "finding", ["school_id", "deadline", "found_on", "brigade_id", "id"], "closed_on IS NULL"),
    (
        "ix_finding_struck",
        "finding",
        ["closed_on", "closed_how", "deadline", "school_id", "found_on"],
        "closed_on IS NOT NULL",
    ),
    ("ix_finding_found", "finding", ["found_on", "closed_how", "school_id", "category"], ""),
    ("ix_evidence_finding_asked", "evidence", ["finding_id", "asks_recheck", "sent_at", "answer", "answered_at"], ""),
    ("ix_recheck_result_finding_seen", "recheck_result", ["finding_id", "seen_at", "outcome", "seen_on", "id"], ""),
    ("ix_order_state_deadline", "rectification_order", ["state", "next_deadline"], ""),
    ("ix_order_drafted", "rectification_order", ["drafted_at", "id"], ""),
    ("ix_order_issued", "rectification_order", ["issued_on", "school_id"], ""),
    ("ix_inspection_started_at", "inspection", ["started_at", "state", "kind", "school_id"], ""),
    ("ix_issued_document_made", "issued_document", ["made_at", "id"], ""),
    ("ix_drill_held_at", "drill", ["held_at", "withdrawn_at", "school_id"], ""),
    ("ix_training_held_at", "training", ["held_at", "withdrawn_at", "school_id"], ""),
    ("ix_visit_planned", "visit", ["planned_on", "id"], ""),
    ("ix_visit_state", "visit", ["state", "planned_on"], ""),
    ("ix_school_brigade", "school", ["brigade_id", "id"], ""),
)
#: Indexes that one of those begins with.
COVERED = (("ix_evidence_finding_id", "evidence"), ("ix_recheck_result_finding_id", "recheck_result"))


def upgrade() -> None:
    op.create_table(
        "sync_tablet",
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.Column("build", sa.String(length=40), nullable=False),
        sa.Column("first_seen_at", app.core.db.Moment(), nullable=False),
        sa.Column("last_seen_at", app.core.db.Moment(), nullable=False),
        sa.Column("clock_offset_s", sa.Double(), nullable=True),
        sa.Column("waiting", app.core.db.SMALL_JSON, nullable=False),
        sa.Column("taken", app.core.db.SMALL_JSON, nullable=False),
        sa.Column("taken_at", app.core.db.Moment(), nullable=True),
        sa.Column("grant_hash", sa.String(length=64), nullable=False),
        sa.Column("grant_until", app.core.db.Moment(), nullable=True),
        sa.Column("lost_at", app.core.db.Moment(), nullable=True),
        sa.Column("lost_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["lost_by_id"], ["person.id"], name=op.f("fk_sync_tablet_lost_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sync_tablet_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_tablet")),
        sa.UniqueConstraint("device", "person_id", name="uq_sync_tablet_device_person"),
    )
    with op.batch_alter_table("sync_tablet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sync_tablet_person_id"), ["person_id"], unique=False)

    op.create_table(
        "sync_upload",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("completed_at", app.core.db.Moment(), nullable=False),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("taken_at", app.core.db.Moment(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("kept_at", app.core.db.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sync_upload_person_id")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_sync_upload")),
    )
    op.create_table(
        "sync_op",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("op_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("sent_by_id", sa.Uuid(), nullable=False),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("brigade_id", sa.Uuid(), nullable=True),
        sa.Column("target_kind", sa.String(length=16), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "applied",
                "conflict",
                "held",
                "rejected",
                name="op_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("message", sa.String(length=400), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=True),
        sa.Column("waits_for", sa.String(length=64), nullable=False),
        sa.Column("detail", app.core.db.SMALL_JSON, nullable=False),
        sa.Column("content", app.core.db.SMALL_JSON, nullable=True),
        sa.Column("at", app.core.db.Moment(), nullable=True),
        sa.Column("corrected_at", app.core.db.Moment(), nullable=False),
        sa.Column("received_at", app.core.db.Moment(), nullable=False),
        sa.Column("dealt_with_at", app.core.db.Moment(), nullable=True),
        sa.Column("dealt_with_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('applied', 'conflict') OR reason <> ''", name=op.f("ck_sync_op_kept_needs_reason")
        ),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_sync_op_brigade_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_sync_op_by_id")),
        sa.ForeignKeyConstraint(["dealt_with_by_id"], ["person.id"], name=op.f("fk_sync_op_dealt_with_by_id")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_sync_op_sent_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_op")),
        sa.UniqueConstraint("op_id", name=op.f("uq_sync_op_op_id")),
    )
    with op.batch_alter_table("sync_op", schema=None) as batch_op:
        batch_op.create_index("ix_sync_op_state_waits", ["state", "waits_for"], unique=False)
        batch_op.create_index("ix_sync_op_target_state", ["target_id", "state"], unique=False)

    for name, table in COVERED:
        op.drop_index(name, table_name=table)
    for name, table, columns, which in INDEXES:
        where = sa.text(which) if which else None
        op.create_index(name, table, columns, unique=False, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _columns, _which in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    for name, table in COVERED:
        op.create_index(name, table, ["finding_id"], unique=False)
    with op.batch_alter_table("sync_op", schema=None) as batch_op:
        batch_op.drop_index("ix_sync_op_target_state")
        batch_op.drop_index("ix_sync_op_state_waits")

    op.drop_table("sync_op")
    op.drop_table("sync_upload")
    with op.batch_alter_table("sync_tablet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sync_tablet_person_id"))

    op.drop_table("sync_tablet")
