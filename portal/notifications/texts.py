"""What applicants and officials are told, one row per kind, in both languages.

A sentence is left out when something that it names is not known: nothing is promised that nobody said.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.notifications.types import MessageKind
from portal.workflow.definition import Text


@dataclass(frozen=True)
class Row:
    """Subject and sentences; names in braces are those of `writing._words`."""

    subject: Text
    sentences: tuple[Text, ...]


AGAIN = Text("Nộp lại được, không phải khai lại.", "You may submit again without filling in again.")
NOTHING_TO_DO = Text("Chưa phải làm gì.", "Nothing to do for now.")
DUE = Text("Hẹn trả {due}.", "Due {due}.")
ITEMS = Text("Các mục: {items}.", "Items: {items}.")
REASON = Text("Lý do: {reason}.", "Reason: {reason}.")
STILL_TO_PAY = Text("Còn phải nộp {amount}.", "{amount} is still to be paid.")
CLOCK_STANDS = Text("Thời hạn giải quyết đang tạm dừng.", "The time limit stands still.")

COME = Text(
    "Người nộp phải đến {come_to}, mang giấy tờ tùy thân; người đến thay mang giấy ủy quyền.",
    "Come in person to {come_to} with an identity paper; somebody in your place brings an authorisation.",
)
BRING = Text("Mang theo để nộp lại: {bring}.", "Bring these to hand them in: {bring}.")

VISIT = Text("Hẹn đến {unit} lúc {visit}, mang theo bản chính.", "Come to {unit} at {visit} and bring the originals.")
CHANGE_VISIT = Text("Đổi giờ hoặc bỏ hẹn ở trang hồ sơ.", "Change or cancel it on the page of the record.")
BY_COUNTER = Text("Nơi tiếp nhận đổi lịch. Lý do: {reason}.", "The counter changed it. Reason: {reason}.")
POSTAGE = Text("Người nhận trả {postage} tiền cước cho bưu tá.", "The receiver pays {postage} to the postman.")
TOLD_AGAIN = Text("Về tới nơi thì có tin nữa.", "You are told when it is there.")
COME_OR_CHOOSE = Text(
    "Đến nhận, mang giấy tờ tùy thân, hoặc mở hồ sơ để chọn cách nhận khác.",
    "Fetch it with an identity paper, or open the record to choose another way.",
)

TEXTS: dict[MessageKind, Row] = {
    MessageKind.SUBMITTED: Row(
        Text("Đã gửi hồ sơ {code}", "Record {code} submitted"),
        (
            VISIT,
            NOTHING_TO_DO,
            Text("{unit} trả lời trước {reception}.", "{unit} answers before {reception}."),
            STILL_TO_PAY,
        ),
    ),
    MessageKind.SUPPLEMENT_BEFORE_ACCEPTANCE: Row(
        Text("Cần bổ sung hồ sơ {code}", "Record {code} needs a supplement"),
        (
            Text("Bổ sung {count} mục trước {answer_by}.", "Supply {count} before {answer_by}."),
            ITEMS,
            Text(
                "Nhận đủ mới bắt đầu tính thời hạn.",
                "The time limit starts when everything is there.",
            ),
        ),
    ),
    MessageKind.SUPPLEMENT_RECEIVED: Row(
        Text("Đã nhận phần bổ sung của hồ sơ {code}", "The supplement of record {code} has arrived"),
        (NOTHING_TO_DO, Text("Hẹn trả mới: {due}.", "New due date: {due}.")),
    ),
    MessageKind.REFUSED: Row(
        Text("Không tiếp nhận hồ sơ {code}", "Record {code} refused"),
        (
            Text("{unit} không tiếp nhận hồ sơ này.", "{unit} does not accept this record."),
            REASON,
            Text("Sửa rồi nộp lại, hoặc khiếu nại.", "Correct it and submit again, or lodge a complaint."),
        ),
    ),
    MessageKind.ACCEPTED: Row(
        Text("Đã tiếp nhận hồ sơ {code}", "Record {code} accepted"),
        (NOTHING_TO_DO, DUE),
    ),
    MessageKind.CONSULTING: Row(
        Text("Hồ sơ {code} chờ cơ quan góp ý", "Record {code} waits for an agency"),
        (NOTHING_TO_DO, Text("{asked} đang góp ý.", "An opinion is awaited from: {asked}."), DUE),
    ),
    MessageKind.APPLICANT_CONFIRMS: Row(
        Text("Hồ sơ {code} chờ bạn trả lời", "Record {code} waits for your answer"),
        (
            Text("Mở hồ sơ, xem và trả lời trước {answer_by}.", "Open the record, look and answer before {answer_by}."),
            Text("Trang đó cũng nói không trả lời thì sao.", "The page also says what no answer means."),
        ),
    ),
    MessageKind.SUPPLEMENT: Row(
        Text("Cần bổ sung hồ sơ {code}", "Record {code} needs a supplement"),
        (
            Text("Bổ sung {count} mục trước {answer_by}.", "Supply {count} before {answer_by}."),
            ITEMS,
            CLOCK_STANDS,
            STILL_TO_PAY,
        ),
    ),
    MessageKind.FEE_DUE: Row(
        Text("Chờ nộp phí hồ sơ {code}", "A fee is due on record {code}"),
        (
            Text("Nộp {amount} để hồ sơ được giải quyết tiếp.", "Pay {amount} for the record to go on."),
            CLOCK_STANDS,
        ),
    ),
    MessageKind.PAID: Row(
        Text("Đã thu phí hồ sơ {code}", "The fee of record {code} is paid"),
        (
            Text("Đã thu {amount}.", "{amount} received."),
            Text("Không phải nộp lần nữa.", "There is no need to pay again."),
        ),
    ),
    MessageKind.STOPPED: Row(
        Text("Hồ sơ {code} đã dừng", "Record {code} stopped"),
        (
            Text("{unit} dừng giải quyết từ {on}.", "{unit} stopped the record on {on}."),
            REASON,
        ),
    ),
    MessageKind.GRANTED: Row(
        Text("Hồ sơ {code} đã có kết quả", "The result of record {code} is ready"),
        (
            Text("Tải về trong hồ sơ, hoặc nhận tại {place}.", "Download it from the record, or fetch it at {place}."),
            Text("Tải về trong hồ sơ. {posted}", "Download it from the record. {posted}"),
            Text("Tải {electronic} về ngay.", "Download {electronic} now."),
            COME,
            BRING,
        ),
    ),
    MessageKind.GRANTED_UNPAID: Row(
        Text("Nộp phí để nhận kết quả hồ sơ {code}", "Pay the fee to receive the result of record {code}"),
        (
            Text(
                "Kết quả đã có. Nộp {amount} rồi tải về, hoặc nộp khi đến nhận tại {place}.",
                "The result is ready. Pay {amount} and download it, or pay when you fetch it at {place}.",
            ),
            Text(
                "Kết quả đã có. Nộp {amount} rồi tải về; nộp xong quầy mới gửi bản giấy. {posted}",
                "The result is ready. Pay {amount} and download it; the counter sends the paper after that. {posted}",
            ),
            Text(
                "Kết quả đã có. Nộp {amount} rồi tải {electronic}.",
                "The result is ready. Pay {amount} and download {electronic}.",
            ),
            Text(
                "Kết quả đã có. Nộp {amount} rồi tải về, hoặc nộp tại {come_to}.",
                "The result is ready. Pay {amount} and download it, or pay at {come_to}.",
            ),
            COME,
            BRING,
        ),
    ),
    MessageKind.NOT_GRANTED: Row(
        Text("Hồ sơ {code} không được cấp", "Record {code} not granted"),
        (
            Text("{unit} quyết định không cấp.", "{unit} has decided not to grant it."),
            REASON,
            Text("Có thể khiếu nại.", "You may lodge a complaint."),
        ),
    ),
    MessageKind.RETURNED: Row(
        Text("Đã trả kết quả hồ sơ {code}", "The result of record {code} has been returned"),
        (Text("Đã trả {on}.", "Returned on {on}."),),
    ),
    MessageKind.UNCOLLECTED: Row(
        Text("Chưa ai đến nhận kết quả hồ sơ {code}", "Nobody has come for the result of record {code}"),
        (
            Text("Kết quả đang ở {place}.", "The result is at {place}."),
            STILL_TO_PAY,
            COME,
            BRING,
            Text(
                "Không ai nhận đến hết {archived_on} thì bản giấy được đưa vào lưu.",
                "After {archived_on} the paper goes to the archive.",
            ),
        ),
    ),
    MessageKind.ARCHIVED: Row(
        Text("Kết quả hồ sơ {code} đã đưa vào lưu", "The result of record {code} is in the archive"),
        (
            Text("Bản điện tử vẫn tải được trong hồ sơ.", "The electronic copy can still be downloaded."),
            Text("Bản giấy lưu tại {kept_at}.", "The paper is kept at {kept_at}."),
        ),
    ),
    MessageKind.PAPER_LATE: Row(
        Text("Bản giấy của hồ sơ {code} chưa tới nơi", "The paper of record {code} has not arrived"),
        (
            Text(
                "Bản giấy phải tới trong ngày {was_due}, nơi nhận chưa xác nhận.",
                "It had to arrive on {was_due}; nobody has confirmed that it did.",
            ),
            Text("Xem mục Giấy đang chuyển.", "See Paper on its way."),
        ),
    ),
    MessageKind.EXTENDED: Row(
        Text("Hồ sơ {code} được gia hạn", "The term of record {code} is extended"),
        (
            Text("Ngày hẹn trả mới: {due}, trước là {was_due}.", "New due date: {due}, before: {was_due}."),
            REASON,
            NOTHING_TO_DO,
        ),
    ),
    MessageKind.APOLOGY: Row(
        Text("Xin lỗi vì trễ hẹn hồ sơ {code}", "An apology for the delay of record {code}"),
        (
            Text("{unit} xin lỗi vì không trả kết quả đúng hẹn.", "{unit} apologises for missing the due date."),
            REASON,
            Text("Hẹn lại {due}, trước là {was_due}.", "New date: {due}, before: {was_due}."),
        ),
    ),
    MessageKind.QUESTION_RECALLED: Row(
        Text("Không phải góp ý về hồ sơ {code} nữa", "No opinion on record {code} is needed any more"),
        (Text("{unit} đã rút câu hỏi {on}.", "{unit} took its question back on {on}."), REASON),
    ),
    MessageKind.LATENESS_FORESEEN: Row(
        Text("Hồ sơ {code} sẽ không kịp hẹn", "Record {code} will miss its date"),
        (
            Text("Đã hẹn trả {was_due}.", "Promised for {was_due}."),
            Text(
                "Các bước còn lại cần nhiều thời gian hơn thế. Thư xin lỗi soạn sẵn ở mục Thư xin lỗi chờ ký.",
                "The steps that are left need more time. An apology is prepared under Apologies to be signed.",
            ),
        ),
    ),
    MessageKind.CONSENT_GIVEN: Row(
        Text("Hồ sơ {code}: được lấy dữ liệu", "Record {code}: registers may be asked"),
        (Text("Người nộp cho lấy dữ liệu từ {on}.", "The applicant lets registers be asked from {on}."),),
    ),
    MessageKind.CONSENT_WITHDRAWN: Row(
        Text("Hồ sơ {code}: không được lấy dữ liệu nữa", "Record {code}: registers may no longer be asked"),
        (
            Text("Người nộp thôi cho lấy dữ liệu từ {on}.", "The applicant has withdrawn the consent on {on}."),
            Text(
                "Thiếu giấy nào mà trước đây lấy từ dữ liệu thì yêu cầu bổ sung giấy đó.",
                "Ask by a supplement for the papers that the registers would have spared.",
            ),
        ),
    ),
    MessageKind.COPY: Row(
        Text("Có văn bản gửi để biết, hồ sơ {code}", "A document for your information, record {code}"),
        (
            Text("{unit} gửi {on}.", "Sent by {unit} on {on}."),
            Text("Đọc ở mục Nhận để biết.", "Read it under For information."),
        ),
    ),
    MessageKind.CORRECTION: Row(
        Text("Kết quả hồ sơ {code} được xem lại để đính chính", "The result of record {code} is being corrected"),
        (
            REASON,
            Text(
                "Kết quả đã cấp vẫn dùng được cho đến khi có bản đính chính.",
                "The issued result stays valid until it is corrected.",
            ),
        ),
    ),
    MessageKind.CORRECTION_DECLINED: Row(
        Text("Kết quả hồ sơ {code} giữ nguyên", "The result of record {code} stays as it is"),
        (
            Text("{unit} không đính chính kết quả đã cấp.", "{unit} does not correct the issued result."),
            REASON,
            Text("Có thể khiếu nại.", "You may lodge a complaint."),
        ),
    ),
    MessageKind.RESULT_REVOKED: Row(
        Text("Kết quả hồ sơ {code} bị thu hồi", "The result of record {code} was revoked"),
        (
            Text("{unit} đã thu hồi văn bản số {number}.", "{unit} has revoked document {number}."),
            REASON,
            Text("Có thể khiếu nại.", "You may lodge a complaint."),
        ),
    ),
    MessageKind.RESULT_REPLACED: Row(
        Text("Kết quả hồ sơ {code} đã được thay", "The result of record {code} was replaced"),
        (
            Text("Văn bản số {newer} thay cho số {number}.", "Document {newer} stands for number {number}."),
            REASON,
        ),
    ),
    MessageKind.RESULT_EXTENDED: Row(
        Text("Kết quả hồ sơ {code} được gia hạn", "The result of record {code} was prolonged"),
        (
            Text("Văn bản số {number} có hiệu lực đến hết {until}.", "Document {number} is valid until {until}."),
            REASON,
        ),
    ),
    MessageKind.RESULT_EXPIRING: Row(
        Text("Kết quả hồ sơ {code} sắp hết hạn", "The result of record {code} expires soon"),
        (
            Text("Văn bản số {number} có hiệu lực đến hết {until}.", "Document {number} is valid until {until}."),
            Text(
                "Còn cần dùng thì nộp hồ sơ gia hạn hoặc cấp lại trước ngày đó.",
                "If you still need it, apply for an extension or a new one before that day.",
            ),
        ),
    ),
    MessageKind.BOOKING_MADE: Row(
        Text("Đã đặt hẹn cho hồ sơ {code}", "Appointment made for record {code}"), (VISIT, BY_COUNTER, CHANGE_VISIT)
    ),
    MessageKind.BOOKING_MOVED: Row(
        Text("Đã đổi giờ hẹn của hồ sơ {code}", "The appointment of record {code} was changed"),
        (VISIT, Text("Giờ hẹn cũ {was_visit} không còn.", "The former time, {was_visit}, is given up."), BY_COUNTER),
    ),
    MessageKind.BOOKING_CANCELLED: Row(
        Text("Đã bỏ hẹn của hồ sơ {code}", "The appointment of record {code} was cancelled"),
        (
            Text("Không còn hẹn lúc {visit}.", "You are no longer expected at {visit}."),
            BY_COUNTER,
            Text("Vẫn cần làm thì đặt hẹn khác ở trang hồ sơ.", "Make another one on the page of the record."),
        ),
    ),
    MessageKind.BOOKING_MISSED: Row(
        Text("Lỡ hẹn, hồ sơ {code}", "Appointment missed, record {code}"),
        (
            Text("Chưa gặp bạn ở {unit} như đã hẹn lúc {visit}.", "You were expected at {unit} at {visit}."),
            Text("Đặt hẹn khác ở trang hồ sơ.", "Make another appointment on the page of the record."),
        ),
    ),
    MessageKind.BOOKING_NEAR: Row(
        Text("Sắp đến hẹn, hồ sơ {code}", "Appointment tomorrow, record {code}"), (VISIT, CHANGE_VISIT)
    ),
    MessageKind.WAY_CHANGED: Row(
        Text("Đã đổi cách nhận kết quả hồ sơ {code}", "Record {code}: another way to receive the result"),
        (Text("Kết quả được nhận {way}.", "The result is received {way}."),),
    ),
    MessageKind.PARCEL_SENT: Row(
        Text("Kết quả hồ sơ {code} đã giao cho bưu điện", "The result of record {code} is with the post"),
        (
            Text("Số bưu gửi: {number}.", "Tracking number: {number}."),
            POSTAGE,
            Text("Xem bưu gửi đang ở đâu trong trang hồ sơ.", "The record's page shows where it is."),
        ),
    ),
    MessageKind.PARCEL_OUT: Row(
        Text("Bưu tá đang phát kết quả hồ sơ {code}", "The result of record {code} is out for delivery"),
        (Text("Bưu tá gọi trước khi đến.", "The postman calls before coming."), POSTAGE),
    ),
    MessageKind.PARCEL_FAILED: Row(
        Text("Bưu tá chưa phát được kết quả hồ sơ {code}", "The postman met nobody for the result of record {code}"),
        (REASON, Text("Bưu tá sẽ quay lại. Để máy điện thoại.", "The postman comes again. Keep your phone on.")),
    ),
    MessageKind.PARCEL_RETURNING: Row(
        Text("Kết quả hồ sơ {code} không phát được", "The result of record {code} could not be delivered"),
        (REASON, Text("Bưu gửi đang về {place}.", "The parcel is going back to {place}."), TOLD_AGAIN),
    ),
    MessageKind.PARCEL_BACK: Row(
        Text("Kết quả hồ sơ {code} đã về quầy", "The result of record {code} is back at the counter"),
        (Text("Kết quả đang ở {place}.", "The result is at {place}."), COME_OR_CHOOSE),
    ),
    MessageKind.PARCEL_REFUSED: Row(
        Text("Bưu điện không nhận gửi kết quả hồ sơ {code}", "The post does not take the result of record {code}"),
        (REASON, Text("Kết quả đang ở {place}.", "The result is at {place}."), COME_OR_CHOOSE),
    ),
    MessageKind.PARCEL_LOST: Row(
        Text("Bưu điện báo thất lạc kết quả hồ sơ {code}", "The post has lost the result of record {code}"),
        (
            Text("Bản điện tử vẫn tải được trong hồ sơ.", "The electronic copy can still be downloaded."),
            Text("Đến {place} để nhận bản giấy khác.", "Come to {place} for another copy on paper."),
        ),
    ),
    MessageKind.WITHDRAWN: Row(
        Text("Đã rút hồ sơ {code}", "Record {code} withdrawn"),
        (Text("Đã rút theo yêu cầu {on}.", "Withdrawn as requested on {on}."),),
    ),
    MessageKind.EXPIRED: Row(
        Text("Hồ sơ {code} hết hạn bổ sung", "Record {code} expired"),
        (
            Text("Chưa nhận được bổ sung trước {answer_by}.", "The supplement did not arrive before {answer_by}."),
            AGAIN,
        ),
    ),
    MessageKind.EXPIRED_UNPAID: Row(
        Text("Hồ sơ {code} hết hạn nộp phí", "Record {code} expired: the fee was not paid"),
        (Text("Chưa nhận được phí.", "The fee was not paid."), AGAIN),
    ),
}
