"""Finding and reading procedures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, case, func, select, union_all
from sqlalchemy.orm import Session

from portal.accounts.queries import official_names
from portal.catalogue.loader import load_published
from portal.catalogue.models import ProcedureRow, ProcedureVersion, ProcedureWord
from portal.catalogue.search import asked_words, event_word
from portal.catalogue.types import Procedure
from portal.core.errors import NotFound
from portal.core.text import sort_key
from portal.workflow.definition import Text

PAGE_SIZE = 20
FEW = 5
"""So many may be offered as a question: which of them?"""


@dataclass(frozen=True)
class PublishedProcedure:
    """A version of a procedure. It never changes, so processes keep it for ever."""

    version_id: UUID
    procedure_id: UUID
    number: int
    published_at: datetime
    procedure: Procedure


@dataclass(frozen=True)
class WithdrawnProcedure:
    """A procedure that takes no new drafts, since when, and the code of the one that takes its place."""

    name: str
    withdrawn_at: datetime
    replaced_by: str | None


@dataclass(frozen=True)
class FoundProcedures:
    """One page of what was found, best first, and how much there is in all."""

    procedures: tuple[PublishedProcedure, ...]
    total: int
    page: int
    has_every_word: bool = True  # of the question; else more than half of them
    is_ambiguous: bool = False  # a few fit the question equally well

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True)
class FieldView:
    """A field (lĩnh vực) and how many procedures it has."""

    code: str
    name: Text
    procedures: int


@dataclass(frozen=True)
class LifeEvent:
    """Something that happens in a life and brings procedures with it."""

    code: str
    slug: str
    name: Text


LIFE_EVENTS = (
    LifeEvent("have_a_child", "sinh-con", Text("Sinh con", "Having a child")),
    LifeEvent("marry", "ket-hon", Text("Kết hôn", "Getting married")),
    LifeEvent("build_a_house", "xay-sua-nha", Text("Xây, sửa nhà", "Building or repairing a house")),
    LifeEvent("do_business", "mo-hang-quan", Text("Mở hàng quán", "Opening a shop")),
    LifeEvent("people_of_merit", "nguoi-co-cong", Text("Người có công", "People of merit")),
    LifeEvent("social_support", "tro-cap-xa-hoi", Text("Trợ cấp xã hội", "Social support")),
    LifeEvent("personal_papers", "chung-thuc", Text("Chứng thực", "Certified papers")),
    LifeEvent("death_in_the_family", "nguoi-nha-mat", Text("Người nhà mất", "A death in the family")),
)

_versions: dict[UUID, PublishedProcedure] = {}

_LATEST = (
    select(ProcedureVersion.procedure_id, func.max(ProcedureVersion.number).label("number"))
    .group_by(ProcedureVersion.procedure_id)
    .subquery("latest")
)


def version(session: Session, version_id: UUID) -> PublishedProcedure:
    """One version; no statement when this process has seen it. Raises NotFound."""
    if version_id not in _versions:
        _load_versions(session, [version_id])
    if version_id not in _versions:
        raise NotFound("Không có bản thủ tục này.")
    return _versions[version_id]


def listing_steps(session: Session) -> frozenset[str]:
    """Steps at which a version known to this process may act on many records with one list (`Action.batch`).

    The first question of a process loads the versions in force; one published later is known once it is read.
    """
    if not _versions:
        list_current(session)
    return frozenset(
        step.id
        for known in _versions.values()
        for step in known.procedure.process.steps.values()
        if any(action.batch for action in step.actions)
    )


def get_procedure(session: Session, code: str) -> PublishedProcedure:
    """The version that new records take. Raises NotFound."""
    version_id = session.scalar(_current().where(ProcedureRow.code == code))
    if version_id is None:
        raise NotFound("Không có thủ tục này. Tìm lại bằng tên hoặc việc cần làm.")
    return version(session, version_id)


def names_of_publishers(session: Session, person_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of those who published; the portal itself has none."""
    wanted = {person_id for person_id in person_ids if person_id is not None}
    return official_names(session, wanted) if wanted else {}


def withdrawn_procedure(session: Session, code: str) -> WithdrawnProcedure | None:
    """What is said of a procedure that takes no new drafts; None when it is in use or unknown."""
    row = session.scalars(select(ProcedureRow).where(ProcedureRow.code == code)).first()
    if row is None or row.withdrawn_at is None:
        return None
    return WithdrawnProcedure(row.name, row.withdrawn_at, row.replaced_by)


def get_version(session: Session, code: str, number: int) -> PublishedProcedure:
    """The version of that number, in force or not. Raises NotFound."""
    wanted = (
        select(ProcedureVersion.id)
        .join(ProcedureRow, ProcedureRow.id == ProcedureVersion.procedure_id)
        .where(ProcedureRow.code == code, ProcedureVersion.number == number)
    )
    version_id = session.scalar(wanted)
    if version_id is None:
        raise NotFound("Không có bản thủ tục này.")
    return version(session, version_id)


def find_procedures(
    session: Session,
    question: str = "",
    *,
    field: str | None = None,
    level: str | None = None,
    life_event: str | None = None,
    page: int = 1,
) -> FoundProcedures:
    """The procedures in which every word of the question stands, whole or begun, with or without diacritics; when there
    are none, those in which more than half of the words stand, those with most first.

    Then ordered by the weights of the words, a whole word counting twice; without a question by name. `page` counts
    from 1.
    """
    words, number = asked_words(question), max(page, 1)
    filtered = _filtered(field=field, level=level, life_event=life_event)
    found = _found(session, filtered, words, at_least=len(words), page=number)
    if found.total or len(words) < 2 or (number > 1 and _found(session, filtered, words, at_least=len(words)).total):
        return found
    nearest = _found(session, filtered, words, at_least=len(words) // 2 + 1, page=number)
    return replace(nearest, has_every_word=False, is_ambiguous=False)


def list_fields(session: Session) -> list[FieldView]:
    """The fields that have procedures, in Vietnamese order."""
    fields: dict[str, list[PublishedProcedure]] = {}
    for published in list_current(session):
        fields.setdefault(published.procedure.field, []).append(published)
    views = [FieldView(code, found[0].procedure.field_name, len(found)) for code, found in fields.items()]
    return sorted(views, key=lambda view: (sort_key(view.name.vi), view.code))


def list_life_events() -> tuple[LifeEvent, ...]:
    """The eight life events of the home page, in its order."""
    return LIFE_EVENTS


def list_current(session: Session) -> tuple[PublishedProcedure, ...]:
    """Every procedure in the version that new records take, by name."""
    return _in_order(session, session.scalars(_current().order_by(ProcedureRow.sort_key, ProcedureRow.code)).all())


def _current() -> Select[UUID]:
    return (
        select(ProcedureVersion.id)
        .join(ProcedureRow, ProcedureRow.id == ProcedureVersion.procedure_id)
        .join(
            _LATEST,
            (_LATEST.c.procedure_id == ProcedureVersion.procedure_id) & (_LATEST.c.number == ProcedureVersion.number),
        )
        .where(ProcedureRow.withdrawn_at.is_(None))
    )


def _filtered(*, field: str | None, level: str | None, life_event: str | None) -> Select[Any]:
    found = _current().add_columns(func.count().over().label("total"))
    if field:
        found = found.where(ProcedureRow.field == field)
    if level:
        found = found.where(ProcedureRow.competent_level == level)
    if life_event:
        events = select(ProcedureWord.procedure_id).where(ProcedureWord.word == event_word(life_event))
        found = found.where(ProcedureRow.id.in_(events))
    return found


def _found(
    session: Session, filtered: Select[Any], words: list[str], *, at_least: int, page: int = 1
) -> FoundProcedures:
    order: list[ColumnElement[Any]] = []
    if words:
        matches = _matches(words, at_least=at_least)
        filtered = filtered.join(matches, matches.c.procedure_id == ProcedureRow.id)
        filtered = filtered.add_columns(matches.c.weight)
        order = [matches.c.words.desc(), matches.c.weight.desc()]
    rows = session.execute(
        filtered.order_by(*order, ProcedureRow.sort_key, ProcedureRow.code)
        .limit(PAGE_SIZE)
        .offset(PAGE_SIZE * (page - 1))
    ).all()
    total = rows[0].total if rows else 0
    tie = bool(words) and 2 <= total <= FEW and rows[0].weight == rows[1].weight
    return FoundProcedures(_in_order(session, [row.id for row in rows]), total=total, page=page, is_ambiguous=tie)


def _matches(words: list[str], *, at_least: int) -> Subquery:
    """How many of the words each procedure has, and what they weigh together."""
    each = union_all(*(_weights(word) for word in words)).subquery("each")
    number = func.count()
    return (
        select(each.c.procedure_id, number.label("words"), func.sum(each.c.weight).label("weight"))
        .group_by(each.c.procedure_id)
        .having(number >= at_least)
        .subquery("matches")
    )


def _weights(word: str) -> Select[UUID, int]:
    weight = func.max(ProcedureWord.weight * case((ProcedureWord.word == word, 2), else_=1))
    return (
        select(ProcedureWord.procedure_id, weight.label("weight"))
        .where(ProcedureWord.word.like(f"{word}%"))
        .group_by(ProcedureWord.procedure_id)
    )


def _in_order(session: Session, version_ids: Iterable[UUID]) -> tuple[PublishedProcedure, ...]:
    wanted = list(version_ids)
    _load_versions(session, [version_id for version_id in wanted if version_id not in _versions])
    return tuple(_versions[version_id] for version_id in wanted)


def _load_versions(session: Session, version_ids: list[UUID]) -> None:
    if not version_ids:
        return
    rows = session.execute(
        select(
            ProcedureVersion.id,
            ProcedureVersion.procedure_id,
            ProcedureVersion.number,
            ProcedureVersion.published_at,
            ProcedureVersion.source,
        ).where(ProcedureVersion.id.in_(version_ids))
    )
    for version_id, procedure_id, number, published_at, source in rows:
        _versions[version_id] = PublishedProcedure(
            version_id, procedure_id, number, published_at, load_published(source)
        )
