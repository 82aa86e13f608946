"""Definitions written in the browser, step by step."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.catalogue.models import DefinitionDraft
from portal.catalogue.service import PROCEDURES
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading
from tests.harness.client import PageClient, submit

FIRST, SECOND = "quantri", "quantri2"
CODE = "2.000884"
SIGNATURE = (PROCEDURES / f"{CODE}.yaml").read_text(encoding="utf-8")
CHANGED = SIGNATURE.replace("minutes: 5", "minutes: 8")
BROKEN = SIGNATURE.replace("minutes: 5", "minuts: 5").replace("competent_level: commune", "competent_level: 7")


def line_of(text: str, beginning: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if line.startswith(beginning))


def draft() -> DefinitionDraft:
    """The newest one."""
    with reading(SYSTEM) as session:
        newest = select(DefinitionDraft).order_by(DefinitionDraft.written_at.desc(), DefinitionDraft.id.desc())
        return session.scalars(newest.limit(1)).one()


def write(browser: PageClient, text: str = CHANGED) -> str:
    """The address of a new draft with this text."""
    answer = submit(browser, "/quan-tri/ban-soan/moi", {"source": text})
    assert answer.status_code == 303, answer.text
    return f"/quan-tri/ban-soan/{draft().id}"


def send(browser: PageClient, text: str = CHANGED) -> str:
    """The address of a draft that waits for the second administrator."""
    address = write(browser, text)
    answer = submit(browser, f"{address}/tep", button="Gửi người thứ hai duyệt")
    assert answer.status_code == 303, answer.text
    return address


def noted(kind: str) -> list[tuple[UUID | None, dict[str, object]]]:
    """Who left entries of that kind, and what they say."""
    with reading(SYSTEM) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.kind == kind).order_by(AuditEntry.at))
        return [(entry.actor_id, entry.details) for entry in entries]
