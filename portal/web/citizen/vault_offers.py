"""What the person's own store has for a slot of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session

from portal.catalogue.types import Paper
from portal.core.actor import Actor
from portal.records import vault
from portal.web.citizen.draft_file import DraftFile
from portal.web.citizen.vault_words import named, offered, said_of

LIKELY = 2
"""Words of meaning that the names of a paper and of a slot share, when one is probably meant for the other."""


@dataclass(frozen=True)
class Offers:
    """`choices` for the component of radios; `ended`: sentences about what may not be used again."""

    choices: list[dict[str, str]]
    ended: list[str]
    are_likely: bool
    error: str


def offers_for(session: Session, file: DraftFile, paper: Paper, *, actor: Actor, error: str = "") -> Offers:
    items = vault.list_vault(session, actor=actor, now=file.now)
    there = [view.digest for view in file.draft.papers_of(paper.id)]
    fitting = vault.offers(items, paper, besides=there, today=file.today)
    likely = [item for item in items if item.likeness(paper.name.vi) >= LIKELY]
    return Offers(
        choices=[
            {"value": str(item.id), "text": named(item), "hint": offered(item, today=file.today)} for item in fitting
        ],
        ended=[
            f"{named(item)}: {said_of(item, today=file.today)}"
            for item in likely
            if not item.is_in_force(today=file.today)
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
