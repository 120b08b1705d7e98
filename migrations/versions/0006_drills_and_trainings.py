"""Training sessions before they are held, who signed in, quizzes; trainings from older lists. Indexes of a city's due dates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.core.db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


#: What a city's pieces that are due are found by: name, columns, and which rows where not all.
EQUIPMENT: tuple[tuple[str, list[str], str], ...] = (
    ("ix_equipment_school_status", ["school_id", "status", "kind"], ""),
    ("ix_equipment_unserviced", ["agent", "made_on"], "serviced_on IS NULL OR serviced_on < made_on"),
    ("ix_equipment_serviced", ["agent", "serviced_on"], "serviced_on >= made_on"),
    ("ix_equipment_scrap", ["agent", "made_on"], "serviced_on >= made_on"),
    ("ix_equipment_trouble", ["trouble"], "trouble IS NOT NULL"),
)
#: The index that they take the place of.
EQUIPMENT_BEFORE = ["school_id", "kind", "status", "agent", "made_on", "serviced_on", "trouble"]


def _index_equipment() -> None:
    op.drop_index("ix_equipment_due", table_name="equipment")
    for name, columns, which in EQUIPMENT:
        where = sa.text(which) if which else None
        op.create_index(name, "equipment", columns, unique=False, sqlite_where=where, postgresql_where=where)


def _index_equipment_as_before() -> None:
    for name, _columns, _which in EQUIPMENT:
        op.drop_index(name, table_name="equipment")
    op.create_index("ix_equipment_due", "equipment", EQUIPMENT_BEFORE, unique=False)


def upgrade() -> None:
    _index_equipment()
    op.create_table(
        "training_session",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "guards",
                "canteen",
                "wardens",
                "teachers",
                "new_staff",
                "pupils",
                "parents",
                "all_staff",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum(
                "lecture",
                "film",
                "demonstration",
                "hands_on",
                "water_show",
                "station_visit",
                "campaign",
                "quiz",
                name="training_form",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts_at", app.core.db.Moment(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("trainer", sa.String(length=80), nullable=False),
        sa.Column("materials", sa.Text(), nullable=False),
        sa.Column("is_half_day", sa.Boolean(), nullable=False),
        sa.Column("pass_percent", sa.Integer(), nullable=True),
        sa.Column("made_at", app.core.db.Moment(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("called_off_at", app.core.db.Moment(), nullable=True),
        sa.Column("called_off_reason", sa.String(length=300), nullable=False),
        sa.Column("sign_in_round", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=True),
        sa.Column("sign_in_from", app.core.db.Moment(), nullable=True),
        sa.Column("sign_in_until", app.core.db.Moment(), nullable=True),
        sa.Column("sign_in_closed_at", app.core.db.Moment(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(called_off_at IS NULL) = (called_off_reason = '')",
            name=op.f("ck_training_session_called_off_needs_reason"),
        ),
        sa.CheckConstraint("hours > 0 AND hours <= 100", name=op.f("ck_training_session_session_sensible_hours")),
        sa.CheckConstraint(
            "pass_percent BETWEEN 1 AND 100", name=op.f("ck_training_session_session_sensible_mark")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_training_session_made_by_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_training_session_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_session")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_training_session_token_sha256")),
    )
    with op.batch_alter_table("training_session", schema=None) as batch_op:
        batch_op.create_index("ix_training_session_school_starts", ["school_id", "starts_at"], unique=False)
        batch_op.create_index("ix_training_session_starts", ["starts_at", "called_off_at"], unique=False)

    op.create_table(
        "training_attendee",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("post", sa.String(length=80), nullable=False),
        sa.Column("person_key", sa.String(length=200), nullable=False),
        sa.Column("device_sha256", sa.String(length=64), nullable=True),
        sa.Column(
            "via",
            sa.Enum("code", "list", name="signed_via", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("signed_at", app.core.db.Moment(), nullable=False),
        sa.Column("listed_by_id", sa.Uuid(), nullable=True),
        sa.Column("feedback", sa.Integer(), nullable=True),
        sa.Column("feedback_words", sa.String(length=300), nullable=False),
        sa.Column("withdrawn_at", app.core.db.Moment(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason = '')",
            name=op.f("ck_training_attendee_attendee_off_needs_reason"),
        ),
        sa.CheckConstraint("feedback BETWEEN 1 AND 5", name=op.f("ck_training_attendee_sensible_feedback")),
        sa.ForeignKeyConstraint(["listed_by_id"], ["person.id"], name=op.f("fk_training_attendee_listed_by_id")),
        sa.ForeignKeyConstraint(["session_id"], ["training_session.id"], name=op.f("fk_training_attendee_session_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["person.id"], name=op.f("fk_training_attendee_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_attendee")),
    )
    with op.batch_alter_table("training_attendee", schema=None) as batch_op:
        batch_op.create_index("ix_training_attendee_session_at", ["session_id", "signed_at"], unique=False)
        batch_op.create_index(
            "uq_training_attendee_device",
            ["session_id", "device_sha256"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.create_index(
            "uq_training_attendee_person",
            ["session_id", "person_key"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "training_quiz_try",
        sa.Column("attendee_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("entered_at", app.core.db.Moment(), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_training_quiz_try_sensible_percent")),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["training_attendee.id"], name=op.f("fk_training_quiz_try_attendee_id")
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_training_quiz_try_entered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_quiz_try")),
        sa.UniqueConstraint("attendee_id", "number", name="uq_training_quiz_try_number"),
    )
    with op.batch_alter_table("training", schema=None) as batch_op:
        batch_op.add_column(sa.Column("session_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("reflections", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("quiz_taken", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("quiz_passed", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("import_key", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("typed", app.core.db.SMALL_JSON, nullable=True))
        batch_op.alter_column("hours", existing_type=sa.NUMERIC(precision=5, scale=2), nullable=True)
        batch_op.alter_column("attended", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index(
            "uq_training_session_held",
            ["session_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.create_index(
            "uq_training_import_key",
            ["school_id", "import_key"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.create_foreign_key(batch_op.f("fk_training_session_id"), "training_session", ["session_id"], ["id"])
        batch_op.create_check_constraint("passed_of_taken", "quiz_passed >= 0 AND quiz_passed <= quiz_taken")
    with op.batch_alter_table("training", schema=None) as batch_op:
        batch_op.alter_column("reflections", existing_type=sa.Text(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    _index_equipment_as_before()
    # What was unknown has no place in the older tables.
    op.execute("UPDATE training SET hours = 0.01 WHERE hours IS NULL")
    op.execute("UPDATE training SET attended = 0 WHERE attended IS NULL")
    with op.batch_alter_table("training", schema=None) as batch_op:
        batch_op.drop_constraint("passed_of_taken", type_="check")
        batch_op.drop_index(
            "uq_training_import_key",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.drop_constraint(batch_op.f("fk_training_session_id"), type_="foreignkey")
        batch_op.drop_index(
            "uq_training_session_held",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.alter_column("attended", existing_type=sa.INTEGER(), nullable=False)
        batch_op.alter_column("hours", existing_type=sa.NUMERIC(precision=5, scale=2), nullable=False)
        batch_op.drop_column("typed")
        batch_op.drop_column("import_key")
        batch_op.drop_column("quiz_passed")
        batch_op.drop_column("quiz_taken")
        batch_op.drop_column("reflections")
        batch_op.drop_column("session_id")

    op.drop_table("training_quiz_try")
    with op.batch_alter_table("training_attendee", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_training_attendee_person",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_training_attendee_device",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.drop_index("ix_training_attendee_session_at")

    op.drop_table("training_attendee")
    with op.batch_alter_table("training_session", schema=None) as batch_op:
        batch_op.drop_index("ix_training_session_starts")
        batch_op.drop_index("ix_training_session_school_starts")

    op.drop_table("training_session")
