"""VietQR codes, against known codes and an independent program: tests/oracles/vietqr.mjs asked it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from portal.payments.types import LARGEST_AMOUNT
from portal.payments.vietqr import Account, check_sum, payload

CODES: list[dict[str, Any]] = json.loads(Path("tests/oracles/vietqr_vectors.json").read_text(encoding="utf-8"))["codes"]
VIETIN = Account(bank="970415", number="113366668888")


def test_the_check_sum_is_the_one_of_the_standard() -> None:
    assert f"{check_sum(b'123456789'):04X}" == "29B1"


@pytest.mark.parametrize(
    ("account", "amount", "purpose", "said"),
    [
        (
            Account(bank="970403", number="0011012345678"),
            None,
            "",
            "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F",
        ),
        (
            Account(bank="970403", number="9704031101234567", is_card=True),
            None,
            "",
            "00020101021138600010A00000072701300006970403011697040311012345670208QRIBFTTC53037045802VN63044F52",
        ),
        (
            VIETIN,
            75_000,
            "H13.2-251120-0001 LE PHI GPXD",
            "00020101021238560010A0000007270126000697041501121133666688880208QRIBFTTA53037045405750005802VN"
            "62330829H13.2-251120-0001 LE PHI GPXD63049E05",
        ),
    ],
)
def test_a_code_says_what_banks_read(account: Account, amount: int | None, purpose: str, said: str) -> None:
    assert payload(account, amount=amount, purpose=purpose) == said


def test_a_code_is_built_as_the_peer_builds_it() -> None:
    assert len(CODES) == 80
    for code in CODES:
        built = payload(
            Account(bank=code["bank"], number=code["number"]), amount=code["amount"], purpose=code["purpose"]
        )
        assert built == code["payload"]
        assert code["read_again"]


@pytest.mark.parametrize("amount", [0, -1, LARGEST_AMOUNT + 1])
def test_a_sum_that_nobody_pays_has_no_code(amount: int) -> None:
    with pytest.raises(ValueError, match="no sum"):
        payload(VIETIN, amount=amount)


@pytest.mark.parametrize("purpose", ["Nộp phí", "A\nB", "x" * 51, "a&b"])
def test_a_purpose_that_a_bank_would_change_has_no_code(purpose: str) -> None:
    with pytest.raises(ValueError, match="would change"):
        payload(VIETIN, amount=1, purpose=purpose)


@pytest.mark.parametrize(("bank", "number"), [("97041", "113366668888"), ("970415", "1133 6666"), ("970415", "")])
def test_an_account_that_no_bank_has_is_refused(bank: str, number: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        Account(bank=bank, number=number)
