"""What a school looks after itself: patrols in rounds, its own checks and its own to-dos; which half of its day a visit takes, and addresses of calendars; a brigade's teams and their schools.
Questions of schools and their answers; who holds which post at a school and has received its handbook; faults by item; who answers for a duty; files that prove a task; the number of the pad that an order was served by; the brigade's own measures.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.core.db import SMALL_JSON, Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

#: What photos, operations and signatures may belong to.
TARGETS = ("inspection", "recheck", "drill", "training", "selfcheck", "finding", "task")
#: What is counted of findings by day.
FOUND = ["found_on", "closed_how", "school_id", "category"]


def upgrade() -> None:
    _belong_to((*TARGETS, "own_check", "question", "handbook"))
    _patrols_up()
    _own_checks_up()
    _calendar_up()
    _teams_up()
    _index_found_findings([*FOUND, "item_code"])
    _questions_up()
    _handbooks_up()
    _holders_up()
    _proofs_up()
    _pad_numbers_up()
    _measures_up()


def downgrade() -> None:
    op.drop_table("measure")
    with op.batch_alter_table("rectification_order", schema=None) as batch_op:
        batch_op.drop_column("pad_number")
    op.drop_table("task_proof")
    op.drop_table("duty_holder")
    for table in ("handbook_receipt", "handbook_text", "post_holder", "public_answer", "question_post", "question"):
        op.drop_table(table)
    _index_found_findings(FOUND)
    for table in ("team_school", "team_hand_over", "team_member", "team"):
        op.drop_table(table)
    _calendar_down()
    for table in ("own_todo", "own_check", "patrol_seen", "patrol_round", "patrol_route", "patrol_point"):
        op.drop_table(table)
    for table in ("answer_op", "photo", "signature"):
        op.execute(f"DELETE FROM {table} WHERE target_kind IN ('own_check', 'question', 'handbook')")  # noqa: S608
    _belong_to(TARGETS)


def _belong_to(targets: tuple[str, ...]) -> None:
    one_of = ", ".join(f"'{value}'" for value in targets)
    for table in ("answer_op", "photo", "signature"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_target_kind"), type_="check")
            batch_op.create_check_constraint(op.f(f"ck_{table}_target_kind"), sa.text(f"target_kind IN ({one_of})"))


def _one_of(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _patrols_up() -> None:
    op.create_table(
        "patrol_point",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("where", sa.String(length=160), nullable=False),
        sa.Column("look_at", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("retired_at", Moment(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk_patrol_point_building_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_patrol_point_made_by_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_patrol_point_place_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_patrol_point_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrol_point")),
        sa.UniqueConstraint("code", name="uq_patrol_point_code"),
    )
    op.create_index(op.f("ix_patrol_point_school_id"), "patrol_point", ["school_id"], unique=False)
    op.create_table(
        "patrol_route",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _one_of("daily", "night", "key", name="route_kind"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("stops", SMALL_JSON, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("retired_at", Moment(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_patrol_route_made_by_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_patrol_route_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrol_route")),
    )
    op.create_index(op.f("ix_patrol_route_school_id"), "patrol_route", ["school_id"], unique=False)
    op.create_table(
        "patrol_round",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("route_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _one_of("daily", "night", "key", name="route_kind"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("stops", SMALL_JSON, nullable=False),
        sa.Column("done_by", sa.String(length=80), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("started_by_id", sa.Uuid(), nullable=False),
        sa.Column("device_at", Moment(), nullable=True),
        sa.Column("logged_at", Moment(), nullable=False),
        sa.Column("from_paper", sa.Boolean(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("finished_by_id", sa.Uuid(), nullable=True),
        sa.Column("missed_reason", sa.String(length=300), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "record_id IS NULL OR finished_at IS NOT NULL", name=op.f("ck_patrol_round_fulfilled_needs_end")
        ),
        sa.CheckConstraint(
            "record_id IS NULL OR missed_reason = ''", name=op.f("ck_patrol_round_fulfilled_misses_nothing")
        ),
        sa.ForeignKeyConstraint(["finished_by_id"], ["person.id"], name=op.f("fk_patrol_round_finished_by_id")),
        sa.ForeignKeyConstraint(["record_id"], ["duty_record.id"], name=op.f("fk_patrol_round_record_id")),
        sa.ForeignKeyConstraint(["route_id"], ["patrol_route.id"], name=op.f("fk_patrol_round_route_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_patrol_round_school_id")),
        sa.ForeignKeyConstraint(["started_by_id"], ["person.id"], name=op.f("fk_patrol_round_started_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrol_round")),
    )
    op.create_index("ix_patrol_round_route", "patrol_round", ["route_id", "started_at"], unique=False)
    op.create_index("ix_patrol_round_school_started", "patrol_round", ["school_id", "started_at"], unique=False)
    op.create_table(
        "patrol_seen",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("point_id", sa.Uuid(), nullable=False),
        sa.Column("origin", _one_of("scan", "type", "tap", "paper", name="origin"), nullable=False),
        sa.Column("seen_at", Moment(), nullable=True),
        sa.Column("device_at", Moment(), nullable=True),
        sa.Column("fine", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("origin = 'paper' OR seen_at IS NOT NULL", name=op.f("ck_patrol_seen_seen_needs_moment")),
        sa.CheckConstraint("fine OR text <> ''", name=op.f("ck_patrol_seen_fault_needs_words")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_patrol_seen_by_id")),
        sa.ForeignKeyConstraint(["point_id"], ["patrol_point.id"], name=op.f("fk_patrol_seen_point_id")),
        sa.ForeignKeyConstraint(["round_id"], ["patrol_round.id"], name=op.f("fk_patrol_seen_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrol_seen")),
        sa.UniqueConstraint("round_id", "point_id", name="uq_patrol_seen_once"),
    )


def _own_checks_up() -> None:
    op.create_table(
        "own_check",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("form", _one_of("monthly", "warden", "kitchen", "control_room", name="check_form"), nullable=False),
        sa.Column("pack_version_id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("done_by", sa.String(length=80), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("started_by_id", sa.Uuid(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("finished_by_id", sa.Uuid(), nullable=True),
        sa.Column("dropped_at", Moment(), nullable=True),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("not_applicable", sa.Integer(), nullable=False),
        sa.Column("result", SMALL_JSON, nullable=True),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(finished_at IS NULL) = (result IS NULL)", name=op.f("ck_own_check_finished_needs_result")),
        sa.CheckConstraint(
            "record_id IS NULL OR finished_at IS NOT NULL", name=op.f("ck_own_check_check_fulfilled_needs_end")
        ),
        sa.CheckConstraint("finished_at IS NULL OR dropped_at IS NULL", name=op.f("ck_own_check_finished_or_dropped")),
        sa.ForeignKeyConstraint(["finished_by_id"], ["person.id"], name=op.f("fk_own_check_finished_by_id")),
        sa.ForeignKeyConstraint(["pack_version_id"], ["pack_version.id"], name=op.f("fk_own_check_pack_version_id")),
        sa.ForeignKeyConstraint(["record_id"], ["duty_record.id"], name=op.f("fk_own_check_record_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_own_check_school_id")),
        sa.ForeignKeyConstraint(["started_by_id"], ["person.id"], name=op.f("fk_own_check_started_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_check")),
    )
    op.create_index("ix_own_check_school_started", "own_check", ["school_id", "started_at"], unique=False)
    op.create_table(
        "own_todo",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("source", _one_of("patrol", "check", name="todo_source"), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("where", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("found_at", Moment(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.Column("done_note", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(done_at IS NULL) = (done_note = '')", name=op.f("ck_own_todo_todo_done_needs_words")),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_own_todo_done_by_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_own_todo_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_todo")),
    )
    op.create_index("ix_own_todo_school", "own_todo", ["school_id", "done_at", "found_at"], unique=False)


def _calendar_up() -> None:
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "part",
                sa.Enum("morning", "afternoon", name="day_part", native_enum=False, create_constraint=True, length=32),
                nullable=True,
            )
        )
    op.create_table(
        "calendar_feed",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("revoked_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(person_id IS NULL) <> (school_id IS NULL)", name=op.f("ck_calendar_feed_feed_of_one")),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by_id IS NULL)", name=op.f("ck_calendar_feed_feed_revoked_by_somebody")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_calendar_feed_school_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_calendar_feed_made_by_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["person.id"], name=op.f("fk_calendar_feed_revoked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_calendar_feed_token_sha256")),
    )
    op.create_index(op.f("ix_calendar_feed_person_id"), "calendar_feed", ["person_id"], unique=False)
    op.create_index(op.f("ix_calendar_feed_school_id"), "calendar_feed", ["school_id"], unique=False)


def _calendar_down() -> None:
    op.drop_table("calendar_feed")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_visit_day_part"), type_="check")
        batch_op.drop_column("part")


def _teams_up() -> None:
    op.create_table(
        "team",
        sa.Column("brigade_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_team_brigade_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_team_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
    )
    standing = sa.text("retired_on IS NULL")
    op.create_index(
        "uq_team_name", "team", ["brigade_id", "name"], unique=True, sqlite_where=standing, postgresql_where=standing
    )
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("is_leader", sa.Boolean(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("to_day IS NULL OR to_day >= from_day", name=op.f("ck_team_member_member_ends_after_start")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_team_member_made_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_team_member_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_member_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
    )
    op.create_index(op.f("ix_team_member_person_id"), "team_member", ["person_id"], unique=False)
    op.create_index("ix_team_member_team", "team_member", ["team_id", "from_day"], unique=False)
    op.create_table(
        "team_hand_over",
        sa.Column("brigade_id", sa.Uuid(), nullable=False),
        sa.Column("to_team_id", sa.Uuid(), nullable=True),
        sa.Column("to_officer_id", sa.Uuid(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("brought", SMALL_JSON, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_team_hand_over_brigade_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_team_hand_over_made_by_id")),
        sa.ForeignKeyConstraint(["to_officer_id"], ["person.id"], name=op.f("fk_team_hand_over_to_officer_id")),
        sa.ForeignKeyConstraint(["to_team_id"], ["team.id"], name=op.f("fk_team_hand_over_to_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_hand_over")),
    )
    op.create_index("ix_team_hand_over_brigade", "team_hand_over", ["brigade_id", "made_at"], unique=False)
    op.create_table(
        "team_school",
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("hand_over_id", sa.Uuid(), nullable=False),
        sa.Column("from_team_id", sa.Uuid(), nullable=True),
        sa.Column("from_officer_id", sa.Uuid(), nullable=True),
        sa.Column("brought", SMALL_JSON, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "to_day IS NULL OR to_day >= from_day", name=op.f("ck_team_school_looked_after_ends_after_start")
        ),
        sa.CheckConstraint("officer_id IS NULL OR team_id IS NOT NULL", name=op.f("ck_team_school_officer_of_a_team")),
        sa.ForeignKeyConstraint(["from_officer_id"], ["person.id"], name=op.f("fk_team_school_from_officer_id")),
        sa.ForeignKeyConstraint(["from_team_id"], ["team.id"], name=op.f("fk_team_school_from_team_id")),
        sa.ForeignKeyConstraint(["hand_over_id"], ["team_hand_over.id"], name=op.f("fk_team_school_hand_over_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["person.id"], name=op.f("fk_team_school_officer_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_team_school_school_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_school_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_school")),
    )
    op.create_index("ix_team_school_hand_over", "team_school", ["hand_over_id", "school_id"], unique=False)
    op.create_index("ix_team_school_school", "team_school", ["school_id", "from_day"], unique=False)
    op.create_index("ix_team_school_team", "team_school", ["team_id", "school_id"], unique=False)
    going_on = sa.text("to_day IS NULL AND withdrawn_at IS NULL")
    op.create_index(
        "uq_team_school_goes_on", "team_school", ["school_id"], unique=True, sqlite_where=going_on, postgresql_where=going_on
    )  # fmt: skip


def _index_found_findings(columns: list[str]) -> None:
    op.drop_index("ix_finding_found", table_name="finding")
    op.create_index("ix_finding_found", "finding", columns, unique=False)


def _questions_up() -> None:
    op.create_table(
        "question",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("brigade_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _one_of("question", "opinion", "request", name="question_kind"), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("moved_at", Moment(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("reopened_at", Moment(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_question_question_has_title")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_question_asked_by_id")),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_question_brigade_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_question_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index("ix_question_brigade", "question", ["brigade_id", "moved_at"], unique=False)
    op.create_index("ix_question_due", "question", ["due_on", "answered_at", "closed_at"], unique=False)
    op.create_index("ix_question_school", "question", ["school_id", "moved_at"], unique=False)
    op.create_table(
        "question_post",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("act", _one_of("ask", "add", "answer", "close", "reopen", name="question_act"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_brigade", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_question_post_by_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_post_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_post")),
    )
    op.create_index("ix_question_post_question", "question_post", ["question_id", "at"], unique=False)
    op.create_table(
        "public_answer",
        sa.Column("brigade_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason = '')",
            name=op.f("ck_public_answer_public_withdrawn_needs_reason"),
        ),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_public_answer_brigade_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_public_answer_made_by_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_public_answer_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_answer")),
    )
    op.create_index("ix_public_answer_brigade", "public_answer", ["brigade_id", "made_at"], unique=False)


def _handbooks_up() -> None:
    op.create_table(
        "post_holder",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("post", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("to_day IS NULL OR to_day >= from_day", name=op.f("ck_post_holder_holder_ends_after_start")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_post_holder_holder_has_name")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_post_holder_ended_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_post_holder_made_by_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_post_holder_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_holder")),
    )
    op.create_index("ix_post_holder_school", "post_holder", ["school_id", "to_day", "post"], unique=False)
    op.create_table(
        "handbook_text",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("kept_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_handbook_text")),
    )
    op.create_table(
        "handbook_receipt",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("post", sa.String(length=40), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("entered_at", Moment(), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=300), nullable=False),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason = '')",
            name=op.f("ck_handbook_receipt_receipt_withdrawn_needs_reason"),
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_handbook_receipt_entered_by_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["post_holder.id"], name=op.f("fk_handbook_receipt_holder_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_handbook_receipt_school_id")),
        sa.ForeignKeyConstraint(
            ["text_sha256"], ["handbook_text.sha256"], name=op.f("fk_handbook_receipt_text_sha256")
        ),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["person.id"], name=op.f("fk_handbook_receipt_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handbook_receipt")),
    )
    op.create_index("ix_handbook_receipt_holder", "handbook_receipt", ["holder_id"], unique=False)
    op.create_index("ix_handbook_receipt_school", "handbook_receipt", ["school_id", "post"], unique=False)


def _holders_up() -> None:
    posts = (
        "responsible", "manager", "safety_officer", "control_room", "guard", "warden", "canteen", "lab", "maintenance", "teacher", "other",
    )  # fmt: skip
    op.create_table(
        "duty_holder",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.String(length=60), nullable=False),
        sa.Column("post", _one_of(*posts, name="post"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("to_day IS NULL OR to_day >= from_day", name=op.f("ck_duty_holder_holder_ends_after_start")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_duty_holder_holder_has_name")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_duty_holder_made_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_duty_holder_person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_duty_holder_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_holder")),
    )
    op.create_index("ix_duty_holder_school", "duty_holder", ["school_id", "from_day"], unique=False)
    going_on = sa.text("to_day IS NULL AND withdrawn_at IS NULL")
    op.create_index(
        "uq_duty_holder_goes_on", "duty_holder", ["school_id", "duty"], unique=True, sqlite_where=going_on, postgresql_where=going_on
    )  # fmt: skip


def _proofs_up() -> None:
    op.create_table(
        "task_proof",
        sa.Column("task_at_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_task_proof_added_by_id")),
        sa.ForeignKeyConstraint(["task_at_id"], ["task_at.id"], name=op.f("fk_task_proof_task_at_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_proof")),
        sa.UniqueConstraint("task_at_id", "sha256", name="uq_task_proof_once"),
    )


def _pad_numbers_up() -> None:
    with op.batch_alter_table("rectification_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pad_number", sa.String(length=60), nullable=False, server_default=""))
    with op.batch_alter_table("rectification_order", schema=None) as batch_op:
        batch_op.alter_column("pad_number", server_default=None)


def _measures_up() -> None:
    kinds = ("visits", "inspections", "drills", "trainings", "other")
    op.create_table(
        "measure",
        sa.Column("brigade_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("quarter", sa.SmallInteger(), nullable=True),
        sa.Column("kind", _one_of(*kinds, name="measure_kind"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("school_kinds", SMALL_JSON, nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answers_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_words", sa.Text(), nullable=False),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.Column("late_reason", sa.String(length=300), nullable=False),
        sa.Column("cancelled_at", Moment(), nullable=True),
        sa.Column("cancelled_reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_measure_measure_quarter")),
        sa.CheckConstraint("target IS NULL OR target > 0", name=op.f("ck_measure_measure_target")),
        sa.CheckConstraint("(done_on IS NULL) = (done_words = '')", name=op.f("ck_measure_measure_done_needs_words")),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_reason = '')", name=op.f("ck_measure_measure_cancelled_needs_reason")
        ),
        sa.CheckConstraint(
            "done_on IS NULL OR cancelled_at IS NULL", name=op.f("ck_measure_measure_done_or_cancelled")
        ),
        sa.CheckConstraint(
            "done_on IS NULL OR done_on <= due_on OR late_reason <> ''",
            name=op.f("ck_measure_measure_late_needs_reason"),
        ),
        sa.ForeignKeyConstraint(["answers_id"], ["person.id"], name=op.f("fk_measure_answers_id")),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_measure_brigade_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_measure_done_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_measure_made_by_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_measure_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
    )
    op.create_index("ix_measure_brigade_year", "measure", ["brigade_id", "year", "due_on"], unique=False)
