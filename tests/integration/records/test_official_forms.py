"""Forms that say what happened to a record: the notice that it has stopped, and who had it from when to when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from portal.catalogue import queries as catalogue
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading
from portal.demonstration.walking import Walk
from portal.documents.form_types import HandOver
from portal.records.contents.builders import BUILDERS
from portal.records.contents.gathering import writing_of
from portal.records.contents.writing import counter_head_of, head_of
from portal.records.hand_overs import APPLICANT, hand_overs_of
from portal.records.types import ActionAnswers, SupplementItem
from portal.units.queries import directory
from tests.integration.records.arranging import NOW, at_desk, handed_in
from tests.integration.records.test_ending import REASON, stop, withdraw
from tests.integration.records.test_two_at_once import consulted

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]


def written(walk: Walk, kind: str) -> Any:
    """What the newest document of this kind says."""
    document = [document for document in walk.file().documents if document.kind == kind][-1]
    assert (document.number, document.for_applicant) == (1, True)
    with reading(SYSTEM) as session:
        return BUILDERS[document.template](writing_of(session, walk.record_id, document.id, now=walk.now))


def series_of(walk: Walk, kind: str) -> str | None:
    return [document.series for document in walk.file().documents if document.kind == kind][-1]


def handed(walk: Walk) -> list[HandOver]:
    file = walk.file()
    with reading(SYSTEM) as session:
        procedure = catalogue.version(session, file.record.version_id).procedure
    return hand_overs_of(file, procedure)


def test_a_record_that_was_taken_back_has_a_numbered_notice_with_reason_and_fees() -> None:
    walk = handed_in()
    withdraw(walk)
    said = written(walk, "stopping")
    assert (said["reason"], said["cause"]) == (REASON, "theo đề nghị của người nộp hồ sơ")
    assert [fee["status"] for fee in said["fees"]] == ["chưa nộp, không phải nộp nữa" for _ in walk.file().fees]
    assert (said["signature"]["name"], said["salutation"]) == ("", "Ông/Bà")
    assert (said["agency_above"], said["agency"]) == ("", "ỦY BAN NHÂN DÂN PHƯỜNG CÁI KHẾ")
    assert (series_of(walk, "stopping"), said["signature"]["capacity"]) == ("TB-UBND", [])


def test_whoever_stops_a_record_signs_the_notice() -> None:
    walk = at_desk()
    stop(walk)
    said = written(walk, "stopping")
    assert said["signature"]["name"]
    assert "khiếu nại" in said["advice"]


def test_who_does_not_supplement_in_time_is_told_that_the_work_has_stopped() -> None:
    walk = at_desk().supplement("appraise")
    walk.go(f"{walk.file().open_tasks[0].step}.⏰30d")
    said = written(walk, "stopping")
    assert walk.file().record.state == "expired"
    assert "hết thời hạn chờ" in said["cause"]
    assert said["agency"] == "ỦY BAN NHÂN DÂN PHƯỜNG CÁI KHẾ"


def test_the_control_slip_begins_with_the_applicant_and_names_each_giver_and_taker() -> None:
    rows = handed(consulted())
    assert rows[0]["from_unit"] == APPLICANT
    assert rows[0]["to_unit"] == rows[1]["from_unit"]
    assert all(row["from_unit"] != row["to_unit"] for row in rows)
    asked = [row for row in rows if row["handed_at"] == rows[-1]["handed_at"]]
    assert len(asked) > 1, "all who are asked at once are handed the record by the one who asks"
    assert len({row["from_unit"] for row in asked}) == 1
    assert {row["received_at"] for row in asked} == {None}


def test_a_request_reaches_the_applicant_when_it_is_sent_and_says_until_when_to_answer() -> None:
    walk = at_desk()
    with reading(SYSTEM) as session:
        drawings = catalogue.version(session, walk.file().record.version_id).procedure.papers[1]
    item = SupplementItem("paper", drawings.id, drawings.name.vi, reason="Thiếu mặt cắt móng.")
    walk.go("appraise.supplement", answers=ActionAnswers(items=(item,)))
    walk.go("sup_ok.approve")
    (signed,) = [document for document in walk.file().documents if document.kind == "form02"]
    assert (signed.number, signed.for_applicant) == (1, False)
    walk.go("sup_send.send")
    said = written(walk, "form02")
    assert said["answer_by"] == clock.local_day(walk.now) + timedelta(days=30)
    (sent,) = [document for document in walk.file().documents if document.kind == "form02"]
    assert sent.issued_at == walk.now
    with reading(SYSTEM) as session:
        owed = session.execute(text("SELECT arguments FROM job WHERE kind = 'make_request'")).scalars()
        assert {"record_id": str(walk.record_id)} in list(owed)


def test_a_counter_stands_under_its_body_which_stands_alone_and_an_office_leaves_the_place_to_it() -> None:
    with reading(SYSTEM) as session:
        known = directory(session)
    day = clock.local_day(NOW)
    unit = {unit.account_code: unit for unit in known.units(day=day)}
    heads = [counter_head_of(known, unit["nk.mc"], day=day), head_of(known, unit["nk.qldt"], day=day)]
    assert {head["agency_above"] for head in heads} == {"ỦY BAN NHÂN DÂN QUẬN NINH KIỀU"}
    assert [head["agency"] for head in heads] == ["BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ", "PHÒNG QUẢN LÝ ĐÔ THỊ"]
    bodies = [head_of(known, unit[code], day=day) for code in ("ck", "nk")]
    assert [head["agency_above"] for head in bodies] == ["", ""], "no agency is in charge of a committee"


def test_what_was_asked_of_the_applicant_stands_on_the_control_slip() -> None:
    rows = handed(at_desk().supplement("appraise"))
    assert (rows[-1]["to_unit"], rows[-1]["received_at"]) == (APPLICANT, None)
