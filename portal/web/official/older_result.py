"""The older result that a record wants to change, beside what the applicant declared."""

from __future__ import annotations

from portal.core.wording import short_day
from portal.records.desk import Desk
from portal.web.languages import current_language, localized
from portal.web.official.answer_tables import Row, Table
from portal.web.translation import gettext as _


def older_result_tables(desk: Desk) -> list[Table]:
    """What is known of the issued result; nothing for a record that changes no older result."""
    named = desk.file.record.answers.get(desk.grounds.procedure.result.of or "")
    if not named:
        return []
    caption, older, language = _("Trong sổ kết quả"), desk.older, current_language()
    if older is None:
        return [Table(caption, (Row(_("Kết quả được thay đổi"), _("Không tìm thấy số %(number)s", number=named)),))]
    rows = [
        Row(_("Kết quả được thay đổi"), _("%(title)s, số %(number)s", title=localized(older), number=older.number)),
        Row(_("Tên trên kết quả"), older.name),
        Row(_("Ngày cấp"), short_day(older.issued_at, language=language)),
        Row(_("Có hiệu lực đến"), short_day(older.valid_until, language=language) if older.valid_until else ""),
        Row(_("Số lần đã thay đổi"), str(older.amended)),
        Row(_("Hết giá trị từ"), short_day(older.ended_at, language=language) if older.ended_at else ""),
    ]
    return [Table(caption, tuple(row for row in rows if row.value))]
