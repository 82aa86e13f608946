"""Which table is protected by row-level security, by which policy, and what the application may do to it.

A table for every row of the schema: a test compares it with PostgreSQL's own catalogues, because neither Alembic nor a
reader sees a missing policy. Policies name the row's own columns and four functions wrapped in sub-selects, so that
each runs once per statement. Children of a record are read by record: they ask whether the record itself is visible.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

ME = "(SELECT app.person())"
SYSTEM = "(SELECT app.is_system())"
UNITS = "((SELECT app.units())::uuid[])"
CASHIERS = "(SELECT app.keeps_accounts())"
ADMINISTRATORS = f"(SELECT app.is_administrator()) OR {SYSTEM}"

OWN_TRIAL = f"(person_id = {ME} AND (SELECT app.is_administrator())) OR {SYSTEM}"

MINE = f"owner_id = {ME} OR {SYSTEM}"
MY_BATCH = f"person_id = {ME} OR {SYSTEM}"
OF_MY_BATCH = f"{SYSTEM} OR EXISTS (SELECT FROM batch WHERE batch.id = batch_id)"
OF_MY_RECORD = f"{MINE} OR EXISTS (SELECT FROM record WHERE record.id = record_id)"
SEEN_RECORD = f"{SYSTEM} OR EXISTS (SELECT FROM record WHERE record.id = record_id)"
AT_MY_DESK = f"EXISTS (SELECT FROM record WHERE record.id = record_id AND record.unit_ids && {UNITS})"
OF_UNITS_RECORD = f"{SYSTEM} OR {AT_MY_DESK}"
RECEIVED = (
    "EXISTS (SELECT FROM document_copy AS copy WHERE copy.document_id = document.id "
    f"AND copy.record_id = document.record_id AND copy.unit_id = ANY ({UNITS}))"
)
"""Whoever wrote the copy saw the record of both: a copy that names the document of another record opens nothing."""


@dataclass(frozen=True)
class Protection:
    """`visible` is the USING clause for reading and changing, `insertable` the WITH CHECK clause of new rows.

    `readable` says who may read besides, and change nothing.
    """

    visible: str | None = None
    insertable: str = "true"
    update: bool = False
    delete: bool = False
    readable: str | None = None

    @property
    def is_public(self) -> bool:
        return self.visible is None


def _public(*, update: bool = False, delete: bool = False) -> Protection:
    return Protection(update=update, delete=delete)


PROTECTION: dict[str, Protection] = {
    "person": Protection(f"id = {ME} OR {SYSTEM}", SYSTEM, update=True),
    "sign_in": Protection(f"person_id = {ME} OR {SYSTEM}", SYSTEM, update=True),
    "membership": Protection(f"person_id = {ME} OR {SYSTEM}", SYSTEM, update=True),
    "draft": Protection(MINE, MINE, update=True, delete=True),
    "draft_paper": Protection(MINE, MINE, update=True, delete=True),
    "vault_paper": Protection(MINE, MINE, update=True, delete=True),
    "hidden_result": Protection(MINE, MINE, delete=True),
    "record": Protection(f"{MINE} OR unit_ids && {UNITS}", MINE, update=True),
    "task": Protection(f"unit_id = ANY ({UNITS}) OR {MINE}", update=True),
    "record_event": Protection(OF_MY_RECORD),
    "record_paper": Protection(OF_MY_RECORD, update=True),
    "supplement": Protection(OF_MY_RECORD, update=True),
    "opinion": Protection(OF_MY_RECORD, update=True),
    "document": Protection(OF_MY_RECORD, update=True, readable=RECEIVED),
    "document_copy": Protection(f"unit_id = ANY ({UNITS}) OR {OF_MY_RECORD}", SEEN_RECORD, update=True),
    "document_decision": Protection(OF_UNITS_RECORD, OF_UNITS_RECORD, update=True),
    "fee_line": Protection(OF_MY_RECORD, update=True, readable=CASHIERS),
    "payment": Protection(
        OF_MY_RECORD, f"{MINE} OR (gateway = 'cash' AND {AT_MY_DESK})", update=True, readable=CASHIERS
    ),
    "capture": Protection(
        SYSTEM,
        f"{SYSTEM} OR (gateway = 'cash' AND taken_by = {ME} AND taken_unit_id = ANY ({UNITS}) AND {AT_MY_DESK})",
        update=True,
        readable=f"{OF_MY_RECORD} OR {CASHIERS}",
    ),
    "refund": Protection(
        f"{SYSTEM} OR {CASHIERS}", f"state = 'due' AND ({OF_MY_RECORD})", update=True, readable=OF_MY_RECORD
    ),
    "parcel": Protection(OF_MY_RECORD, OF_MY_RECORD, update=True),
    "parcel_event": Protection(SYSTEM, SYSTEM, readable=OF_MY_RECORD),
    "settlement": Protection(SYSTEM, SYSTEM, readable=CASHIERS),
    "settlement_line": Protection(SYSTEM, SYSTEM, readable=CASHIERS),
    "signing_session": Protection(MY_BATCH, MY_BATCH),
    "document_signature": Protection(OF_MY_RECORD, SEEN_RECORD),
    "batch": Protection(MY_BATCH, MY_BATCH, update=True),
    "book_print": Protection(MY_BATCH, MY_BATCH, update=True),
    "batched_task": Protection(OF_MY_BATCH, OF_MY_BATCH, update=True),
    "record_moving": Protection(ADMINISTRATORS, ADMINISTRATORS, update=True, delete=True),
    "moved_record": Protection(SYSTEM, SYSTEM, update=True, delete=True),
    "message": Protection(OF_MY_RECORD, update=True),
    "definition_draft": Protection(ADMINISTRATORS, ADMINISTRATORS, update=True),
    "definition_trial": Protection(OWN_TRIAL, OWN_TRIAL, update=True, delete=True),
    "paper_transfer": Protection(OF_MY_RECORD, update=True),
    "apology": Protection(OF_MY_RECORD, SYSTEM, update=True),
    "booking": Protection(OF_MY_RECORD, SEEN_RECORD, update=True),
    "record_scan": Protection(OF_UNITS_RECORD, OF_UNITS_RECORD, update=True),
    "booking_plan": _public(update=True),
    "booking_slot": _public(update=True),
    "alembic_version": _public(),
    "unit": _public(update=True),
    "unit_function": _public(update=True),
    "place": _public(update=True),
    "directory_version": _public(update=True),
    "calendar_exception": _public(update=True),
    "office_hours": _public(update=True),
    "organisation": _public(update=True),
    "post": _public(update=True),
    "file": _public(),
    "procedure": _public(update=True),
    "procedure_version": _public(),
    "procedure_word": _public(delete=True),
    "job": _public(update=True),
    "audit_entry": _public(),
    "document_series": _public(update=True),
    "record_series": _public(update=True),
}

DEFINER_FUNCTIONS = frozenset(
    {
        "is_administrator",
        "keeps_accounts",
        "official_accounts",
        "set_account_disabled",
        "version_loads",
        "record_codes",
        "recall_task",
        "tell_opinion",
        "actor_of",
        "tasks_of",
        "position_of",
        "standing_tasks",
        "cancel_tasks",
        "undo_tasks",
        "tell_tasks",
        "find_by_receipt",
        "find_by_token",
        "change_result",
        "find_records",
        "issued_document",
        "issued_file",
        "issued_under",
        "lookup_view",
        "moving_counts",
        "moving_gone_on",
        "moving_reasons",
        "moving_records",
        "result_named",
        "step_loads",
    }
)
"""Functions of schema `app` that run with the owner's rights: the allow-list of a test."""


def statements(table: str) -> Iterator[str]:
    """The SQL that protects one table: grants, row-level security, policies."""
    protection = PROTECTION[table]
    rights = ["SELECT"] if table == "alembic_version" else ["SELECT", "INSERT"]
    rights += ["UPDATE"] * protection.update + ["DELETE"] * protection.delete
    yield f"GRANT {', '.join(rights)} ON {table} TO portal_app"
    if protection.is_public:
        return
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield f"CREATE POLICY {table}_owner ON {table} TO portal_owner USING (true) WITH CHECK (true)"
    seen = f"{protection.visible} OR {protection.readable}" if protection.readable else protection.visible
    yield f"CREATE POLICY {table}_read ON {table} FOR SELECT TO portal_app USING ({seen})"
    yield f"CREATE POLICY {table}_insert ON {table} FOR INSERT TO portal_app WITH CHECK ({protection.insertable})"
    if protection.update:
        yield (
            f"CREATE POLICY {table}_update ON {table} FOR UPDATE TO portal_app "
            f"USING ({protection.visible}) WITH CHECK (true)"
        )
    if protection.delete:
        yield f"CREATE POLICY {table}_delete ON {table} FOR DELETE TO portal_app USING ({protection.visible})"
