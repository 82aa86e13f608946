"""A definition opened for reading, published or being written, and the sections in which it is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.catalogue.administration import TestResult, test_results
from portal.catalogue.comparison import compare
from portal.catalogue.findings import DefinitionError, Finding
from portal.catalogue.loader import load
from portal.catalogue.located import UNREADABLE
from portal.catalogue.queries import PublishedProcedure
from portal.catalogue.service import check_definition_text
from portal.catalogue.types import Procedure
from portal.core.errors import NotFound
from portal.web.admin.change_words import change_groups, has_breaking
from portal.web.admin.definition_tables import card_rows, fee_rows, form_rows, paper_rows, step_rows, total_hours
from portal.web.admin.definition_tests import tested
from portal.web.admin.form_preview import preview_of
from portal.web.admin.layout import admin_page
from portal.web.fields import BaseForm
from portal.web.lane_views import procedure_map
from portal.web.languages import current_language
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

TEXT, CARD, PAPERS, FEES, FORM, STEPS, CHECK, COMPARE = (
    "tep",
    "thong-tin",
    "giay-to",
    "phi",
    "bieu-mau",
    "quy-trinh",
    "thu",
    "so-sanh",
)
SECTIONS = {
    CARD: __("Thông tin"),
    PAPERS: __("Giấy tờ"),
    FEES: __("Phí"),
    FORM: __("Biểu mẫu"),
    STEPS: __("Quy trình"),
    CHECK: __("Kiểm và thử"),
    COMPARE: __("So sánh"),
    TEXT: __("Tệp YAML"),
}
_SECTION_OF = {"papers": PAPERS, "fees": FEES, "pages": FORM, "process": STEPS, "tests": CHECK}


@dataclass(frozen=True)
class OpenedDefinition:
    """`procedure` is None when the text has mistakes that keep it from being read. `before` is what to compare with."""

    title: str
    code: str
    source: str
    findings: tuple[Finding, ...]
    procedure: Procedure | None
    before: PublishedProcedure | None
    address: Callable[[str], str]
    now: datetime
    file: str = ""

    @cached_property
    def test_results(self) -> tuple[TestResult, ...]:
        """The definition's own tests, played; none while it cannot be read."""
        return test_results(self.procedure) if self.procedure is not None else ()

    @property
    def lines(self) -> list[str]:
        return self.source.splitlines()

    def line(self, number: int) -> str:
        """The text of a line, for the report of its mistake."""
        lines = self.lines
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def opened(
    session: Session,
    source: str,
    *,
    title: str,
    code: str,
    file: str,
    before: PublishedProcedure | None,
    address: Callable[[str], str],
    now: datetime,
) -> OpenedDefinition:
    """Read and check the text as `portal procedures check` does, with the units of today."""
    try:
        procedure = load(source, file)
    except DefinitionError as error:
        return OpenedDefinition(title, code, source, error.findings, None, before, address, now, file)
    findings = tuple(check_definition_text(session, source, now=now, file=file))
    return OpenedDefinition(title, code, source, findings, procedure, before, address, now, file)


def section_page(
    definition: OpenedDefinition,
    section: str,
    *,
    here: str,
    form: BaseForm | None = None,
    status: int | None = None,
    template: str = "",
    **context: Any,
) -> ResponseReturnValue:
    """The page of a section. Raises NotFound for a section that there is not."""
    if section not in SECTIONS:
        raise NotFound("Không có trang này. Chọn lại trong danh sách.")
    readable = definition.procedure is not None or section in (TEXT, CHECK)
    found = _MAKERS[section](definition) if readable else {}
    return admin_page(
        template or (f"definition/{_TEMPLATES[section]}.html" if readable else "definition/unreadable.html"),
        form,
        here=here,
        status=status,
        definition=definition,
        section=str(SECTIONS[section]),
        sections=navigation(definition, section),
        **found,
        **context,
    )


def mistakes(definition: OpenedDefinition) -> list[dict[str, Any]]:
    """Every mistake with its line, the text of the line, and the reason; in the shared process there is no own line."""
    return [
        {
            "line": finding.line if finding.file == definition.file else None,
            "text": definition.line(finding.line) if finding.file == definition.file else "",
            "reason": finding.in_language(current_language()),
        }
        for finding in definition.findings
    ]


def navigation(definition: OpenedDefinition, section: str) -> list[dict[str, Any]]:
    """The side navigation; a section with mistakes says how many."""
    counts = Counter(section_of(finding) for finding in definition.findings)
    return [
        {
            "text": f"{words} ({counts[name]})" if counts[name] else str(words),
            "href": definition.address(name),
            "current": name == section,
        }
        for name, words in SECTIONS.items()
    ]


def section_of(finding: Finding) -> str:
    """The section that the mistake belongs to."""
    if finding.kind in UNREADABLE:
        return TEXT
    return _SECTION_OF.get(str(finding.path[0]) if finding.path else "", CARD)


def _procedure(definition: OpenedDefinition) -> Procedure:
    if definition.procedure is None:  # `section_page` shows another page then
        raise NotFound
    return definition.procedure


def _steps(definition: OpenedDefinition) -> dict[str, Any]:
    procedure = _procedure(definition)
    picture = procedure_map(procedure, language=current_language(), every_step=True)
    total = total_hours(procedure)
    return {"steps": step_rows(procedure), "total": total, "picture": picture, "tested": tested(procedure)}


def _check(definition: OpenedDefinition) -> dict[str, Any]:
    return {"mistakes": mistakes(definition), "tested": tested(definition.procedure)}


def _compare(definition: OpenedDefinition) -> dict[str, Any]:
    after, language = _procedure(definition), current_language()
    if definition.before is None:
        return {"before": None, "groups": [], "breaking": False, "pictures": ()}
    changes = compare(definition.before.procedure, after)
    each = ((definition.before.procedure, _("Bản %(number)s", number=definition.before.number)), (after, _("Bản này")))
    pictures = [(name, procedure_map(one, language=language, every_step=True)) for one, name in each]
    return {
        "before": definition.before,
        "groups": change_groups(changes),
        "breaking": has_breaking(changes),
        "pictures": pictures,
    }


_MAKERS: dict[str, Callable[[OpenedDefinition], dict[str, Any]]] = {
    TEXT: lambda definition: {"mistakes": mistakes(definition)},
    CARD: lambda definition: {"rows": card_rows(_procedure(definition))},
    PAPERS: lambda definition: {"rows": paper_rows(_procedure(definition))},
    FEES: lambda definition: {"rows": fee_rows(_procedure(definition))},
    FORM: lambda definition: {
        "pages": form_rows(_procedure(definition)),
        "phones": preview_of(_procedure(definition).pages, now=definition.now),
    },
    STEPS: _steps,
    CHECK: _check,
    COMPARE: _compare,
}
_TEMPLATES = {
    TEXT: "text",
    CARD: "card",
    PAPERS: "papers",
    FEES: "fees",
    FORM: "form",
    STEPS: "steps",
    CHECK: "check",
    COMPARE: "compare",
}
