"""Putting keys and certificates into a token: once, by whoever runs the portal. The keys are made inside it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from portal.signing.token import Token, opened

CURVE = "secp256r1"
FAST = Path("/dev/shm")  # noqa: S108 - a folder of our own is made below it
"""Where the files of a new token are written before they are moved: SoftHSM syncs after every attribute."""

CONFIGURATION = "softhsm2.conf"
CONFIGURED_BY = "SOFTHSM2_CONF"
"""The variable by which SoftHSM finds its configuration."""
SUMMARY_KEYS = "summary-keys.pem"
"""The public keys of a demonstration by which QR codes are checked."""
TOKENS, FRESH, FORMER = "tokens", "tokens.new", "tokens.old"
MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)


class CannotEnrol(Exception):
    """What is missing on this machine, in one sentence."""


def software_module() -> str:
    """The PKCS#11 module of SoftHSM 2 on this machine. Raises CannotEnrol when it is not installed."""
    found = next((module for module in MODULES if Path(module).exists()), None)
    if found is None or shutil.which("softhsm2-util") is None:
        raise CannotEnrol(
            "SoftHSM 2 keeps the keys of the demonstration and is not installed: "
            "sudo apt-get install --no-install-recommends softhsm2"
        )
    return found


def configure(folder: Path) -> Path:
    """The configuration by which SoftHSM finds the tokens of a folder; SOFTHSM2_CONF names it.

    An exchange of the folder that was cut short is completed.
    """
    tokens = folder / TOKENS
    _complete_exchange(folder)
    tokens.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / CONFIGURATION
    file.write_text(
        f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n",
        encoding="utf-8",
    )
    return file


@contextmanager
def software_token(folder: Path, *, token: Token, supervisor_pin: str) -> Iterator[None]:
    """The token of a folder, made when there is none, to be written to; the folder changes when the block has ended.

    This process looks at the folder from then on (SOFTHSM2_CONF). Raises CannotEnrol.
    """
    lasting = configure(folder)
    with TemporaryDirectory(dir=FAST if FAST.is_dir() else None) as made:
        os.environ[CONFIGURED_BY] = str(configure(Path(made)))
        shutil.copytree(folder / TOKENS, Path(made) / TOKENS, dirs_exist_ok=True)
        if not any((Path(made) / TOKENS).iterdir()):
            _initialise(token, supervisor_pin)
        yield
        shutil.rmtree(folder / FRESH, ignore_errors=True)
        shutil.copytree(Path(made) / TOKENS, folder / FRESH)
        (folder / TOKENS).rename(folder / FORMER)
        _complete_exchange(folder)
    os.environ[CONFIGURED_BY] = str(lasting)


def _complete_exchange(folder: Path) -> None:
    """Also where a process ended in the middle of it: the keys are in one whole folder at every moment."""
    if not (folder / TOKENS).exists() and (folder / FRESH).exists():
        (folder / FRESH).rename(folder / TOKENS)
    if (folder / TOKENS).exists():
        shutil.rmtree(folder / FORMER, ignore_errors=True)


def _initialise(token: Token, supervisor_pin: str) -> None:
    words = ["softhsm2-util", "--init-token", "--free", "--label", token.label]
    words += ["--so-pin", supervisor_pin, "--pin", token.pin]
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise CannotEnrol(f"The token could not be made: {run.stderr.strip() or run.stdout.strip()}")


def make_keys(token: Token, labels: Collection[str]) -> dict[str, str]:
    """A key pair in the token for each label that has none; gives the public halves of all as PEM."""
    from asn1crypto.keys import PublicKeyInfo
    from asn1crypto.pem import armor
    from pkcs11 import Attribute, KeyType, ObjectClass
    from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

    found = {}
    with opened(token, writable=True) as session:
        there = {key.label: key for key in session.get_objects({Attribute.CLASS: ObjectClass.PUBLIC_KEY})}
        curve = session.create_domain_parameters(
            KeyType.EC, {Attribute.EC_PARAMS: encode_named_curve_parameters(CURVE)}, local=True
        )
        for label in labels:
            public = there.get(label)
            if public is None:
                private = {Attribute.EXTRACTABLE: False, Attribute.SENSITIVE: True}
                public, _private = curve.generate_keypair(
                    store=True, label=label, id=label.encode(), private_template=private
                )
            der = PublicKeyInfo.load(encode_ec_public_key(public)).dump()
            found[label] = armor("PUBLIC KEY", der).decode("ascii")
    return found


def keep_public_key(file: Path, pem: str) -> None:
    """Write down a public key by which others check summaries, beside the older ones: old documents stay checkable."""
    known = file.read_text(encoding="ascii") if file.exists() else ""
    if pem.strip() not in known:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{pem.strip()}\n{known}", encoding="ascii")


def keep_certificates(token: Token, certificates: Mapping[str, bytes]) -> None:
    """Put the certificates (DER) beside their keys, in place of older ones."""
    from asn1crypto.x509 import Certificate
    from pkcs11 import Attribute, CertificateType, ObjectClass

    with opened(token, writable=True) as session:
        older: dict[str, list[Any]] = {}
        for found in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
            older.setdefault(found[Attribute.LABEL], []).append(found)
        for label, der in certificates.items():
            kept = older.get(label, [])
            if [bytes(found[Attribute.VALUE]) for found in kept] == [der]:
                continue
            for found in kept:
                found.destroy()
            parsed = Certificate.load(der)
            session.create_object({
                Attribute.CLASS: ObjectClass.CERTIFICATE,
                Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                Attribute.TOKEN: True,
                Attribute.LABEL: label,
                Attribute.ID: label.encode(),
                Attribute.SUBJECT: parsed.subject.dump(),
                Attribute.ISSUER: parsed.issuer.dump(),
                Attribute.SERIAL_NUMBER: parsed["tbs_certificate"]["serial_number"].dump(),
                Attribute.VALUE: der,
            })  # fmt: skip
