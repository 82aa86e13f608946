"""YAML in a box: for what the forms of a process have no other box for."""

from __future__ import annotations

from typing import Any

from wtforms.validators import StopValidation

from portal.catalogue import located
from portal.catalogue.findings import DefinitionError
from portal.catalogue.source import Source
from portal.catalogue.source_writing import block
from portal.web.admin.definition_forms import SourceField
from portal.web.fields import BaseForm, HiddenField
from portal.web.languages import current_language
from portal.web.translation import gettext, lazy_gettext


class YamlField(SourceField):
    """A mapping; `value` is what it says, None when the box is empty."""

    value: Any = None

    def process_data(self, value: Any) -> None:
        self.value = value
        self.data = block(value, column=0) if value else ""

    @property
    def shown_label(self) -> str:
        return gettext("%(label)s (nếu có)", label=self.label.text)

    def pre_validate(self, form: Any) -> None:
        self.value = None
        super().pre_validate(form)
        try:
            self.value = Source(self.data).get()
        except DefinitionError as error:
            raise StopValidation(yaml_mistake(error)) from error


class EntryForm(BaseForm):
    """An entry of the file as it is written."""

    revision = HiddenField()
    source = SourceField(lazy_gettext("Nội dung"), rows=24, max_length=located.LONGEST_FILE)


def yaml_mistake(error: DefinitionError) -> str:
    """The first mistake of a YAML text, with its line."""
    first = error.findings[0]
    reason = first.in_language(current_language())
    return gettext("Dòng %(line)s: %(reason)s", line=first.line, reason=reason)
