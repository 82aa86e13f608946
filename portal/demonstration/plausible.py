"""What officials would plausibly write: reasons, findings, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import queries as accounts
from portal.catalogue.giving import IDENTITY_NUMBER
from portal.catalogue.types import Field, FieldType, Procedure
from portal.records.asking import proposed
from portal.records.decisions import DECISIONS, rows_of
from portal.records.models import Record, RecordEvent, Task
from portal.records.types import ActionAnswers, SupplementItem, TaskRow
from portal.workflow.definition import Action

REASON = "Nội dung chưa khớp với giấy tờ đã nộp."

REASONS = {
    "withdraw": "Chưa xây nữa, sẽ nộp lại khi có bản vẽ mới.",
    "stop": "Thửa đất đang có tranh chấp mà tòa án đã thụ lý.",
    "correct": "Diện tích lô đất ghi không đúng giấy tờ về đất đã nộp.",
    "1.009994.extend": "Cơ quan được hỏi ý kiến trả lời chậm, cần xem xét thêm về cốt nền.",
    "1.009994.decline": "Giấy phép ghi đúng như giấy tờ về đất đã nộp.",
    "refuse": "Hồ sơ không thuộc thẩm quyền giải quyết của cơ quan tiếp nhận.",
    "longer": "Giấy tờ nhiều trang, cần thêm thời gian đối chiếu với bản chính.",
    "mismatch": "Họ tên chủ hộ không khớp với dữ liệu của cơ quan thuế.",
    "1.009994.reject": "Thửa đất nằm trong hành lang bảo vệ rạch theo quy hoạch được duyệt.",
    "1.001612.reject": "Chủ hộ đang là chủ một hộ kinh doanh khác còn hoạt động.",
    "1.010803.reject": "Còn thân nhân đang hưởng trợ cấp tuất hằng tháng.",
    "2.000815.reject": "Bản chính bị tẩy xóa, không xác định được nội dung.",
    "2.000884.reject": "Người ký không có mặt để ký trước công chức.",
    "open": "Hộ kinh doanh còn nợ thuế khoán của quý này.",
    "fail": "Bếp không tách khu sống và chín, nguồn nước chưa xét nghiệm.",
    "1.009998.reject": "Giấy phép đã hết hiệu lực khởi công trước ngày nộp hồ sơ.",
    "2.000720.reject": "Tên mới trùng tên một hộ kinh doanh khác trong quận, huyện.",
    "1.001570.reject": "Thông báo nộp sau ngày bắt đầu tạm ngừng.",
    "1.001266.reject": "Hộ kinh doanh chưa hoàn thành nghĩa vụ thuế.",
    "2.000620.reject": "Nhà cung cấp không có giấy phép bán buôn rượu còn hiệu lực.",
    "1.002425.reject": "Cơ sở không đạt yêu cầu về bếp và nguồn nước.",
    "1.002693.reject": "Cây khỏe, không nguy hiểm và không nằm trong phạm vi công trình được duyệt.",
    "1.001193.mismatch": "Họ tên mẹ không khớp với dữ liệu dân cư.",
    "2.000635.not_here": "Sổ đăng ký năm đó đã chuyển về quận, huyện lưu.",
    "2.000635.none": "Sổ lưu năm đó không có người tên này.",
    "2.000635.reject": "Không có tên trong sổ đăng ký và trong sổ lưu.",
    "1.010803.send_back": "Danh sách thân nhân thiếu năm sinh của một người.",
}
"""What officials give as a reason: by procedure and action, or by action."""

WORDS = {
    "code": "32A8{number:06d}",
    "comment": "Thống nhất với nội dung hồ sơ; đề nghị thực hiện đúng thiết kế và các quy định hiện hành.",
    "findings": "Hiện trạng đất trống, ranh giới rõ, hẻm vào rộng 4 m; không ảnh hưởng công trình lân cận.",
    "kitchen_findings": "Bếp một chiều, có lưới chắn côn trùng; nước máy; có sổ lưu mẫu thức ăn.",
    "note": "Người ký đọc lại văn bản và ký từng trang.",
    "present": "Chủ cơ sở",
    "remedied": "Đã lắp lưới chắn côn trùng, thay thùng rác có nắp và lập sổ lưu mẫu thức ăn.",
    "remedies": "Lắp lưới chắn côn trùng ở cửa bếp; thay thùng rác có nắp; lập sổ lưu mẫu thức ăn.",
    "shop_findings": "Địa điểm đúng hồ sơ, kệ rượu tách riêng, có biển không bán rượu cho người dưới 18 tuổi.",
    "tax_letter": "1234/CCT-KK",
    "team_leader": "Trần Mẫu Lan",
    "team_member": "Phạm Mẫu Hải",
    "team_secretary": "Lê Mẫu Trúc",
    "visit_hour": "8 giờ 30",
    "question": "Đề nghị cho ý kiến về hồ sơ xây dựng nhà ở kèm theo, gồm bản vẽ thiết kế và giấy tờ về đất.",
}
"""What officials write into the fields of an action's form."""


WORDS_OF: Mapping[str, Mapping[str, str]] = {
    "1.002693": {
        "question": "Đề nghị cho ý kiến về việc chặt hạ, dời các cây trong tờ khai và phương án trồng thay.",
        "findings": "Cây nghiêng về phía lòng đường, gốc có mục, rễ làm nứt vỉa hè; tán không vướng dây điện.",
        "comment": "Thống nhất với đề nghị; thi công ngoài giờ cao điểm và trồng thay đúng phương án.",
    },
    "1.004873": {
        "question": "Đề nghị xác minh đương sự có đăng ký kết hôn trong thời gian thường trú tại địa phương hay không.",
        "comment": "Đã tra sổ đăng ký kết hôn các năm thường trú tại địa phương.",
        "words": "Trong thời gian thường trú ở nơi được hỏi, tôi không đăng ký kết hôn với ai.",
    },
    "1.013061": {
        "question": "Đề nghị cho ý kiến về vị trí đào đường, phương án tổ chức giao thông và hoàn trả mặt đường.",
        "findings": "Mặt bê tông nhựa còn tốt, lề rộng 3 m; đào một nửa mặt đường mỗi lần thì xe vẫn qua được.",
        "comment": "Thống nhất; đặt rào chắn và biển báo đủ, thi công từ 21 giờ đến 5 giờ.",
    },
    "2.000635": {
        "book_no": "{number}, quyển 02/2014",
        "book_date": "2014-06-12",
        "page": "Số {number}, quyển 02/2014, trang 45",
    },
}
"""The same where a procedure has words of its own."""


def plausible_answers(
    session: Session,
    task: TaskRow,
    action: Action,
    *,
    day: date,
    turn: int = 0,
    items: tuple[SupplementItem, ...] = (),
    reason: str = REASON,
    words: Mapping[str, str] = WORDS,
) -> ActionAnswers:
    """What an official would fill in with this action."""
    assignee_id = None
    if "person" in action.needs and task.unit_id is not None:
        officials = accounts.list_officials(session, task.unit_id, day=day, role="specialist", function=task.function)
        assignee_id = officials[turn % len(officials)].person_id
    form = {
        field.id: _plausible(field, words, day=day, turn=turn)
        for field in action.form
        if field.required or field.id in words
    }
    if action.consults:
        events = select(RecordEvent).join(Task, Task.record_id == RecordEvent.record_id).where(Task.id == task.id)
        form |= proposed(task.id, session.scalars(events))
    if action.corrects or action.decide_each or IDENTITY_NUMBER in form:
        wanted = select(Record.answers).join(Task, Task.record_id == Record.id).where(Task.id == task.id)
        answers = session.scalars(wanted).one()
        form |= _about_answers(action, answers)
        form |= {IDENTITY_NUMBER: answers.get("id_no")} if IDENTITY_NUMBER in form else {}
    return ActionAnswers(
        reason=reason if "reason" in action.needs else "",
        items=items,
        assignee_id=assignee_id,
        form=form,
    )


def _about_answers(action: Action, answers: Mapping[str, Any]) -> dict[str, Any]:
    """A text that the applicant corrects; all rows granted but the last of several."""
    found: dict[str, Any] = {}
    if action.corrects:
        name = next(name for name in action.corrects if isinstance(answers.get(name), str))
        found[name] = f"{answers[name]} Mẫu"
    if action.decide_each:
        rows = rows_of(answers, action.decide_each)
        refused = {"granted": False, "reason": "Cây khỏe, không nằm trong phạm vi công trình."}
        decisions = [
            refused if number and number == len(rows) - 1 else {"granted": True} for number in range(len(rows))
        ]
        found[DECISIONS] = decisions
    return found


def reason_for(procedure: Procedure, action: Action) -> str:
    """The reason that this action of this procedure would have."""
    return REASONS.get(f"{procedure.code}.{action.id}") or REASONS.get(action.id, REASON)


def words_of(procedure: Procedure) -> Mapping[str, str]:
    """What officials write about this procedure, by field."""
    return {**WORDS, **WORDS_OF.get(procedure.code, {})}


def _plausible(field: Field, words: Mapping[str, str], *, day: date, turn: int) -> Any:
    if field.type is FieldType.CHOICE:
        value = field.choices[0].value
        return [value] if field.several else value
    if field.type is FieldType.YES_NO:
        return True
    if field.type is FieldType.DATE:
        return words.get(field.id, day.isoformat())
    if field.type in (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY):
        return str(field.minimum or 1)
    if field.type is FieldType.GROUP:
        return [{part.id: _plausible(part, words, day=day, turn=turn) for part in field.fields if part.required}]
    return words.get(field.id, "Đã kiểm tra, phù hợp.").format(number=9000 + turn)
