"""Values of people and posts that other domains and pages may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person does in a unit (docs/glossary.md). `applicant` and `system` are roles of steps, not of posts."""

    RECEPTIONIST = "receptionist"
    COUNTER_LEADER = "counter_leader"
    SPECIALIST = "specialist"
    HEAD = "head"
    LEADER = "leader"
    CLERK = "clerk"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class PersonView:
    """A person as they see themselves, and as their forms are filled in beforehand."""

    id: UUID
    login: str
    full_name: str
    id_number: str | None
    birth_date: date | None
    gender: str
    phone: str
    email: str
    address: str
    place: str
    language: str


@dataclass(frozen=True)
class OrganisationView:
    """An organisation for which a person may act, and as what."""

    id: UUID
    name: str
    tax_code: str
    address: str
    place: str
    role: str


@dataclass(frozen=True)
class OfficialView:
    """A person in a post: what colleagues and documents may know. Capacity and title stand under a signature."""

    person_id: UUID
    name: str
    unit_id: UUID
    role: str
    function: str | None
    title: str
    capacity: str


@dataclass(frozen=True)
class NewPost:
    """A post to be given. Without `function`, everything that the unit does."""

    unit_id: UUID
    role: Role
    valid_from: date
    function: str | None = None
    title: str = ""
    capacity: str = ""
    valid_to: date | None = None


@dataclass(frozen=True)
class NewPerson:
    """An account to be opened. `login` is the identity number of a citizen, the account name of an official."""

    login: str
    full_name: str
    password_hash: str
    id_number: str | None = None
    birth_date: date | None = None
    gender: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    place: str = ""
    posts: tuple[NewPost, ...] = ()


@dataclass(frozen=True)
class NewOrganisation:
    """An organisation to be entered, with the login of its representative."""

    name: str
    tax_code: str
    representative: str
    address: str = ""
    place: str = ""
