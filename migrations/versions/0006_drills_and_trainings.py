"""Training sessions and drills before they are held and while they are; older lists. Indexes of a city's due dates."""

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


#: What is open, with the inspection that found it.
OPEN = ["school_id", "deadline", "found_on", "brigade_id", "id", "closed_on", "inspection_id"]


def _index_open_findings(columns: list[str]) -> None:
    where = sa.text("closed_on IS NULL")
    op.drop_index("ix_finding_open", table_name="finding")
    op.create_index("ix_finding_open", "finding", columns, unique=False, sqlite_where=where, postgresql_where=where)


def _index_escalations() -> None:
    where = sa.text("act = 'escalate'")
    op.create_index(
        "ix_order_event_escalated",
        "order_event",
        ["at", "order_id"],
        unique=False,
        sqlite_where=where,
        postgresql_where=where,
    )


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
        sa.CheckConstraint("pass_percent BETWEEN 1 AND 100", name=op.f("ck_training_session_session_sensible_mark")),
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

    _drills_up()
    _index_equipment()
    _index_open_findings(OPEN)
    _index_escalations()


def _drills_up() -> None:
    op.create_table(
        "drill_plan",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "evacuation",
                "fire_plan",
                "night",
                "extinguisher",
                "school_bus",
                "earthquake",
                "other",
                name="drill_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("planned_at", app.core.db.Moment(), nullable=False),
        sa.Column("is_announced", sa.Boolean(), nullable=False),
        sa.Column("signal", sa.String(length=120), nullable=False),
        sa.Column("scenario", sa.Text(), nullable=False),
        sa.Column("assembly_point", sa.String(length=120), nullable=False),
        sa.Column("target_s", sa.Integer(), nullable=True),
        sa.Column("posts", app.core.db.SMALL_JSON, nullable=False),
        sa.Column("classes", app.core.db.SMALL_JSON, nullable=False),
        sa.Column("guides", app.core.db.SMALL_JSON, nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "ready",
                "withdrawn",
                name="plan_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("steps", app.core.db.SMALL_JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("signal_at", app.core.db.Moment(), nullable=True),
        sa.Column("finished_at", app.core.db.Moment(), nullable=True),
        sa.Column("made_at", app.core.db.Moment(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("target_s IS NULL OR target_s > 0", name=op.f("ck_drill_plan_target_positive")),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk_drill_plan_building_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_drill_plan_made_by_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_drill_plan_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill_plan")),
    )
    with op.batch_alter_table("drill_plan", schema=None) as batch_op:
        batch_op.create_index("ix_drill_plan_school_planned", ["school_id", "planned_at"], unique=False)
        batch_op.create_index("ix_drill_plan_state", ["state", "planned_at"], unique=False)

    op.create_table(
        "drill_tap",
        sa.Column("op_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "signal",
                "first_out",
                "last_out",
                "stair",
                "heads",
                "finish",
                "undo",
                name="tap_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("present", sa.Integer(), nullable=True),
        sa.Column("elsewhere", sa.Integer(), nullable=False),
        sa.Column("undoes", sa.Uuid(), nullable=True),
        sa.Column("at", app.core.db.Moment(), nullable=False),
        sa.Column("said_at", app.core.db.Moment(), nullable=True),
        sa.Column("offset_ms", sa.BigInteger(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        sa.Column("received_at", app.core.db.Moment(), nullable=False),
        sa.CheckConstraint(
            "(present IS NULL OR present >= 0) AND elsewhere >= 0", name=op.f("ck_drill_tap_tapped_heads_not_negative")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_drill_tap_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["drill_plan.id"], name=op.f("fk_drill_tap_plan_id")),
        sa.PrimaryKeyConstraint("op_id", name=op.f("pk_drill_tap")),
        sa.UniqueConstraint("plan_id", "number", name="uq_drill_tap_number"),
    )
    op.create_table(
        "drill_lesson",
        sa.Column("drill_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", app.core.db.Moment(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["drill_id"], ["drill.id"], name=op.f("fk_drill_lesson_drill_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_drill_lesson_finding_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_drill_lesson_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill_lesson")),
        sa.UniqueConstraint("finding_id", name=op.f("uq_drill_lesson_finding_id")),
    )
    with op.batch_alter_table("drill_lesson", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drill_lesson_drill_id"), ["drill_id"], unique=False)

    with op.batch_alter_table("drill", schema=None) as batch_op:
        batch_op.add_column(sa.Column("plan_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("signal", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("staff_on_duty", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("special", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("classes", app.core.db.SMALL_JSON, nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("stairs", app.core.db.SMALL_JSON, nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("grades", app.core.db.SMALL_JSON, nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("judged_at", app.core.db.Moment(), nullable=True))
        batch_op.add_column(sa.Column("judged_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("raw", app.core.db.SMALL_JSON, nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("import_key", sa.String(length=64), nullable=True))
        batch_op.alter_column("accounted", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index(
            "uq_drill_import_key",
            ["school_id", "import_key"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.create_unique_constraint(batch_op.f("uq_drill_plan_id"), ["plan_id"])
        batch_op.create_foreign_key(batch_op.f("fk_drill_judged_by_id"), "person", ["judged_by_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_drill_plan_id"), "drill_plan", ["plan_id"], ["id"])

    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.add_column(sa.Column("drill_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("owner", sa.String(length=80), nullable=False, server_default=""))
        batch_op.alter_column("inspection_id", existing_type=sa.CHAR(length=32), nullable=True)
        batch_op.create_foreign_key(batch_op.f("fk_finding_drill_id"), "drill", ["drill_id"], ["id"])
        batch_op.create_check_constraint("found_somewhere", "(inspection_id IS NULL) <> (drill_id IS NULL)")
    with op.batch_alter_table("drill", schema=None) as batch_op:
        for name in ("signal", "staff_on_duty"):
            batch_op.alter_column(name, existing_type=sa.String(120 if name == "signal" else 200), server_default=None)
        batch_op.alter_column("special", existing_type=sa.Text(), server_default=None)
        for name in ("classes", "stairs", "grades", "raw"):
            batch_op.alter_column(name, existing_type=app.core.db.SMALL_JSON, server_default=None)
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.alter_column("owner", existing_type=sa.String(80), server_default=None)


def _drills_down() -> None:
    # Lessons of drills, and what was not known of drills from older lists, have no place in the older tables.
    with op.batch_alter_table("drill_lesson", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drill_lesson_drill_id"))
    op.drop_table("drill_lesson")
    op.execute("DELETE FROM finding WHERE inspection_id IS NULL")
    op.execute("UPDATE drill SET accounted = 0 WHERE accounted IS NULL")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_constraint("found_somewhere", type_="check")
        batch_op.drop_constraint(batch_op.f("fk_finding_drill_id"), type_="foreignkey")
        batch_op.alter_column("inspection_id", existing_type=sa.CHAR(length=32), nullable=False)
        batch_op.drop_column("owner")
        batch_op.drop_column("drill_id")

    with op.batch_alter_table("drill", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_drill_plan_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_drill_judged_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_drill_plan_id"), type_="unique")
        batch_op.drop_index(
            "uq_drill_import_key",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.alter_column("accounted", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("import_key")
        batch_op.drop_column("raw")
        batch_op.drop_column("judged_by_id")
        batch_op.drop_column("judged_at")
        batch_op.drop_column("grades")
        batch_op.drop_column("stairs")
        batch_op.drop_column("classes")
        batch_op.drop_column("special")
        batch_op.drop_column("staff_on_duty")
        batch_op.drop_column("signal")
        batch_op.drop_column("plan_id")

    op.drop_table("drill_tap")
    with op.batch_alter_table("drill_plan", schema=None) as batch_op:
        batch_op.drop_index("ix_drill_plan_state")
        batch_op.drop_index("ix_drill_plan_school_planned")

    op.drop_table("drill_plan")


def downgrade() -> None:
    op.drop_index("ix_order_event_escalated", table_name="order_event")
    _index_open_findings(OPEN[:-1])
    _index_equipment_as_before()
    _drills_down()
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
