"""Writes of documents as plain statements, so that an action on a record sends them in its own trip."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table, Text, Uuid, bindparam, text, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from portal.documents.models import Document, DocumentCopy

_DOCUMENT = cast(Table, Document.__table__)

ADD_DOCUMENT = insert(_DOCUMENT)
ADD_COPY = insert(cast(Table, DocumentCopy.__table__))

DRAFT_AGAIN = (
    update(_DOCUMENT)
    .where(_DOCUMENT.c.id == bindparam("wanted"), _DOCUMENT.c.number.is_(None))
    .values(
        template=bindparam("to_template"),
        title=bindparam("to_title"),
        title_en=bindparam("to_title_en"),
        series=bindparam("to_series", type_=Text()),
        drafted_by=bindparam("to_drafted_by"),
        drafted_at=bindparam("to_drafted_at"),
        row=None,
        initialled_by=None,
        initialled_at=None,
        signed_by=None,
        signed_at=None,
    )
)
"""A draft that came back is drafted anew: initials and signature belong to what was read.

What has a number is issued: no statement here changes it.
"""

ADD_BESIDE = insert(_DOCUMENT).on_conflict_do_nothing(index_elements=["id"])
"""A document that is signed and sealed with the result, unless it was drafted with it."""
_DRAFTED = insert(_DOCUMENT)
DRAFT_BESIDE = _DRAFTED.on_conflict_do_update(
    index_elements=["id"],
    set_={
        **{name: _DRAFTED.excluded[name] for name in (
            "unit_id", "template", "title", "title_en", "series", "drafted_by", "drafted_at", "row")},
        **dict.fromkeys(("initialled_by", "initialled_at", "signed_by", "signed_at", "ended_at")),
    },
    where=_DOCUMENT.c.number.is_(None),
)  # fmt: skip
"""The draft of such a document, or a draft anew."""
END_DRAFTS = text(
    "UPDATE document SET ended_at = :moment WHERE record_id = :record AND kind IN ('result', 'further_result') "
    "AND number IS NULL AND ended_at IS NULL AND id <> ALL (:kept)"
).bindparams(bindparam("kept", type_=ARRAY(Uuid())))
"""Drafts that the record does not ask for any more. They stay, as what was signed does, and are shown nowhere."""

INITIAL = text(
    "UPDATE document SET initialled_by = :person, initialled_at = :moment WHERE id = :wanted AND number IS NULL"
)
SIGN = text(
    "UPDATE document SET signed_by = :person, signed_at = :moment, for_applicant = true "
    "WHERE id = :wanted AND number IS NULL"
)
MAKE_ABOUT_ROW = text(
    "UPDATE document SET row = :row, title = :title, title_en = :title_en WHERE id = :wanted AND number IS NULL"
)
"""The result is the document of one of its rows."""
SIGN_LIKE = text(
    "UPDATE document SET initialled_by = signed.initialled_by, initialled_at = signed.initialled_at, "
    "signed_by = signed.signed_by, signed_at = signed.signed_at, for_applicant = true "
    "FROM document AS signed WHERE signed.id = :signed AND document.id = :wanted AND document.number IS NULL "
    "AND document.signed_at IS NULL"
)
PUT_RIGHT = text("""
WITH older AS (
  SELECT earlier.id, earlier.valid_until
  FROM document AS newer JOIN document AS earlier ON earlier.record_id = newer.record_id AND earlier.id <> newer.id
  WHERE newer.id = :newer AND earlier.number IS NOT NULL AND earlier.ended_at IS NULL AND earlier.kind = newer.kind
    AND earlier.series = newer.series AND earlier.row IS NOT DISTINCT FROM newer.row
  ORDER BY earlier.issued_at LIMIT 1
), ended AS (
  UPDATE document SET ended_at = :moment FROM older WHERE document.id = older.id
)
UPDATE document SET changes_id = older.id, valid_until = older.valid_until FROM older WHERE document.id = :newer
""")
"""An issued document stands for the one of the same record that it puts right; as long as that one would be valid."""
UNINITIAL = text(
    "UPDATE document SET initialled_by = NULL, initialled_at = NULL "
    "WHERE record_id = (SELECT record_id FROM document WHERE id = :wanted) "
    "AND kind IN ('result', 'further_result') AND number IS NULL AND signed_at IS NULL"
)
"""The initials were taken back before anybody signed."""
