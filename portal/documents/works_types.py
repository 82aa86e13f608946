"""What the permits for works in streets and parks print."""

from __future__ import annotations

from datetime import date

from typing_extensions import TypedDict  # pydantic cannot read the standard one before Python 3.12

from portal.documents.parts import Head, Signature


class Tree(TypedDict):
    """A tree with what was decided about it; `reason` only where it was not granted."""

    species: str
    location: str
    size: str
    treatment: str
    granted: bool
    reason: str


class TreePermit(Head):
    """`from_day` to `to_day` as applied for; `until` the last day of validity, None while it is a draft."""

    holder: str
    holder_address: str
    street: str
    trees: list[Tree]
    reason: str
    replant: str
    from_day: date | None
    to_day: date | None
    until: date | None
    recipients: list[str]
    signature: Signature


class RoadWorksPermit(Head):
    """`stretch` as printed: "từ km 2,4 đến km 2,9"."""

    holder: str
    holder_address: str
    holder_phone: str
    road: str
    stretch: str
    lies_in: str
    work: str
    area: float
    manager: str
    restore: str
    from_day: date | None
    to_day: date | None
    bases: list[str]
    recipients: list[str]
    signature: Signature


CONTENTS: dict[str, type] = {"tree_permit": TreePermit, "road_works_permit": RoadWorksPermit}
