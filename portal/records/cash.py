"""Cash for the fees of a record: who sits at a counter of it takes the money."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.actor import Actor, Post
from portal.core.errors import Conflict, NotAllowed
from portal.payments import cash
from portal.payments.gateways import Taker
from portal.records import positions
from portal.records.policy import AT_THE_COUNTER
from portal.records.record_file import RecordFile
from portal.records.types import NOTHING_OWED
from portal.units.types import Function


def may_take(file: RecordFile, *, actor: Actor) -> bool:
    """Whether something is owed in cash to this official."""
    record = file.record
    return file.unpaid > 0 and _post(actor, record.unit_ids) is not None and record.owner_id != actor.person_id


def take_cash(session: Session, record_id: UUID, *, amount: int, actor: Actor, now: datetime) -> UUID:
    """Book what the official counted, `amount` in VND; says the key of the payment.

    Raises NotFound, NotAllowed for who sits at no counter of the record, and for his own record, and Conflict for a
    record that owes nothing any more or owes another sum.
    """
    record, _ = positions.lock_record(session, record_id, now=now)
    post = _post(actor, record.unit_ids)
    if post is None or actor.person_id is None or actor.person_id == record.owner_id:
        raise NotAllowed("Chỉ người ở bộ phận một cửa của hồ sơ này thu được tiền.")
    if record.state in NOTHING_OWED:
        raise Conflict("Hồ sơ này đã kết thúc, không thu tiền nữa. Mở lại hồ sơ để xem.")
    taker = Taker(actor.person_id, actor.name, post.unit_id)
    return cash.take(session, record.id, amount=amount, taker=taker, now=now)


def _post(actor: Actor, unit_ids: tuple[UUID, ...] | list[UUID]) -> Post | None:
    wanted = (
        post for post in actor.posts if post.role in AT_THE_COUNTER and post.function in (None, Function.ONE_STOP)
    )
    return next((post for post in wanted if post.unit_id in unit_ids), None)
