"""The internal procedure in the words of its page and its files."""

from __future__ import annotations

from typing import Any

from portal.catalogue.queries import PublishedProcedure
from portal.catalogue.step_table import StepRow, StepTable, step_table
from portal.core.wording import short_day
from portal.documents import sheets
from portal.web.languages import localized, path
from portal.web.translation import gettext as _


def page_of(published: PublishedProcedure) -> dict[str, Any]:
    """What the page says beside the table and the picture."""
    procedure = published.procedure
    return {
        "name": localized(procedure.name),
        "code": procedure.code,
        "number": published.number,
        "crumbs": [
            {"text": _("Thủ tục"), "href": path("/thu-tuc")},
            {"text": localized(procedure.everyday_name), "href": path(f"/thu-tuc/{procedure.code}")},
        ],
    }


def printed_table(published: PublishedProcedure, *, language: str) -> bytes:
    """The table as PDF."""
    table = step_table(published.procedure, language=language)
    words = {
        "sometimes": _("Khi cần"),
        "source": _source(published, language),
        "author": _("Ủy ban nhân dân thành phố Cần Thơ"),
    }
    return sheets.printed({"table": table, "language": language, "words": words})


def spreadsheet_of(published: PublishedProcedure, *, language: str) -> bytes:
    """The table as .xlsx."""
    table = step_table(published.procedure, language=language)
    return sheets.spreadsheet(table.title, table.headings, _lines(table), made_at=published.published_at)


def _lines(table: StepTable) -> list[list[str | int]]:
    return [_line(row) for row in table.rows]


def _line(row: StepRow) -> list[str | int]:
    texts = ["\n".join(part) for part in (row.content, row.time, row.result)]
    return [row.number or "", row.name, row.unit, row.role, *texts]


def _source(published: PublishedProcedure, language: str) -> str:
    return _(
        "Mã thủ tục %(code)s, bản %(number)s, công bố ngày %(day)s",
        code=published.procedure.code,
        number=published.number,
        day=short_day(published.published_at, language=language),
    )
