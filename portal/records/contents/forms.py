"""The official forms: receipt, appointment, supplement, refusal, letters.

They are known by name: numbers differ between Circulars 01/2018/TT-VPCP and 03/2025/TT-VPCP.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from portal.catalogue.types import Field
from portal.core import clock
from portal.core.text import lowered
from portal.documents import form_types as types
from portal.documents.form_names import FORMS_OF_2025
from portal.documents.parts import Fact, Reason
from portal.documents.words import copies
from portal.records.answer_words import said_visit
from portal.records.contents.teams import team_of
from portal.records.contents.writing import (
    Writing,
    applicant,
    counter_head,
    fee_lines,
    head,
    paper_lines,
    reason_of,
    reported_to,
    salutation,
    signature,
    term_in_words,
    you,
)
from portal.records.entries import book_of, entry_of
from portal.records.visits import booking_field
from portal.units.types import UnitView

_ONLINE, _POST = "tài khoản của người nộp trên Cổng dịch vụ công", "qua bưu chính công ích"
_CLOCKS = {
    "add": "tính tiếp từ ngày nhận đủ phần bổ sung",
    "restart": "tính lại từ đầu, kể từ ngày nhận đủ phần bổ sung",
}
_WISHES = {"replace": "Nộp bản thay thế", "add": "Nộp thêm", "correct": "Sửa lại"}


def complaint(writing: Writing) -> str:
    return (
        f"Nếu không đồng ý, {you(writing)} có quyền khiếu nại trong 90 ngày kể từ ngày nhận được văn bản này "
        "(Luật Khiếu nại 2011, Điều 9)."
    )


def receipt(writing: Writing) -> types.Receipt:
    record, field = writing.file.record, booking_field(writing.procedure)
    return types.Receipt(
        **counter_head(writing, made_at=record.submitted_at),
        record_code=record.code,
        secret_version=record.secret_version,
        procedure_name=writing.procedure.name.vi,
        received_by=writing.directory.unit(record.received_unit_id).name,
        applicant=applicant(writing),
        matter=record.subject,
        papers=paper_lines(writing),
        fees=fee_lines(writing),
        submitted_at=record.submitted_at,
        reception_due_at=record.reception_due_at,
        visit=said_visit(str(record.answers.get(field.id) or ""), language="vi") if field else "",
    )


def form01(writing: Writing) -> types.Form01:
    record = writing.file.record
    counter = writing.directory.unit(record.return_unit_id)
    return types.Form01(
        **counter_head(writing, made_at=writing.event.at),
        record_code=record.code,
        secret_version=record.secret_version,
        procedure_name=writing.procedure.name.vi,
        received_by=writing.directory.unit(record.received_unit_id).name,
        applicant=applicant(writing),
        matter=record.subject,
        papers=paper_lines(writing),
        sets=1,
        term=term_in_words(writing.procedure),
        received_at=record.accepted_at or writing.event.at,
        due_at=record.due_at or writing.event.at,
        return_to=_return_to(writing, counter),
        book=book_of(record.submitted_at),
        entry=entry_of(record.code, record.submitted_at),
        fees=fee_lines(writing),
        receiver=writing.event.actor_name,
    )


def _counter(unit: UnitView) -> str:
    """Where to come to: a unit that is a counter by its name, else the counter of the body."""
    return unit.name if unit.name.startswith(("Bộ phận", "Trung tâm")) else f"bộ phận một cửa, {unit.name}"


def _return_to(writing: Writing, counter: UnitView) -> str:
    """As the applicant has chosen it."""
    way, parcel = writing.file.record.return_by, writing.file.parcel
    if way == "online":
        return _ONLINE
    if way == "post":
        address = parcel.receiver.line if parcel and parcel.ended_at is None else "địa chỉ của người nộp"
        return f"{address}, {_POST}"
    return _counter(counter)


def form02(writing: Writing) -> types.Form02:
    record = writing.file.record
    supplement = writing.file.supplements[-1]
    return types.Form02(
        **counter_head(writing, made_at=writing.event.at),
        salutation=salutation(writing),
        record_code=record.code,
        procedure_name=writing.procedure.name.vi,
        applicant=applicant(writing),
        matter=record.subject,
        round=supplement.sheet,
        items=[_item(writing, item) for item in supplement.items],
        answer_by=supplement.answer_by,
        due_before=f"{clock.local_day(record.due_at):%d/%m/%Y}" if record.due_at else "",
        due_after=_CLOCKS[writing.procedure.supplement.clock],
        contact_name=supplement.contact,
        contact_place=writing.directory.unit(supplement.unit_id).name,
        signature=signature(writing, writing.event.actor_id, writing.event.unit_id),
    )


def _item(writing: Writing, item: dict[str, Any]) -> types.SupplementItem:
    """How many of a paper are asked for stands in the definition; of other things none."""
    paper = next(
        (paper for paper in writing.procedure.papers if (item["kind"], paper.id) == ("paper", item["id"])), None
    )
    kind, quantity = copies(paper.copies) if paper else ("", 0)
    return types.SupplementItem(
        name=item["label"],
        wanted=_WISHES.get(item["wish"], item["wish"]),
        reason=item["reason"],
        basis=item["basis"],
        originals=0 if kind == "bản sao" else quantity,
        certified=0,
        plain=quantity if kind == "bản sao" else 0,
    )


def form03(writing: Writing) -> types.Form03:
    record = writing.file.record
    return types.Form03(
        **counter_head(writing, made_at=writing.event.at),
        salutation=salutation(writing),
        record_code=record.code,
        procedure_name=writing.procedure.name.vi,
        refused_by=writing.directory.unit(record.received_unit_id).name,
        applicant=applicant(writing),
        matter=record.subject,
        reasons=[Reason(text=text, basis="") for text in (_ground(writing), reason_of(writing, "refuse")) if text],
        advice="Sửa theo lý do nêu trên rồi nộp lại; các câu trả lời đã khai vẫn dùng lại được. " + complaint(writing),
        signature=signature(writing, writing.event.actor_id, writing.event.unit_id),
    )


def apology(writing: Writing) -> types.Apology:
    """The draft proposes the day that was worked out; the signed letter says the one that was promised."""
    record, details = writing.file.record, writing.event.details
    person = applicant(writing)
    return types.Apology(
        **head(writing, made_at=writing.event.at),
        record_code=record.code,
        procedure_name=writing.procedure.name.vi,
        apologises=writing.unit.name,
        salutation=salutation(writing),
        addressee=person["name"],
        addressee_address=person["address"],
        matter=record.subject,
        accepted_at=record.accepted_at or record.submitted_at,
        was_due_at=datetime.fromisoformat(details.get("was_due_at") or details["missed_due_at"]),
        reason=writing.event.reason,
        new_day=date.fromisoformat(details["new_day"]),
        recipients=["Như trên", "Lưu: VT"],
        signature=signature(writing, writing.event.actor_id, writing.event.unit_id),
        asks_to_extend=clock.local_day(writing.document.created_at) >= FORMS_OF_2025,
    )


def extension(writing: Writing) -> types.Extension:
    """The notice says the one new date; the reason is that of whoever proposed it, where a leader only approves."""
    record, details = writing.file.record, writing.event.details
    person = applicant(writing)
    earlier = [event for event in writing.file.events if event.number <= writing.event.number and event.reason]
    return types.Extension(
        **head(writing, made_at=writing.event.at),
        record_code=record.code,
        procedure_name=writing.procedure.name.vi,
        extends=writing.unit.name,
        salutation=salutation(writing),
        addressee=person["name"],
        addressee_address=person["address"],
        matter=record.subject,
        accepted_at=record.accepted_at or record.submitted_at,
        was_due_at=datetime.fromisoformat(details["was_due_at"]),
        due_at=datetime.fromisoformat(details["due_at"]),
        reason=earlier[-1].reason if earlier else "",
        basis=writing.procedure.extension.vi if writing.procedure.extension else "",
        recipients=["Như trên", *reported_to(writing), "Lưu: VT, hồ sơ"],
        signature=signature(writing, writing.event.actor_id, writing.event.unit_id),
    )


def _ground(writing: Writing) -> str:
    """The ground of the refusal, as the list of the definition names it."""
    event = next((e for e in reversed(writing.file.events) if e.details.get("action_kind") == "refuse"), None)
    given = (event.details.get("form") or {}).get("ground") if event is not None else None
    if event is None or event.step is None or given is None:
        return ""
    actions = writing.procedure.process.step(event.step).actions
    fields = [field for action in actions if action.id == event.action for field in action.form]
    return next((_chosen(field, given) + "." for field in fields if field.id == "ground"), "")


def letter(writing: Writing) -> types.Letter:
    """A letter to other agencies: asks for opinions, answers with one, or sends the record upwards."""
    record = writing.file.record
    is_opinion = writing.document.kind == "opinion"
    about = f"{'góp ý về' if is_opinion else 'đề nghị xem xét'} hồ sơ {lowered(record.subject)}"
    opinions = [opinion for opinion in writing.file.opinions if opinion.unit_id == writing.event.unit_id]
    whose = f"{salutation(writing)} {record.applicant_name}".strip()
    if is_opinion and opinions:
        paragraphs = [_VERDICTS.get(opinions[-1].verdict, ""), opinions[-1].text]
    else:
        paragraphs = [
            f"{writing.unit.name} đang giải quyết hồ sơ {record.code} của {whose}: {record.subject}.",
            _question(writing)
            or f"Đề nghị quý cơ quan xem xét nội dung thuộc phạm vi quản lý của mình. "
            f"Hồ sơ và giấy tờ kèm theo ở trên Cổng dịch vụ công, mã {record.code}.",
        ]
    return types.Letter(
        **head(writing, made_at=writing.event.at),
        about=about,
        addressees=_addressees(writing),
        paragraphs=[paragraph for paragraph in paragraphs if paragraph],
        columns=[],
        rows=[],
        closing="Trân trọng./.",
        recipients=["Như trên", "Lưu: VT"],
        signature=signature(writing, writing.event.actor_id, writing.event.unit_id),
    )


def record_list(writing: Writing) -> types.RecordList:
    """The records that one official let go on together; whoever let them go draws up the list."""
    event = writing.event
    actions = writing.procedure.process.step(event.step).actions if event.step else ()
    label = next((action.label.vi for action in actions if action.id == event.action), "")
    return types.RecordList(
        **head(writing, made_at=event.at),
        procedure_name=writing.procedure.name.vi,
        step=lowered(label),
        records=[types.ListedRecord(code=one.code, name=one.name, subject=one.subject) for one in writing.listed],
        signature=signature(writing, event.actor_id, event.unit_id),
    )


def _addressees(writing: Writing) -> list[str]:
    """The agencies that are asked, or the one that has asked; else who does the next step; else who decides."""
    if writing.document.kind == "opinion" and (asker := _asker(writing)):
        return [asker]
    process = writing.procedure.process
    opened = [step for step in writing.event.opened if step["unit"]]
    asked = [step for step in opened if process.step(step["step"]).consultation]
    return list(dict.fromkeys(step["unit"] for step in asked or opened)) or [writing.procedure.decided_by.vi]


def _asker(writing: Writing) -> str:
    """Whose act put the question to the unit that answers."""
    answers = writing.document.unit_id
    for event in reversed(writing.file.events):
        if event.unit_id not in (None, answers) and any(step.get("unit_id") == str(answers) for step in event.opened):
            return event.unit_name
    return ""


def _question(writing: Writing) -> str:
    """What the agencies are asked, in the words of whoever drafted it."""
    asked = [event.details.get("form", {}).get("question") for event in reversed(writing.file.events)]
    return writing.event.reason or next((question for question in asked if question), "")


_VERDICTS = {
    "agree": "Cơ quan đồng ý với nội dung được hỏi.",
    "agree_with_conditions": "Cơ quan đồng ý kèm điều kiện sau đây.",
    "disagree": "Cơ quan không đồng ý với nội dung được hỏi.",
}


def minutes(writing: Writing) -> types.Minutes:
    record = writing.file.record
    task = writing.file.task(writing.event.task_id) if writing.event.task_id else None
    return types.Minutes(
        **head(writing, made_at=writing.event.at),
        title=writing.event.step_name.upper(),
        about=record.subject,
        record_code=record.code,
        opened_at=task.opened_at if task else writing.event.at,
        closed_at=writing.event.at,
        venue=_venue(writing),
        participants=_participants(writing),
        facts=_filled_in(writing),
        findings=[],
        conclusion=writing.event.reason,
        signatures=[signature(writing, writing.event.actor_id, writing.event.unit_id)],
    )


def _venue(writing: Writing) -> str:
    """Where the matter lies: the answer that says it, in the words of the form, with its ward."""
    ward = writing.place(writing.procedure.place_field.removeprefix("form."))
    return ", ".join(part for part in (writing.text("place"), ward) if part) or writing.text("address")


def _participants(writing: Writing) -> list[types.Participant]:
    """The team that was set up for it, else who writes; and the applicant."""
    teams = (list(team_of(event.details.get("form") or {})) for event in reversed(writing.file.events))
    team = next((found for found in teams if found), [])
    officials = [types.Participant(name=name, role=part) for name, part in team] or [
        types.Participant(name=writing.event.actor_name, role=writing.event.unit_name)
    ]
    return [*officials, types.Participant(name=writing.file.record.applicant_name, role="Người nộp hồ sơ")]


def _filled_in(writing: Writing) -> list[Fact]:
    """The form of the action that made the document, under its labels."""
    given: dict[str, Any] = writing.event.details.get("form", {})
    actions = writing.procedure.process.step(writing.event.step or "").actions
    fields = next(action.form for action in actions if action.id == writing.event.action)
    return [
        Fact(label=field.label.vi, value=_chosen(field, given[field.id]))
        for field in fields
        if given.get(field.id) not in (None, "")
    ]


def _chosen(field: Field, value: Any) -> str:
    return next((choice.label.vi for choice in field.choices if choice.value == value), str(value))
