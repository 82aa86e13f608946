"""A file of units: its shape, and the rows it stands for. The city's own file is `data/cantho.json`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from portal.core.errors import InvalidInput
from portal.core.text import folded, sort_key
from portal.units.types import TAX_CODE, Function, Level

CITY_FILE = Path(__file__).parent / "data" / "cantho.json"

Named = Annotated[str, Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FormerName(_Part):
    """A name that a place, or a part of it, bore until that day; `synthetic` when nobody has checked it."""

    name: Named
    until: date
    synthetic: bool = True


class PlaceEntry(_Part):
    code: Annotated[str, Field(pattern=r"^\d{2,5}$")]
    name: Named
    kind: Named
    level: Level
    parent: str | None
    former_names: tuple[FormerName, ...] = ()

    def row(self) -> dict[str, Any]:
        bare = self.name[len(self.kind) :].strip() if self.name.lower().startswith(self.kind) else self.name
        return {
            "code": self.code,
            "name": self.name,
            "kind": self.kind,
            "level": self.level.value,
            "parent_code": self.parent,
            "sort_key": f"{sort_key(bare)} {sort_key(self.kind)}",
            "folded": folded(self.name),
            "former_names": [{"name": former.name, "until": former.until.isoformat()} for former in self.former_names],
        }


class UnitEntry(_Part):
    account_code: Annotated[str, Field(pattern=r"^[a-z0-9]+(\.[a-z0-9]+)?$")]
    code: Annotated[str, Field(pattern=r"^(\d{3}\.\d{2}\.\d{2}\.)?[HG]\d{2}(\.\d{1,3})*$")]
    name: Named
    name_en: str = ""
    short_name: Named
    level: Level
    kind: Literal["body", "office", "external"]
    place: str
    parent: str | None
    functions: tuple[Function, ...] = ()
    own_functions: tuple[Function, ...] = ()
    address: str = ""
    phone: str = ""
    tax_code: Annotated[str, Field(pattern=rf"^({TAX_CODE.pattern})?$")] = ""
    valid_from: date | None = None
    valid_to: date | None = None
    synthetic: bool = True

    def row(self, *, valid_from: date) -> dict[str, Any]:
        """The columns of the unit itself, without its key and its parent's."""
        kept = (
            "account_code",
            "code",
            "name",
            "name_en",
            "short_name",
            "kind",
            "place",
            "address",
            "phone",
            "tax_code",
        )
        return {
            **{name: getattr(self, name) for name in kept},
            "level": self.level.value,
            "synthetic": self.synthetic,
            "sort_key": sort_key(self.name),
            "folded": folded(self.name),
            "valid_from": self.valid_from or valid_from,
            "valid_to": self.valid_to,
        }


class UnitFile(_Part):
    """Parents stand before their children; each is named by its account code."""

    about: str = ""
    valid_from: date
    places: tuple[PlaceEntry, ...]
    units: tuple[UnitEntry, ...]

    @model_validator(mode="after")
    def _hangs_together(self) -> UnitFile:
        faults = [*self._faults_of_places(), *self._faults_of_units()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _faults_of_places(self) -> Iterator[str]:
        seen: set[str] = set()
        for place in self.places:
            if place.code in seen:
                yield f"place {place.code} stands twice"
            if place.parent is not None and place.parent not in seen:
                yield f"place {place.code} lies in {place.parent}, which does not stand before it"
            seen.add(place.code)

    def _faults_of_units(self) -> Iterator[str]:
        places = {place.code for place in self.places}
        seen: set[str] = set()
        for unit in self.units:
            if unit.account_code in seen:
                yield f"unit {unit.account_code} stands twice"
            if unit.parent is not None and unit.parent not in seen:
                yield f"unit {unit.account_code} belongs to {unit.parent}, which does not stand before it"
            if unit.place not in places:
                yield f"unit {unit.account_code} covers {unit.place}, which is no place of the file"
            seen.add(unit.account_code)


def read_units(file: Path) -> UnitFile:
    """The file as checked values. Raises InvalidInput that names every fault."""
    try:
        return UnitFile.model_validate_json(file.read_bytes())
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise InvalidInput("Tệp đơn vị có lỗi: %(faults)s", faults="; ".join(faults)) from error
