"""A definition written part by part, without YAML."""

from __future__ import annotations

from tests.harness.client import submit, words_of
from tests.integration.web.admin.writing import FIRST, SIGNATURE, draft, write
from tests.integration.web.official.conftest import AsOfficial


def test_an_unchanged_page_changes_nothing(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    address = write(browser, SIGNATURE)
    for where in (
        "the",
        "papers/id",
        "fees/signature",
        "pages/signature",
        "pages/signature/fields/kind",
        "pages/signature/fields/signers",
        "pages/signature/fields/signers/fields/name",
        "pages/signature/checks/0",
    ):
        answer = submit(browser, f"{address}/sua/{where}", action=f"{address}/sua/{where}")
        assert answer.status_code == 303, (where, words_of(answer))
        assert draft().source == SIGNATURE, where
    assert draft().revision == 1
