"""The words of the page's language: flask-babel's three functions with types, and without a look-up of Vietnamese."""

from __future__ import annotations

import flask_babel
from flask_babel.speaklater import LazyString

from portal.web.languages import VIETNAMESE, current_language

Words = str | LazyString


def gettext(sentence: str, **values: object) -> str:
    """The sentence in the language of the page now, its %(names)s filled in."""
    if current_language() == VIETNAMESE:  # the sentence is its own message id
        return sentence % values if values else sentence
    return str(flask_babel.gettext(sentence, **values))


def ngettext(one: str, several: str, num: int, **values: object) -> str:
    """`one` or `several` by the rules of the language; %(num)s is the number."""
    return str(flask_babel.ngettext(one, several, num, **values))


def lazy_gettext(sentence: str, **values: object) -> LazyString:
    """For labels of forms, which are written before the language of a page is known."""
    return LazyString(gettext, sentence, **values)
