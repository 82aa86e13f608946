"""The trial bank itself: a process of its own, and the page on which it is told to lie."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from portal.commands.data_folder import free_port
from portal.core import clock
from portal.core.wire import post_json
from portal.payments import gateways, jobs
from portal.payments.vnpay import ASK_AT, PAY_AT, Vnpay
from tests.integration.payments.conftest import SECRET, Till, Town, ask, press

pytestmark = pytest.mark.committed


def test_the_trial_bank_is_a_process_of_its_own(till: Till, tmp_path: Path) -> None:
    """Started as `portal run` starts it, asked over HTTP."""
    port = free_port()
    environment = {
        **os.environ,
        "PORTAL_DATABASE_URL": "postgresql://portal_app@127.0.0.1/none",
        "PORTAL_REDIS_URL": "redis://127.0.0.1",
        "PORTAL_SECRET_KEY": "a",
        "PORTAL_RECEIPT_KEY": "b",
        "PORTAL_PAYMENT_SECRET": SECRET,
        "PORTAL_REGISTERS_SECRET": "another secret",
        "PORTAL_REGISTERS_URL": "http://registers.example",
        "PORTAL_PAYMENT_URL": f"http://127.0.0.1:{port}",
        "PORTAL_PUBLIC_URL": "http://127.0.0.1:9",
        "PORTAL_FILES_DIR": str(tmp_path),
        "PORTAL_DATA_DIR": str(tmp_path),
        "PORTAL_DEMONSTRATION": "1",
    }
    command = [sys.executable, "-m", "portal", "simulate", "payments", "--port", str(port)]
    process = subprocess.Popen(command, env=environment)
    try:
        wait_for(port)
        gateways.use(
            Vnpay(
                url=f"http://127.0.0.1:{port}{PAY_AT}", merchant="CANTHO01", secret=SECRET, public_url="http://portal"
            )
        )
        owner = till.citizen()
        record_id = till.record(owner)
        started = till.start(record_id, owner)
        assert ask("GET", started.redirect_url)[0] == 200
        way_back = press(f"http://127.0.0.1:{port}", started.reference)
        jobs.poll_payment({"reference": started.reference, "turn": "0"}, now=clock.now() + timedelta(minutes=5))
        assert dict(parse_qsl(urlsplit(way_back).query))["vnp_TxnRef"] == started.reference
        assert till.states(record_id) == ["captured"]
        question = post_json(f"http://127.0.0.1:{port}{ASK_AT}", {"vnp_TxnRef": started.reference})
        assert question["vnp_ResponseCode"] == "97"
    finally:
        process.terminate()
        process.wait(timeout=10)


def wait_for(port: int) -> None:
    for _ in range(150):
        try:
            ask("GET", f"http://127.0.0.1:{port}/control")
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the trial bank did not start")


def test_the_page_of_lies_is_set_and_read_back(town: Town) -> None:
    status, _, _ = ask("POST", f"{town.bank_url}/control", {"duplicate": "2", "drop": "1", "delay": ""})
    assert status == 303
    assert town.bank.books.behaviour().duplicate == 2
    status, page, _ = ask("GET", f"{town.bank_url}/control")
    assert status == 200
    assert 'name="drop" inputmode="decimal" value="1"' in page


def test_what_is_no_number_of_the_page_of_lies_is_named_at_its_input(town: Town) -> None:
    before = town.bank.books.behaviour(), town.bank.books.now().date()
    for at, name, typed in (
        ("", "amount", "nghìn"),
        ("", "amount", "-1"),
        ("", "amount", "1000000000001"),
        ("", "duplicate", "inf"),
        ("", "drop", "nan"),
        ("/clock", "days", "ba mươi"),
        ("/clock", "days", "401"),
    ):
        status, page, _ = ask("POST", f"{town.bank_url}/control{at}", {name: typed})
        assert status == 422, typed
        assert "Ghi một số từ 0 đến" in page
        assert f'value="{typed}" aria-invalid="true"' in page
    assert (town.bank.books.behaviour(), town.bank.books.now().date()) == before
