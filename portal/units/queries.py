"""Reading the unit tree."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.units.models import DirectoryVersion, Place, Unit, UnitFunction
from portal.units.resolution import Directory
from portal.units.types import Holding, PlaceView, UnitView

NAMED_UNITS = select(Unit.id, Unit.name, Unit.name_en, Unit.level).subquery("named_unit")
"""What other domains may join to a unit's key."""

_COLUMNS = tuple(name for name in UnitView.__dataclass_fields__ if name != "holdings")

_cached: Directory | None = None


def directory(session: Session, version: int | None = None) -> Directory:
    """The tree as it is now; one statement as long as nothing changed, none when the caller knows the version."""
    global _cached
    if version is None:
        version = session.scalar(select(DirectoryVersion.version)) or 0
    if _cached is None or _cached.version != version:
        _cached = _load(session, version)
    return _cached


def forget() -> None:
    """Drop what is kept in memory: for a process that is about to speak to another database."""
    global _cached
    _cached = None


def _load(session: Session, version: int) -> Directory:
    holdings: dict[UUID, list[Holding]] = defaultdict(list)
    functions = select(
        UnitFunction.unit_id, UnitFunction.function, UnitFunction.valid_from, UnitFunction.valid_to, UnitFunction.own
    ).order_by(UnitFunction.id)
    for row in session.execute(functions):
        holdings[row.unit_id].append(
            Holding(function=row.function, valid_from=row.valid_from, valid_to=row.valid_to, own=row.own)
        )
    units = select(*(getattr(Unit, name) for name in _COLUMNS))
    places = select(
        Place.code,
        Place.name,
        Place.kind,
        Place.level,
        Place.parent_code,
        Place.sort_key,
        Place.folded,
        Place.former_names,
    )
    return Directory(
        version=version,
        units=[UnitView(**row, holdings=tuple(holdings[row["id"]])) for row in session.execute(units).mappings()],
        places=[
            PlaceView(**{**place, "former_names": tuple(former["name"] for former in place["former_names"])})
            for place in session.execute(places).mappings()
        ],
    )
