"""Each definition walked to its end by the right people, and every document of it printed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from portal.demonstration.walking import Walk
from portal.records.jobs import make_document
from portal.records.replay import differences
from tests.integration.records.arranging import handed_in
from tests.integration.records.further_forms import BIRTH, EXTRACT, MARITAL, ROAD_WORKS, TAN_AN, TREES

pytestmark = pytest.mark.committed

ASSIGNED = ("receive.accept", "forward.hand_over", "assign.assign")
TAIL = ("review.initial", "sign.sign", "stamp.issue", "give.give")
COMMUNE = ("receive.accept", "forward.hand_over")
ASKED = ("appraise.ask", "ask_ok.send", "site.done", "dist.answer", "dist_sign.sign")
LIVED = [{"where": "cantho", "commune": TAN_AN, "from": "2008-01-01", "to": "2018-12-31"}]

WAYS: dict[str, tuple[str, ...]] = {
    TREES: (*ASSIGNED, *ASKED, "conclude.draft", *TAIL),
    ROAD_WORKS: (*ASSIGNED, *ASKED, "police.answer", "police_sign.sign", "conclude.draft", *TAIL),
    MARITAL: (*COMMUNE, "check.ask", "ask_ok.sign", "verify.⏰", "pledge.submit", "conclude.draft", *TAIL[1:]),
    BIRTH: (*COMMUNE, "check.ready", "confirm.correct", "check.ready", "confirm.confirm", "person_id.ok", *TAIL[1:]),
    EXTRACT: (*COMMUNE, "search.not_here", "duplicate.found", "search.found", *TAIL[1:]),
}
MADE = {
    TREES: {"form01", "slip", "letter", "minutes", "opinion", "result", "receipt"},
    ROAD_WORKS: {"form01", "slip", "letter", "minutes", "opinion", "result", "receipt"},
    MARITAL: {"form01", "slip", "letter", "pledge", "result", "receipt"},
    BIRTH: {"form01", "slip", "result", "further_result", "receipt"},
    EXTRACT: {"form01", "slip", "extension", "result", "receipt"},
}


@pytest.mark.parametrize("code", sorted(WAYS))
def test_a_record_is_carried_to_its_end_and_its_papers_are_printed(code: str, database: Engine) -> None:
    answers: dict[str, Any] = {"periods": LIVED} if code == MARITAL else {}
    walk: Walk = handed_in(code, **answers)
    walk.go(*WAYS[code])
    file = walk.file()
    assert (file.record.state, file.record.outcome) == ("returned", "granted")
    assert differences(file) == []
    for document in file.documents:
        make_document({"document_id": str(document.id)}, now=walk.now)
    printed = walk.file().documents
    assert {document.kind for document in printed} == MADE[code]
    assert all(document.file_digest and document.rendered_at for document in printed)
    assert {document.number for document in printed if document.kind.endswith("result")} == {1}
