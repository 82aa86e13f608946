"""Whatever a definition may name is written by somebody."""

from __future__ import annotations

from portal.catalogue.document_names import DOCUMENT_NAMES, RESULT_TEMPLATES
from portal.records.contents.builders import BUILDERS
from portal.records.making import template_of


def test_each_template_that_a_result_may_name_is_written() -> None:
    assert set(RESULT_TEMPLATES) <= set(BUILDERS)


def test_each_document_that_a_step_may_make_is_written() -> None:
    kinds = set(DOCUMENT_NAMES)
    assert {kind for kind in kinds if template_of(kind) not in BUILDERS} == set()
