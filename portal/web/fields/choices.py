"""Answers chosen from a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms.validators import StopValidation

from portal.core.text import composed
from portal.web.fields.base import Legended, PortalField
from portal.web.translation import Words, gettext

MOST_RADIOS = 6
"""Up to so many choices are radios; more are a list that opens."""

Choices = Iterable[tuple[str, Words] | Mapping[str, Any]]


def items_of(choices: Choices) -> list[dict[str, Any]]:
    """Items of the components: from (value, text), or mappings with value, text and what else the component knows."""
    return [
        dict(choice) if isinstance(choice, Mapping) else {"value": choice[0], "text": choice[1]} for choice in choices
    ]


class ChoiceField(Legended):
    """One of several, as radios; `data` is the value."""

    macro = "radios"

    def __init__(
        self, label: Words, *arguments: Any, choices: Choices = (), inline: bool = False, **given: Any
    ) -> None:
        super().__init__(label, *arguments, **given)
        self.items = items_of(choices)
        self.inline = inline

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = composed(str(valuelist[0])) if valuelist else None

    def missing(self) -> str:
        return gettext("Chọn %(thing)s", thing=self.thing)

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.chosen() not in {item["value"] for item in self.items if "value" in item}:
            raise StopValidation(gettext("Chọn %(thing)s trong danh sách", thing=self.thing))

    def chosen(self) -> Any:
        return self.data

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        given.pop("label_classes", None)
        classes = "govuk-radios--inline" if self.inline else None
        return {**given, "items": self.items, "value": self.chosen(), "classes": classes}


class YesNoField(ChoiceField):
    """Có or Không; `data` is a bool, or None when not answered."""

    def __init__(self, label: Words, *arguments: Any, **given: Any) -> None:
        super().__init__(label, *arguments, inline=True, **given)
        self.items = items_of((("yes", gettext("Có")), ("no", gettext("Không"))))

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = {"yes": True, "no": False}.get(str(valuelist[0])) if valuelist else None

    def chosen(self) -> str | None:
        return None if self.data is None else ("yes" if self.data else "no")

    def missing(self) -> str:
        return gettext("Chọn Có hoặc Không: %(thing)s", thing=self.thing)


class SelectField(PortalField):
    """One of many; a list that opens. The first line is empty, so that nothing is chosen by accident."""

    macro = "select"

    def __init__(self, label: Words, *arguments: Any, choices: Choices = (), **given: Any) -> None:
        super().__init__(label, *arguments, **given)
        self.items = items_of(choices)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = composed(str(valuelist[0])) if valuelist else ""

    def missing(self) -> str:
        return gettext("Chọn %(thing)s", thing=self.thing)

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.data not in {item["value"] for item in self.items}:
            raise StopValidation(gettext("Chọn %(thing)s trong danh sách", thing=self.thing))

    def arguments(self) -> dict[str, Any]:
        items = [{"value": "", "text": gettext("Chọn")}, *self.items]
        return {**super().arguments(), "items": items, "value": self.data or ""}


class ChecksField(Legended):
    """Any number of several, as check boxes; `data` is a list of values in the order of the list."""

    macro = "checkboxes"

    def __init__(self, label: Words, *arguments: Any, choices: Choices = (), **given: Any) -> None:
        super().__init__(label, *arguments, **given)
        self.items = items_of(choices)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = [composed(str(value)) for value in valuelist]

    def is_empty(self) -> bool:
        return not self.data

    def missing(self) -> str:
        return gettext("Chọn %(thing)s", thing=self.thing)

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        known = [item["value"] for item in self.items if "value" in item]
        if not set(self.data) <= set(known):
            raise StopValidation(gettext("Chọn %(thing)s trong danh sách", thing=self.thing))
        self.data = [value for value in known if value in self.data]

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        given.pop("label_classes", None)
        return {**given, "items": self.items, "values": self.data or ()}


class CheckField(PortalField):
    """One box: ticked or not; `data` is a bool. When required, `unticked` is what the error says."""

    macro = "checkboxes"

    def __init__(self, label: Words, *arguments: Any, unticked: Words | None = None, **given: Any) -> None:
        super().__init__(label, *arguments, **given)
        self.unticked = unticked

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = bool(valuelist)

    def is_empty(self) -> bool:
        return not self.data

    @property
    def shown_label(self) -> str:
        return str(self.label.text)

    def missing(self) -> str:
        return str(self.unticked) if self.unticked else gettext("Đánh dấu ô: %(thing)s", thing=self.thing)

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        item = {"value": "yes", "text": given.pop("label"), "checked": bool(self.data), "hint": given.pop("hint", None)}
        del given["label_classes"], given["is_page_heading"]
        return {**given, "items": [item]}
