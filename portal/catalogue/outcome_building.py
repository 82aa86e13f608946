"""What a procedure leaves behind: its result, which may change an older one, and the duties after it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from portal.catalogue import conditions, schema
from portal.catalogue.document_names import RESULT_TEMPLATES
from portal.catalogue.place_building import check_group
from portal.catalogue.process_building import duration
from portal.catalogue.reading import Path, Reading, text
from portal.catalogue.types import Duty, Result
from portal.workflow.definition import Condition

_LENGTH = re.compile(r"\d+(\.\d+)?(d|wd|h)")
_MONTHS = re.compile(r"\d+m")


def built_result(reading: Reading, part: schema.ResultPart, path: Path) -> Result:
    """The result; what amends, replaces or revokes says which answer names the older one."""
    if part.template not in RESULT_TEMPLATES:
        reading.find((*path, "template"), "not_one_of", name="template", expected=", ".join(RESULT_TEMPLATES))
    if (part.of is None) != (part.action == "issue"):
        reading.find(path, "missing_key" if part.of is None else "unknown_key", name="of", near="")
    months: int | Condition | None = part.validity_months if isinstance(part.validity_months, int) else None
    if isinstance(part.validity_months, str):
        written = (*path, "validity_months")
        months = reading.compiled(part.validity_months, written, conditions.compile_amount)
    return Result(
        template=part.template,
        name=text(part.name),
        series=part.series,
        action=part.action,
        validity_months=months,
        signs_as=part.signs_as,
        of=_answer(reading, part.of, (*path, "of")),
        of_day=_answer(reading, part.of_day, (*path, "of_day")),
        found_by=part.found_by,
        each=check_group(reading, part.each, (*path, "each")) if part.each is not None else None,
        scan=_scan(reading, part, path),
    )


def _scan(reading: Reading, part: schema.ResultPart, path: Path) -> str | None:
    """Which rows have their original scanned: a yes-or-no question of the rows that `each` names."""
    if part.scan is None:
        return None
    if isinstance(part, schema.FurtherResultPart):
        reading.find((*path, "scan"), "unknown_key", name="scan", near="")
    kind = reading.schema["form"].fields.get((part.each or "").removeprefix("form."))
    columns = kind.item.fields if kind is not None and kind.item is not None else {}
    if part.scan not in columns or columns[part.scan].name != "bool":
        reading.find((*path, "scan"), "scan_column", name=part.scan)
    return part.scan


def duties(reading: Reading, parts: Iterable[schema.DutyPart]) -> tuple[Duty, ...]:
    """What must be done after the result; `due` is a length (30d, 12m) or an answer that is a date."""
    return tuple(_duty(reading, part, ("after", at)) for at, part in enumerate(parts))


def _duty(reading: Reading, part: schema.DutyPart, path: Path) -> Duty:
    if _LENGTH.fullmatch(part.due):
        return Duty(part.id, text(part.name), after=duration(part.due))
    if _MONTHS.fullmatch(part.due):
        return Duty(part.id, text(part.name), months=int(part.due[:-1]))
    return Duty(part.id, text(part.name), day=reading.compiled(part.due, (*path, "due"), conditions.compile_day))


def _answer(reading: Reading, written: str | None, path: Path) -> str | None:
    """The id of a field written form.x."""
    if written is None:
        return None
    name, fields = written.removeprefix("form."), reading.schema["form"].fields
    if name not in fields:
        reading.unknown(path, "unknown_condition_field", name, fields)
    return name
