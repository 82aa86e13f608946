"""Officials' accounts as administrators see and change them: never a password, never an identity number.

The database itself asks whether an administrator asks (`app.official_accounts`, `app.set_account_disabled`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from portal.accounts.models import PersonPost
from portal.accounts.types import NewPost, Role
from portal.audit import service as audit
from portal.core.actor import Actor
from portal.core.clock import local_day
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.references import new_id
from portal.core.text import folded

MOST = 50
SHORTEST = 2


@dataclass(frozen=True)
class OfficialAccount:
    """An account with a post, past or present. `seen_at` is the last sign-in."""

    person_id: UUID
    login: str
    name: str
    disabled_at: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True)
class DatedPost:
    """A post with its days."""

    id: UUID
    person_id: UUID
    unit_id: UUID
    role: str
    function: str | None
    title: str
    valid_from: date
    valid_to: date | None

    def is_in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


_ACCOUNTS = text(
    "SELECT person_id, login, full_name, disabled_at, seen_at FROM app.official_accounts() ORDER BY sort_key, login"
)
_ACCOUNT = text(
    "SELECT person_id, login, full_name, disabled_at, seen_at FROM app.official_accounts() WHERE person_id = :wanted"
)
_SET_DISABLED = text("SELECT app.set_account_disabled(:wanted, :moment, :now)")
_POST: tuple[Any, ...] = tuple(getattr(PersonPost, name) for name in DatedPost.__dataclass_fields__)


def find_accounts(session: Session, question: str, *, actor: Actor, now: datetime) -> list[OfficialAccount]:
    """Accounts in whose name or login all words stand, with or without diacritics; at most MOST, by given name.

    Notes that somebody looked. Raises InvalidInput when fewer than two characters are left.
    """
    words = folded(question).split()
    if sum(map(len, words)) < SHORTEST:
        raise InvalidInput("Nhập ít nhất 2 chữ", field="q")
    accounts = (OfficialAccount(*row) for row in session.execute(_ACCOUNTS))
    found = [account for account in accounts if _has(account, words)][:MOST]
    audit.note(session, "accounts_searched", actor=actor, now=now, found=len(found))
    return found


def get_account(session: Session, person_id: UUID) -> OfficialAccount:
    """Raises NotFound, also when whoever asks is no administrator."""
    row = session.execute(_ACCOUNT, {"wanted": person_id}).first()
    if row is None:
        raise NotFound("Không có tài khoản này. Tìm lại ở trang Tài khoản.")
    return OfficialAccount(*row)


def id_of_login(session: Session, login: str) -> UUID:
    """Whose account name that is. Raises InvalidInput when nobody's."""
    for row in session.execute(_ACCOUNTS):
        if row.login == login.strip().lower():
            person_id: UUID = row.person_id
            return person_id
    raise InvalidInput("Không có tài khoản cán bộ mang tên này. Tìm lại ở trang Tài khoản.", field="login")


def list_dated_posts(
    session: Session, *, person_id: UUID | None = None, unit_id: UUID | None = None
) -> list[DatedPost]:
    """The posts of a person, or in a unit, past ones too; the newest first."""
    wanted = select(*_POST).order_by(PersonPost.valid_from.desc(), PersonPost.role, PersonPost.id)
    if person_id is not None:
        wanted = wanted.where(PersonPost.person_id == person_id)
    if unit_id is not None:
        wanted = wanted.where(PersonPost.unit_id == unit_id)
    return [DatedPost(*row) for row in session.execute(wanted)]


def get_post(session: Session, post_id: UUID, *, locked: bool = False) -> DatedPost:
    """Raises NotFound. `locked`: nobody else changes it until COMMIT."""
    wanted = select(*_POST).where(PersonPost.id == post_id)
    row = session.execute(wanted.with_for_update() if locked else wanted).first()
    if row is None:
        raise NotFound("Không có vị trí này. Mở lại tài khoản để xem các vị trí đang có.")
    return DatedPost(*row)


def posts_of(session: Session, person_ids: list[UUID], *, day: date) -> dict[UUID, list[DatedPost]]:
    """The posts in force of several people, by person."""
    found: dict[UUID, list[DatedPost]] = {}
    for row in session.execute(select(*_POST).where(PersonPost.person_id.in_(person_ids)).order_by(PersonPost.id)):
        post = DatedPost(*row)
        if post.is_in_force(day):
            found.setdefault(post.person_id, []).append(post)
    return found


def lock_account(session: Session, person_id: UUID, *, reason: str, actor: Actor, now: datetime) -> None:
    """Nobody signs in with it from now on, and whoever is signed in is out at once.

    Raises InvalidInput without a reason, NotAllowed for one's own account, Conflict when it is locked already.
    """
    _require_another(person_id, actor)
    if not reason.strip():
        raise InvalidInput("Nhập lý do khóa", field="reason")
    if not session.scalar(_SET_DISABLED, {"wanted": person_id, "moment": now, "now": now}):
        raise Conflict("Tài khoản này đã khóa. Mở lại trang để xem.")
    audit.note(session, "account_locked", actor=actor, now=now, subject_id=person_id, reason=reason.strip())


def unlock_account(session: Session, person_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Let it be used again. Raises NotAllowed for one's own account, Conflict when it is not locked."""
    _require_another(person_id, actor)
    if not session.scalar(_SET_DISABLED, {"wanted": person_id, "moment": None, "now": now}):
        raise Conflict("Tài khoản này đang mở. Mở lại trang để xem.")
    audit.note(session, "account_unlocked", actor=actor, now=now, subject_id=person_id)


def give_post(session: Session, person_id: UUID, post: NewPost, *, actor: Actor, now: datetime) -> UUID:
    """Give an official one more post. Nobody gives himself one.

    Raises NotFound, NotAllowed, InvalidInput when the days are the wrong way round or when he holds it then already.
    """
    _require_another(person_id, actor)
    account = get_account(session, person_id)
    if post.valid_to is not None and post.valid_to < post.valid_from:
        raise InvalidInput("Ngày hết phải từ ngày bắt đầu trở đi", field="valid_to")
    for held in list_dated_posts(session, person_id=person_id, unit_id=post.unit_id):
        if (held.role, held.function) == (post.role.value, post.function) and _overlap(held, post):
            raise InvalidInput("Người này đã giữ vị trí đó rồi. Chọn ngày khác hoặc vị trí khác.", field="role")
    post_id = new_id()
    session.add(
        PersonPost(
            id=post_id,
            person_id=person_id,
            person_name=account.name,
            unit_id=post.unit_id,
            role=post.role.value,
            function=post.function,
            title=post.title,
            capacity=post.capacity,
            valid_from=post.valid_from,
            valid_to=post.valid_to,
        )
    )
    audit.note(
        session,
        "post_given",
        actor=actor,
        now=now,
        subject_id=person_id,
        role=post.role.value,
        unit=str(post.unit_id),
    )
    return post_id


def end_post(session: Session, post_id: UUID, *, last_day: date, actor: Actor, now: datetime) -> UUID:
    """Let a post end with that day; returns whose it is. Raises NotFound, NotAllowed, InvalidInput."""
    post = get_post(session, post_id, locked=True)
    _require_another(post.person_id, actor)
    if last_day < max(post.valid_from, local_day(now)):
        raise InvalidInput("Ngày hết phải từ hôm nay trở đi, và từ ngày bắt đầu trở đi", field="last_day")
    session.execute(update(PersonPost).where(PersonPost.id == post_id).values(valid_to=last_day))
    audit.note(
        session, "post_ended", actor=actor, now=now, subject_id=post.person_id, role=post.role, unit=str(post.unit_id)
    )
    return post.person_id


def _require_another(person_id: UUID, actor: Actor) -> None:
    if not actor.has_role(Role.ADMINISTRATOR):
        raise NotAllowed("Chỉ người quản trị đổi được tài khoản. Nhờ một người quản trị.")
    if actor.person_id == person_id:
        raise NotAllowed("Không tự đổi tài khoản của mình. Nhờ một người quản trị khác.")


def _has(account: OfficialAccount, words: list[str]) -> bool:
    said = f"{folded(account.name)} {account.login}"
    return all(word in said for word in words)


def _overlap(held: DatedPost, post: NewPost) -> bool:
    begins_before_end = held.valid_to is None or post.valid_from <= held.valid_to
    return begins_before_end and (post.valid_to is None or held.valid_from <= post.valid_to)
