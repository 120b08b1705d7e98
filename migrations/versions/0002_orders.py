"""Orders with their case files, complaints, messages, major hazards, sealings, planned looks; papers with an archive copy."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.core.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder_run",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", app.core.db.Moment(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_reminder_run")),
    )
    op.create_table(
        "message_preference",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_to", sa.Integer(), nullable=False),
        sa.Column("weekends", sa.Boolean(), nullable=False),
        sa.Column("urgent_waits", sa.Boolean(), nullable=False),
        sa.Column("changed_at", app.core.db.Moment(), nullable=False),
        sa.CheckConstraint(
            "quiet_from BETWEEN 0 AND 23 AND quiet_to BETWEEN 0 AND 23", name=op.f("ck_message_preference_quiet_hours")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_preference_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_message_preference")),
    )
    op.create_table(
        "record_event",
        sa.Column(
            "record_kind",
            sa.Enum(
                "major_hazard",
                "sealing",
                "transfer",
                name="record_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("at", app.core.db.Moment(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("detail", app.core.db.SMALL_JSON, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_record_event_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_event")),
    )
    with op.batch_alter_table("record_event", schema=None) as batch_op:
        batch_op.create_index("ix_record_event_record", ["record_kind", "record_id", "at"], unique=False)

    op.create_table(
        "record_scan",
        sa.Column(
            "record_kind",
            sa.Enum(
                "major_hazard",
                "sealing",
                "transfer",
                name="record_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("is_pdf", sa.Boolean(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("added_at", app.core.db.Moment(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_record_scan_added_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_scan")),
        sa.UniqueConstraint("record_kind", "record_id", "sha256", name="uq_record_scan_once"),
    )
    with op.batch_alter_table("record_scan", schema=None) as batch_op:
        batch_op.create_index("ix_record_scan_record", ["record_kind", "record_id"], unique=False)

    op.create_table(
        "closure_sample",
        sa.Column("brigade_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("pool", app.core.db.SMALL_JSON, nullable=False),
        sa.Column("drawn_at", app.core.db.Moment(), nullable=False),
        sa.Column("drawn_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_closure_sample_percent")),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_closure_sample_brigade_id")),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["person.id"], name=op.f("fk_closure_sample_drawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure_sample")),
        sa.UniqueConstraint("brigade_id", "month", name="uq_closure_sample_once"),
    )
    op.create_table(
        "deputy",
        sa.Column("brigade_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("named_at", app.core.db.Moment(), nullable=False),
        sa.Column("named_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", app.core.db.Moment(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_deputy_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_deputy_brigade_id")),
        sa.ForeignKeyConstraint(["named_by_id"], ["person.id"], name=op.f("fk_deputy_named_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_deputy_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
    )
    with op.batch_alter_table("deputy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deputy_brigade_id"), ["brigade_id"], unique=False)

    op.create_table(
        "paper_texts",
        sa.Column("brigade_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("texts", app.core.db.SMALL_JSON, nullable=False),
        sa.Column("made_at", app.core.db.Moment(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_by_name", sa.String(length=80), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_paper_texts_brigade_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_paper_texts_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_texts")),
        sa.UniqueConstraint("brigade_id", "kind", "language", "version", name="uq_paper_texts_version"),
    )
    op.create_table(
        "message",
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("brigade_id", sa.Uuid(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("house_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("digest", "urgent", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "email",
                "sms",
                "webhook",
                "wecom",
                "dingtalk",
                "feishu",
                "call",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("closed", app.core.db.SMALL_JSON, nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sending",
                "sent",
                "failed",
                "replaced",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("in_doubt", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", app.core.db.Moment(), nullable=False),
        sa.Column("next_try_at", app.core.db.Moment(), nullable=False),
        sa.Column("lease_until", app.core.db.Moment(), nullable=True),
        sa.Column("sent_at", app.core.db.Moment(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_message_sent_has_moment")),
        sa.CheckConstraint(
            "(CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN brigade_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN school_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_message_one_recipient"),
        ),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_message_brigade_id")),
        sa.ForeignKeyConstraint(["house_id"], ["brigade.id"], name=op.f("fk_message_house_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_message_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_house_state", ["house_id", "state", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_school_id"), ["school_id"], unique=False)
        batch_op.create_index("ix_message_state_next", ["state", "next_try_at"], unique=False)
        batch_op.create_index(
            "uq_message_call_digest",
            ["school_id", "day"],
            unique=True,
            sqlite_where=sa.text("kind = 'digest'"),
            postgresql_where=sa.text("kind = 'digest'"),
        )
        batch_op.create_index(
            "uq_message_group_digest",
            ["brigade_id", "day", "channel"],
            unique=True,
            sqlite_where=sa.text("kind = 'digest'"),
            postgresql_where=sa.text("kind = 'digest'"),
        )
        batch_op.create_index(
            "uq_message_person_digest",
            ["person_id", "day"],
            unique=True,
            sqlite_where=sa.text("kind = 'digest'"),
            postgresql_where=sa.text("kind = 'digest'"),
        )

    op.create_table(
        "outbox",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=100), nullable=False),
        sa.Column("person_ids", app.core.db.SMALL_JSON, nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("brigade_id", sa.Uuid(), nullable=True),
        sa.Column("roles", app.core.db.SMALL_JSON, nullable=False),
        sa.Column("data", app.core.db.SMALL_JSON, nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("made_at", app.core.db.Moment(), nullable=False),
        sa.Column("due_at", app.core.db.Moment(), nullable=False),
        sa.Column("sorted_at", app.core.db.Moment(), nullable=True),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_outbox_brigade_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_outbox_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_school_id"), ["school_id"], unique=False)
        batch_op.create_index("ix_outbox_sorted_due", ["sorted_at", "due_at"], unique=False)

    op.create_table(
        "wall_code",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", app.core.db.Moment(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", app.core.db.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_wall_code_made_by_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_wall_code_school_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_wall_code")),
    )
    with op.batch_alter_table("wall_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wall_code_school_id"), ["school_id"], unique=False)

    op.create_table(
        "complaint",
        sa.Column("brigade_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column(
            "intake",
            sa.Enum(
                "phone",
                "letter",
                "in_person",
                "wall",
                "office",
                name="intake",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("office", sa.String(length=120), nullable=False),
        sa.Column("office_number", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "blocked",
                "stopped",
                "lane",
                "equipment",
                "electric",
                "other",
                name="complaint_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("received_at", app.core.db.Moment(), nullable=False),
        sa.Column("recorded_at", app.core.db.Moment(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "accepted",
                "transferred",
                "rejected",
                "planned",
                "visited",
                "replied",
                "closed",
                name="complaint_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "confirmed",
                "partly",
                "unfounded",
                "transferred",
                "rejected",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("decided_at", app.core.db.Moment(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decision_reason", sa.String(length=500), nullable=False),
        sa.Column("transferred_to", sa.String(length=120), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("visited_at", app.core.db.Moment(), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column(
            "reply_channel",
            sa.Enum(
                "phone",
                "letter",
                "in_person",
                "message",
                "office",
                "page",
                "none",
                name="reply_channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("reply_text", sa.Text(), nullable=False),
        sa.Column("replied_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", app.core.db.Moment(), nullable=True),
        sa.Column("duplicate_of_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'planned') <= (visit_id IS NOT NULL)", name=op.f("ck_complaint_planned_needs_visit")
        ),
        sa.CheckConstraint(
            "(state = 'rejected') <= (decision_reason <> '')", name=op.f("ck_complaint_rejected_needs_reason")
        ),
        sa.CheckConstraint(
            "(state = 'transferred') <= (transferred_to <> '')", name=op.f("ck_complaint_transferred_needs_office")
        ),
        sa.CheckConstraint(
            "(state = 'visited') <= (visited_at IS NOT NULL)", name=op.f("ck_complaint_visited_needs_moment")
        ),
        sa.CheckConstraint(
            "(state IN ('replied', 'closed')) <= (outcome IS NOT NULL)", name=op.f("ck_complaint_replied_needs_outcome")
        ),
        sa.CheckConstraint(
            "(state IN ('replied', 'closed')) <= (replied_on IS NOT NULL)", name=op.f("ck_complaint_replied_needs_day")
        ),
        sa.CheckConstraint("duplicate_of_id <> id", name=op.f("ck_complaint_no_duplicate_of_itself")),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_complaint_brigade_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_complaint_decided_by_id")),
        sa.ForeignKeyConstraint(["duplicate_of_id"], ["complaint.id"], name=op.f("fk_complaint_duplicate_of_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_complaint_recorded_by_id")),
        sa.ForeignKeyConstraint(["replied_by_id"], ["person.id"], name=op.f("fk_complaint_replied_by_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_complaint_school_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_complaint_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("brigade_id", "year", "serial", name=op.f("uq_complaint_brigade_id_year_serial")),
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index("ix_complaint_brigade_received", ["brigade_id", "received_at", "id"], unique=False)
        batch_op.create_index("ix_complaint_brigade_state", ["brigade_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_duplicate_of_id"), ["duplicate_of_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_school_id"), ["school_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "email",
                "sms",
                "webhook",
                "wecom",
                "dingtalk",
                "feishu",
                "call",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("begun_at", app.core.db.Moment(), nullable=False),
        sa.Column("ended_at", app.core.db.Moment(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "started",
                "accepted",
                "refused",
                "rejected",
                "doubtful",
                "by_hand",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("said", sa.String(length=300), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_delivery_by_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_delivery_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("message_id", "number", name=op.f("uq_delivery_message_id_number")),
    )
    op.create_table(
        "notice",
        sa.Column("outbox_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("brigade_id", sa.Uuid(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("house_id", sa.Uuid(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("made_at", app.core.db.Moment(), nullable=False),
        sa.Column("bundled_at", app.core.db.Moment(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("read_at", app.core.db.Moment(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN brigade_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN school_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_notice_one_recipient"),
        ),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_notice_brigade_id")),
        sa.ForeignKeyConstraint(["house_id"], ["brigade.id"], name=op.f("fk_notice_house_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_notice_message_id")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_notice_outbox_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_notice_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("outbox_id", "brigade_id", name=op.f("uq_notice_outbox_id_brigade_id")),
        sa.UniqueConstraint("outbox_id", "person_id", name=op.f("uq_notice_outbox_id_person_id")),
        sa.UniqueConstraint("outbox_id", "school_id", name=op.f("uq_notice_outbox_id_school_id")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_bundled_urgent", ["bundled_at", "urgent", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_message_id"), ["message_id"], unique=False)
        batch_op.create_index("ix_notice_person_read", ["person_id", "read_at"], unique=False)

    op.create_table(
        "sealed_scan",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", app.core.db.Moment(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("added_by_name", sa.String(length=80), nullable=False),
        sa.Column("withdrawn_at", app.core.db.Moment(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason = '')", name=op.f("ck_sealed_scan_withdrawn_scan_needs_reason")
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_sealed_scan_added_by_id")),
        sa.ForeignKeyConstraint(["document_id"], ["issued_document.id"], name=op.f("fk_sealed_scan_document_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["person.id"], name=op.f("fk_sealed_scan_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_scan")),
        sa.UniqueConstraint("document_id", "sha256", name="uq_sealed_scan_once"),
    )
    with op.batch_alter_table("sealed_scan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sealed_scan_document_id"), ["document_id"], unique=False)

    op.create_table(
        "complainant",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_complainant_complaint_id")),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_complainant")),
    )
    op.create_table(
        "complaint_event",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("at", app.core.db.Moment(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("detail", app.core.db.SMALL_JSON, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_complaint_event_by_id")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_event_complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_event")),
    )
    with op.batch_alter_table("complaint_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_event_complaint_id"), ["complaint_id"], unique=False)

    op.create_table(
        "complaint_photo",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("picture_sha256", sa.String(length=64), nullable=False),
        sa.Column("thumb_sha256", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_photo_complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_photo")),
    )
    with op.batch_alter_table("complaint_photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_photo_complaint_id"), ["complaint_id"], unique=False)

    op.create_table(
        "major_hazard",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("brigade_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "studied",
                "determined",
                "dismissed",
                "noticed",
                "closed",
                "withdrawn",
                name="major_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("problem_text", sa.Text(), nullable=False),
        sa.Column("with_experts", sa.Boolean(), nullable=False),
        sa.Column("made_at", app.core.db.Moment(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("studied_on", sa.Date(), nullable=True),
        sa.Column("study_place", sa.String(length=120), nullable=False),
        sa.Column("chair", sa.String(length=80), nullable=False),
        sa.Column("participants", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("is_major", sa.Boolean(), nullable=True),
        sa.Column("approved_at", app.core.db.Moment(), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("determined_on", sa.Date(), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("national_number", sa.String(length=60), nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=True),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("served_to", sa.String(length=120), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("reported_to", sa.String(length=120), nullable=False),
        sa.Column("report_document_id", sa.Uuid(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_text", sa.Text(), nullable=False),
        sa.Column("withdrawn_reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name=op.f("ck_major_hazard_closed_has_day")),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_reason <> '')", name=op.f("ck_major_hazard_withdrawn_needs_reason")
        ),
        sa.CheckConstraint(
            "state NOT IN ('determined', 'noticed', 'closed') OR (studied_on IS NOT NULL AND approved_by_id IS NOT NULL)",
            name=op.f("ck_major_hazard_determined_was_studied"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('noticed', 'closed') OR document_id IS NOT NULL",
            name=op.f("ck_major_hazard_noticed_has_paper"),
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_major_hazard_approved_by_id")),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_major_hazard_brigade_id")),
        sa.ForeignKeyConstraint(["document_id"], ["issued_document.id"], name=op.f("fk_major_hazard_document_id")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_major_hazard_inspection_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["person.id"], name=op.f("fk_major_hazard_lead_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_major_hazard_made_by_id")),
        sa.ForeignKeyConstraint(
            ["report_document_id"], ["issued_document.id"], name=op.f("fk_major_hazard_report_document_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_major_hazard_school_id")),
        sa.ForeignKeyConstraint(["second_id"], ["person.id"], name=op.f("fk_major_hazard_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_major_hazard")),
    )
    with op.batch_alter_table("major_hazard", schema=None) as batch_op:
        batch_op.create_index("ix_major_hazard_brigade_state", ["brigade_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_major_hazard_inspection_id"), ["inspection_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_major_hazard_school_id"), ["school_id"], unique=False)

    op.create_table(
        "rectification_order",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("brigade_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("immediate", "limited", name="order_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "legal_review",
                "approval",
                "approved",
                "issued",
                "served",
                "closed",
                "void",
                name="order_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("second_id", sa.Uuid(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("problem_text", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("national_number", sa.String(length=60), nullable=False),
        sa.Column("penalty_number", sa.String(length=60), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("drafted_at", app.core.db.Moment(), nullable=False),
        sa.Column("drafted_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", app.core.db.Moment(), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("served_at", app.core.db.Moment(), nullable=True),
        sa.Column("next_deadline", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("archived_on", sa.Date(), nullable=True),
        sa.Column("archived_by_id", sa.Uuid(), nullable=True),
        sa.Column("first_read_at", app.core.db.Moment(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("void_reason", sa.String(length=300), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("import_key", sa.String(length=120), nullable=True),
        sa.Column("source", app.core.db.SMALL_JSON, nullable=False),
        sa.Column("flags", app.core.db.SMALL_JSON, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'void') = (void_reason <> '')", name=op.f("ck_rectification_order_void_needs_reason")
        ),
        sa.CheckConstraint(
            "archived_on IS NULL OR imported OR state IN ('closed', 'void')",
            name=op.f("ck_rectification_order_archived_is_done"),
        ),
        sa.CheckConstraint(
            "imported OR (state = 'closed') = (closed_on IS NOT NULL)",
            name=op.f("ck_rectification_order_closed_has_day"),
        ),
        sa.CheckConstraint(
            "imported OR state NOT IN ('issued', 'served', 'closed') OR document_id IS NOT NULL",
            name=op.f("ck_rectification_order_issued_has_paper"),
        ),
        sa.CheckConstraint(
            "imported OR state NOT IN ('served', 'closed') OR issued_on IS NOT NULL",
            name=op.f("ck_rectification_order_served_was_issued"),
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_rectification_order_approved_by_id")),
        sa.ForeignKeyConstraint(["archived_by_id"], ["person.id"], name=op.f("fk_rectification_order_archived_by_id")),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_rectification_order_brigade_id")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["issued_document.id"], name=op.f("fk_rectification_order_document_id")
        ),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["person.id"], name=op.f("fk_rectification_order_drafted_by_id")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_rectification_order_inspection_id")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["person.id"], name=op.f("fk_rectification_order_lead_id")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["rectification_order.id"], name=op.f("fk_rectification_order_replaces_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_rectification_order_school_id")),
        sa.ForeignKeyConstraint(["second_id"], ["person.id"], name=op.f("fk_rectification_order_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_order")),
        sa.UniqueConstraint("brigade_id", "import_key", name="uq_order_imported_once"),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_rectification_order_replaces_id")),
    )
    with op.batch_alter_table("rectification_order", schema=None) as batch_op:
        batch_op.create_index("ix_order_brigade_drafted", ["brigade_id", "drafted_at"], unique=False)
        batch_op.create_index("ix_order_brigade_state", ["brigade_id", "state", "next_deadline"], unique=False)
        batch_op.create_index("ix_order_school_state", ["school_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_rectification_order_inspection_id"), ["inspection_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rectification_order_lead_id"), ["lead_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rectification_order_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_rectification_order_second_id"), ["second_id"], unique=False)

    op.create_table(
        "sealing",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("brigade_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "in_force",
                "applied",
                "checked",
                "lifted",
                "withdrawn",
                name="sealing_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("extent", sa.String(length=300), nullable=False),
        sa.Column("strips", sa.Integer(), nullable=True),
        sa.Column("danger", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("consent_by", sa.String(length=80), nullable=False),
        sa.Column("consent_at", app.core.db.Moment(), nullable=True),
        sa.Column("sealed_at", app.core.db.Moment(), nullable=True),
        sa.Column("made_at", app.core.db.Moment(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("studied_on", sa.Date(), nullable=True),
        sa.Column("participants", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("approved_at", app.core.db.Moment(), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("sealed_from", sa.Date(), nullable=True),
        sa.Column("sealed_until", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("national_number", sa.String(length=60), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("scene_from", app.core.db.Moment(), nullable=True),
        sa.Column("scene_to", app.core.db.Moment(), nullable=True),
        sa.Column("party", sa.String(length=80), nullable=False),
        sa.Column("party_post", sa.String(length=80), nullable=False),
        sa.Column("witness", sa.String(length=120), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("scene_document_id", sa.Uuid(), nullable=True),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'lifted') = (lifted_on IS NOT NULL)", name=op.f("ck_sealing_lifted_has_day")),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_reason <> '')", name=op.f("ck_sealing_withdrawn_needs_reason")
        ),
        sa.CheckConstraint(
            "NOT urgent OR (consent_by <> '' AND consent_at IS NOT NULL AND sealed_at IS NOT NULL)",
            name=op.f("ck_sealing_urgent_needs_consent"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'in_force', 'applied', 'checked', 'lifted') OR approved_by_id IS NOT NULL",
            name=op.f("ck_sealing_sealed_was_approved"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('in_force', 'applied', 'checked', 'lifted') OR (document_id IS NOT NULL AND sealed_from IS NOT NULL AND sealed_until IS NOT NULL)",
            name=op.f("ck_sealing_in_force_has_paper"),
        ),
        sa.CheckConstraint("lead_id <> second_id", name=op.f("ck_sealing_sealed_by_two")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_sealing_approved_by_id")),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_sealing_brigade_id")),
        sa.ForeignKeyConstraint(["document_id"], ["issued_document.id"], name=op.f("fk_sealing_document_id")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_sealing_inspection_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["person.id"], name=op.f("fk_sealing_lead_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_sealing_made_by_id")),
        sa.ForeignKeyConstraint(
            ["scene_document_id"], ["issued_document.id"], name=op.f("fk_sealing_scene_document_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_sealing_school_id")),
        sa.ForeignKeyConstraint(["second_id"], ["person.id"], name=op.f("fk_sealing_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealing")),
    )
    with op.batch_alter_table("sealing", schema=None) as batch_op:
        batch_op.create_index("ix_sealing_brigade_state", ["brigade_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_sealing_inspection_id"), ["inspection_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sealing_school_id"), ["school_id"], unique=False)

    op.create_table(
        "portal_link",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", app.core.db.Moment(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", app.core.db.Moment(), nullable=False),
        sa.Column("revoked_at", app.core.db.Moment(), nullable=True),
        sa.Column("revoked_by_id", sa.Uuid(), nullable=True),
        sa.Column("first_used_at", app.core.db.Moment(), nullable=True),
        sa.Column("last_used_at", app.core.db.Moment(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_portal_link_made_by_id")),
        sa.ForeignKeyConstraint(["order_id"], ["rectification_order.id"], name=op.f("fk_portal_link_order_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["person.id"], name=op.f("fk_portal_link_revoked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_portal_link_token_sha256")),
    )
    with op.batch_alter_table("portal_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_portal_link_order_id"), ["order_id"], unique=False)

    op.create_table(
        "sealing_application",
        sa.Column("sealing_id", sa.Uuid(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("recorded_at", app.core.db.Moment(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("checked_with_id", sa.Uuid(), nullable=True),
        sa.Column("check_text", sa.Text(), nullable=False),
        sa.Column("danger_gone", sa.Boolean(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("decision_text", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(decided_on IS NULL) = (granted IS NULL)", name=op.f("ck_sealing_application_decided_is_granted_or_not")
        ),
        sa.CheckConstraint("checked_by_id <> checked_with_id", name=op.f("ck_sealing_application_checked_by_two")),
        sa.CheckConstraint(
            "checked_on IS NULL OR danger_gone IS NOT NULL", name=op.f("ck_sealing_application_checked_says_what")
        ),
        sa.CheckConstraint(
            "granted IS NULL OR checked_on IS NOT NULL", name=op.f("ck_sealing_application_decided_was_checked")
        ),
        sa.ForeignKeyConstraint(["checked_by_id"], ["person.id"], name=op.f("fk_sealing_application_checked_by_id")),
        sa.ForeignKeyConstraint(
            ["checked_with_id"], ["person.id"], name=op.f("fk_sealing_application_checked_with_id")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_sealing_application_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["issued_document.id"], name=op.f("fk_sealing_application_document_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_sealing_application_recorded_by_id")),
        sa.ForeignKeyConstraint(["sealing_id"], ["sealing.id"], name=op.f("fk_sealing_application_sealing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealing_application")),
    )
    with op.batch_alter_table("sealing_application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sealing_application_sealing_id"), ["sealing_id"], unique=False)

    op.create_table(
        "sealing_term",
        sa.Column("sealing_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_at", app.core.db.Moment(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_sealing_term_decided_by_id")),
        sa.ForeignKeyConstraint(["sealing_id"], ["sealing.id"], name=op.f("fk_sealing_term_sealing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealing_term")),
        sa.UniqueConstraint("sealing_id", "from_on", name="uq_sealing_term_once"),
    )
    op.create_table(
        "service_attempt",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "hand",
                "refused",
                "left",
                "posted",
                "link",
                name="service_method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", app.core.db.Moment(), nullable=False),
        sa.Column("to_name", sa.String(length=80), nullable=False),
        sa.Column("to_post", sa.String(length=80), nullable=False),
        sa.Column("signature_sha256", sa.String(length=64), nullable=True),
        sa.Column("witness_name", sa.String(length=80), nullable=False),
        sa.Column("witness_post", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("tracking", sa.String(length=80), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("second_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", app.core.db.Moment(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=80), nullable=False),
        sa.Column("receipt_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_service_attempt_by_id")),
        sa.ForeignKeyConstraint(["order_id"], ["rectification_order.id"], name=op.f("fk_service_attempt_order_id")),
        sa.ForeignKeyConstraint(["receipt_id"], ["issued_document.id"], name=op.f("fk_service_attempt_receipt_id")),
        sa.ForeignKeyConstraint(["second_by_id"], ["person.id"], name=op.f("fk_service_attempt_second_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_attempt")),
    )
    with op.batch_alter_table("service_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_attempt_order_id"), ["order_id"], unique=False)

    op.create_table(
        "extension",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", app.core.db.Moment(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by_name", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("wanted", sa.Date(), nullable=False),
        sa.Column("decided_at", app.core.db.Moment(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("decision_reason", sa.String(length=300), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (granted IS NULL)", name=op.f("ck_extension_decided_is_granted_or_not")
        ),
        sa.CheckConstraint(
            "granted IS NULL OR NOT granted OR deadline IS NOT NULL", name=op.f("ck_extension_granted_has_day")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_extension_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_extension_decided_by_id")),
        sa.ForeignKeyConstraint(["document_id"], ["issued_document.id"], name=op.f("fk_extension_document_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_extension_finding_id")),
        sa.ForeignKeyConstraint(["order_id"], ["rectification_order.id"], name=op.f("fk_extension_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_extension_order_id"), ["order_id"], unique=False)
        batch_op.create_index(
            "uq_extension_one_waiting",
            ["finding_id"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "major_finding",
        sa.Column("major_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_major_finding_finding_id")),
        sa.ForeignKeyConstraint(["major_id"], ["major_hazard.id"], name=op.f("fk_major_finding_major_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_major_finding")),
        sa.UniqueConstraint("major_id", "finding_id", name="uq_major_finding_once"),
    )
    with op.batch_alter_table("major_finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_major_finding_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "order_event",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=True),
        sa.Column("at", app.core.db.Moment(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("detail", app.core.db.SMALL_JSON, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_order_event_by_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_order_event_finding_id")),
        sa.ForeignKeyConstraint(["order_id"], ["rectification_order.id"], name=op.f("fk_order_event_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_event")),
    )
    with op.batch_alter_table("order_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_event_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index("ix_order_event_order_at", ["order_id", "at"], unique=False)

    op.create_table(
        "order_item",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_order_item_finding_id")),
        sa.ForeignKeyConstraint(["order_id"], ["rectification_order.id"], name=op.f("fk_order_item_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_item")),
        sa.UniqueConstraint("order_id", "finding_id", name="uq_order_item_once"),
    )
    with op.batch_alter_table("order_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_item_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "planned_look",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "check",
                "complaint",
                "recheck",
                "midterm",
                "look_back",
                "sample",
                "other",
                name="visit_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("planned_at", app.core.db.Moment(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_planned_look_finding_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_planned_look_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_look")),
        sa.UniqueConstraint("finding_id", "key", name="uq_planned_look_once"),
    )
    with op.batch_alter_table("planned_look", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_planned_look_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "sampled_closure",
        sa.Column("sample_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("recheck_id", sa.Uuid(), nullable=True),
        sa.Column("is_true", sa.Boolean(), nullable=True),
        sa.Column("remark", sa.String(length=300), nullable=False),
        sa.Column("checked_at", app.core.db.Moment(), nullable=True),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "is_true IS NULL OR is_true OR remark <> ''", name=op.f("ck_sampled_closure_false_needs_remark")
        ),
        sa.CheckConstraint(
            "(is_true IS NULL) = (checked_at IS NULL)", name=op.f("ck_sampled_closure_checked_has_moment")
        ),
        sa.ForeignKeyConstraint(["checked_by_id"], ["person.id"], name=op.f("fk_sampled_closure_checked_by_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_sampled_closure_finding_id")),
        sa.ForeignKeyConstraint(["recheck_id"], ["inspection.id"], name=op.f("fk_sampled_closure_recheck_id")),
        sa.ForeignKeyConstraint(["sample_id"], ["closure_sample.id"], name=op.f("fk_sampled_closure_sample_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampled_closure")),
        sa.UniqueConstraint("sample_id", "finding_id", name="uq_sampled_closure_once"),
    )
    with op.batch_alter_table("sampled_closure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sampled_closure_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "transfer",
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("brigade_id", sa.Uuid(), nullable=False),
        sa.Column(
            "authority",
            sa.Enum(
                "housing",
                "education",
                "gas",
                "power",
                "market",
                "police",
                "government",
                "other",
                name="authority_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("authority_name", sa.String(length=120), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", app.core.db.Moment(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(replied_on IS NULL) = (reply = '')", name=op.f("ck_transfer_reply_has_day")),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigade.id"], name=op.f("fk_transfer_brigade_id")),
        sa.ForeignKeyConstraint(["document_id"], ["issued_document.id"], name=op.f("fk_transfer_document_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_transfer_finding_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_transfer_made_by_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_transfer_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_brigade_id"), ["brigade_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transfer_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transfer_school_id"), ["school_id"], unique=False)

    op.create_table(
        "item_holder",
        sa.Column("order_item_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("post", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("given_at", app.core.db.Moment(), nullable=False),
        sa.Column("given_by_id", sa.Uuid(), nullable=True),
        sa.Column("given_by_name", sa.String(length=80), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["given_by_id"], ["person.id"], name=op.f("fk_item_holder_given_by_id")),
        sa.ForeignKeyConstraint(["order_item_id"], ["order_item.id"], name=op.f("fk_item_holder_order_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_holder")),
    )
    with op.batch_alter_table("item_holder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_holder_order_item_id"), ["order_item_id"], unique=False)

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sent_by_name", sa.String(length=80), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("link_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("done_by", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("cost", sa.Numeric(precision=12, scale=2), nullable=True))
        batch_op.add_column(
            sa.Column(
                "answer",
                sa.String(length=32),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("answered_at", app.core.db.Moment(), nullable=True))
        batch_op.add_column(sa.Column("answered_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("answer_reason", sa.String(length=300), nullable=False, server_default=""))
        batch_op.alter_column("sent_by_id", existing_type=sa.CHAR(length=32), nullable=True)
        batch_op.create_index(batch_op.f("ix_evidence_link_id"), ["link_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_evidence_link_id"), "portal_link", ["link_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_evidence_answered_by_id"), "person", ["answered_by_id"], ["id"])

    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.add_column(sa.Column("penalty_number", sa.String(length=60), nullable=False, server_default=""))

    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.create_index("ix_inspection_state_started", ["state", "started_at"], unique=False)

    with op.batch_alter_table("issued_document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("archive_sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("archive_size", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("archive_pages", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_issued_document_archive_sha256"), ["archive_sha256"], unique=False)
        batch_op.create_index("ix_issued_document_printed_number", ["brigade_id", "number"], unique=False)
        batch_op.create_index("ix_issued_document_state", ["state", "made_at"], unique=False)

    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                sa.String(length=32),
                nullable=False,
                server_default="check",
            )
        )

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.alter_column("sent_by_name", server_default=None)
        batch_op.alter_column("done_by", server_default=None)
        batch_op.alter_column("answer_reason", server_default=None)

    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.alter_column("penalty_number", server_default=None)

    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.alter_column("kind", server_default=None)

    with op.batch_alter_table("evidence") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_evidence_answer_has_moment"), "(answer IS NULL) = (answered_at IS NULL)"
        )
        batch_op.create_check_constraint(op.f("ck_evidence_evidence_answer"), "answer IN ('accepted', 'returned')")
        batch_op.create_check_constraint(
            op.f("ck_evidence_evidence_has_sender"), "sent_by_id IS NOT NULL OR link_id IS NOT NULL"
        )
        batch_op.create_check_constraint(
            op.f("ck_evidence_return_needs_reason"), "answer IS NULL OR answer <> 'returned' OR answer_reason <> ''"
        )

    with op.batch_alter_table("visit") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_visit_visit_kind"),
            "kind IN ('check', 'complaint', 'recheck', 'midterm', 'look_back', 'sample', 'other')",
        )


def downgrade() -> None:
    with op.batch_alter_table("evidence") as batch_op:
        batch_op.drop_constraint(op.f("ck_evidence_answer_has_moment"), type_="check")
        batch_op.drop_constraint(op.f("ck_evidence_evidence_answer"), type_="check")
        batch_op.drop_constraint(op.f("ck_evidence_evidence_has_sender"), type_="check")
        batch_op.drop_constraint(op.f("ck_evidence_return_needs_reason"), type_="check")

    with op.batch_alter_table("visit") as batch_op:
        batch_op.drop_constraint(op.f("ck_visit_visit_kind"), type_="check")

    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_column("kind")

    with op.batch_alter_table("issued_document", schema=None) as batch_op:
        batch_op.drop_index("ix_issued_document_state")
        batch_op.drop_index("ix_issued_document_printed_number")
        batch_op.drop_index(batch_op.f("ix_issued_document_archive_sha256"))
        batch_op.drop_column("archive_pages")
        batch_op.drop_column("archive_size")
        batch_op.drop_column("archive_sha256")

    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.drop_index("ix_inspection_state_started")

    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_column("penalty_number")

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_evidence_answered_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_evidence_link_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_evidence_link_id"))
        batch_op.alter_column("sent_by_id", existing_type=sa.CHAR(length=32), nullable=False)
        batch_op.drop_column("answer_reason")
        batch_op.drop_column("answered_by_id")
        batch_op.drop_column("answered_at")
        batch_op.drop_column("answer")
        batch_op.drop_column("cost")
        batch_op.drop_column("done_by")
        batch_op.drop_column("link_id")
        batch_op.drop_column("sent_by_name")

    with op.batch_alter_table("item_holder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_holder_order_item_id"))

    op.drop_table("item_holder")
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transfer_school_id"))
        batch_op.drop_index(batch_op.f("ix_transfer_finding_id"))
        batch_op.drop_index(batch_op.f("ix_transfer_brigade_id"))

    op.drop_table("transfer")
    with op.batch_alter_table("sampled_closure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sampled_closure_finding_id"))

    op.drop_table("sampled_closure")
    with op.batch_alter_table("planned_look", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_planned_look_visit_id"))

    op.drop_table("planned_look")
    with op.batch_alter_table("order_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_item_finding_id"))

    op.drop_table("order_item")
    with op.batch_alter_table("order_event", schema=None) as batch_op:
        batch_op.drop_index("ix_order_event_order_at")
        batch_op.drop_index(batch_op.f("ix_order_event_finding_id"))

    op.drop_table("order_event")
    with op.batch_alter_table("major_finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_major_finding_finding_id"))

    op.drop_table("major_finding")
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_extension_one_waiting",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_extension_order_id"))
        batch_op.drop_index(batch_op.f("ix_extension_finding_id"))

    op.drop_table("extension")
    with op.batch_alter_table("service_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_attempt_order_id"))

    op.drop_table("service_attempt")
    op.drop_table("sealing_term")
    with op.batch_alter_table("sealing_application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sealing_application_sealing_id"))

    op.drop_table("sealing_application")
    with op.batch_alter_table("portal_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_portal_link_order_id"))

    op.drop_table("portal_link")
    with op.batch_alter_table("sealing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sealing_school_id"))
        batch_op.drop_index(batch_op.f("ix_sealing_inspection_id"))
        batch_op.drop_index("ix_sealing_brigade_state")

    op.drop_table("sealing")
    with op.batch_alter_table("rectification_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rectification_order_second_id"))
        batch_op.drop_index(batch_op.f("ix_rectification_order_number"))
        batch_op.drop_index(batch_op.f("ix_rectification_order_lead_id"))
        batch_op.drop_index(batch_op.f("ix_rectification_order_inspection_id"))
        batch_op.drop_index("ix_order_school_state")
        batch_op.drop_index("ix_order_brigade_state")
        batch_op.drop_index("ix_order_brigade_drafted")

    op.drop_table("rectification_order")
    with op.batch_alter_table("major_hazard", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_major_hazard_school_id"))
        batch_op.drop_index(batch_op.f("ix_major_hazard_inspection_id"))
        batch_op.drop_index("ix_major_hazard_brigade_state")

    op.drop_table("major_hazard")
    with op.batch_alter_table("complaint_photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_photo_complaint_id"))

    op.drop_table("complaint_photo")
    with op.batch_alter_table("complaint_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_event_complaint_id"))

    op.drop_table("complaint_event")
    op.drop_table("complainant")
    with op.batch_alter_table("sealed_scan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sealed_scan_document_id"))

    op.drop_table("sealed_scan")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_person_read")
        batch_op.drop_index(batch_op.f("ix_notice_message_id"))
        batch_op.drop_index("ix_notice_bundled_urgent")

    op.drop_table("notice")
    op.drop_table("delivery")
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_visit_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_school_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_duplicate_of_id"))
        batch_op.drop_index("ix_complaint_brigade_state")
        batch_op.drop_index("ix_complaint_brigade_received")

    op.drop_table("complaint")
    with op.batch_alter_table("wall_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wall_code_school_id"))

    op.drop_table("wall_code")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_sorted_due")
        batch_op.drop_index(batch_op.f("ix_outbox_school_id"))

    op.drop_table("outbox")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_message_person_digest",
            sqlite_where=sa.text("kind = 'digest'"),
            postgresql_where=sa.text("kind = 'digest'"),
        )
        batch_op.drop_index(
            "uq_message_group_digest",
            sqlite_where=sa.text("kind = 'digest'"),
            postgresql_where=sa.text("kind = 'digest'"),
        )
        batch_op.drop_index(
            "uq_message_call_digest",
            sqlite_where=sa.text("kind = 'digest'"),
            postgresql_where=sa.text("kind = 'digest'"),
        )
        batch_op.drop_index("ix_message_state_next")
        batch_op.drop_index(batch_op.f("ix_message_school_id"))
        batch_op.drop_index(batch_op.f("ix_message_person_id"))
        batch_op.drop_index("ix_message_house_state")

    op.drop_table("message")
    op.drop_table("paper_texts")
    with op.batch_alter_table("deputy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deputy_brigade_id"))

    op.drop_table("deputy")
    op.drop_table("closure_sample")
    with op.batch_alter_table("record_scan", schema=None) as batch_op:
        batch_op.drop_index("ix_record_scan_record")

    op.drop_table("record_scan")
    with op.batch_alter_table("record_event", schema=None) as batch_op:
        batch_op.drop_index("ix_record_event_record")

    op.drop_table("record_event")
    op.drop_table("message_preference")
    op.drop_table("reminder_run")
