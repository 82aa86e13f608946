"""Tables of the unit tree. Units are keyed by code and dates: the same code can mean another territory later."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified


class Unit(Identified, Base):
    """A body (UBND) or an office of one. An office's parent is its body; a body's parent is the body above it."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),
        Index("uq_unit_account_code_valid_from", "account_code", "valid_from", unique=True),
        Index("ix_unit_place", "place"),
    )

    code: Mapped[str] = mapped_column(
        comment="agency identifier as printed in record codes; synthetic where not public"
    )
    account_code: Mapped[str] = mapped_column(comment="short code in account names: nk.qldt")
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    short_name: Mapped[str] = mapped_column(comment="as in officials' tables: P. Xuân Khánh")
    level: Mapped[str] = mapped_column(comment="city, district, commune: data, not code")
    kind: Mapped[str] = mapped_column(comment="body, office, external")
    place: Mapped[str] = mapped_column(comment="code of the territory that the unit covers")
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    tax_code: Mapped[str] = mapped_column(
        server_default=text("''"), comment="mã số thuế, of a unit that collects fees; empty: it is not known"
    )
    sort_key: Mapped[str]
    folded: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    synthetic: Mapped[bool] = mapped_column(server_default=text("true"), comment="the agency identifier is invented")


class UnitFunction(Identified, Base):
    """A function that a unit holds for some time: one_stop, urban_management, registry …"""

    __tablename__ = "unit_function"
    __table_args__ = (Index("uq_unit_function_unit_id_function", "unit_id", "function", "valid_from", unique=True),)

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    function: Mapped[str]
    own: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="for its own matters only: an office that seals with its own seal"
    )
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Place(Base):
    """A territory: city, district or commune with its code of the statistics office, and what it lies in."""

    __tablename__ = "place"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(comment="phường, xã, thị trấn, quận, huyện, thành phố")
    level: Mapped[str]
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("place.code"))
    former_names: Mapped[list] = mapped_column(  # type: ignore[type-arg]
        server_default=text("'[]'"), comment="[{name, until}]: what people still call it, or a part of it"
    )
    sort_key: Mapped[str]
    folded: Mapped[str]


class DirectoryVersion(Base):
    """One row, raised by every change of units or functions: processes drop what they have cached."""

    __tablename__ = "directory_version"
    __table_args__ = (CheckConstraint("singleton", name="one_row"),)

    singleton: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    version: Mapped[int] = mapped_column(BigInteger, server_default="1")
