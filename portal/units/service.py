"""Changes of the unit tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.audit import service as audit
from portal.core.actor import Actor
from portal.core.errors import InvalidInput
from portal.core.references import new_id
from portal.core.text import marked
from portal.units.models import DirectoryVersion, Place, Unit, UnitFunction
from portal.units.queries import directory
from portal.units.seed import UnitEntry, UnitFile, read_units
from portal.units.types import TAX_CODE

NO_TAX_CODE = marked("Mã số thuế có 10 chữ số, hoặc 10 chữ số, gạch nối và 3 chữ số. Xem lại rồi ghi.")

_Key = tuple[str, date]


def import_units(session: Session, file: Path, *, actor: Actor, now: datetime) -> int:
    """Bring places, units and functions in line with a file; returns how many units it added or changed.

    Safe to repeat. A unit is known by its account code and first day; nothing is deleted, an end is a date in the
    file. The tax code of a unit that is there already stays: administrators keep it. Raises InvalidInput when the file
    is faulty.
    """
    content = read_units(file)
    places = _upsert(session, Place, [place.row() for place in content.places], key=("code",))
    ids = _ids(session, content)
    keys = {account_code: unit_id for (account_code, _), unit_id in ids.items()}
    rows = [_row_of(unit, content, ids, keys) for unit in content.units]
    units = _upsert(session, Unit, rows, key=("id",), kept=("tax_code",))
    functions = _upsert(
        session,
        UnitFunction,
        [row for unit in content.units for row in _function_rows(unit, content, ids)],
        key=("unit_id", "function", "valid_from"),
    )
    if places or units or functions:
        _raise_version(session)
        audit.note(session, "units_imported", actor=actor, now=now, units=units, places=places, functions=functions)
    return units


def set_tax_code(session: Session, unit_id: UUID, tax_code: str, *, actor: Actor, now: datetime) -> None:
    """Write down the tax code of a unit; empty: it has none of its own. Receipts made from now on bear it.

    Raises InvalidInput when it is no tax code, NotFound when there is no such unit.
    """
    if tax_code and not TAX_CODE.fullmatch(tax_code):
        raise InvalidInput(NO_TAX_CODE, field="tax_code")
    unit = directory(session).unit(unit_id)
    session.execute(update(Unit).where(Unit.id == unit_id).values(tax_code=tax_code))
    _raise_version(session)
    audit.note(session, "tax_code_set", actor=actor, now=now, unit=unit.account_code, tax_code=tax_code)


def _raise_version(session: Session) -> None:
    """A number that no other transaction of this server uses, not even one that is rolled back."""
    raised = func.greatest(DirectoryVersion.version + 1, func.txid_current())
    session.execute(update(DirectoryVersion).values(version=raised))


def _ids(session: Session, content: UnitFile) -> Mapping[_Key, UUID]:
    known = {
        (account_code, valid_from): unit_id
        for unit_id, account_code, valid_from in session.execute(select(Unit.id, Unit.account_code, Unit.valid_from))
    }
    return {_key_of(unit, content): known.get(_key_of(unit, content)) or new_id() for unit in content.units}


def _key_of(unit: UnitEntry, content: UnitFile) -> _Key:
    return unit.account_code, unit.valid_from or content.valid_from


def _row_of(unit: UnitEntry, content: UnitFile, ids: Mapping[_Key, UUID], keys: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        "id": ids[_key_of(unit, content)],
        "parent_id": keys[unit.parent] if unit.parent else None,
        **unit.row(valid_from=content.valid_from),
    }


def _function_rows(unit: UnitEntry, content: UnitFile, ids: Mapping[_Key, UUID]) -> Iterable[dict[str, Any]]:
    key = _key_of(unit, content)
    held = [(function, False) for function in unit.functions] + [(function, True) for function in unit.own_functions]
    for function, own in held:
        yield {
            "id": new_id(),
            "unit_id": ids[key],
            "function": function.value,
            "own": own,
            "valid_from": key[1],
            "valid_to": unit.valid_to,
        }


def _upsert(
    session: Session,
    model: type[Any],
    rows: list[dict[str, Any]],
    *,
    key: tuple[str, ...],
    kept: tuple[str, ...] = (),
) -> int:
    """Insert new rows, change those that differ, but for the columns `kept`; returns how many rows that were."""
    if not rows:
        return 0
    statement = insert(model.__table__).values(rows)
    changing = [name for name in rows[0] if name not in (*key, *kept, "id")]
    changed = func.row(*(statement.excluded[name] for name in changing)).is_distinct_from(
        func.row(*(model.__table__.c[name] for name in changing))
    )
    result = session.execute(
        statement.on_conflict_do_update(
            index_elements=list(key), set_={name: statement.excluded[name] for name in changing}, where=changed
        ).returning(*(model.__table__.c[name] for name in key))
    )
    return len(result.all())
