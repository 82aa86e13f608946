"""Tables of people, their posts and their sign-ins."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified


class Person(Identified, Base):
    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("id_number IS NULL OR id_number ~ '^[0-9]{12}$'", name="id_number"),
        CheckConstraint("gender IN ('male', 'female', '')", name="gender"),
    )

    login: Mapped[str] = mapped_column(unique=True, comment="identity number of a citizen, account name of an official")
    password_hash: Mapped[str]
    full_name: Mapped[str]
    sort_key: Mapped[str]
    id_number: Mapped[str | None] = mapped_column(unique=True)
    birth_date: Mapped[date | None]
    gender: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="", comment="code of the commune of residence")
    language: Mapped[str] = mapped_column(default="vi")
    disabled_at: Mapped[datetime | None]


class Organisation(Identified, Base):
    __tablename__ = "organisation"

    name: Mapped[str]
    tax_code: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")


class Membership(Identified, Base):
    """A person who acts for an organisation."""

    __tablename__ = "membership"
    __table_args__ = (Index("uq_membership_organisation_id_person_id", "organisation_id", "person_id", unique=True),)

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(comment="representative, member")


class PersonPost(Identified, Base):
    """A role that a person holds in a unit for some time. `function` narrows it; None means all held there."""

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),
        Index("ix_post_person_id", "person_id"),
        Index("ix_post_unit_id_role", "unit_id", "role"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str] = mapped_column(comment="officials are named to colleagues; the person's row is not read")
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[str] = mapped_column(
        comment="receptionist, counter_leader, specialist, head, leader, clerk, administrator"
    )
    function: Mapped[str | None]
    title: Mapped[str] = mapped_column(default="", comment="as printed under a signature: CHỦ TỊCH")
    capacity: Mapped[str] = mapped_column(default="", comment="TM. ỦY BAN NHÂN DÂN, KT. CHỦ TỊCH, TL., TUQ.")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class SignIn(Identified, Base):
    """One sign-in. Revoking the row ends it at once, whatever the cookie says."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_person_id", "person_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
