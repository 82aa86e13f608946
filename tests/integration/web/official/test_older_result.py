"""What is known of the older result stands beside the answers of the applicant."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from portal.config import Settings
from portal.core import clock
from portal.core.actor import Actor, ActorKind
from portal.demonstration.walking import Walk, submit
from portal.records.jobs import make_document
from tests.harness.client import words_of
from tests.integration.records.arranging import APPLICANT, FORMS, HOUSEHOLD, act
from tests.integration.records.later_forms import TERMINATION
from tests.integration.web.official.conftest import PLACE, AsOfficial, person

COUNTER = "nk.mc.rec1"


def sent(code: str, settings: Settings, /, **changed: object) -> Walk:
    citizen = person("092085001234")
    return submit(
        code,
        owner=Actor(kind=ActorKind.CITIZEN, person_id=citizen.id, name=citizen.full_name),
        answers={**APPLICANT, **FORMS[code].answers, **changed},
        papers=[],
        place=PLACE,
        level="district",
        receipt_key=settings.receipt_key.encode(),
        now=clock.now() - timedelta(days=9),
    )


def test_a_number_that_nobody_knows_is_said_to_be_unknown(
    as_official: AsOfficial, office: Connection, settings: Settings
) -> None:
    walk = sent(TERMINATION, settings, code="32A8990001")
    said = words_of(as_official(COUNTER).get(f"/can-bo/ho-so/{walk.file().record.code}"))
    assert "Trong sổ kết quả" in said
    assert "Không tìm thấy số 32A8990001" in said


def test_a_known_result_is_shown_with_its_day_and_how_it_stands(
    as_official: AsOfficial, office: Connection, settings: Settings
) -> None:
    business = sent(HOUSEHOLD, settings)
    for step in ("receive.accept", "forward.hand_over", "assign.assign", "appraise.pass", "tax.⏰4h", "tax_hand.ok"):
        business.go(step)
    business.go("sign.sign", "stamp.issue")
    result = business.file().result
    assert result is not None
    make_document({"document_id": str(result.id)}, now=business.now + timedelta(minutes=1))
    walk = sent(TERMINATION, settings, code=result.registered_no)
    page = f"/can-bo/ho-so/{walk.file().record.code}"
    said = words_of(as_official(COUNTER).get(page))
    assert f"số {result.registered_no}" in said
    assert "Tên trên kết quả Hộ kinh doanh Mẫu An" in said
    assert "Số lần đã thay đổi 0" in said
    for step in ("receive.accept", "forward.hand_over", "assign.assign", "tax.closed", "check.draft", "sign.sign"):
        act(walk, *step.split("."))
    act(walk, "stamp", "issue")
    assert "Hết giá trị từ" in words_of(as_official(COUNTER).get(page))
