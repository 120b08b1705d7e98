"""Trainings of former years may say neither for whom nor how; counted years of schools are kept until their facts change.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.core.db import SMALL_JSON

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

AUDIENCES = ("guards", "canteen", "wardens", "teachers", "new_staff", "pupils", "parents", "all_staff")
FORMS = ("lecture", "film", "demonstration", "hands_on", "water_show", "station_visit", "campaign", "quiz")


def upgrade() -> None:
    _may_be((*AUDIENCES, "unknown"), (*FORMS, "unknown"))
    _add_tallies()


def downgrade() -> None:
    op.drop_index("ix_duty_change_school_id", table_name="duty_change")
    op.drop_table("duty_change")
    op.drop_table("duty_tally")
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
