"""What the portal is told by its environment, checked once and typed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

SHORTEST_SECRET = 32
"""Characters: 192 bits as `secrets.token_urlsafe` writes them."""


MERCHANT = "CANTHO01"
"""Of the demonstration, at both trial gateways."""
KEY_SERVICE = "aws:kms"
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w.-]+)*/?")


class SettingsError(Exception):
    """The environment does not say what the portal needs; the sentence names every setting at fault."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything the web process, the workers and the sweeper are told. Secrets never appear in the repr."""

    database_url: str = field(repr=False)
    """As `portal_app`, which owns nothing: postgresql://portal_app:…@host:port/portal"""
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    """Signs cookies."""
    receipt_key: str = field(repr=False)
    """Makes the look-up secrets of receipts; changing it withdraws every receipt printed so far."""
    payment_secret: str = field(repr=False)
    """Shared with the payment gateway: signs requests and callbacks."""
    payment_url: str
    """VNPAY's page for payers."""
    registers_secret: str = field(repr=False)
    """Shared with the state's data platform: signs questions to registers."""
    registers_url: str
    public_url: str
    """The address that citizens type, without a slash at the end: receipts and QR codes carry it."""
    files_dir: Path
    """Holds the files, or with a bucket only what is being examined."""
    payment_api_url: str = ""
    """Where VNPAY answers questions and gives money back; empty: at the host of its page."""
    payment_merchant: str = MERCHANT
    """Our code at VNPAY (vnp_TmnCode): eight letters and digits."""
    files_bucket: str = ""
    """A bucket of an S3 service in place of the folder, `name` or `name/prefix`. Its credentials are no settings: the
    client finds them in the environment (AWS_ACCESS_KEY_ID …) or in the role of the machine."""
    files_endpoint: str = ""
    """The address of a service that is not AWS."""
    files_encryption: str = ""
    """AES256 or aws:kms; empty for what the bucket itself does."""
    files_key_id: str = ""
    """The key of aws:kms; empty for the account's own."""
    signing_module: str = ""
    """The PKCS#11 module of the token with the keys of persons and agencies. Without the five settings of signing
    results are not signed electronically."""
    signing_token: str = ""
    """The label of the token."""
    signing_pin_file: str = field(default="", repr=False)
    """A file with its PIN, which only the worker for documents may read."""
    signing_roots: str = ""
    """A file with the certificates (PEM) of the authorities that are believed."""
    signing_time_url: str = ""
    """The time-stamping authority (RFC 3161)."""
    signing_pictures: str = ""
    """A folder with the pictures of signatures and seals, `<label of the key>.png`."""
    signing_summary_keys: str = ""
    """A file with the portal's public keys (PEM), new and old, that /xac-thuc/khoa hands out: by them the QR codes of
    results are checked without the network."""
    mobile_url: str = ""
    """A telecom's mobile-money accounts; empty: this way to pay is not offered."""
    mobile_partner: str = MERCHANT
    """Our name there."""
    mobile_secret: str = field(default="", repr=False)
    """Shared with the telecom."""
    post_url: str = ""
    """The postal operator's interface; empty: results do not go by post."""
    post_secret: str = field(default="", repr=False)
    """Shared with the operator: signs orders and its words."""
    mail_url: str = field(default="", repr=False)
    """smtps://user:password@host or smtp://…; empty: messages stay in the account, no letter goes out."""
    mail_sender: str = ""
    bank_bin: str = ""
    """The six digits of the bank that keeps the city's account for fees; empty: no transfers are offered."""
    bank_name: str = ""
    bank_account: str = ""
    """Its number."""
    bank_holder: str = ""
    """Whose it is, as the bank writes it."""
    bank_secret: str = field(default="", repr=False)
    """Shared with who notifies the portal of transfers; empty: only statements say what came in."""
    data_dir: Path = Path("var")
    """Where simulators keep their ledgers; the portal itself stores nothing here."""
    port: int = 8000
    demonstration: bool = False
    """Shows the demonstration accounts on the sign-in page and lets `portal demo load` run."""
    trusted_proxies: int = 0
    """How many proxies stand before the web process; what they say of the caller's address is believed, of no other."""
    help_number: str = "0292 1022"
    """The telephone number that pages and papers name."""

    def __post_init__(self) -> None:
        faults = [
            *self._faulty_addresses(),
            *self._faulty_bucket(),
            *self._faulty_signing(),
            *self._faulty_pair("PORTAL_MOBILE_URL", self.mobile_url, self.mobile_secret),
            *self._faulty_pair("PORTAL_POST_URL", self.post_url, self.post_secret),
            *self._faulty_account(),
            *self._faulty_mail(),
            *self._weak_secrets(),
        ]
        if faults:
            raise SettingsError("These settings cannot be used:\n" + "\n".join(f"  {fault}" for fault in faults))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the PORTAL_… variables.

        Raises SettingsError when any is missing or cannot be used, naming all of them at once.
        """
        missing = [name for name in REQUIRED.values() if not environment.get(name)]
        if missing:
            raise SettingsError(
                f"These settings are missing from the environment: {', '.join(missing)}. "
                "`make run` sets them all where it keeps its data; start it first, or set them."
            )
        required = {attribute: environment[name] for attribute, name in REQUIRED.items()}
        return cls(
            database_url=required["database_url"],
            redis_url=required["redis_url"],
            secret_key=required["secret_key"],
            receipt_key=required["receipt_key"],
            payment_secret=required["payment_secret"],
            payment_url=required["payment_url"].rstrip("/"),
            registers_secret=required["registers_secret"],
            registers_url=required["registers_url"].rstrip("/"),
            public_url=required["public_url"].rstrip("/"),
            files_dir=Path(required["files_dir"]).absolute(),
            payment_api_url=environment.get("PORTAL_PAYMENT_API_URL", "").rstrip("/"),
            payment_merchant=environment.get("PORTAL_PAYMENT_MERCHANT") or MERCHANT,
            files_bucket=environment.get("PORTAL_FILES_BUCKET", ""),
            files_endpoint=environment.get("PORTAL_FILES_ENDPOINT", "").rstrip("/"),
            files_encryption=environment.get("PORTAL_FILES_ENCRYPTION", ""),
            files_key_id=environment.get("PORTAL_FILES_KEY_ID", ""),
            **{attribute: environment.get(name, "") for attribute, name in SIGNING.items()},
            mobile_url=environment.get("PORTAL_MOBILE_URL", "").rstrip("/"),
            mobile_partner=environment.get("PORTAL_MOBILE_PARTNER") or MERCHANT,
            mobile_secret=environment.get("PORTAL_MOBILE_SECRET", ""),
            post_url=environment.get("PORTAL_POST_URL", "").rstrip("/"),
            post_secret=environment.get("PORTAL_POST_SECRET", ""),
            **{attribute: environment.get(name, "") for attribute, name in BANK.items()},
            mail_url=environment.get("PORTAL_MAIL_URL", ""),
            mail_sender=environment.get("PORTAL_MAIL_SENDER", ""),
            data_dir=Path(environment.get("PORTAL_DATA_DIR") or "var").absolute(),
            port=cls.port_of(environment),
            demonstration=_flag("PORTAL_DEMONSTRATION", environment.get("PORTAL_DEMONSTRATION", "")),
            trusted_proxies=_count("PORTAL_TRUSTED_PROXIES", environment.get("PORTAL_TRUSTED_PROXIES") or "0"),
            help_number=environment.get("PORTAL_HELP_NUMBER") or cls.help_number,
        )

    @property
    def signs(self) -> bool:
        """Whether results are signed electronically."""
        return bool(self.signing_token)

    def signing_pin(self) -> str:
        """The PIN of the token; asked by the worker that signs before it starts.

        Raises SettingsError when it cannot be read, or is one that anybody could guess.
        """
        try:
            pin = Path(self.signing_pin_file).read_text(encoding="utf-8").strip()
        except OSError as unreadable:
            raise SettingsError(f"{SIGNING['signing_pin_file']} cannot be read: {unreadable.strerror}") from unreadable
        if not self.demonstration and (len(pin) < SHORTEST_PIN or pin.startswith(DEMONSTRATION)):
            raise SettingsError(f"{SIGNING['signing_pin_file']} holds the PIN of a demonstration, or a short one")
        return pin

    @staticmethod
    def port_of(environment: Mapping[str, str]) -> int:
        """The port alone; raises SettingsError."""
        return _port(environment.get("PORTAL_PORT") or "8000")

    def _faulty_addresses(self) -> list[str]:
        expected: dict[str, tuple[str, Callable[[str], bool]]] = {
            "database_url": ("postgresql://portal_app:…@host:port/portal", lambda scheme: scheme == "postgresql"),
            "redis_url": ("redis://:…@host:port/0", lambda scheme: scheme in ("redis", "rediss", "unix")),
            "payment_url": ("https://host/path", lambda scheme: scheme in ("http", "https")),
            "registers_url": ("https://host/path", lambda scheme: scheme in ("http", "https")),
            "public_url": ("https://host", lambda scheme: scheme in ("http", "https")),
        }
        return [
            f"{REQUIRED[attribute]} is not an address of the form {form}"
            for attribute, (form, fits) in expected.items()
            if not fits(urlsplit(getattr(self, attribute)).scheme)
        ]

    def _faulty_bucket(self) -> Iterator[str]:
        if self.files_bucket and not _BUCKET.fullmatch(self.files_bucket):
            yield "PORTAL_FILES_BUCKET is not a bucket of the form name or name/prefix"
        if self.files_endpoint and urlsplit(self.files_endpoint).scheme not in ("http", "https"):
            yield "PORTAL_FILES_ENDPOINT is not an address of the form https://host"
        if self.files_encryption not in ("", "AES256", KEY_SERVICE):
            yield f"PORTAL_FILES_ENCRYPTION must be AES256, {KEY_SERVICE} or empty"
        if self.files_key_id and self.files_encryption != KEY_SERVICE:
            yield f"PORTAL_FILES_KEY_ID needs PORTAL_FILES_ENCRYPTION={KEY_SERVICE}"
        if not self.files_bucket and (self.files_endpoint or self.files_encryption or self.files_key_id):
            yield "PORTAL_FILES_ENDPOINT, PORTAL_FILES_ENCRYPTION and PORTAL_FILES_KEY_ID need PORTAL_FILES_BUCKET"

    def _faulty_signing(self) -> Iterator[str]:
        needed = {name: getattr(self, attribute) for attribute, name in SIGNING.items() if attribute in TO_SIGN}
        missing = [name for name, value in needed.items() if not value]
        if 0 < len(missing) < len(needed):
            yield f"signing needs {', '.join(missing)} too"
        if self.signing_time_url and urlsplit(self.signing_time_url).scheme not in ("http", "https"):
            yield f"{SIGNING['signing_time_url']} is not an address of the form https://host/path"
        if self.signing_token.startswith(DEMONSTRATION) and not self.demonstration:
            yield f"{SIGNING['signing_token']} names the token of a demonstration: its signatures are worth nothing"

    @staticmethod
    def _faulty_pair(name: str, url: str, secret: str) -> Iterator[str]:
        """An outside system that may be left out: its address and its secret."""
        if bool(url) != bool(secret):
            yield f"{name} and {name.removesuffix('URL')}SECRET belong together"
        if url and urlsplit(url).scheme not in ("http", "https"):
            yield f"{name} is not an address of the form https://host/path"

    def _faulty_account(self) -> Iterator[str]:
        account = {name: getattr(self, attribute) for attribute, name in BANK.items() if attribute != "bank_secret"}
        missing = [name for name, value in account.items() if not value]
        if 0 < len(missing) < len(account):
            yield f"transfers need {', '.join(missing)} too"
        if self.bank_bin and not re.fullmatch(r"[0-9]{6}", self.bank_bin):
            yield f"{BANK['bank_bin']} is not the six digits of a bank"
        if self.bank_account and not re.fullmatch(r"[0-9A-Z]{6,19}", self.bank_account):
            yield f"{BANK['bank_account']} is not the number of an account: 6 to 19 digits or capital letters"

    def _faulty_mail(self) -> Iterator[str]:
        if bool(self.mail_url) != bool(self.mail_sender):
            yield "PORTAL_MAIL_URL and PORTAL_MAIL_SENDER belong together"
        if self.mail_url and urlsplit(self.mail_url).scheme not in ("smtp", "smtps"):
            yield "PORTAL_MAIL_URL is not an address of the form smtps://user:password@host"

    def _weak_secrets(self) -> list[str]:
        """A demonstration may run with any secret; the real portal only with long ones, each used for one purpose."""
        if self.demonstration:
            return []
        names = {attribute: name for attribute, name in REQUIRED.items() if attribute in SECRETS}
        names |= {attribute: name for attribute, name in OPTIONAL_SECRETS.items() if getattr(self, attribute)}
        secrets = {attribute: getattr(self, attribute) for attribute in names}
        weak = [
            f"{names[attribute]} is too easy to guess: use at least {SHORTEST_SECRET} random characters, "
            "for example from: openssl rand -base64 32"
            for attribute, secret in secrets.items()
            if len(secret) < SHORTEST_SECRET or len(set(secret)) < 10
        ]
        if len(set(secrets.values())) < len(secrets):
            weak.append(f"{', '.join(names.values())} must differ from each other")
        return weak


SECRETS = frozenset({"secret_key", "receipt_key", "payment_secret", "registers_secret"})
"""Settings of every portal that nobody may guess, each used for one purpose."""

OPTIONAL_SECRETS = {
    "mobile_secret": "PORTAL_MOBILE_SECRET",
    "bank_secret": "PORTAL_BANK_SECRET",
    "post_secret": "PORTAL_POST_SECRET",
}
"""The same, of outside systems that may be left out."""

DEMONSTRATION = "demonstration"
"""How the label and the PIN of a token begin that may never be used in earnest."""

SHORTEST_PIN = 8

SIGNING = {
    "signing_module": "PORTAL_SIGNING_MODULE",
    "signing_token": "PORTAL_SIGNING_TOKEN",
    "signing_pin_file": "PORTAL_SIGNING_PIN_FILE",
    "signing_roots": "PORTAL_SIGNING_ROOTS",
    "signing_time_url": "PORTAL_SIGNING_TIME_URL",
    "signing_pictures": "PORTAL_SIGNING_PICTURES",
    "signing_summary_keys": "PORTAL_SIGNING_SUMMARY_KEYS",
}
BANK = {
    "bank_bin": "PORTAL_BANK_BIN",
    "bank_name": "PORTAL_BANK_NAME",
    "bank_account": "PORTAL_BANK_ACCOUNT",
    "bank_holder": "PORTAL_BANK_HOLDER",
    "bank_secret": "PORTAL_BANK_SECRET",
}
TO_SIGN = frozenset(SIGNING) - {"signing_pictures", "signing_summary_keys"}

REQUIRED = {
    "database_url": "PORTAL_DATABASE_URL",
    "redis_url": "PORTAL_REDIS_URL",
    "secret_key": "PORTAL_SECRET_KEY",
    "receipt_key": "PORTAL_RECEIPT_KEY",
    "payment_secret": "PORTAL_PAYMENT_SECRET",
    "payment_url": "PORTAL_PAYMENT_URL",
    "registers_secret": "PORTAL_REGISTERS_SECRET",
    "registers_url": "PORTAL_REGISTERS_URL",
    "public_url": "PORTAL_PUBLIC_URL",
    "files_dir": "PORTAL_FILES_DIR",
}


def owner_database_url(environment: Mapping[str, str] = os.environ) -> str:
    """The database as `portal_owner`: in the environment of migrations only, never of the web process.

    Raises SettingsError when it is not set.
    """
    url = environment.get("PORTAL_OWNER_DATABASE_URL")
    if not url:
        raise SettingsError("These settings are missing from the environment: PORTAL_OWNER_DATABASE_URL")
    return url


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise SettingsError(f"PORTAL_PORT must be a number from 1 to 65535, not {text!r}")
    return int(text)


def _count(name: str, text: str) -> int:
    if not text.isdecimal() or int(text) > 9:
        raise SettingsError(f"{name} must be a number from 0 to 9, not {text!r}")
    return int(text)


def _flag(name: str, text: str) -> bool:
    if text not in ("", "0", "1"):
        raise SettingsError(f"{name} must be 1, 0 or empty, not {text!r}")
    return text == "1"
