"""The way in which a result is received, in words: the chosen one, and what it was changed from."""

from __future__ import annotations

from uuid import UUID

from portal.records.record_view import WayChange
from portal.units.resolution import Directory
from portal.web.record_states import WAYS
from portal.workflow.definition import Text

_CHANGED = Text("Trước nhận {before}, nay nhận {after}.", "Before {before}, now {after}.")
_TO_ANOTHER = Text("Vẫn nhận {after}, đổi người nhận hoặc địa chỉ.", "Still {after}, to another receiver or address.")
_A_COUNTER = Text("quầy", "a counter")


def way_words(way: str, unit_id: UUID | None, directory: Directory, *, language: str) -> str:
    """At which counter, by post, or online."""
    place = directory.unit(unit_id) if unit_id else _A_COUNTER
    return WAYS[way].in_language(language).format(place=place.in_language(language))


def change_words(change: WayChange, directory: Directory, *, language: str) -> str:
    """A sentence; by post before and after, the parcel goes to somebody else."""
    before = way_words(change.before, change.before_unit, directory, language=language)
    after = way_words(change.after, change.after_unit, directory, language=language)
    return (_TO_ANOTHER if before == after else _CHANGED).in_language(language).format(before=before, after=after)
