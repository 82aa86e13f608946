"""The notice that work on a record has stopped before anything was decided."""

from __future__ import annotations

from portal.documents import form_types as types
from portal.documents.parts import FeeLine, Signature
from portal.records.contents.forms import complaint
from portal.records.contents.writing import (
    NOTHING_TO_PAY,
    Writing,
    applicant,
    counter_head,
    head,
    salutation,
    signature,
    you,
)
from portal.records.record_file import FeeView
from portal.records.types import RecordState

_CAUSES = {
    RecordState.WITHDRAWN: "theo đề nghị của người nộp hồ sơ",
    RecordState.STOPPED: "theo quyết định của cơ quan giải quyết",
    RecordState.EXPIRED: "do đã hết thời hạn chờ người nộp mà hồ sơ chưa được hoàn thiện",
}
_BACK = " Giấy tờ bản chính đã nộp được trả lại tại bộ phận một cửa đã nhận hồ sơ."
_COUNTER = Signature(capacity=["BỘ PHẬN TIẾP NHẬN", "VÀ TRẢ KẾT QUẢ"], name="")


def stopping(writing: Writing) -> types.Stopping:
    """Signed by whoever stopped it; where nobody of the agency did, its counter signs, or who leads a committee that
    receives by itself."""
    record, event = writing.file.record, writing.event
    is_decided = event.state_after == RecordState.STOPPED
    by_itself = is_decided or writing.unit.is_body
    return types.Stopping(
        **(head if by_itself else counter_head)(writing, made_at=event.at),
        record_code=record.code,
        procedure_name=writing.procedure.name.vi,
        stops=writing.unit.name,
        salutation=salutation(writing),
        applicant=applicant(writing),
        matter=record.subject,
        received_at=record.submitted_at,
        stopped_at=event.at,
        cause=_CAUSES[RecordState(event.state_after)],
        reason=event.reason if event.state_after != RecordState.EXPIRED else "",
        fees=[FeeLine(name=fee.name, amount=fee.amount, status=_settled(fee)) for fee in writing.file.fees],
        advice=(complaint(writing) if is_decided else _again(writing)) + _BACK,
        recipients=["Như trên", "Lưu: VT, hồ sơ"],
        signature=signature(writing, event.actor_id if is_decided else None, event.unit_id) if by_itself else _COUNTER,
    )


def _again(writing: Writing) -> str:
    return f"Khi cần, {you(writing)} nộp hồ sơ mới; các câu trả lời đã khai vẫn dùng lại được."


def _settled(fee: FeeView) -> str:
    """What becomes of a fee."""
    if not fee.amount:
        return NOTHING_TO_PAY
    if fee.paid_at is None:
        return "chưa nộp, không phải nộp nữa"
    return "đã nộp, được hoàn trả" if fee.refund_due_at else "đã nộp, không hoàn trả theo quy định"
