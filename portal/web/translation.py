"""The words of the page's language: flask-babel's three functions with types."""

from __future__ import annotations

import flask_babel
from flask_babel.speaklater import LazyString

Words = str | LazyString


def gettext(sentence: str, **values: object) -> str:
    """The sentence in the language of the page now, its %(names)s filled in."""
    return str(flask_babel.gettext(sentence, **values))


def ngettext(one: str, several: str, num: int, **values: object) -> str:
    """`one` or `several` by the rules of the language; %(num)s is the number."""
    return str(flask_babel.ngettext(one, several, num, **values))


def lazy_gettext(sentence: str, **values: object) -> LazyString:
    """For labels of forms, which are written before the language of a page is known."""
    return flask_babel.lazy_gettext(sentence, **values)
