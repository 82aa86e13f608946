"""What every template may use: filters for days and sums, the language, the actor, the token, the files of static/."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, request
from jinja2 import Environment, Undefined
from markupsafe import Markup, escape
from werkzeug.local import LocalProxy

from portal.core import clock, wording
from portal.core.actor import Actor
from portal.core.references import CODE_IN_WORDS
from portal.web.citations import cited
from portal.web.fee_words import reasons_of
from portal.web.fields import csrf_field
from portal.web.languages import current_language, localized, other_language_url, path
from portal.web.post_words import said_post
from portal.workflow.lanes import KEPT, LanePicture

FRAMES = 32
"""Menus and footers that are kept: five in each language, were there no other address to begin with."""

FILTERS: dict[str, Callable[..., str]] = {
    "vnd": wording.vnd,
    "number": wording.number,
    "day": wording.day,
    "short_day": wording.short_day,
    "moment": wording.moment,
    "size": wording.size,
}


class LoudUndefined(Undefined):
    """A misspelt name or attribute is an error; a key that an item of a component leaves out is simply empty."""

    def __str__(self) -> str:
        return self._quiet_for_keys() or super().__str__()

    def __bool__(self) -> bool:
        return bool(self._quiet_for_keys()) or super().__bool__()

    def __len__(self) -> int:
        return len(self._quiet_for_keys()) or super().__len__()

    def __iter__(self) -> Iterator[Any]:
        yield from self._quiet_for_keys() or super().__iter__()

    def _quiet_for_keys(self) -> str:
        if not isinstance(self._undefined_obj, dict | Mapping):
            self._fail_with_undefined_error()
        return ""


def register(app: Flask, *, actor: Callable[[], Actor], help_number: str) -> None:
    """Give the templates of `app` their filters and globals; `actor` says who asks for the page."""
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.undefined = LoudUndefined
    for name, words in FILTERS.items():
        environment.filters[name] = _in_the_language_of_the_page(words)
    environment.filters["localized"] = localized
    environment.filters["reasons"] = reasons_of
    environment.filters["cited"] = cited
    environment.filters["said_post"] = said_post
    environment.filters["whole_codes"] = whole_codes
    environment.globals.update(
        asset=Assets(Path(app.static_folder or "")),
        csrf_field=csrf_field,
        frame=FrameMarkup(environment),
        help_number=help_number,
        lanes=LaneMarkup(environment),
        localized=localized,
        other_language_url=other_language_url,
        path=path,
        printed_at=printed_at,
    )
    # Asked for only when a template names it: the page that says "the database is away" must not ask the database.
    asking = LocalProxy(actor)
    app.context_processor(lambda: {"locale": current_language(), "actor": asking})


class LaneMarkup:
    """Lane pictures as markup. A picture holds each word and place that is printed of it, in its language, and nothing
    else is: equal pictures are equal markup for everybody, so it is printed once."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self.drawing = lru_cache(maxsize=KEPT)(self._drawing)
        self.route = lru_cache(maxsize=KEPT)(self._route)

    def _drawing(self, picture: LanePicture, picture_id: str) -> Markup:
        return self._printed("lane_drawing", picture, picture_id)

    def _route(self, picture: LanePicture, chosen: str = "") -> Markup:
        return self._printed("lane_route", picture, chosen)

    def _printed(self, component: str, *given: object) -> Markup:
        return printed(self._environment, component, *given)


class FrameMarkup:
    """Menu and foot of public pages: the same words and addresses on every page of a language, printed once."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._kept = lru_cache(maxsize=FRAMES)(self._printed)

    def menu(self, here: str) -> Markup:
        return self._kept(request.script_root, "public_menu", here)

    def footer(self) -> Markup:
        return self._kept(request.script_root, "public_footer")

    def _printed(self, _root: str, component: str, *given: str) -> Markup:
        """`_root` begins every address, and says the language."""
        return printed(self._environment, component, *given)


def printed(environment: Environment, component: str, *given: object) -> Markup:
    """What the macro of a component prints."""
    module = environment.get_template(f"components/{component}.html").module
    markup: Markup = getattr(module, component)(*given)
    return markup


class Assets:
    """Addresses of files under static/, with a version, so that a browser may keep them for a year."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._addresses: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        """`/static/<name>?v=<version>`, the same in both languages; raises FileNotFoundError."""
        if name not in self._addresses:
            version = hashlib.sha256((self.folder / name).read_bytes()).hexdigest()[:10]
            self._addresses[name] = f"/static/{name}?v={version}"
        return self._addresses[name]


def whole_codes(words: object) -> Markup:
    """The words with every record code kept on one line: half a code is easily misread."""
    return Markup(CODE_IN_WORDS.sub(r'<span class="nobr">\g<0></span>', str(escape(words))))  # noqa: S704 - escaped


def _in_the_language_of_the_page(words: Callable[..., str]) -> Callable[[Any], str]:
    def filtered(value: Any) -> str:
        return words(value, language=current_language())

    return filtered


def printed_at() -> str:
    """When the page was made, for whoever holds it on paper."""
    return wording.moment(clock.now(), language=current_language())
