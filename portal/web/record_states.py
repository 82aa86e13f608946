"""The states of a record in words: tag, what to do now, sentence. One row a state, in both languages.

A sentence is left out when something that it names is not known: nothing is promised that nobody said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.core.wording import known_sentences
from portal.records.types import RecordState
from portal.workflow.definition import Text

ACT = "act"
LATE = "late"


@dataclass(frozen=True)
class StateWords:
    """Names in braces are those of `record_words`. `kind` is ACT where it is the applicant's turn."""

    label: Text
    colour: str
    heading: Text
    sentences: tuple[Text, ...]
    kind: str = ""


NOTHING_TO_DO = Text("Bây giờ chưa phải làm gì", "Nothing to do for now")
CLOCK_STANDS = Text("Thời hạn đang tạm dừng.", "The time limit stands still.")
DUE = Text("Hẹn trả {due}.", "Due {due}.")
COMPLAIN = Text("Có thể khiếu nại trước {complain_by}.", "You may lodge a complaint before {complain_by}.")
SUPPLY = Text("Bổ sung {items} trước {answer_by}", "Supply {items} before {answer_by}")
ASKS = Text("{asker} yêu cầu bổ sung.", "{asker} asks for it.")
STILL_OWED = Text("Còn phải nộp {unpaid}.", "{unpaid} is still to be paid.")
SUPPLEMENT_NEEDED = Text("Cần bổ sung", "Supplement needed")
SUBMIT_AGAIN = Text("Nộp lại nếu vẫn cần", "Submit again if you still need it")
ANSWERS_KEPT = Text("Nộp lại được, không phải khai lại.", "You may submit again without filling in again.")
NO_LONGER = Text("Hồ sơ này không giải quyết nữa", "Nobody works on this record any more")
PAY = Text("Nộp {unpaid}", "Pay {unpaid}")
PAY_AND_COLLECT = Text(
    "Kết quả đã có. Nộp phí rồi tải về, hoặc nộp khi đến nhận tại {fetched_at}.",
    "The result is ready. Pay the fee and download it, or pay when you collect it at {fetched_at}.",
)
PAY_AND_POSTED = Text(
    "Kết quả đã có. Nộp phí rồi tải về. {by_post}", "The result is ready. Pay the fee and download it. {by_post}"
)
PAY_AND_DOWNLOAD = Text(
    "Kết quả đã có. Nộp phí rồi tải {electronic}.", "The result is ready. Pay the fee and download {electronic}."
)
ELECTRONIC = Text("bản điện tử", "the electronic copy")
"""Said of a result that is not on paper."""
PAY_FIRST = (PAY_AND_COLLECT, PAY_AND_POSTED, PAY_AND_DOWNLOAD)
"""In place of the first three sentences of a result that is ready."""
LATE_LABEL = Text("Trễ hẹn {late}", "{late} late")
UNANSWERED = Text(
    "{unit} phải trả lời trước {reception} mà chưa trả lời. Gọi số hỗ trợ để được giúp.",
    "{unit} should have answered before {reception} and has not. Call the help number.",
)
APOLOGY = Text("{body} xin lỗi vì trễ hẹn.", "{body} apologises for the delay.")
WHY_LATE = Text("Lý do: {late_reason}.", "Reason: {late_reason}.")
PROMISED_AGAIN = Text("Hẹn lại {due}.", "New date: {due}.")
EXTENDED = Text("Đã gia hạn, ngày mới {due}.", "Extended, the new date is {due}.")

COME = Text(
    "Người nộp phải đến {come_to}, mang giấy tờ tùy thân; người đến thay mang giấy ủy quyền.",
    "Come in person to {come_to} with an identity paper; somebody in your place brings an authorisation.",
)
BRING = Text("Mang theo để nộp lại: {bring}.", "Bring these to hand them in: {bring}.")
FROM_ARCHIVE = Text(
    "Vẫn nhận được: đến {come_to}, mang giấy tờ tùy thân; người đến thay mang giấy ủy quyền.",
    "It can still be had: come to {come_to} with an identity paper; somebody in your place brings an authorisation.",
)
UNCOLLECTED = Text(
    "Không ai đến nhận thì đến {archived_on} bản giấy được đưa vào lưu.",
    "If nobody comes, the paper goes to the archive on {archived_on}.",
)

CORRECTING = StateWords(
    Text("Đang đính chính", "Being corrected"),
    "blue",
    NOTHING_TO_DO,
    (
        Text("{unit} xem lại kết quả đã cấp.", "{unit} looks at the issued result again."),
        Text("Kết quả đã cấp vẫn dùng được.", "The issued result stays valid meanwhile."),
    ),
)
"""Of a record that was decided and is open again: work, but no term runs."""

STATES: Mapping[RecordState, StateWords] = {
    RecordState.SUBMITTED: StateWords(
        Text("Chờ tiếp nhận", "Waiting for acceptance"),
        "blue",
        NOTHING_TO_DO,
        (Text("{unit} trả lời trước {reception}.", "{unit} answers before {reception}."),),
    ),
    RecordState.SUPPLEMENT_BEFORE_ACCEPTANCE: StateWords(
        SUPPLEMENT_NEEDED,
        "orange",
        SUPPLY,
        (ASKS, Text("Nhận đủ mới bắt đầu tính thời hạn.", "The time limit starts when everything is there.")),
        ACT,
    ),
    RecordState.REFUSED: StateWords(
        Text("Không tiếp nhận", "Refused"),
        "red",
        Text("Sửa rồi nộp lại, hoặc khiếu nại", "Correct it and submit again, or lodge a complaint"),
        (
            Text("{decider} không tiếp nhận hồ sơ này.", "{decider} does not accept this record."),
            Text("Lý do: {reason}.", "Reason: {reason}."),
            COMPLAIN,
        ),
    ),
    RecordState.ACCEPTED: StateWords(Text("Đã tiếp nhận", "Accepted"), "blue", NOTHING_TO_DO, (DUE,)),
    RecordState.IN_PROGRESS: StateWords(
        Text("Đang giải quyết", "In progress"),
        "blue",
        NOTHING_TO_DO,
        (Text("{unit} đang {work}, hẹn trả {due}.", "{unit} has it now ({work}), due {due}."),),
    ),
    RecordState.CONSULTING: StateWords(
        Text("Chờ cơ quan góp ý", "Waiting for an agency"),
        "purple",
        NOTHING_TO_DO,
        (
            Text("{agencies} đang góp ý, hạn {opinion_by}.", "{agencies} to give an opinion before {opinion_by}."),
            Text("Không trả lời thì {silence}.", "No answer counts as {silence}."),
        ),
    ),
    RecordState.APPLICANT_CONFIRMS: StateWords(
        Text("Chờ bạn xác nhận", "Confirm the draft"),
        "orange",
        Text("{turn} trước {task_due}", "{turn} before {task_due}"),
        (Text("Không trả lời thì {silence}.", "No answer counts as {silence}."),),
        ACT,
    ),
    RecordState.SUPPLEMENT: StateWords(SUPPLEMENT_NEEDED, "orange", SUPPLY, (ASKS, CLOCK_STANDS, STILL_OWED), ACT),
    RecordState.FEE_DUE: StateWords(
        Text("Chờ nộp phí", "Fee due"),
        "orange",
        Text("Nộp {unpaid} trước {task_due}", "Pay {unpaid} before {task_due}"),
        (CLOCK_STANDS,),
        ACT,
    ),
    RecordState.STOPPED: StateWords(
        Text("Đã dừng", "Stopped"),
        "purple",
        NO_LONGER,
        (
            Text("{decider} dừng giải quyết từ {ended}.", "{decider} stopped the record on {ended}."),
            Text("Lý do: {reason}.", "Reason: {reason}."),
            COMPLAIN,
        ),
    ),
    RecordState.GRANTED: StateWords(
        Text("Đã có kết quả", "Result ready"),
        "green",
        Text("Nhận kết quả", "Collect the result"),
        (
            Text(
                "Tải về trong hồ sơ, hoặc nhận tại {fetched_at}.",
                "Download it from the record, or collect it at {fetched_at}.",
            ),
            Text("Tải về trong hồ sơ. {by_post}", "Download it from the record. {by_post}"),
            Text("Tải {electronic} về trong hồ sơ.", "Download {electronic} from the record."),
            COME,
            BRING,
            UNCOLLECTED,
        ),
    ),
    RecordState.NOT_GRANTED: StateWords(
        Text("Không được cấp", "Not granted"),
        "red",
        Text("Đọc lý do trong thông báo", "Read the reason in the notice"),
        (
            Text("{body} quyết định không cấp.", "{body} has decided not to grant it."),
            Text("Lý do: {reason}.", "Reason: {reason}."),
            COMPLAIN,
        ),
    ),
    RecordState.RETURNED: StateWords(
        Text("Đã trả kết quả", "Returned"),
        "green",
        Text("Hồ sơ này đã xong", "This record is done"),
        (Text("Đã trả {ended} {way}.", "Returned on {ended} {way}."),),
    ),
    RecordState.ARCHIVED: StateWords(
        Text("Đã đưa vào lưu", "In the archive"),
        "grey",
        Text("Kết quả vẫn còn, chưa ai đến nhận", "The result is still there, nobody came for it"),
        (
            Text("Bản điện tử vẫn tải được trong hồ sơ.", "The electronic copy can still be downloaded."),
            Text("Bản giấy lưu tại {kept_at} từ {ended}.", "The paper is kept at {kept_at} since {ended}."),
            FROM_ARCHIVE,
            BRING,
            Text("Bản giấy đã trả {given_on}.", "The paper was given on {given_on}."),
        ),
    ),
    RecordState.WITHDRAWN: StateWords(
        Text("Đã rút", "Withdrawn"),
        "grey",
        NO_LONGER,
        (Text("Đã rút theo yêu cầu {ended}.", "Withdrawn as requested on {ended}."),),
    ),
    RecordState.EXPIRED: StateWords(Text("Hết hạn chờ người nộp", "Expired"), "grey", SUBMIT_AGAIN, (ANSWERS_KEPT,)),
}

_NEVER_SUPPLIED = StateWords(
    Text("Hết hạn bổ sung", "Not supplied in time"),
    "grey",
    SUBMIT_AGAIN,
    (
        Text("Chưa nhận được bổ sung trước {missed}.", "The supplement did not arrive before {missed}."),
        ANSWERS_KEPT,
    ),
)
EXPIRED_AFTER: Mapping[str, StateWords] = {
    RecordState.SUPPLEMENT: _NEVER_SUPPLIED,
    RecordState.SUPPLEMENT_BEFORE_ACCEPTANCE: _NEVER_SUPPLIED,
    RecordState.FEE_DUE: StateWords(
        Text("Hết hạn nộp phí", "Fee not paid in time"),
        "grey",
        SUBMIT_AGAIN,
        (Text("Chưa nhận được phí trước {missed}.", "The fee was not paid before {missed}."), ANSWERS_KEPT),
    ),
}
"""What an expired record had waited for, by the state before."""

SILENCES = {
    "consent": Text("coi như đồng ý", "consent"),
    "refusal": Text("coi như không đồng ý", "a refusal"),
}
WAYS = {
    "counter": Text("tại {place}", "at {place}"),
    "post": Text("qua bưu điện", "by post"),
    "online": Text("trên mạng", "online"),
}
LEVEL_NAMES = {
    "city": Text("cấp thành phố", "city level"),
    "district": Text("cấp quận, huyện", "district level"),
    "commune": Text("cấp phường, xã", "ward or commune level"),
}


def filled(patterns: Sequence[Text], words: Mapping[str, str], *, language: str) -> str:
    """The sentences whose every name is known, in one line."""
    return known_sentences((pattern.in_language(language) for pattern in patterns), words)


def words_of(state: str, *, before: str | None = None) -> StateWords:
    """The row of a state; `before`: the state from which the record ended, where that is known."""
    known = EXPIRED_AFTER.get(before or "") if state == RecordState.EXPIRED else None
    return known or STATES[RecordState(state)]
