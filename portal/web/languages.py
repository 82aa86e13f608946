"""Two languages, one set of views: a page in English has the same path under /en."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, has_request_context, request
from flask_babel import Babel, get_translations
from markupsafe import Markup

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ENGLISH = "en"
VIETNAMESE = "vi"
PREFIX = "/en"
SENTENCES = 4096
"""Sentences of templates that a process remembers: more than there are, in both languages."""


class EnglishPages:
    """Takes /en off the path before the application sees it; `url_for` then puts it before every address it makes."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == PREFIX or path.startswith(PREFIX + "/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + PREFIX
            environ["PATH_INFO"] = path[len(PREFIX) :] or "/"
        return self.application(environ, start_response)


def register(app: Flask, *, translations: Path) -> None:
    """Let the address choose the language of the page. `translations` is the folder of the catalogue."""
    app.wsgi_app = EnglishPages(app.wsgi_app)  # type: ignore[method-assign]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(translations)
    Babel(app, default_locale=VIETNAMESE, default_timezone="Asia/Ho_Chi_Minh", locale_selector=language_of_request)
    app.jinja_env.install_gettext_callables(in_words_of_page, counted_in_words_of_page, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals["_"] = marked_words_of_page


def language_of_request() -> str:
    return language_of(request.script_root)


def language_of(root: str) -> str:
    """The root of an address says the language of its page."""
    return ENGLISH if root.endswith(PREFIX) else VIETNAMESE


def current_language() -> str:
    """`vi` or `en`; Vietnamese outside a request (jobs, commands)."""
    return language_of_request() if has_request_context() else VIETNAMESE


def in_words_of_page(sentence: str) -> str:
    """The words of a template. Message ids are the Vietnamese sentences: only an English page looks them up."""
    return get_translations().ugettext(sentence) if language_of_request() == ENGLISH else sentence


def marked_words_of_page(sentence: str, **values: object) -> Markup:
    """What `_()` of a template means: the words are ours, so they are markup; what is filled in is escaped."""
    words = _marked(sentence, language_of_request())
    return words % values if values else words


@lru_cache(maxsize=SENTENCES)
def _marked(sentence: str, language: str) -> Markup:
    """The catalogue never changes while a process lives, and templates say the same few hundred sentences."""
    return Markup(get_translations().ugettext(sentence) if language == ENGLISH else sentence)  # noqa: S704


def counted_in_words_of_page(one: str, several: str, number: int) -> str:
    """What `ngettext()` of a template means."""
    return str(get_translations().ungettext(one, several, number))


def other_language_url() -> str:
    """The address of this page in the other language, what was asked for (`?q=…`) kept."""
    root = request.script_root
    other = root.removesuffix(PREFIX) if root.endswith(PREFIX) else root + PREFIX
    question = request.query_string.decode("ascii", "replace")
    return f"{other}{request.path}" + (f"?{question}" if question else "")


def path(address: str) -> str:
    """One of the portal's own stable addresses (`/thu-tuc`) in the language of the page (`/en/thu-tuc`)."""
    return request.script_root + address


def localized(text: Any) -> str:
    """The words of a text of the data in the language of the page: `Text`, a mapping with vi and en, or plain words."""
    if text is None:
        return ""
    in_language: Callable[[str], str] | None = getattr(text, "in_language", None)
    if in_language is not None:
        return in_language(current_language())
    if isinstance(text, dict):
        return str(text.get(current_language()) or text.get(VIETNAMESE) or "")
    return str(text)
