"""Trainings of former years may say neither for whom nor how.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

AUDIENCES = ("guards", "canteen", "wardens", "teachers", "new_staff", "pupils", "parents", "all_staff")
FORMS = ("lecture", "film", "demonstration", "hands_on", "water_show", "station_visit", "campaign", "quiz")


def upgrade() -> None:
    _may_be((*AUDIENCES, "unknown"), (*FORMS, "unknown"))


def downgrade() -> None:
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
