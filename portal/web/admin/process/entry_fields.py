"""YAML in a box: for what the forms of a process have no other box for."""

from __future__ import annotations

from portal.catalogue import located
from portal.catalogue.findings import DefinitionError
from portal.web.admin.definition_forms import SourceField
from portal.web.fields import BaseForm, HiddenField
from portal.web.languages import current_language
from portal.web.translation import gettext, lazy_gettext


class EntryForm(BaseForm):
    """An entry of the file as it is written."""

    revision = HiddenField()
    source = SourceField(lazy_gettext("Nội dung"), rows=24, max_length=located.LONGEST_FILE)


def yaml_mistake(error: DefinitionError) -> str:
    """The first mistake of a YAML text, with its line."""
    first = error.findings[0]
    reason = first.in_language(current_language())
    return gettext("Dòng %(line)s: %(reason)s", line=first.line, reason=reason)
