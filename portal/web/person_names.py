"""Who did something, by name."""

from __future__ import annotations

from portal.core.actor import SYSTEM
from portal.web.translation import gettext as _


def person_name(name: str) -> str:
    """The portal itself has a name in each language."""
    return _("Cổng dịch vụ công") if name == SYSTEM.name else name
