"""Signing a field of a PDF: PAdES B-LT (ETSI EN 319 142-1), SHA-256, time stamp and revocation data inside.

A further signature is appended: what was signed before keeps its bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from portal.core import clock
from portal.core.errors import Conflict, Unavailable
from portal.core.text import marked
from portal.signing import token as tokens
from portal.signing.lasting import Lasting, Network
from portal.signing.summaries import Summary, signed_summary
from portal.signing.token import ISSUER, Token
from portal.signing.types import Signed

EXPIRED = marked("Chứng thư số của %(name)s đã hết hạn ngày %(day)s. Gia hạn chứng thư rồi ký lại; văn bản còn nguyên.")
NOT_YET = marked("Chứng thư số của %(name)s chưa có hiệu lực, đến ngày %(day)s mới dùng được. Văn bản còn nguyên.")
REVOKED = marked("Chứng thư số của %(name)s đã bị thu hồi, không ký được. Báo người quản trị; văn bản còn nguyên.")
NO_TIME = marked("Dịch vụ cấp dấu thời gian chưa trả lời. Văn bản còn nguyên, ký lại sau ít phút.")
NO_STATUS = marked("Chưa hỏi được tình trạng chứng thư số của %(name)s. Văn bản còn nguyên, ký lại sau ít phút.")
LOCATION = "Cần Thơ"


@dataclass(frozen=True)
class TrustServices:
    """Whom we believe (certificates as PEM in a file), and who tells the time."""

    roots_file: Path
    time_url: str

    @property
    def roots(self) -> bytes:
        """Empty while there is no such file: then nobody is believed."""
        return self.roots_file.read_bytes() if self.roots_file.is_file() else b""


class Unusable(Conflict):
    """The certificate cannot be used: it has expired, is not valid yet, or was revoked."""


@dataclass(frozen=True)
class Desk:
    """An open token and the trust services, for as many signatures as one job makes."""

    session: Any = field(repr=False)
    services: TrustServices
    network: Network = field(repr=False)

    def sign(self, pdf: bytes, *, field: str, label: str, name: str, appearance: bytes, reason: str) -> Signed:
        """Sign an empty field with the key of that label. `appearance`: a PDF page as large as the field.

        `name` is for the sentences of what is raised: NoKey, Unusable, and Unavailable when the token or a trust
        service does not answer.
        """
        from asn1crypto.x509 import Certificate

        parsed = Certificate.load(tokens.certificate(self.session, label, name=name))
        _check_validity(parsed, name)
        try:
            written = self.network.run(
                lambda client: _signed(
                    self, client, pdf, field=field, label=label, name=name, appearance=appearance, reason=reason
                )
            )
        except Exception:
            self.network.forget(label)
            raise
        return Signed(
            content=written,
            certificate_serial=f"{parsed.serial_number:x}",
            subject=str(parsed.subject.native.get("common_name", "")),
            valid_to=parsed.not_valid_after,
        )

    def sign_summary(self, summary: Summary) -> str:
        """What a QR code says of a document, signed by the portal; empty while the token has no key for it."""
        return signed_summary(self.session, summary)


@contextmanager
def desk(token: Token, services: TrustServices) -> Iterator[Desk]:
    """Raises TokenUnavailable."""
    with tokens.opened(token) as session, closing(Network()) as network:
        yield Desk(session, services, network)


def _check_validity(certificate: Any, name: str) -> None:
    now = clock.now()
    if certificate.not_valid_after < now:
        raise Unusable(EXPIRED, name=name, day=certificate.not_valid_after.date())
    if certificate.not_valid_before > now:
        raise Unusable(NOT_YET, name=name, day=certificate.not_valid_before.date())


async def _signed(
    desk: Desk, client: Any, pdf: bytes, *, field: str, label: str, name: str, appearance: bytes, reason: str
) -> bytes:
    from pkcs11.exceptions import PKCS11Error
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.signers import PdfSigner
    from pyhanko.sign.timestamps import TimestampRequestError
    from pyhanko_certvalidator.errors import ValidationError

    from portal.signing.writing import Revision

    lasting = desk.network.lasting(label, lambda: _lasting(desk, client, label))
    writer = PdfSigner(
        _metadata(lasting.context, field=field, name=name, reason=reason),
        signer=lasting.signer,
        timestamper=lasting.stamper,
        stamp_style=_style(appearance),
    )
    target = BytesIO()
    try:
        if lasting.room is None:
            tried = writer.init_signing_session(Revision(pdf), existing_fields_only=True)
            lasting.room = await tried.estimate_signature_container_size(None)
        await writer.async_sign_pdf(
            Revision(pdf),
            existing_fields_only=True,
            bytes_reserved=lasting.room,
            output=target,
        )
    except TimestampRequestError as silent:
        raise Unavailable(NO_TIME) from silent
    except PKCS11Error as gone:
        raise tokens.TokenUnavailable(tokens.MISSING) from gone
    except (ValidationError, SigningError) as unproved:
        raise _why(unproved, name) from unproved
    return target.getvalue()


def _lasting(desk: Desk, client: Any, label: str) -> Lasting:
    from pyhanko.sign.pkcs11 import PKCS11Signer
    from pyhanko.sign.timestamps import HTTPTimeStamper

    return Lasting(
        signer=PKCS11Signer(
            desk.session, cert_label=label, key_label=label, other_certs_to_pull=(ISSUER,), use_raw_mechanism=True
        ),
        stamper=HTTPTimeStamper(desk.services.time_url, session=client),
        context=_context(desk.services, client),
    )


def _why(failure: Exception, name: str) -> Exception:
    """pyHanko tells the same thing of a revoked certificate and of a silent service: its cause says which."""
    from pyhanko_certvalidator.errors import RevokedError

    cause: BaseException | None = failure
    while cause is not None:
        if isinstance(cause, RevokedError) or "revoked" in str(cause):
            return Unusable(REVOKED, name=name)
        cause = cause.__cause__ or cause.__context__
    return Unavailable(NO_STATUS, name=name)


def _metadata(context: Any, *, field: str, name: str, reason: str) -> Any:
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers.pdf_signer import DSSContentSettings, PdfSignatureMetadata, SigDSSPlacementPreference

    return PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        name=name,
        location=LOCATION,
        reason=reason,
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=True,
        validation_context=context,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        dss_settings=DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE),
    )


def certificates(pem: bytes) -> list[Any]:
    """The certificates of a PEM bundle; none when it is empty."""
    from pyhanko.keys import load_certs_from_pemder_data

    return list(load_certs_from_pemder_data(pem)) if pem else []


def _context(services: TrustServices, client: Any) -> Any:
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend

    return ValidationContext(
        trust_roots=certificates(services.roots),
        allow_fetching=True,
        revocation_mode="require",
        fetcher_backend=AIOHttpFetcherBackend(client),
    )


def _style(appearance: bytes) -> Any:
    from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, Margins, SimpleBoxLayoutRule
    from pyhanko.stamp import StaticStampStyle

    from portal.signing.drawing import drawn_page

    return StaticStampStyle(
        border_width=0,
        background=drawn_page(appearance),
        background_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MID,
            y_align=AxisAlignment.ALIGN_MID,
            margins=Margins(0, 0, 0, 0),
            inner_content_scaling=InnerScaling.STRETCH_TO_FIT,
        ),
    )
