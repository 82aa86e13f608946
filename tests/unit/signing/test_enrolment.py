"""Sample certificates of a whole city: each says of its subject what every other says of its own, whatever its name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from portal.signing import enrolment
from portal.signing.token import Token
from portal.simulators import trust

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
LONG = "Bộ phận Tiếp nhận và Trả kết quả, Văn phòng HĐND và UBND quận Ninh Kiều"


def subject(name: str, agency: str) -> trust.Subject:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return trust.Subject.of(name, agency, pem, now=NOW)


def test_all_certificates_of_a_city_are_alike_but_for_their_subjects(tmp_path: Path) -> None:
    subjects = {label: subject(f"Trần Mẫu {label.upper()}", LONG) for label in ("a", "b", "c")}
    issued = trust.prepare(tmp_path, url="http://127.0.0.1:9", subjects=subjects, now=NOW)
    read = {label: Certificate.load(issued[label]) for label in subjects}
    assert [one.subject.native["common_name"] for one in read.values()] == [one.name for one in subjects.values()]
    for one in read.values():
        assert one.subject.native["organization_name"] == LONG
        assert one.issuer == Certificate.load(issued[trust.ISSUER]).subject
        assert one.authority_key_identifier == read["a"].authority_key_identifier
        kinds = [found["extn_id"].native for found in one["tbs_certificate"]["extensions"]]
        assert sorted(kinds) == sorted(found["extn_id"].native for found in read["a"]["tbs_certificate"]["extensions"])
        assert one.ocsp_urls == read["a"].ocsp_urls
        assert one.key_usage_value.native == {"digital_signature", "non_repudiation"}
    assert len({one.serial_number for one in read.values()}) == 3
    again = trust.prepare(tmp_path, url="http://127.0.0.1:9", subjects=subjects, now=NOW)
    assert again == issued, "what was issued stays"


@pytest.mark.parametrize("call", ["rename", "rmtree"])
def test_wherever_the_exchange_of_a_token_is_cut_short_the_next_start_has_its_keys(
    tmp_path: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(enrolment.CONFIGURED_BY, "")
    token = Token(enrolment.software_module(), "exchange", "1234")
    with enrolment.software_token(tmp_path, token=token, supervisor_pin="12345678"):
        pass
    kept = sorted(path.relative_to(tmp_path) for path in (tmp_path / enrolment.TOKENS).rglob("*"))
    whose = Path if call == "rename" else shutil
    usual = getattr(whose, call)
    for number in range(1, 5):
        calls = iter(range(1, 9))

        def cut(*arguments: Any, of: Iterator[int] = calls, last: int = number, **named: Any) -> Any:
            if next(of) == last:
                raise KeyboardInterrupt
            return usual(*arguments, **named)

        with monkeypatch.context() as dying:
            dying.setattr(whose, call, cut)
            with suppress(KeyboardInterrupt), enrolment.software_token(tmp_path, token=token, supervisor_pin="1"):
                pass
        enrolment.configure(tmp_path)
        found = sorted(path.relative_to(tmp_path) for path in (tmp_path / enrolment.TOKENS).rglob("*"))
        assert found == kept, (call, number)
