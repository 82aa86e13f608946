"""The ids of entries: what one may be, and how one is made from a name."""

from __future__ import annotations

from collections.abc import Container

from portal.catalogue.source import NAME, Path, Source
from portal.core.text import folded
from portal.web.admin.editor.parts import PartForm
from portal.web.admin.editor.questions import Text
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

NAME_QUESTION = Text("_name", __("Mã trong tệp"), __("Điều kiện gọi bằng mã này"), optional=False, width=20)
NEW_NAME_QUESTION = Text("_name", __("Mã trong tệp"), __("Để trống thì lấy từ tên"), width=20)
ID_INPUT = "q-_name"


def typed_name(form: PartForm) -> str:
    return str(form._fields[ID_INPUT].data or "")


def check_name(form: PartForm, source: Source | None, around: Path, *, before: str | None) -> None:
    """Say at its input when an id cannot be one, or is another's."""
    field, name = form._fields[ID_INPUT], typed_name(form)
    taken = source.names(around) if source is not None else ()
    if not name and before is None:
        field.errors = [_("Nhập tên, hoặc mã trong tệp")]
    elif not NAME.fullmatch(name):
        field.errors = [_("Mã chỉ gồm chữ thường không dấu, số và gạch dưới, bắt đầu bằng chữ.")]
    elif name in taken and name != before:
        field.errors = [_("Mã %(name)s đã có. Chọn mã khác.", name=name)]


def made_name(said: str, *, taken: Container[str]) -> str:
    """An id made from a Vietnamese name, which is nobody else's; empty when the name has no letters."""
    words = "_".join("".join(c if c.isascii() and c.isalnum() else " " for c in folded(said)).split())
    name = words.lstrip("0123456789_")[:36].rstrip("_")
    number, made = 1, name
    while made in taken:
        number += 1
        made = f"{name}_{number}"
    return made
