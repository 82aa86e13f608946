"""The applicant's side of a supplement: each item answered for itself, then sent once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.references import new_id
from portal.core.text import marked
from portal.records import positions, statements
from portal.records.actions import act_on_task
from portal.records.models import Supplement
from portal.records.provenance import Provenance
from portal.records.types import Moved
from portal.workflow.definition import Text

FILES = "files"
VALUE = "value"
AS_IT_IS = "as_it_is"
"""The three ways to answer an item: files, a corrected value, or "what I supplied is right", with a reason."""
FULL = marked("Mục này nhận nhiều nhất %(count)s tệp. Chọn lại.")


def open_supplement(session: Session, record_id: UUID) -> Supplement | None:
    """The request that waits for the applicant, if there is one."""
    return session.scalars(
        select(Supplement)
        .where(
            Supplement.record_id == record_id,
            Supplement.sent_at.is_not(None),
            Supplement.answered_at.is_(None),
            Supplement.cancelled_at.is_(None),
        )
        .order_by(Supplement.sheet.desc())
        .limit(1)
    ).one_or_none()


def item_of(supplement: Supplement, kind: str, item_id: str) -> dict[str, Any]:
    """One item of the request; NotFound when it was not asked for: nothing else opens."""
    for item in supplement.items:
        if (item["kind"], item["id"]) == (kind, item_id):
            found: dict[str, Any] = item
            return found
    raise NotFound("Mục này không có trong yêu cầu bổ sung.")


def label_of(item: Mapping[str, Any]) -> Text:
    """What an item of a request is called."""
    return Text(item["label"], item.get("label_en") or "")


def answer_item(
    session: Session,
    record_id: UUID,
    kind: str,
    item_id: str,
    answer: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep the answer to one item. `answer` has one of the keys files, value, as_it_is.

    Raises NotFound when nothing is asked (any more) or not this.
    """
    supplement = _locked(session, record_id, now=now)
    _answer(supplement, item_of(supplement, kind, item_id), answer)


def add_files(
    session: Session, record_id: UUID, slot: str, files: Iterable[Mapping[str, Any]], *, most: int, now: datetime
) -> None:
    """Keep files beside those that answer the item by now, whoever of two windows put them there: each content once.

    Raises InvalidInput when there are more than `most`, NotFound when nothing is asked (any more) or not this.
    """
    supplement = _locked(session, record_id, now=now)
    item = item_of(supplement, "paper", slot)
    once = {file["digest"]: dict(file) for file in (*_files_of(item), *files)}
    if len(once) > most:
        raise InvalidInput(FULL, count=most)
    _answer(supplement, item, {FILES: list(once.values())})


def remove_file(session: Session, record_id: UUID, slot: str, digest: str, *, now: datetime) -> None:
    """Take one file out of the answer; the others stay. Raises NotFound as `add_files` does."""
    supplement = _locked(session, record_id, now=now)
    item = item_of(supplement, "paper", slot)
    left = [file for file in _files_of(item) if file["digest"] != digest]
    if len(left) < len(_files_of(item)):
        _answer(supplement, item, {FILES: left} if left else {})


def send_supplement(session: Session, record_id: UUID, *, actor: Actor, now: datetime) -> Moved:
    """Send the answers: papers are replaced, fields corrected, and the work goes on.

    Raises InvalidInput while an item is not answered, Conflict when the request is no longer open.
    """
    _, position = positions.lock_record(session, record_id, now=now)
    waiting = [task for task in position.open_tasks if task.role == "applicant"]
    supplement = open_supplement(session, record_id)
    if not waiting or supplement is None:
        raise Conflict("Phần bổ sung này đã gửi hoặc đã hết hạn. Mở lại hồ sơ để xem.")
    for item in supplement.items:
        if not item["answer"]:
            raise InvalidInput("Trả lời mục %(label)s.", field=f"{item['kind']}-{item['id']}", label=label_of(item))
    writes = _writes(supplement, now)
    return act_on_task(session, waiting[-1].id, "submit", actor=actor, now=now, extra_writes=writes)


def _locked(session: Session, record_id: UUID, *, now: datetime) -> Supplement:
    positions.lock_record(session, record_id, now=now)
    waiting = open_supplement(session, record_id)
    if waiting is None:
        raise NotFound("Không có yêu cầu bổ sung nào đang chờ.")
    return waiting


def _files_of(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list((item["answer"] or {}).get(FILES, ()))


def _answer(supplement: Supplement, item: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    position = supplement.items.index(item)
    before, after = supplement.items[:position], supplement.items[position + 1 :]
    supplement.items = [*before, {**item, "answer": dict(answer)}, *after]


def _writes(supplement: Supplement, now: datetime) -> tuple[tuple[Any, Any], ...]:
    writes: list[tuple[Any, Any]] = []
    corrected: dict[str, Any] = {}
    for item in supplement.items:
        answer = item["answer"]
        if FILES in answer:
            if item["wish"] != "add":
                writes.append(
                    (
                        statements.REPLACE_PAPERS,
                        {"moment": now, "wanted": supplement.record_id, "slot": item["id"]},
                    )
                )
            writes.append((statements.ADD_PAPER, _paper_rows(supplement, item, now)))
        elif VALUE in answer:
            corrected[item["id"]] = answer[VALUE]
    if corrected:
        writes.append((statements.CORRECT_ANSWERS, {"corrected": corrected, "wanted": supplement.record_id}))
    answered = {"moment": now, "answered": supplement.items, "wanted": supplement.id}
    writes.append((statements.ANSWER_SUPPLEMENT, answered))
    return tuple(writes)


def _paper_rows(supplement: Supplement, item: Mapping[str, Any], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "record_id": supplement.record_id,
            "owner_id": supplement.owner_id,
            "slot": item["id"],
            "position": position,
            "file_digest": file["digest"],
            "file_name": file["file_name"],
            "supplied_at": now,
            "supplement_id": supplement.id,
            "replaced_at": None,
            **Provenance.of_told(file).as_columns(),
        }
        for position, file in enumerate(item["answer"][FILES], start=1)
    ]
