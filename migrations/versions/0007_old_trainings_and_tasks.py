"""Trainings of former years may say neither for whom nor how; counted years of schools are kept; tasks sent to schools.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.core.db import SMALL_JSON, Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

AUDIENCES = ("guards", "canteen", "wardens", "teachers", "new_staff", "pupils", "parents", "all_staff")
FORMS = ("lecture", "film", "demonstration", "hands_on", "water_show", "station_visit", "campaign", "quiz")


#: What photos, operations and signatures may belong to.
TARGETS = ("inspection", "recheck", "drill", "training", "selfcheck", "finding")


def upgrade() -> None:
    _may_be((*AUDIENCES, "unknown"), (*FORMS, "unknown"))
    _add_tallies()
    _belong_to((*TARGETS, "task"))
    _tasks_up()


def _belong_to(targets: tuple[str, ...]) -> None:
    one_of = ", ".join(f"'{value}'" for value in targets)
    for table in ("answer_op", "photo", "signature"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_target_kind"), type_="check")
            batch_op.create_check_constraint(op.f(f"ck_{table}_target_kind"), sa.text(f"target_kind IN ({one_of})"))


def _tasks_up() -> None:
    op.create_table(
        "task",
        sa.Column(
            "kind",
            sa.Enum(
                "common", "individual", "ad_hoc", name="task_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("needs_proof", sa.Boolean(), nullable=False),
        sa.Column("brigade_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.String(length=12), nullable=True),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(brigade_id IS NULL) <> (area_code IS NULL)", name=op.f("ck_task_task_of_one_sender")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason = '')", name=op.f("ck_task_task_withdrawn_needs_reason")
        ),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_task_brigade_id")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_task_sent_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index("ix_task_area_sent", "task", ["area_code", "sent_at"], unique=False)
    op.create_index("ix_task_brigade_sent", "task", ["brigade_id", "sent_at"], unique=False)
    op.create_index("ix_task_due", "task", ["due_on"], unique=False)
    op.create_table(
        "task_at",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", Moment(), nullable=True),
        sa.Column("reported_at", Moment(), nullable=True),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("returned_at", Moment(), nullable=True),
        sa.Column("returned_reason", sa.String(length=300), nullable=False),
        sa.Column("accepted_at", Moment(), nullable=True),
        sa.Column("sampled_at", Moment(), nullable=True),
        sa.Column("looked_at", Moment(), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=True),
        sa.Column("steps", SMALL_JSON, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "accepted_at IS NULL OR reported_at IS NOT NULL", name=op.f("ck_task_at_task_accepted_needs_report")
        ),
        sa.CheckConstraint(
            "reported_at IS NULL OR returned_at IS NULL", name=op.f("ck_task_at_task_reported_or_returned")
        ),
        sa.CheckConstraint(
            "(returned_at IS NULL) = (returned_reason = '')", name=op.f("ck_task_at_task_returned_needs_reason")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_task_at_school_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_at_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_at")),
        sa.UniqueConstraint("task_id", "school_id", name="uq_task_at_school"),
    )
    op.create_index("ix_task_at_school", "task_at", ["school_id", "task_id"], unique=False)
    op.create_table(
        "task_template",
        sa.Column("brigade_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.String(length=12), nullable=True),
        sa.Column("list_name", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("needs_proof", sa.Boolean(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("retired_at", Moment(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(brigade_id IS NULL) <> (area_code IS NULL)", name=op.f("ck_task_template_template_of_one_sender")
        ),
        sa.CheckConstraint("days BETWEEN 0 AND 365", name=op.f("ck_task_template_template_sensible_days")),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_task_template_brigade_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_task_template_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_template")),
    )
    op.create_index("ix_task_template_brigade", "task_template", ["brigade_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_duty_change_school_id", table_name="duty_change")
    op.drop_table("duty_change")
    op.drop_table("duty_tally")
    for table in ("task_template", "task_at", "task"):
        op.drop_table(table)
    op.execute("DELETE FROM photo WHERE target_kind = 'task'")
    _belong_to(TARGETS)
    # What was not known has no place in the older tables.
    for table in ("training", "training_session"):
        op.execute(f"UPDATE {table} SET audience = 'all_staff' WHERE audience = 'unknown'")  # noqa: S608
        op.execute(f"UPDATE {table} SET form = 'lecture' WHERE form = 'unknown'")  # noqa: S608
    _may_be(AUDIENCES, FORMS)


def _may_be(audiences: tuple[str, ...], forms: tuple[str, ...]) -> None:
    for table in ("training", "training_session"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column, name, values in (("audience", "audience", audiences), ("form", "training_form", forms)):
                one_of = ", ".join(f"'{value}'" for value in values)
                batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
                batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), sa.text(f"{column} IN ({one_of})"))


def _add_tallies() -> None:
    op.create_table(
        "duty_tally",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("duty", sa.String(length=60), nullable=False),
        sa.Column("informs", sa.Boolean(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("months", SMALL_JSON, nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_duty_tally_school_id")),
        sa.PrimaryKeyConstraint("school_id", "year", "duty", "informs", name=op.f("pk_duty_tally")),
    )
    op.create_table(
        "duty_change",
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_duty_change_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_change")),
    )
    op.create_index("ix_duty_change_school_id", "duty_change", ["school_id"], unique=False)
