"""Values of units and places that other domains and pages may see."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from portal.core.errors import PortalError


class Level(StrEnum):
    """The levels in force, highest first. Which of them exist at a place and day is data."""

    CITY = "city"
    DISTRICT = "district"
    COMMUNE = "commune"


class Function(StrEnum):
    """What a unit is there for (docs/glossary.md)."""

    ONE_STOP = "one_stop"
    LEADERSHIP = "leadership"
    REGISTRY = "registry"
    JUSTICE = "justice"
    LABOUR = "labour"
    LAND = "land"
    URBAN_MANAGEMENT = "urban_management"
    TRADE = "trade"
    FINANCE_PLANNING = "finance_planning"
    FOOD_SAFETY = "food_safety"
    PLANNING = "planning"
    GREENERY = "greenery"
    ROADS = "roads"
    FIRE_POLICE = "fire_police"
    TRAFFIC_POLICE = "traffic_police"
    TAX = "tax"


COUNTER_NAME = "Bộ phận Tiếp nhận và Trả kết quả"
"""What papers call the counter of a body, whatever office runs it."""

_CENTRE = "Trung tâm"

TAX_CODE = re.compile(r"\d{10}(-\d{3})?")
"""Ten digits, and three more for a dependent unit (Circular 86/2024/TT-BTC, article 5)."""


class UnresolvedFunction(PortalError):
    """No unit holds the function at that level, place and day: a fault of the definition or of the unit tree."""


ENGLISH_KINDS = {
    "phường": "Ward",
    "xã": "Commune",
    "thị trấn": "Township",
    "quận": "District",
    "huyện": "District",
    "thành phố": "City",
}
SHORT_KINDS = {"phường": "P.", "xã": "X.", "thị trấn": "TT.", "quận": "Q.", "huyện": "H.", "thành phố": "TP"}


def short_in_english(short_name: str) -> str:
    """What officials' tables abbreviate, written out in English: P. Cái Khế → Cái Khế Ward."""
    short, _, bare = short_name.partition(" ")
    kind = next((ENGLISH_KINDS[kind] for kind, abbreviated in SHORT_KINDS.items() if abbreviated == short), "")
    return f"{bare} {kind}" if kind else short_name


_ENGLISH_STREETS = {
    "đường": "Street",
    "đại lộ": "Avenue",
    "quốc lộ": "National Road",
    "hẻm": "Lane",
    "ấp": "Hamlet",
    "khu vực": "Quarter",
}


def address_in_english(address: str) -> str:
    """`Số 3 đường Mẫu, Quận Ninh Kiều` is `3 Mẫu Street, Ninh Kiều District`."""
    return ", ".join(map(_english_part, address.split(", ")))


def _english_part(part: str) -> str:
    """One part of an address, between two commas: its number first, its kind last unless the name is a number."""
    number, words = re.fullmatch(r"(?:[Ss]ố )?(\d\S*)?\s*(.*)", part).groups(default="")  # type: ignore[union-attr]
    for vi, en in (ENGLISH_KINDS | _ENGLISH_STREETS).items():
        if words.lower().startswith(f"{vi} "):
            name = words[len(vi) + 1 :]
            words = f"{en} {name}" if name[0].isdigit() else f"{name} {en}"
            break
    return f"{number} {words}".strip()


@dataclass(frozen=True)
class Holding:
    """A function held for some time. `own`: for the unit's own matters only."""

    function: str
    valid_from: date
    valid_to: date | None = None
    own: bool = False

    def is_in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class UnitView:
    """A body or an office as it stands in the directory."""

    id: UUID
    code: str
    account_code: str
    name: str
    name_en: str
    short_name: str
    level: str
    kind: str  # body, office, external
    place: str
    parent_id: UUID | None
    address: str
    phone: str
    sort_key: str
    valid_from: date
    valid_to: date | None = None
    synthetic: bool = True
    tax_code: str = ""
    holdings: tuple[Holding, ...] = ()

    @property
    def is_body(self) -> bool:
        return self.kind == "body"

    @property
    def is_centre(self) -> bool:
        """A counter that stands under its own name."""
        return self.name.startswith(_CENTRE)

    def is_in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def holds(self, function: str, *, day: date) -> bool:
        """Whether the unit holds the function that day, for all or for its own matters."""
        return self.is_in_force(day) and any(
            holding.function == function and holding.is_in_force(day) for holding in self.holdings
        )

    def serves(self, function: str, *, day: date) -> bool:
        """Whether the unit holds the function that day for others too."""
        return self.is_in_force(day) and any(
            holding.function == function and not holding.own and holding.is_in_force(day) for holding in self.holdings
        )

    def in_language(self, language: str) -> str:
        return self.name_en if language == "en" and self.name_en else self.name

    def address_in_language(self, language: str) -> str:
        """Where it is."""
        return address_in_english(self.address) if language == "en" else self.address

    def short_in_language(self, language: str) -> str:
        """As in officials' tables; in English, where nothing is abbreviated, the name itself."""
        return self.in_language(language) if language == "en" else self.short_name


@dataclass(frozen=True)
class PlaceView:
    """A territory. `parent_code` is the one that it lies in; the city has none."""

    code: str
    name: str
    kind: str
    level: str
    parent_code: str | None
    sort_key: str
    folded: str
    former_names: tuple[str, ...] = ()

    @property
    def bare_name(self) -> str:
        """Without its kind: Phường Cái Khế → Cái Khế."""
        return self.name[len(self.kind) :].strip() if self.name.lower().startswith(self.kind) else self.name

    @property
    def short_name(self) -> str:
        """As in officials' tables: P. Cái Khế."""
        return f"{SHORT_KINDS.get(self.kind, '')} {self.bare_name}".strip()

    def in_language(self, language: str) -> str:
        return f"{self.bare_name} {ENGLISH_KINDS.get(self.kind, '')}".strip() if language == "en" else self.name
