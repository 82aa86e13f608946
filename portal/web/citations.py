"""Documents of the law as pages cite them: number, article and day, in the language of the page."""

from __future__ import annotations

from portal.core import wording
from portal.web.languages import current_language
from portal.web.translation import gettext


def cited(source: str) -> str:
    """The document's number stays as it is; the words around it, and sources without a number, are translated."""
    return wording.cited(gettext(source), language=current_language()) if source else ""
