"""Render one macro, and compare markup without regard to the order of attributes, of classes, or to white space."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import html5lib
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from portal.web.presentation import whole_codes

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"

# What our Vietnamese sentences are in the design system's own fixtures.
ENGLISH = {
    "Lỗi": "Error",
    "Quay lại": "Back",
    "Đường dẫn": "Breadcrumb",
    "Ngày": "Day",
    "Tháng": "Month",
    "Năm": "Year",
    "Lưu ý": "Warning",
    "Đã xong": "Success",
    "Thông báo": "Important",
    "Phân trang": "Pagination",
    "Trang %(number)s": "Page %(number)s",
    "Trang trước": Markup('Previous<span class="govuk-visually-hidden"> page</span>'),
    "Trang sau": Markup('Next<span class="govuk-visually-hidden"> page</span>'),
    "Hiện": "Show",
    "Hiện mật khẩu": "Show password",
}

Shape = tuple[Any, ...]


@cache
def environment() -> Environment:
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.add_extension("jinja2.ext.i18n")
    made.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: ENGLISH.get(text, text), lambda one, many, number: one if number == 1 else many, newstyle=True
    )
    made.filters["whole_codes"] = whole_codes
    return made


def render(component: str, arguments: Mapping[str, Any]) -> str:
    """The markup that the macro prints."""
    source = f'{{% from "components/{component}.html" import {component} %}}{{{{ {component}(**given) }}}}'
    return environment().from_string(source).render(given=arguments)


def shape(markup: str) -> Shape:
    """What a browser would make of the markup, in a form that compares."""
    fragment = html5lib.parseFragment(markup, treebuilder="etree", namespaceHTMLElements=False)
    return tuple(_shapes(fragment))


def _shapes(element: Any) -> list[Any]:
    found: list[Any] = _texts(element.text)
    for child in element:
        # The words for the script: the design system has English ones built in, ours always say them.
        attributes = {
            name: _value(name, value) for name, value in child.attrib.items() if not name.startswith("data-i18n")
        }
        found.append((str(child.tag), tuple(sorted(attributes.items())), tuple(_shapes(child))))
        found += _texts(child.tail)
    return found


def _texts(text: str | None) -> list[Any]:
    words = (text or "").split()
    return [" ".join(words)] if words else []


def _value(name: str, value: str) -> Any:
    if name == "class":
        return tuple(sorted(value.split()))
    return " ".join(value.split())
