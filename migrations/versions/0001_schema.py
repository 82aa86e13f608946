"""Every table of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("details", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"], unique=False)
    op.create_index("ix_audit_entry_record_id", "audit_entry", ["record_id"], unique=False)
    op.create_table(
        "directory_version",
        sa.Column("singleton", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint("singleton", name=op.f("ck_directory_version_one_row")),
        sa.PrimaryKeyConstraint("singleton", name=op.f("pk_directory_version")),
    )
    op.create_table(
        "file",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="bytes"),
        sa.Column("media_type", sa.Text(), nullable=False, comment="found from the content, never from the name"),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name=op.f("ck_file_digest")),
        sa.CheckConstraint("size > 0", name=op.f("ck_file_size")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_file")),
    )
    op.create_table(
        "job",
        sa.Column("queue", sa.Text(), nullable=False, comment="messages, documents"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("arguments", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("natural_key", sa.Text(), nullable=True, comment="owed once, however often it is asked for"),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False, comment="raised by each lease; an old holder writes nothing"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True, comment="class of the error, never its text"),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(
        "ix_job_due",
        "job",
        ["queue", "due_at"],
        unique=False,
        postgresql_where=sa.text("finished_at IS NULL AND given_up_at IS NULL"),
    )
    op.create_index(
        "uq_job_natural_key",
        "job",
        ["kind", "natural_key"],
        unique=True,
        postgresql_where=sa.text("natural_key IS NOT NULL"),
    )
    op.create_table(
        "organisation",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tax_code", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("tax_code", name=op.f("uq_organisation_tax_code")),
    )
    op.create_table(
        "person",
        sa.Column(
            "login", sa.Text(), nullable=False, comment="identity number of a citizen, account name of an official"
        ),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("id_number", sa.Text(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("gender", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False, comment="code of the commune of residence"),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("gender IN ('male', 'female', '')", name=op.f("ck_person_gender")),
        sa.CheckConstraint("id_number IS NULL OR id_number ~ '^[0-9]{12}$'", name=op.f("ck_person_id_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("id_number", name=op.f("uq_person_id_number")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    op.create_table(
        "place",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="phường, xã, thị trấn, quận, huyện, thành phố"),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["parent_code"], ["place.code"], name=op.f("fk_place_parent_code_place")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_place")),
    )
    op.create_table(
        "procedure",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("competent_level", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("code ~ '^\\d\\.\\d{6}$'", name=op.f("ck_procedure_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure")),
        sa.UniqueConstraint("code", name=op.f("uq_procedure_code")),
    )
    op.create_table(
        "unit",
        sa.Column(
            "code",
            sa.Text(),
            nullable=False,
            comment="agency identifier as printed in record codes; synthetic where not public",
        ),
        sa.Column("account_code", sa.Text(), nullable=False, comment="short code in account names: nk.qldt"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False, comment="as in officials' tables: P. Xuân Khánh"),
        sa.Column("level", sa.Text(), nullable=False, comment="city, district, commune: data, not code"),
        sa.Column("kind", sa.Text(), nullable=False, comment="body, office, external"),
        sa.Column("place", sa.Text(), nullable=False, comment="code of the territory that the unit covers"),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "synthetic",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="the agency identifier is invented",
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_unit_dates")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    op.create_index("ix_unit_place", "unit", ["place"], unique=False)
    op.create_index("uq_unit_account_code_valid_from", "unit", ["account_code", "valid_from"], unique=True)
    op.create_table(
        "calendar_exception",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False, comment="number and date of the document that orders it"),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('off', 'work')", name=op.f("ck_calendar_exception_kind")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_calendar_exception_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_exception")),
    )
    op.create_index(
        "uq_calendar_exception_day_unit_id",
        "calendar_exception",
        ["day", "unit_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "document_series",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_document_series_unit_id_unit")),
        sa.PrimaryKeyConstraint("unit_id", "series", "year", name=op.f("pk_document_series")),
    )
    op.create_table(
        "membership",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False, comment="representative, member"),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index(
        "uq_membership_organisation_id_person_id", "membership", ["organisation_id", "person_id"], unique=True
    )
    op.create_table(
        "office_hours",
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False, comment="0 is Monday"),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('statutory', 'counter')", name=op.f("ck_office_hours_kind")),
        sa.CheckConstraint("starts < ends", name=op.f("ck_office_hours_session")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_office_hours_weekday")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_office_hours_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_hours")),
    )
    op.create_table(
        "post",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "person_name",
            sa.Text(),
            nullable=False,
            comment="officials are named to colleagues; the person's row is not read",
        ),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Text(),
            nullable=False,
            comment="receptionist, counter_leader, specialist, head, leader, clerk, administrator",
        ),
        sa.Column("function", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False, comment="as printed under a signature: CHỦ TỊCH"),
        sa.Column("capacity", sa.Text(), nullable=False, comment="TM. ỦY BAN NHÂN DÂN, KT. CHỦ TỊCH, TL., TUQ."),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_post_dates")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_post_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_post_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    op.create_index("ix_post_person_id", "post", ["person_id"], unique=False)
    op.create_index("ix_post_unit_id_role", "post", ["unit_id", "role"], unique=False)
    op.create_table(
        "procedure_version",
        sa.Column("procedure_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False, comment="the whole definition as YAML, shared process included"),
        sa.Column(
            "digest", sa.Text(), nullable=False, comment="SHA-256 of the source: the same text is not published twice"
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procedure_id"], ["procedure.id"], name=op.f("fk_procedure_version_procedure_id_procedure")
        ),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_procedure_version_published_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_version")),
    )
    op.create_index(
        "uq_procedure_version_procedure_id_number", "procedure_version", ["procedure_id", "number"], unique=True
    )
    op.create_table(
        "procedure_word",
        sa.Column("procedure_id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procedure_id"], ["procedure.id"], name=op.f("fk_procedure_word_procedure_id_procedure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_word")),
    )
    op.create_index(
        "ix_procedure_word_word", "procedure_word", ["word"], unique=False, postgresql_ops={"word": "text_pattern_ops"}
    )
    op.create_table(
        "record_series",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_record_series_unit_id_unit")),
        sa.PrimaryKeyConstraint("unit_id", "day", name=op.f("pk_record_series")),
    )
    op.create_table(
        "sign_in",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    op.create_index("ix_sign_in_person_id", "sign_in", ["person_id"], unique=False)
    op.create_table(
        "unit_function",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column(
            "own",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="for its own matters only: an office that seals with its own seal",
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_function_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_function")),
    )
    op.create_index(
        "uq_unit_function_unit_id_function", "unit_function", ["unit_id", "function", "valid_from"], unique=True
    )
    op.create_table(
        "draft",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("procedure_code", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False, comment="code of the commune where the matter lies"),
        sa.Column("received_unit_id", sa.Uuid(), nullable=False, comment="the counter that will receive it"),
        sa.Column("answers", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column(
            "pages_done",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=False,
            comment="ids of pages whose answers were accepted",
        ),
        sa.Column("last_page", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_draft_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_draft_owner_id_person")),
        sa.ForeignKeyConstraint(["received_unit_id"], ["unit.id"], name=op.f("fk_draft_received_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["procedure_version.id"], name=op.f("fk_draft_version_id_procedure_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_owner_id", "draft", ["owner_id", "updated_at"], unique=False)
    op.create_table(
        "draft_paper",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_digest", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["draft.id"], name=op.f("fk_draft_paper_draft_id_draft"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["file_digest"], ["file.digest"], name=op.f("fk_draft_paper_file_digest_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_paper")),
    )
    op.create_index("ix_draft_paper_draft_id", "draft_paper", ["draft_id"], unique=False)
    op.create_table(
        "record",
        sa.Column("draft_id", sa.Uuid(), nullable=False, comment="submitting twice is one record"),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("procedure_code", sa.Text(), nullable=False),
        sa.Column("procedure_name", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, comment="what the matter is, in everyday words"),
        sa.Column("applicant_name", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False, comment="counter, online, post"),
        sa.Column("received_unit_id", sa.Uuid(), nullable=False),
        sa.Column("return_unit_id", sa.Uuid(), nullable=False),
        sa.Column("return_by", sa.Text(), nullable=False, comment="counter, post, online"),
        sa.Column(
            "unit_ids",
            postgresql.ARRAY(sa.Uuid()),
            nullable=False,
            comment="every unit that ever took part; never shrinks",
        ),
        sa.Column("answers", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True, comment="granted, rejected; apart from the path"),
        sa.Column("version", sa.Integer(), nullable=False, comment="numbers the events of the record"),
        sa.Column("secret_version", sa.Integer(), nullable=False),
        sa.Column("receipt_digest", sa.Text(), nullable=False, comment="SHA-256 of the look-up secret on the receipt"),
        sa.Column("token_digest", sa.Text(), nullable=False, comment="SHA-256 of the token in the receipt's QR code"),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reception_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "paused_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="since when the statutory clock stands still",
        ),
        sa.Column(
            "pauses",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=False,
            comment="[[paused_at, resumed_at or null], …]: what the due date is computed from",
        ),
        sa.Column(
            "finished_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the clock ended: result issued or record ended",
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supplements", sa.Integer(), nullable=False, comment="requests sent to the applicant so far"),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('submitted', 'supplement_before_acceptance', 'refused', 'accepted', 'in_progress', 'consulting', 'applicant_confirms', 'supplement', 'fee_due', 'stopped', 'granted', 'not_granted', 'returned', 'withdrawn', 'expired')",
            name=op.f("ck_record_state"),
        ),
        sa.CheckConstraint("due_at IS NULL OR accepted_at IS NOT NULL", name=op.f("ck_record_due_after_acceptance")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_record_draft_id_draft")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_record_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_record_owner_id_person")),
        sa.ForeignKeyConstraint(["received_unit_id"], ["unit.id"], name=op.f("fk_record_received_unit_id_unit")),
        sa.ForeignKeyConstraint(["return_unit_id"], ["unit.id"], name=op.f("fk_record_return_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["procedure_version.id"], name=op.f("fk_record_version_id_procedure_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
        sa.UniqueConstraint("code", name=op.f("uq_record_code")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_record_draft_id")),
    )
    op.create_index("ix_record_owner_id", "record", ["owner_id", "submitted_at"], unique=False)
    op.create_index("ix_record_unit_ids", "record", ["unit_ids"], unique=False, postgresql_using="gin")
    op.create_table(
        "document",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False, comment="whose document it is"),
        sa.Column("kind", sa.Text(), nullable=False, comment="form01, form02, form03, slip, letter, minutes, result"),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column(
            "content",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=False,
            comment="the values that the template prints",
        ),
        sa.Column("for_applicant", sa.Boolean(), nullable=False),
        sa.Column("series", sa.Text(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("drafted_by", sa.Uuid(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("initialled_by", sa.Uuid(), nullable=True),
        sa.Column("initialled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_by", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_digest", sa.Text(), nullable=True),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(file_digest IS NULL) = (rendered_at IS NULL)", name=op.f("ck_document_rendered")),
        sa.CheckConstraint("(number IS NULL) = (issued_at IS NULL)", name=op.f("ck_document_issued")),
        sa.ForeignKeyConstraint(["file_digest"], ["file.digest"], name=op.f("fk_document_file_digest_file")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_document_record_id_record")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_document_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index("ix_document_record_id", "document", ["record_id"], unique=False)
    op.create_index(
        "uq_document_unit_id_series_year_number",
        "document",
        ["unit_id", "series", "year", "number"],
        unique=True,
        postgresql_where=sa.text("number IS NOT NULL"),
    )
    op.create_table(
        "fee_line",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False, comment="VND"),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, comment="why nothing is owed, when the amount is 0"),
        sa.Column("note_en", sa.Text(), nullable=False),
        sa.Column("moment", sa.Text(), nullable=False, comment="receiving, supplement, return"),
        sa.Column("owed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('phi', 'le_phi')", name=op.f("ck_fee_line_kind")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_fee_line_amount")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_fee_line_record_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_line")),
    )
    op.create_index("uq_fee_line_record_id_rule", "fee_line", ["record_id", "rule"], unique=True)
    op.create_table(
        "opinion",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False, comment="agree, agree_with_conditions, disagree, silent"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "final_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the agency's head signed it, or silence counted",
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_opinion_record_id_record")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_opinion_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
    )
    op.create_index("ix_opinion_record_id", "opinion", ["record_id"], unique=False)
    op.create_table(
        "payment",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False, comment="ours, sent to the gateway"),
        sa.Column("amount", sa.BigInteger(), nullable=False, comment="VND"),
        sa.Column(
            "fee_line_ids",
            postgresql.ARRAY(sa.Uuid()),
            nullable=False,
            comment="what it pays for, fixed when it began",
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("gateway_transaction", sa.Text(), nullable=True, comment="the gateway's own number"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True, comment="the gateway's response code"),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(captured_at IS NOT NULL) = (state IN ('captured', 'suspense'))", name=op.f("ck_payment_captured")
        ),
        sa.CheckConstraint("state IN ('created', 'captured', 'failed', 'suspense')", name=op.f("ck_payment_state")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_amount")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_payment_record_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_reference")),
    )
    op.create_index("ix_payment_record_id", "payment", ["record_id"], unique=False)
    op.create_index(
        "uq_payment_gateway_transaction",
        "payment",
        ["gateway", "gateway_transaction"],
        unique=True,
        postgresql_where=sa.text("gateway_transaction IS NOT NULL"),
    )
    op.create_table(
        "record_event",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="record_submitted, action_taken, timer_fired, task_claimed …"
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("step_name", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state_before", sa.Text(), nullable=True),
        sa.Column("state_after", sa.Text(), nullable=False),
        sa.Column(
            "opened",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=False,
            comment="steps opened, with their units",
        ),
        sa.Column("details", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("for_applicant", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_record_event_record_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_event")),
    )
    op.create_index("uq_record_event_record_id_number", "record_event", ["record_id", "number"], unique=True)
    op.create_table(
        "record_paper",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_digest", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("supplied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supplement_id", sa.Uuid(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["file_digest"], ["file.digest"], name=op.f("fk_record_paper_file_digest_file")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_record_paper_record_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_paper")),
    )
    op.create_index("ix_record_paper_record_id", "record_paper", ["record_id"], unique=False)
    op.create_table(
        "supplement",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False, comment="who asks"),
        sa.Column("sheet", sa.Integer(), nullable=False, comment="1 for the first request of the record"),
        sa.Column("step", sa.Text(), nullable=False, comment="the step that asked"),
        sa.Column(
            "items",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=False,
            comment="[{kind: paper|field, id, label, reason, wish, basis, answer}]",
        ),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_supplement_record_id_record")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_supplement_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplement")),
    )
    op.create_index("uq_supplement_record_id_sheet", "supplement", ["record_id", "sheet"], unique=True)
    op.create_table(
        "task",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False, comment="the applicant, who sees every task of the record"),
        sa.Column("unit_id", sa.Uuid(), nullable=True, comment="None: the applicant or the portal acts"),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("function", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("split", sa.Text(), nullable=False, comment="path of parallel splits that the task is inside of"),
        sa.Column(
            "origin", sa.Text(), nullable=True, comment="the step that asked for the supplement this task belongs to"
        ),
        sa.Column("consultation", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, comment="raised by claim and reassignment: what was seen"),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "anchored_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="from when timers count; shared within a consultation",
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("assignee_name", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_by_name", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True, comment="the action that closed it, cancelled, or silence"),
        sa.Column("step_name", sa.Text(), nullable=False),
        sa.Column("record_code", sa.Text(), nullable=False),
        sa.Column("applicant_name", sa.Text(), nullable=False),
        sa.Column("procedure_name", sa.Text(), nullable=False),
        sa.Column("place_name", sa.Text(), nullable=False),
        sa.Column("record_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("news", sa.Text(), nullable=False, comment="what is new: supplement answered, opinion received"),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_task_outcome")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_task_record_id_record")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_task_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(
        "ix_task_owner_id", "task", ["owner_id"], unique=False, postgresql_where=sa.text("closed_at IS NULL")
    )
    op.create_index(
        "ix_task_queue",
        "task",
        ["unit_id", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
        postgresql_include=[
            "owner_id",
            "record_id",
            "step",
            "function",
            "role",
            "assignee_id",
            "assignee_name",
            "record_code",
            "applicant_name",
            "step_name",
            "procedure_name",
            "place_name",
            "record_due_at",
            "news",
            "opened_at",
            "version",
            "paused",
        ],
    )
    op.create_index("ix_task_record_id", "task", ["record_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("subject_en", sa.Text(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["record_event.id"], name=op.f("fk_message_event_id_record_event")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_message_record_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_owner_id_sent_at", "message", ["owner_id", "sent_at"], unique=False)
    op.create_index("ix_message_record_id", "message", ["record_id"], unique=False)
    op.create_index("uq_message_event_id_owner_id", "message", ["event_id", "owner_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_message_event_id_owner_id", table_name="message")
    op.drop_index("ix_message_record_id", table_name="message")
    op.drop_index("ix_message_owner_id_sent_at", table_name="message")
    op.drop_table("message")
    op.drop_index("ix_task_record_id", table_name="task")
    op.drop_index(
        "ix_task_queue",
        table_name="task",
        postgresql_where=sa.text("closed_at IS NULL"),
        postgresql_include=[
            "owner_id",
            "record_id",
            "step",
            "function",
            "role",
            "assignee_id",
            "assignee_name",
            "record_code",
            "applicant_name",
            "step_name",
            "procedure_name",
            "place_name",
            "record_due_at",
            "news",
            "opened_at",
            "version",
            "paused",
        ],
    )
    op.drop_index("ix_task_owner_id", table_name="task", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_table("task")
    op.drop_index("uq_supplement_record_id_sheet", table_name="supplement")
    op.drop_table("supplement")
    op.drop_index("ix_record_paper_record_id", table_name="record_paper")
    op.drop_table("record_paper")
    op.drop_index("uq_record_event_record_id_number", table_name="record_event")
    op.drop_table("record_event")
    op.drop_index(
        "uq_payment_gateway_transaction",
        table_name="payment",
        postgresql_where=sa.text("gateway_transaction IS NOT NULL"),
    )
    op.drop_index("ix_payment_record_id", table_name="payment")
    op.drop_table("payment")
    op.drop_index("ix_opinion_record_id", table_name="opinion")
    op.drop_table("opinion")
    op.drop_index("uq_fee_line_record_id_rule", table_name="fee_line")
    op.drop_table("fee_line")
    op.drop_index(
        "uq_document_unit_id_series_year_number", table_name="document", postgresql_where=sa.text("number IS NOT NULL")
    )
    op.drop_index("ix_document_record_id", table_name="document")
    op.drop_table("document")
    op.drop_index("ix_record_unit_ids", table_name="record", postgresql_using="gin")
    op.drop_index("ix_record_owner_id", table_name="record")
    op.drop_table("record")
    op.drop_index("ix_draft_paper_draft_id", table_name="draft_paper")
    op.drop_table("draft_paper")
    op.drop_index("ix_draft_owner_id", table_name="draft")
    op.drop_table("draft")
    op.drop_index("uq_unit_function_unit_id_function", table_name="unit_function")
    op.drop_table("unit_function")
    op.drop_index("ix_sign_in_person_id", table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_table("record_series")
    op.drop_index("ix_procedure_word_word", table_name="procedure_word", postgresql_ops={"word": "text_pattern_ops"})
    op.drop_table("procedure_word")
    op.drop_index("uq_procedure_version_procedure_id_number", table_name="procedure_version")
    op.drop_table("procedure_version")
    op.drop_index("ix_post_unit_id_role", table_name="post")
    op.drop_index("ix_post_person_id", table_name="post")
    op.drop_table("post")
    op.drop_table("office_hours")
    op.drop_index("uq_membership_organisation_id_person_id", table_name="membership")
    op.drop_table("membership")
    op.drop_table("document_series")
    op.drop_index(
        "uq_calendar_exception_day_unit_id", table_name="calendar_exception", postgresql_nulls_not_distinct=True
    )
    op.drop_table("calendar_exception")
    op.drop_index("uq_unit_account_code_valid_from", table_name="unit")
    op.drop_index("ix_unit_place", table_name="unit")
    op.drop_table("unit")
    op.drop_table("procedure")
    op.drop_table("place")
    op.drop_table("person")
    op.drop_table("organisation")
    op.drop_index("uq_job_natural_key", table_name="job", postgresql_where=sa.text("natural_key IS NOT NULL"))
    op.drop_index(
        "ix_job_due", table_name="job", postgresql_where=sa.text("finished_at IS NULL AND given_up_at IS NULL")
    )
    op.drop_table("job")
    op.drop_table("file")
    op.drop_table("directory_version")
    op.drop_index("ix_audit_entry_record_id", table_name="audit_entry")
    op.drop_index("ix_audit_entry_at", table_name="audit_entry")
    op.drop_table("audit_entry")
