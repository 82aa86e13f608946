"""A certification authority, its OCSP responder, its revocation lists and a time-stamping authority, for demonstration.

Its keys and certificates are files of a folder; keys of persons and agencies stay in the token, it sees their public
halves alone.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509 import SubjectKeyIdentifier
from cryptography.x509.oid import NameOID
from werkzeug.serving import BaseWSGIServer

from portal.simulators import serving

CONFIGURATION = "trust.json"
ROOTS = "roots.pem"
CITY = "cantho"
ISSUER = "issuer"
OWN = ("root", ISSUER, "ocsp", "tsa")
TSA_PATH = f"/{CITY}/tsa/tsa"

YEARS_OF_AUTHORITY = 20
YEARS_OF_SIGNER = 5
"""How long a certificate of a person or an agency is valid, as the state's service issues them."""


@dataclass(frozen=True)
class Subject:
    """Who a certificate names, and what becomes of it. `public_key` is PEM."""

    name: str
    agency: str
    public_key: str
    valid_from: datetime
    valid_to: datetime
    revoked_at: datetime | None = None

    @classmethod
    def of(cls, name: str, agency: str, public_key: str, *, now: datetime) -> Subject:
        """Valid since yesterday, so that no clock that is a little late refuses it."""
        return cls(name, agency, public_key, now - timedelta(days=1), _years_after(now, YEARS_OF_SIGNER))


def prepare(folder: Path, *, url: str, subjects: Mapping[str, Subject], now: datetime) -> dict[str, bytes]:
    """Issue certificates for all subjects and write down what the services must know; gives each label's certificate.

    The authorities' own keys and certificates are made at the first call and stay; so does every certificate of a
    subject that has not changed, as long as the services are at the same address.
    """
    for name in ("keys", "certs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name in OWN:
        _make_key(folder / "keys" / f"{name}.pem")
    for label, subject in subjects.items():
        (folder / "keys" / f"{label}.pem").write_text(subject.public_key, encoding="ascii")
    _forget_changed(folder, url, subjects)
    began_file = folder / "began"
    if not began_file.exists():
        began_file.write_text(_written(now - timedelta(days=2)), encoding="ascii")
    began = datetime.fromisoformat(began_file.read_text(encoding="ascii"))
    labels = [*OWN, *subjects]
    known = {label for label in labels if (folder / "certs" / f"{label}.crt").exists()}
    fresh = [label for label in subjects if label not in known]
    alone = {label: subjects[label] for label in fresh[:1]}
    issued = _architecture(_configuration(url, alone, began=began, known=known), folder)
    for label in (*OWN, *alone):
        if label not in known:
            (folder / "certs" / f"{label}.crt").write_bytes(issued.get_cert(label).dump())
    for label, content in _issued_alike(folder, fresh, subjects, url=url):
        (folder / "certs" / f"{label}.crt").write_bytes(content)
    whole = _configuration(url, subjects, began=began, known=set(labels))
    (folder / CONFIGURATION).write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / ROOTS).write_bytes(_pem((folder / "certs" / "root.crt").read_bytes()))
    return {label: (folder / "certs" / f"{label}.crt").read_bytes() for label in (*subjects, ISSUER)}


def server(folder: Path, *, port: int) -> BaseWSGIServer:
    """The services as a server that listens already."""
    from certomancer.integrations.animator import Animator, AnimatorArchStore

    whole = json.loads((folder / CONFIGURATION).read_text(encoding="utf-8"))
    architecture = _architecture(whole, folder)
    known: Any = {CITY: architecture}
    pages = Animator(AnimatorArchStore(known), with_web_ui=False, allow_time_override=False)
    return serving.server(pages, port=port)


def run(folder: Path, *, port: int) -> None:
    """Answer until told to stop."""
    server(folder, port=port).serve_forever()


def _issued_alike(
    folder: Path, labels: Sequence[str], subjects: Mapping[str, Subject], *, url: str
) -> Iterator[tuple[str, bytes]]:
    """Certificates that say of their subjects what that of the first label says of its own. Certomancer, which has made
    that one, takes ten times as long for each."""
    if len(labels) < 2:
        return
    alike, issuer = (x509.load_der_x509_certificate((folder / "certs" / f"{name}.crt").read_bytes())
                     for name in (labels[0], ISSUER))  # fmt: skip
    key: Any = load_pem_private_key((folder / "keys" / f"{ISSUER}.pem").read_bytes(), password=None)
    for label in labels[1:]:
        subject = subjects[label]
        public: Any = load_pem_public_key(subject.public_key.encode())
        made = x509.CertificateBuilder(
            issuer_name=issuer.subject,
            subject_name=_name(subject),
            public_key=public,
            serial_number=_serial(url, label, _certificate(subject)),
            not_valid_before=subject.valid_from,
            not_valid_after=subject.valid_to,
            extensions=[found for found in alike.extensions if found.oid != SubjectKeyIdentifier.oid],
        ).add_extension(SubjectKeyIdentifier.from_public_key(public), critical=False)
        yield label, made.sign(key, SHA256()).public_bytes(Encoding.DER)


def _name(subject: Subject) -> x509.Name:
    """RFC 5280 (appendix A) bounds names to 64 characters, which some units need more of: no program refuses them."""
    parts = ((NameOID.COUNTRY_NAME, "VN"), (NameOID.LOCALITY_NAME, "Cần Thơ"),
             (NameOID.ORGANIZATION_NAME, subject.agency), (NameOID.COMMON_NAME, subject.name))  # fmt: skip
    with warnings.catch_warnings(action="ignore"):
        return x509.Name([x509.NameAttribute(*part, _validate=False) for part in parts])


def _make_key(file: Path) -> None:
    if file.exists():
        return
    key = ec.generate_private_key(ec.SECP256R1())
    file.touch(mode=0o600)
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _forget_changed(folder: Path, url: str, subjects: Mapping[str, Subject]) -> None:
    """Certificates name the addresses of the services and their subject: they are issued anew when these change."""
    for label in (*OWN, *subjects):
        file, seal = folder / "certs" / f"{label}.crt", folder / "certs" / f"{label}.of"
        told = json.dumps([url, _lasting(subjects[label]) if label in subjects else None], default=str, sort_keys=True)
        said = hashlib.sha256(told.encode()).hexdigest()
        if label != "root" and (not seal.exists() or seal.read_text(encoding="ascii") != said):
            file.unlink(missing_ok=True)
            seal.write_text(said, encoding="ascii")


def _lasting(subject: Subject) -> dict[str, Any]:
    """What the certificate says of its subject, without the days of its validity: those stay as they were issued."""
    return {name: value for name, value in asdict(subject).items() if name in ("name", "agency", "public_key")}


def _architecture(configuration: Mapping[str, Any], folder: Path) -> Any:
    from certomancer.registry import ArchLabel, CertomancerConfig

    return CertomancerConfig(configuration, key_search_dir=str(folder), config_search_dir=str(folder)).pki_archs[
        ArchLabel(CITY)
    ]


def _configuration(url: str, subjects: Mapping[str, Subject], *, began: datetime, known: set[str]) -> dict[str, Any]:
    keys: dict[str, Any] = {name: {"path": f"{name}.pem"} for name in OWN}
    keys |= {label: {"path": f"{label}.pem", "public-only": True} for label in subjects}
    certs = {**_authorities(began), **{label: _certificate(subject) for label, subject in subjects.items()}}
    for label in (*OWN, *subjects):
        certs[label]["serial"] = _serial(url, label, certs[label])
        if label in known:
            certs[label]["certificate-file"] = f"certs/{label}.crt"
    return {
        "external-url-prefix": url,
        "keysets": {CITY: {"path-prefix": "keys", "keys": keys}},
        "pki-architectures": {
            CITY: {
                "keyset": CITY,
                "entity-defaults": {"country-name": "VN"},
                "entities": {**_names(), **{label: _named(subject) for label, subject in subjects.items()}},
                "certs": certs,
                "services": _services(),
            }
        },
    }


def _names() -> dict[str, Any]:
    organisation = "Cơ quan chứng thực MẪU, không có giá trị pháp lý"
    names = {
        "root": "CA gốc MẪU",
        ISSUER: "CA công vụ MẪU",
        "ocsp": "Trả lời trạng thái chứng thư MẪU",
        "tsa": "Cấp dấu thời gian MẪU",
    }
    return {label: {"common-name": name, "organization-name": organisation} for label, name in names.items()}


def _named(subject: Subject) -> dict[str, Any]:
    return {"common-name": subject.name, "organization-name": subject.agency, "locality-name": "Cần Thơ"}


def _authorities(began: datetime) -> dict[str, dict[str, Any]]:
    validity = {"valid-from": _written(began), "valid-to": _written(_years_after(began, YEARS_OF_AUTHORITY))}
    authority = [_usage("digital_signature", "key_cert_sign", "crl_sign")]
    from_root = [_lists("root"), _found(certificates="root")]
    return {
        "root": {"issuer": "root", "validity": validity, "extensions": [_is_authority(), *authority]},
        ISSUER: {"issuer": "root", "validity": validity, "extensions": [_is_authority(0), *authority, *from_root]},
        "ocsp": {
            "issuer": ISSUER,
            "validity": validity,
            "extensions": [_usage("digital_signature"), _purpose("ocsp_signing"), {"id": "ocsp_no_check"}],
        },
        "tsa": {
            "issuer": "root",
            "validity": validity,
            "extensions": [_usage("digital_signature"), _purpose("time_stamping"), _lists("root")],
        },
    }


def _certificate(subject: Subject) -> dict[str, Any]:
    certificate: dict[str, Any] = {
        "issuer": ISSUER,
        "validity": {"valid-from": _written(subject.valid_from), "valid-to": _written(subject.valid_to)},
        "extensions": [
            _usage("digital_signature", "non_repudiation"),
            _lists(ISSUER),
            _found(certificates=ISSUER, status=ISSUER),
        ],
    }
    if subject.revoked_at is not None:
        certificate["revocation"] = {"revoked-since": _written(subject.revoked_at), "reason": "key_compromise"}
    return certificate


def _services() -> dict[str, Any]:
    return {
        "ocsp": {ISSUER: {"for-issuer": ISSUER, "responder-cert": "ocsp", "signing-key": "ocsp"}},
        "crl-repo": {
            issuer: {"for-issuer": issuer, "signing-key": issuer, "simulated-update-schedule": "P1D"}
            for issuer in ("root", ISSUER)
        },
        "cert-repo": {issuer: {"for-issuer": issuer} for issuer in ("root", ISSUER)},
        "time-stamping": {"tsa": {"signing-key": "tsa", "signing-cert": "tsa"}},
    }


def _is_authority(below: int | None = None) -> dict[str, Any]:
    value: dict[str, Any] = {"ca": True}
    if below is not None:
        value["path-len-constraint"] = below
    return {"id": "basic_constraints", "critical": True, "value": value}


def _usage(*uses: str) -> dict[str, Any]:
    return {"id": "key_usage", "critical": True, "smart-value": {"schema": "key-usage", "params": list(uses)}}


def _purpose(purpose: str) -> dict[str, Any]:
    return {"id": "extended_key_usage", "critical": True, "value": [purpose]}


def _lists(issuer: str) -> dict[str, Any]:
    smart = {"schema": "crl-dist-url", "params": {"crl-repo-names": [issuer]}}
    return {"id": "crl_distribution_points", "smart-value": smart}


def _found(*, certificates: str, status: str | None = None) -> dict[str, Any]:
    params: dict[str, Any] = {"ca-issuer-links": [{"repo": certificates}]}
    if status is not None:
        params["ocsp-responder-names"] = [status]
    return {"id": "authority_information_access", "smart-value": {"schema": "aia-urls", "params": params}}


def _serial(url: str, label: str, certificate: Mapping[str, Any]) -> int:
    """The same for the same certificate on every run, and another for every other."""
    told = json.dumps([url, label, certificate], sort_keys=True, default=str)
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:15], "big") | 1


def _written(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat()


def _years_after(moment: datetime, years: int) -> datetime:
    return moment + timedelta(days=round(365.25 * years))


def _pem(der: bytes) -> bytes:
    from asn1crypto import pem

    armoured: bytes = pem.armor("CERTIFICATE", der)
    return armoured
