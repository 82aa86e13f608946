"""The table of steps to take away: printed, and as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from portal.documents.rendering import print_page

_WIDTHS = (6, 34, 30, 22, 48, 30, 40)
"""Columns of the step table, in characters."""


def printed(values: Mapping[str, Any]) -> bytes:
    """The sheet as PDF."""
    return print_page("sheets/step_table.html", values)


def spreadsheet(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str | int]],
    *,
    made_at: datetime,
    sheet_name: str = "Quy trình",
    widths: Sequence[int] = _WIDTHS,
) -> bytes:
    """The sheet as .xlsx: a title, one row of headings that stays in sight. No text becomes a formula. `widths` are of
    columns, in characters."""
    import xlsxwriter  # slow: only who asks for a spreadsheet pays

    stream = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": title, "created": made_at.replace(tzinfo=None)})
        sheet = book.add_worksheet(sheet_name)
        heading = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#DDE7E8"}
        )
        cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        for column, width in enumerate(widths[: len(headings)]):
            sheet.set_column(column, column, width)
        sheet.write(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        sheet.write_row(2, 0, headings, heading)
        for number, row in enumerate(rows, start=3):
            sheet.write_row(number, 0, row, cell)
        sheet.freeze_panes(3, 2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
    return stream.getvalue()
