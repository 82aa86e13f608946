"""What a paper is worth, as its page says it: to whoever hands it in, and to the official who checks it."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core import clock, wording
from portal.records.issued import Issued
from portal.records.verdicts import Verdict, Worth
from portal.signing.types import SignatureFound
from portal.web.languages import current_language
from portal.web.state_words import Tag
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

GOOD, MIND, BAD = "good", "mind", "bad"
TAG_COLOURS = {GOOD: "green", MIND: "yellow", BAD: "red"}


@dataclass(frozen=True)
class WorthWords:
    """`heading` says what was found, `advice` what whoever hands it in may do, `tag` the same in two or three words."""

    colour: str
    tag: Words
    heading: Words
    advice: Words = ""


WORDS: dict[Worth, WorthWords] = {
    Worth.VALID: WorthWords(
        GOOD, __("Cổng đã xác minh"), __("Đúng là kết quả số %(number)s, %(agency)s cấp %(day)s, còn hiệu lực.")
    ),
    Worth.EXPIRED: WorthWords(
        BAD,
        __("Đã hết hạn"),
        __("Kết quả số %(number)s, %(agency)s cấp %(day)s, đã hết hạn %(until)s."),
        __("Nộp giấy còn hiệu lực thay cho tệp này."),
    ),
    Worth.REPLACED: WorthWords(
        BAD,
        __("Đã được thay"),
        __("Kết quả số %(number)s, %(agency)s cấp %(day)s, đã được thay bằng bản mới%(newer)s."),
        __("Nộp bản mới thay cho tệp này."),
    ),
    Worth.REVOKED: WorthWords(
        BAD,
        __("Đã bị thu hồi"),
        __("Kết quả số %(number)s, %(agency)s cấp %(day)s, đã bị thu hồi."),
        __("Giấy này không còn giá trị. Nộp giấy khác."),
    ),
    Worth.UNFINISHED: WorthWords(
        MIND,
        __("Chưa đóng dấu"),
        __("Tệp này là bản của kết quả số %(number)s trước khi cơ quan đóng dấu, hoặc bản cũ."),
        __("Nộp bản cuối, có trong Kho giấy tờ của người được cấp."),
    ),
    Worth.UNREGISTERED: WorthWords(GOOD, __("Chữ ký số đúng"), __("Chữ ký số đúng, tệp còn nguyên như lúc ký.")),
    Worth.UNPROVED: WorthWords(
        MIND,
        __("Chứng thư chưa rõ"),
        __("Tệp còn nguyên như lúc ký, nhưng không kèm bằng chứng là chứng thư số còn hiệu lực."),
        __("Nộp được. Nơi tiếp nhận có thể hỏi thêm tổ chức cấp chứng thư."),
    ),
    Worth.SELF_MADE: WorthWords(
        MIND,
        __("Không rõ ai cấp chứng thư"),
        __("Tệp còn nguyên như lúc ký, nhưng chứng thư số tự làm hoặc do tổ chức mà Cổng không biết cấp."),
        __("Nếu có, ký lại bằng chứng thư của tổ chức được cấp phép rồi tải lên. Để nguyên vẫn nộp được."),
    ),
    Worth.BROKEN: WorthWords(
        BAD,
        __("Bị sửa sau khi ký"),
        __("Nội dung tệp đã bị sửa sau khi ký số."),
        __("Xóa tệp này và tải lên đúng tệp đã ký. Để nguyên thì chữ ký không được tính."),
    ),
    Worth.CHANGED: WorthWords(
        BAD,
        __("Bị thêm sau khi ký"),
        __("Tệp đã bị thêm nội dung sau khi ký số."),
        __("Xóa tệp này và tải lên đúng tệp đã ký, không sửa hay in lại. Để nguyên thì chữ ký không được tính."),
    ),
    Worth.CERTIFICATE_EXPIRED: WorthWords(
        BAD,
        __("Chứng thư hết hạn"),
        __("Chứng thư số đã hết hạn vào lúc ký."),
        __("Ký lại bằng chứng thư còn hạn rồi tải lên. Để nguyên thì chữ ký không được tính."),
    ),
    Worth.CERTIFICATE_NOT_YET: WorthWords(
        BAD,
        __("Chứng thư chưa dùng được"),
        __("Chứng thư số chưa có hiệu lực vào lúc ký."),
        __("Ký lại khi chứng thư đã đến ngày dùng, rồi tải lên. Để nguyên thì chữ ký không được tính."),
    ),
    Worth.CERTIFICATE_REVOKED: WorthWords(
        BAD,
        __("Chứng thư bị thu hồi"),
        __("Chứng thư số đã bị thu hồi trước khi ký."),
        __("Ký lại bằng chứng thư khác rồi tải lên. Để nguyên thì chữ ký không được tính."),
    ),
}
UNEXAMINED = WorthWords(
    MIND,
    __("Chưa kiểm tra được"),
    __("Tệp có chữ ký số nhưng Cổng chưa kiểm tra được."),
    __("Tệp vẫn được giữ và nộp được. Muốn kiểm tra lại thì xóa rồi tải lên lần nữa."),
)
"""Whatever kept the portal from looking: the file is there, and what is in it stays to be seen."""


@dataclass(frozen=True)
class ShownWorth:
    """What components/paper_worth.html prints. `signed`: a sentence for each signature."""

    colour: str
    tag: Tag
    heading: str
    advice: str
    signed: tuple[str, ...]


def shown_worth(verdict: Verdict) -> ShownWorth | None:
    """None for a file without signatures that is no result of this portal: there is nothing to say."""
    if verdict.worth is Worth.NOT_SIGNED:
        return None
    words = WORDS.get(verdict.worth, UNEXAMINED)
    found = verdict.report.signatures if verdict.report and verdict.issued is None else ()
    return ShownWorth(
        colour=words.colour,
        tag=Tag(str(words.tag), TAG_COLOURS[words.colour]),
        heading=str(words.heading) % (_details(verdict.issued) if verdict.issued else {}),
        advice=str(words.advice),
        signed=tuple(_signed(one) for one in found),
    )


def _details(issued: Issued) -> dict[str, str]:
    language, newer = current_language(), issued.ended_by
    return {
        "number": issued.reference,
        "agency": issued.agency.in_language(language),
        "day": wording.short_day(issued.issued_at, language=language),
        "until": wording.short_day(issued.valid_until, language=language) if issued.valid_until else "",
        "newer": " " + _("số %(number)s", number=newer.reference) if newer else "",
    }


def _signed(one: SignatureFound) -> str:
    """Who, for whom, when, and by whose certificate."""
    who = one.signer or _("Người không ghi tên")
    if one.agency and one.agency != one.signer:
        who = f"{who} ({one.agency})"
    if one.time is None:
        return _("%(who)s ký, không ghi lúc nào. Chứng thư do %(issuer)s cấp.", who=who, issuer=one.issuer)
    time = wording.short_moment(clock.local(one.time), language=current_language())
    if one.time_proved:
        return _("%(who)s ký lúc %(time)s. Chứng thư do %(issuer)s cấp.", who=who, time=time, issuer=one.issuer)
    return _(
        "%(who)s ký lúc %(time)s theo máy của người ký. Chứng thư do %(issuer)s cấp.",
        who=who,
        time=time,
        issuer=one.issuer,
    )
