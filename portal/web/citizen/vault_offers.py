"""What the person's own store has for a paper that is asked for: by a draft, or by a request for a supplement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session

from portal.catalogue.types import Paper
from portal.core.actor import Actor
from portal.core.clock import local_day
from portal.core.text import marked
from portal.records import vault
from portal.web.citizen.vault_words import named, offered, said_of

NOTHING_CHOSEN = marked("Chọn giấy muốn dùng lại")
LIKELY = 2
"""Words of meaning that the names of a paper and of a slot share, when one is probably meant for the other."""


@dataclass(frozen=True)
class Offers:
    """`choices` for the component of radios; `ended`: sentences about what may not be used again."""

    choices: list[dict[str, str]]
    ended: list[str]
    are_likely: bool
    error: str


def offers_for(
    session: Session, paper: Paper, *, besides: Iterable[str], actor: Actor, now: datetime, error: str = ""
) -> Offers:
    """`besides`: digests of files that are there already; `error`: what was wrong with a choice."""
    items, today = vault.list_vault(session, actor=actor, now=now), local_day(now)
    fitting = vault.offers(items, paper, besides=besides, today=today)
    likely = [item for item in items if item.likeness(paper.name.vi) >= LIKELY]
    return Offers(
        choices=[{"value": str(item.id), "text": named(item), "hint": offered(item, today=today)} for item in fitting],
        ended=[
            f"{named(item)}: {said_of(item, today=today)}"
            for item in likely
            if not (item.is_in_force(today=today) or item.is_hidden)
        ],
        are_likely=bool(fitting) and fitting[0].likeness(paper.name.vi) >= LIKELY,
        error=error,
    )


def chosen_item() -> UUID | None:
    """The paper of the store that was chosen, if one was."""
    try:
        return UUID(request.form.get("item", ""))
    except ValueError:
        return None
