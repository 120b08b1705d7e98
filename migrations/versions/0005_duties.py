"""What schools did for their duties, which rules a brigade has taken on, and what schools were before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.core.db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duty_adoption",
        sa.Column("brigade_id", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.String(length=60), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_duty_adoption_brigade_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_duty_adoption_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_duty_adoption_ended_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_adoption")),
    )
    with op.batch_alter_table("duty_adoption", schema=None) as batch_op:
        batch_op.create_index(
            "uq_duty_adoption_in_force",
            ["brigade_id", "duty"],
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )

    op.create_table(
        "school_past",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "kindergarten",
                "primary",
                "junior",
                "nine_year",
                "senior",
                "complete_secondary",
                "twelve_year",
                "vocational",
                "special",
                "college",
                "training",
                "other",
                name="school_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_boarding", sa.Boolean(), nullable=False),
        sa.Column("is_key_unit", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_school_past_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_past")),
    )
    with op.batch_alter_table("school_past", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_past_school_id"), ["school_id"], unique=False)

    op.create_table(
        "duty_record",
        sa.Column("duty", sa.String(length=60), nullable=False),
        sa.Column("done_by", sa.String(length=80), nullable=False),
        sa.Column("found_faults", sa.Boolean(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("held_at", app.core.db.Moment(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("logged_at", app.core.db.Moment(), nullable=False),
        sa.Column("logged_by_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", app.core.db.Moment(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason = '')", name=op.f("ck_duty_record_withdrawn_needs_reason")
        ),
        sa.ForeignKeyConstraint(["logged_by_id"], ["person.id"], name=op.f("fk_duty_record_logged_by_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_duty_record_school_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_duty_record_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_record")),
    )
    with op.batch_alter_table("duty_record", schema=None) as batch_op:
        batch_op.create_index("ix_duty_record_held_at", ["held_at", "withdrawn_at", "school_id"], unique=False)
        batch_op.create_index("ix_duty_record_school_held", ["school_id", "held_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_duty_record_visit_id"), ["visit_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("duty_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_record_visit_id"))
        batch_op.drop_index("ix_duty_record_school_held")
        batch_op.drop_index("ix_duty_record_held_at")

    op.drop_table("duty_record")
    with op.batch_alter_table("school_past", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_past_school_id"))

    op.drop_table("school_past")
    with op.batch_alter_table("duty_adoption", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_duty_adoption_in_force",
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )

    op.drop_table("duty_adoption")
