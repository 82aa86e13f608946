"""Choosing a time at the counter: a list of what is free, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from portal.bookings.slots import Plan, Slot, offered_slots
from portal.core import wording
from portal.core.clock import local_day
from portal.core.text import raised
from portal.web.fields import SelectField
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.workflow.working_time import WorkingCalendar, midnight


class SlotField(SelectField):
    """A free slot; `data` is its key. Each line says its day too, because the group's name goes when one is chosen.

    `besides`: what else may be chosen, before the slots.
    """

    def __init__(
        self,
        label: Words,
        *arguments: Any,
        slots: Sequence[Slot],
        language: str,
        besides: Sequence[tuple[str, str]] = (),
        **given: Any,
    ) -> None:
        self.slots, self.language, self.besides = [slot for slot in slots if slot.left], language, besides
        choices = [*besides, *((slot.key, slot_words(slot, language)) for slot in self.slots)]
        super().__init__(label, *arguments, choices=choices, **given)

    def arguments(self) -> dict[str, Any]:
        days = groupby(self.slots, key=lambda slot: local_day(slot.starts_at))
        grouped = [
            {
                "group": raised(wording.day(day, language=self.language)),
                "choices": [{"value": slot.key, "text": slot_words(slot, self.language)} for slot in slots],
            }
            for day, slots in days
        ]
        besides = [{"value": value, "text": text} for value, text in self.besides]
        return {**super().arguments(), "items": [{"value": "", "text": _("Chọn")}, *besides, *grouped]}


def slot_words(slot: Slot, language: str) -> str:
    """`08:30, thứ Ba 24/11/2026, còn 2 chỗ`."""
    said = wording.moment(slot.starts_at, language=language)
    return _("%(moment)s, còn %(left)s chỗ", moment=said, left=slot.left)


def usual_slots(today: date) -> list[Slot]:
    """Those of a counter with the usual hours that nobody has booked: for previews and trials."""
    return offered_slots(plan=Plan(), doors=WorkingCalendar(), now=midnight(today))
