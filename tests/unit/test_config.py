"""Settings: every fault is named, and no secret is printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.config import Settings, SettingsError, owner_database_url
from portal.payments.mobile_money import MobileMoney
from portal.payments.vnpay import Vnpay
from portal.wiring import gateways_of

GOOD = {
    "PORTAL_DATABASE_URL": "postgresql://portal_app:p@127.0.0.1/portal",
    "PORTAL_REDIS_URL": "redis://127.0.0.1:6379/0",
    "PORTAL_SECRET_KEY": "a-first-long-secret-0123456789abcdefgh",
    "PORTAL_RECEIPT_KEY": "another-long-secret-0123456789abcdefgh",
    "PORTAL_PAYMENT_SECRET": "a-third-long-secret-0123456789abcdefgh",
    "PORTAL_REGISTERS_SECRET": "a-fourth-long-secret-0123456789abcdefg",
    "PORTAL_REGISTERS_URL": "https://registers.example",
    "PORTAL_PAYMENT_URL": "https://pay.example/",
    "PORTAL_PUBLIC_URL": "https://portal.example/",
    "PORTAL_FILES_DIR": "/srv/files",
}


def test_an_empty_environment_is_told_every_missing_setting_at_once() -> None:
    with pytest.raises(SettingsError) as error:
        Settings.from_environment({})
    assert all(name in str(error.value) for name in GOOD)


@pytest.mark.parametrize("name", sorted(GOOD))
def test_each_setting_has_no_default(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({**GOOD, name: ""})


def test_a_whole_environment_is_read() -> None:
    settings = Settings.from_environment(GOOD)
    assert settings.public_url == "https://portal.example"
    assert settings.port == 8000
    assert settings.demonstration is False
    assert settings.trusted_proxies == 0
    assert settings.help_number == "0292 1022"


def test_proxies_and_help_number_are_told() -> None:
    settings = Settings.from_environment({**GOOD, "PORTAL_TRUSTED_PROXIES": "2", "PORTAL_HELP_NUMBER": "1900 0000"})
    assert (settings.trusted_proxies, settings.help_number) == (2, "1900 0000")


@pytest.mark.parametrize("secret", ["short", "x" * 40, "change-me"])
def test_production_refuses_a_secret_that_can_be_guessed(secret: str) -> None:
    with pytest.raises(SettingsError, match="PORTAL_RECEIPT_KEY is too easy to guess"):
        Settings.from_environment({**GOOD, "PORTAL_RECEIPT_KEY": secret})


def test_production_refuses_one_secret_for_two_purposes() -> None:
    with pytest.raises(SettingsError, match="must differ"):
        Settings.from_environment({**GOOD, "PORTAL_RECEIPT_KEY": GOOD["PORTAL_SECRET_KEY"]})


def test_a_demonstration_may_have_any_secret() -> None:
    environment = {**GOOD, "PORTAL_RECEIPT_KEY": "short", "PORTAL_DEMONSTRATION": "1"}
    assert Settings.from_environment(environment).demonstration is True


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_PORT", "http"),
        ("PORTAL_PORT", "0"),
        ("PORTAL_PORT", "65536"),
        ("PORTAL_DEMONSTRATION", "yes"),
        ("PORTAL_TRUSTED_PROXIES", "-1"),
        ("PORTAL_TRUSTED_PROXIES", "10"),
        ("PORTAL_DATABASE_URL", "sqlite:///portal.db"),
        ("PORTAL_REDIS_URL", "localhost"),
        ("PORTAL_PUBLIC_URL", "portal.example"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({**GOOD, name: value})


def test_printing_the_settings_shows_no_secret() -> None:
    environment = {**GOOD, "PORTAL_DATABASE_URL": "postgresql://portal_app:hidden-password@127.0.0.1/portal"}
    printed = repr(Settings.from_environment(environment))
    assert "hidden-password" not in printed
    assert "secret" not in printed.replace("secret_key", "")


def test_the_owner_of_the_database_is_asked_for_by_name() -> None:
    with pytest.raises(SettingsError, match="PORTAL_OWNER_DATABASE_URL"):
        owner_database_url(GOOD)


def test_files_may_lie_in_a_bucket() -> None:
    bucket = {
        "PORTAL_FILES_BUCKET": "city-papers/portal",
        "PORTAL_FILES_ENDPOINT": "https://s3.example/",
        "PORTAL_FILES_ENCRYPTION": "aws:kms",
        "PORTAL_FILES_KEY_ID": "alias/papers",
    }
    settings = Settings.from_environment({**GOOD, **bucket})
    assert (settings.files_bucket, settings.files_endpoint) == ("city-papers/portal", "https://s3.example")
    assert (settings.files_encryption, settings.files_key_id) == ("aws:kms", "alias/papers")
    assert Settings.from_environment(GOOD).files_bucket == ""


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"PORTAL_FILES_BUCKET": "s3://City Papers"}, "PORTAL_FILES_BUCKET is not a bucket"),
        ({"PORTAL_FILES_BUCKET": "papers", "PORTAL_FILES_ENDPOINT": "s3.example"}, "PORTAL_FILES_ENDPOINT is not an"),
        ({"PORTAL_FILES_BUCKET": "papers", "PORTAL_FILES_ENCRYPTION": "rot13"}, "PORTAL_FILES_ENCRYPTION must be"),
        ({"PORTAL_FILES_BUCKET": "papers", "PORTAL_FILES_KEY_ID": "alias/papers"}, "PORTAL_FILES_KEY_ID needs"),
        ({"PORTAL_FILES_ENDPOINT": "https://s3.example"}, "need PORTAL_FILES_BUCKET"),
    ],
)
def test_a_bucket_that_cannot_be_used_is_named(changed: dict[str, str], fault: str) -> None:
    with pytest.raises(SettingsError, match=fault):
        Settings.from_environment({**GOOD, **changed})


SIGNING = {
    "PORTAL_SIGNING_MODULE": "/usr/lib/hsm.so",
    "PORTAL_SIGNING_TOKEN": "cantho",
    "PORTAL_SIGNING_PIN_FILE": "/run/secrets/pin",
    "PORTAL_SIGNING_ROOTS": "/etc/portal/roots.pem",
    "PORTAL_SIGNING_TIME_URL": "https://time.example/tsa",
}


def test_results_are_signed_only_where_a_token_is_named() -> None:
    assert not Settings.from_environment(GOOD).signs
    assert Settings.from_environment({**GOOD, **SIGNING}).signs


@pytest.mark.parametrize("name", sorted(SIGNING))
def test_signing_needs_all_of_its_settings(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({**GOOD, **SIGNING, name: ""})


def test_the_real_portal_refuses_the_token_and_the_pin_of_a_demonstration(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PORTAL_SIGNING_TOKEN names the token of a demonstration"):
        Settings.from_environment({**GOOD, **SIGNING, "PORTAL_SIGNING_TOKEN": "demonstration-cantho"})
    file = tmp_path / "pin"
    settings = Settings.from_environment({**GOOD, **SIGNING, "PORTAL_SIGNING_PIN_FILE": str(file)})
    for pin in ("demonstration-x1y2z3", "1234"):
        file.write_text(pin, encoding="utf-8")
        with pytest.raises(SettingsError, match="PORTAL_SIGNING_PIN_FILE"):
            settings.signing_pin()
    file.write_text("f3Zq-81kd-77aa", encoding="utf-8")
    assert settings.signing_pin() == "f3Zq-81kd-77aa"
    file.unlink()
    with pytest.raises(SettingsError, match="cannot be read"):
        settings.signing_pin()


def test_every_setting_is_named_to_whoever_runs_the_portal() -> None:
    """In the table of the README, and but for what a container fixes in compose.yaml."""
    named = set(re.findall(r"PORTAL_[A-Z]+(?:_[A-Z]+)*", Path("portal/config.py").read_text(encoding="utf-8")))
    readme, compose = (Path(name).read_text(encoding="utf-8") for name in ("README.md", "compose.yaml"))
    assert sorted(name for name in named - {"PORTAL_DEMONSTRATION"} if f"`{name}`" not in readme) == []
    fixed = {"PORTAL_DEMONSTRATION", "PORTAL_DATA_DIR", "PORTAL_FILES_DIR", "PORTAL_PORT"}
    assert sorted(name for name in named - fixed if f"{name}:" not in compose) == []


def test_the_gateways_are_told_our_names_and_addresses() -> None:
    asked_at = "https://merchant.example/merchant_webapi/api/transaction"
    vnpay, mobile = gateways_of(
        Settings.from_environment(
            {
                **GOOD,
                "PORTAL_PAYMENT_URL": "https://pay.example/vpcpay.html",
                "PORTAL_PAYMENT_API_URL": asked_at,
                "PORTAL_PAYMENT_MERCHANT": "CTHO0001",
                "PORTAL_MOBILE_URL": "https://telecom.example",
                "PORTAL_MOBILE_PARTNER": "CANTHO",
                "PORTAL_MOBILE_SECRET": "a-fifth-long-secret-0123456789abcdefgh",
            }
        )
    )
    assert isinstance(vnpay, Vnpay)
    assert isinstance(mobile, MobileMoney)
    assert (vnpay.url, vnpay.asked_at, vnpay.merchant) == ("https://pay.example/vpcpay.html", asked_at, "CTHO0001")
    assert mobile.partner == "CANTHO"


def test_questions_go_to_the_host_of_the_page_when_no_other_is_named() -> None:
    sandbox = Vnpay(url="https://sandbox.example/paymentv2/vpcpay.html", merchant="M", secret="s", public_url="")
    assert sandbox.asked_at == "https://sandbox.example/merchant_webapi/api/transaction"
