"""What the check of a document says: one sentence with its colour, what to do, and what is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.core import clock, wording
from portal.documents.rendering import shown_part
from portal.records.issued import Issued
from portal.records.verdicts import Verdict, Worth
from portal.signing.types import CertificateStatus, Change, SignatureFound
from portal.web.languages import current_language
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

GREEN, AMBER, RED = "good", "mind", "bad"

COLOURS = {
    Worth.VALID: GREEN,
    Worth.EXPIRED: AMBER,
    Worth.REPLACED: AMBER,
    Worth.UNFINISHED: AMBER,
    Worth.UNREGISTERED: AMBER,
    Worth.UNPROVED: AMBER,
    Worth.NOT_EXAMINED: AMBER,
}
"""Of a verdict; red when it is not named."""

HEADINGS: dict[Worth, Words] = {
    Worth.VALID: __("Giấy thật, còn hiệu lực"),
    Worth.EXPIRED: __("Giấy thật, đã hết hạn %(until)s"),
    Worth.REPLACED: __("Giấy thật, đã được thay bằng số %(newer)s"),
    Worth.REVOKED: __("Giấy này đã bị thu hồi"),
    Worth.UNFINISHED: __("Tệp này chưa phải bản phát hành"),
    Worth.UNREGISTERED: __("Chữ ký số đúng, nhưng Cổng không có giấy này"),
    Worth.OTHER_DOCUMENT: __("Mã QR này của giấy khác"),
    Worth.PASTED_CODE: __("Mã QR trong tệp này của giấy khác"),
    Worth.NOT_SIGNED: __("Tệp này không có chữ ký số"),
    Worth.BROKEN: __("Tệp này đã bị sửa sau khi ký"),
    Worth.CHANGED: __("Tệp này đã bị thêm nội dung sau khi ký"),
    Worth.SELF_MADE: __("Không phải chữ ký của cơ quan nhà nước"),
    Worth.CERTIFICATE_REVOKED: __("Chứng thư số đã bị thu hồi trước khi ký"),
    Worth.CERTIFICATE_EXPIRED: __("Chứng thư số đã hết hạn vào lúc ký"),
    Worth.CERTIFICATE_NOT_YET: __("Chứng thư số chưa có hiệu lực vào lúc ký"),
    Worth.UNPROVED: __("Chưa kiểm tra được chứng thư số"),
    Worth.NO_PDF: __("Tệp này không phải PDF"),
    Worth.ENCRYPTED: __("Tệp này đặt mật khẩu nên không đọc được"),
    Worth.DAMAGED: __("Tệp này hỏng, không đọc được"),
    Worth.TOO_LONG: __("Tệp này có %(pages)s trang, dài quá để kiểm tra"),
    Worth.TOO_HEAVY: __("Tệp này nặng quá để kiểm tra"),
    Worth.NOT_EXAMINED: __("Chưa kiểm tra được chữ ký số"),
}

REASONS: dict[Worth, Words] = {
    Worth.VALID: __("So từng dòng dưới đây với giấy đang cầm. Khác một chữ thì giấy đó không phải bản đã cấp."),
    Worth.EXPIRED: __("Giấy do đúng cơ quan cấp nhưng không còn dùng được."),
    Worth.REPLACED: __("Giấy do đúng cơ quan cấp. Hãy dùng văn bản mới."),
    Worth.REVOKED: __("Giấy do đúng cơ quan cấp nhưng không còn giá trị."),
    Worth.UNFINISHED: __("Đây là bản trước khi cơ quan đóng dấu, hoặc bản cũ. Xin bản cuối từ người đưa tệp."),
    Worth.UNREGISTERED: __("Hỏi cơ quan ghi trong chữ ký. Sổ của Cổng chỉ có giấy do Cổng cấp."),
    Worth.OTHER_DOCUMENT: __("Tệp là giấy thật số %(number)s, nhưng mã QR vừa quét thuộc văn bản khác. Đừng nhận."),
    Worth.PASTED_CODE: __(
        "Mã QR dẫn tới văn bản số %(coded)s, nhưng tệp không phải văn bản đó. Đừng nhận tệp này; xin lại bản gốc."
    ),
    Worth.NOT_SIGNED: __("Giấy do Cổng cấp luôn có chữ ký số. Bản chụp, bản in lại không kiểm tra được bằng tệp."),
    Worth.BROKEN: __("Ít nhất một byte khác với lúc ký. Đừng nhận tệp này; xin lại bản gốc."),
    Worth.CHANGED: __("Phần đã ký còn nguyên, nhưng có người ghi thêm vào sau. Đừng nhận tệp này; xin lại bản gốc."),
    Worth.SELF_MADE: __(
        "Chứng thư số trong tệp không do tổ chức mà Cổng tin cấp. Ai cũng tự làm được chứng thư như vậy."
    ),
    Worth.CERTIFICATE_REVOKED: __("Lúc ký, người ký không còn quyền dùng chữ ký này."),
    Worth.CERTIFICATE_EXPIRED: __("Chữ ký làm bằng chứng thư đã hết hạn."),
    Worth.CERTIFICATE_NOT_YET: __("Chữ ký làm bằng chứng thư chưa đến ngày dùng."),
    Worth.UNPROVED: __("Tệp không mang theo bằng chứng là chứng thư còn hiệu lực. Hỏi cơ quan ghi trong chữ ký."),
    Worth.NO_PDF: __("Tải lên đúng tệp PDF đã nhận, không phải ảnh chụp hay tệp khác đổi tên."),
    Worth.ENCRYPTED: __("Giấy do Cổng cấp không đặt mật khẩu. Xin lại bản gốc."),
    Worth.DAMAGED: __("Tệp có thể tải về chưa xong. Tải lại từ nơi đã nhận rồi kiểm tra lần nữa."),
    Worth.TOO_LONG: __("Không có giấy nào do Cổng cấp dài như vậy."),
    Worth.TOO_HEAVY: __("Không có giấy nào do Cổng cấp phức tạp như vậy."),
    Worth.NOT_EXAMINED: __("Lúc này có nhiều tệp chờ kiểm tra. Tải lên lại sau ít phút."),
}

CERTIFICATES: dict[CertificateStatus, Words] = {
    CertificateStatus.VALID: __("có hiệu lực lúc ký"),
    CertificateStatus.REVOKED: __("đã bị thu hồi"),
    CertificateStatus.EXPIRED: __("hết hạn lúc ký"),
    CertificateStatus.NOT_YET_VALID: __("chưa có hiệu lực lúc ký"),
    CertificateStatus.UNKNOWN_ISSUER: __("không rõ ai cấp"),
    CertificateStatus.UNPROVED: __("chưa có bằng chứng còn hiệu lực"),
}


OUTLINE = __("Đây là văn bản mới hơn. Nội dung chỉ mở bằng mã QR, hoặc số và mã in trên chính văn bản đó.")


@dataclass(frozen=True)
class Links:
    """Where a document is opened. `newer`: one that has changed another; `coded`: one whose code somebody holds."""

    newer: Callable[[UUID], str]
    coded: Callable[[UUID], str]


LOOKALIKE = __(
    "Mã QR trong tệp dẫn tới %(host)s: trang đó giống Cổng nhưng không phải của Cổng. "
    "Đừng mở, đừng nhập gì ở đó. Cổng chỉ có một địa chỉ: %(own)s"
)


def said(
    verdict: Verdict, *, links: Links, help_number: str, own_address: str, is_outline: bool = False
) -> dict[str, Any]:
    """The context of the answer's page. The document's own words are shown for a genuine one alone, and to whoever
    holds it: `is_outline` is for the holder of the one before."""
    issued = verdict.issued
    details = _details(verdict)
    genuine = issued is not None and verdict.worth.is_genuine
    return {
        "colour": RED if verdict.lookalike else COLOURS.get(verdict.worth, RED),
        "warning": str(LOOKALIKE % {"host": verdict.lookalike, "own": own_address}) if verdict.lookalike else "",
        "heading": str(HEADINGS[verdict.worth]) % details,
        "reason": str(OUTLINE if is_outline else REASONS[verdict.worth] % details),
        "facts": _facts(issued) if issued else [],
        "changes": _changes(issued, links=links) if issued else [],
        "signatures": _kept_signatures(issued) if issued and verdict.report is None else _found(verdict),
        "document": _own_words(issued) if issued and genuine and not is_outline else "",
        "original": issued.reference if issued and not genuine else "",
        "coded": _coded(verdict.coded, links=links),
        "help_number": help_number,
    }


def _details(verdict: Verdict) -> dict[str, str]:
    issued, language = verdict.issued, current_language()
    newer = issued.ended_by if issued else None
    return {
        "until": wording.short_day(issued.valid_until, language=language) if issued and issued.valid_until else "",
        "newer": newer.reference if newer else "",
        "number": issued.reference if issued else "",
        "coded": verdict.coded.reference if verdict.coded else "",
        "pages": str(verdict.report.pages) if verdict.report else "",
    }


def _facts(issued: Issued) -> list[dict[str, str]]:
    language = current_language()
    facts = [
        (_("Văn bản"), issued.in_language(language)),
        (_("Số"), issued.reference),
        (_("Ngày cấp"), wording.short_day(issued.issued_at, language=language)),
        (_("Cơ quan cấp"), issued.agency.in_language(language)),
    ]
    if issued.valid_until:
        facts.append((_("Có hiệu lực đến hết"), wording.short_day(issued.valid_until, language=language)))
    return [{"key": key, "value": value} for key, value in facts]


def _coded(issued: Issued | None, *, links: Links) -> dict[str, str]:
    """To what the QR code of the file leads."""
    return {"number": issued.reference, "href": links.coded(issued.id)} if issued else {}


def _changes(issued: Issued, *, links: Links) -> list[dict[str, str]]:
    """What has happened to it since, in order of time, with the document that has done it."""
    language = current_language()
    told: list[tuple[Any, str, str, str]] = []
    for later in issued.newer:
        day = wording.short_day(later.issued_at, language=language)
        sentence = str(_LATER[later.how] % {"number": later.reference, "day": day})
        told.append((later.issued_at, sentence, links.newer(later.id), later.reference))
    for decided in issued.decisions:
        day = wording.short_day(decided.decided_at, language=language)
        until = wording.short_day(decided.valid_until, language=language) if decided.valid_until else ""
        values = {"day": day, "number": decided.reference, "reason": decided.reason, "until": until}
        if decided.kind in _DECIDED:
            told.append((decided.decided_at, str(_DECIDED[decided.kind] % values), "", ""))
    told.sort(key=lambda one: one[0])
    return [{"text": sentence, "href": href, "number": number} for _moment, sentence, href, number in told]


_LATER: dict[str, Words] = {
    "amend": __("%(day)s: được điều chỉnh, gia hạn bằng văn bản số %(number)s"),
    "replace": __("%(day)s: được thay bằng văn bản số %(number)s"),
    "revoke": __("%(day)s: bị thu hồi bằng văn bản số %(number)s"),
    "correct": __("%(day)s: được đính chính, thay bằng bản số %(number)s"),
}
_DECIDED: dict[str, Words] = {
    "revoke": __("%(day)s: bị thu hồi theo Quyết định số %(number)s. Lý do: %(reason)s"),
    "extend": __("%(day)s: được gia hạn đến hết %(until)s theo Quyết định số %(number)s"),
}
"""A replacement is said by the document that stands for it."""


def _kept_signatures(issued: Issued) -> list[dict[str, Any]]:
    """As they were kept when they were made: nobody signs here with a certificate that is not in force."""
    language = current_language()
    return [
        {
            "name": one.name,
            "rows": [
                {"key": _("Cơ quan"), "value": issued.agency.in_language(language)},
                {"key": _("Ký lúc"), "value": wording.moment(one.at, language=language)},
                {"key": _("Chứng thư số"), "value": _certificate(CertificateStatus.VALID, one.serial)},
            ],
        }
        for one in issued.signatures
    ]


def _found(verdict: Verdict) -> list[dict[str, Any]]:
    found = verdict.report.signatures if verdict.report else ()
    return [{"name": one.signer, "rows": _rows(one)} for one in found]


def _rows(one: SignatureFound) -> list[dict[str, str]]:
    language = current_language()
    time = wording.moment(clock.local(one.time), language=language) if one.time else _("không ghi")
    proof = _("có dấu thời gian của cơ quan cấp") if one.time_proved else _("theo máy của người ký")
    return [
        {"key": _("Cơ quan"), "value": one.agency or _("không ghi")},
        {"key": _("Ký lúc"), "value": f"{time} ({proof})"},
        {"key": _("Chứng thư số"), "value": _certificate(one.certificate, one.serial)},
        {"key": _("Nội dung đã ký"), "value": _unchanged(one)},
    ]


def _unchanged(one: SignatureFound) -> str:
    if not one.intact:
        return _("đã bị sửa")
    if one.changed_after in (Change.NOTHING, Change.SIGNATURES):
        return _("còn nguyên")
    return _("còn nguyên, nhưng tệp có phần thêm vào sau khi ký")


def _certificate(status: CertificateStatus, serial: str) -> str:
    return _("%(status)s, số %(serial)s", status=str(CERTIFICATES[status]), serial=serial)


def _own_words(issued: Issued) -> str:
    """With the name that the signature has put where the content leaves room."""
    signer = next((one.name for one in issued.signatures if one.kind == "person"), "")
    content = dict(issued.content)
    if signer and "signature" in content:
        content["signature"] = {**content["signature"], "name": signer}
    if signer and "certifier" in content:
        content["certifier"] = signer
    day = clock.local_day(issued.issued_at)
    return shown_part(issued.template, content, series=issued.series, number=issued.number, issued_on=day)
