"""People are listed by the sound of their names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.core.db import SORTED
from app.core.spelling import sort_key

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sort_name", SORTED, nullable=False, server_default=""))
    person = sa.table(
        "person", sa.column("id", sa.Uuid()), sa.column("name", sa.String()), sa.column("sort_name", SORTED)
    )
    connection = op.get_bind()
    for person_id, name in connection.execute(sa.select(person.c.id, person.c.name)).all():
        connection.execute(person.update().where(person.c.id == person_id).values(sort_name=sort_key(name)))
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.alter_column("sort_name", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("sort_name")
