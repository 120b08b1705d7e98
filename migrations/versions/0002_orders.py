"""orders"""

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
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (granted IS NULL)", name=op.f("ck_extension_decided_is_granted_or_not")
        ),
        sa.CheckConstraint(
            "granted IS NULL OR NOT granted OR deadline IS NOT NULL", name=op.f("ck_extension_granted_has_day")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_extension_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_extension_decided_by_id")),
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

    with op.batch_alter_table("issued_document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("archive_sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("archive_size", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("archive_pages", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_issued_document_archive_sha256"), ["archive_sha256"], unique=False)

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.alter_column("sent_by_name", server_default=None)
        batch_op.alter_column("done_by", server_default=None)
        batch_op.alter_column("answer_reason", server_default=None)

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


def downgrade() -> None:
    with op.batch_alter_table("evidence") as batch_op:
        batch_op.drop_constraint(op.f("ck_evidence_answer_has_moment"), type_="check")
        batch_op.drop_constraint(op.f("ck_evidence_evidence_answer"), type_="check")
        batch_op.drop_constraint(op.f("ck_evidence_evidence_has_sender"), type_="check")
        batch_op.drop_constraint(op.f("ck_evidence_return_needs_reason"), type_="check")

    with op.batch_alter_table("issued_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issued_document_archive_sha256"))
        batch_op.drop_column("archive_pages")
        batch_op.drop_column("archive_size")
        batch_op.drop_column("archive_sha256")

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
    with op.batch_alter_table("order_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_item_finding_id"))

    op.drop_table("order_item")
    with op.batch_alter_table("order_event", schema=None) as batch_op:
        batch_op.drop_index("ix_order_event_order_at")
        batch_op.drop_index(batch_op.f("ix_order_event_finding_id"))

    op.drop_table("order_event")
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
    with op.batch_alter_table("portal_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_portal_link_order_id"))

    op.drop_table("portal_link")
    with op.batch_alter_table("rectification_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rectification_order_second_id"))
        batch_op.drop_index(batch_op.f("ix_rectification_order_number"))
        batch_op.drop_index(batch_op.f("ix_rectification_order_lead_id"))
        batch_op.drop_index(batch_op.f("ix_rectification_order_inspection_id"))
        batch_op.drop_index("ix_order_school_state")
        batch_op.drop_index("ix_order_brigade_state")
        batch_op.drop_index("ix_order_brigade_drafted")

    op.drop_table("rectification_order")
    with op.batch_alter_table("sealed_scan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sealed_scan_document_id"))

    op.drop_table("sealed_scan")
    op.drop_table("paper_texts")
    with op.batch_alter_table("deputy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deputy_brigade_id"))

    op.drop_table("deputy")
