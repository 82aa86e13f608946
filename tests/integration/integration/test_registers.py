"""Asking registers over HTTP: honest, wrong, down and hostile ones."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask, Response, redirect
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.wire import LARGEST_ANSWER, encoded
from portal.integration.registers import HttpRegisters
from portal.integration.signature import signed_headers
from portal.integration.types import UNAVAILABLE, AnswerKind
from portal.simulators.registers import Office, registers_app
from tests.integration.listening import listening

SECRET = "a secret that both sides know"
SHOP = {
    "form": {
        "name": "Hộ kinh doanh Bánh cống Cô Út",
        "place": "86/38 Lý Tự Trọng",
        "place_commune": "31120",
        "lines": [{"title": "Bán đồ ăn", "vsic": "5610", "main": True}],
        "start_date": "2024-12-01",
        "id_no": "092184001234",
        "full_name": "Nguyễn Thị Út",
        "birth_date": "1984-02-03",
        "phone": "0912000111",
    }
}


def shop(**changed: str) -> dict[str, dict[str, object]]:
    return {"form": {**SHOP["form"], **changed}}


@dataclass
class Line:
    office: Office
    registers: HttpRegisters


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    office = Office(tmp_path, secret=SECRET)
    with listening(registers_app(office)) as url:
        yield Line(office, HttpRegisters(url=url, secret=SECRET, timeout=5))


def test_the_tax_office_gives_a_code_once_for_one_question(line: Line) -> None:
    first = line.registers.ask("tax_code", SHOP, number="task-1", now=clock.now())
    again = line.registers.ask("tax_code", SHOP, number="task-1", now=clock.now())
    other = line.registers.ask("tax_code", SHOP, number="task-2", now=clock.now())
    assert (first.kind, first.code) == (AnswerKind.OK, "32A8010001")
    assert again == first
    assert other.code == "32A8010002"


def test_data_that_do_not_agree_come_back_with_a_reason(line: Line) -> None:
    answer = line.registers.ask("tax_code", shop(name="Hộ kinh doanh Không khớp"), number="1", now=clock.now())
    assert (answer.kind, answer.code) == (AnswerKind.MISMATCH, "")
    assert "không khớp" in answer.reason


def test_a_register_may_be_told_to_misbehave_and_recovers(line: Line) -> None:
    line.office.behave("unavailable")
    assert line.registers.ask("tax_code", SHOP, number="1", now=clock.now()) == UNAVAILABLE
    line.office.behave("mismatch")
    assert line.registers.ask("tax_code", SHOP, number="1", now=clock.now()).kind is AnswerKind.MISMATCH
    line.office.behave("honest")
    assert line.registers.ask("tax_code", SHOP, number="1", now=clock.now()).kind is AnswerKind.OK
    down = shop(name="Hộ kinh doanh Mất mạng")
    assert line.registers.ask("tax_code", down, number="2", now=clock.now()) == UNAVAILABLE


def test_the_population_register_compares_the_year_of_birth(line: Line) -> None:
    right = line.registers.ask("population", SHOP, number="1", now=clock.now())
    wrong = line.registers.ask("population", shop(birth_date="1990-01-01"), number="2", now=clock.now())
    assert (right.kind, right.data) == (AnswerKind.OK, {"gender": "female"})
    assert (wrong.kind, wrong.reason) == (AnswerKind.MISMATCH, "Ngày sinh không khớp với số định danh.")


def test_a_register_is_told_no_more_than_it_needs(line: Line) -> None:
    from portal.integration.registers import MESSAGES

    for message in MESSAGES.values():
        assert "0912000111" not in str(message(SHOP))


def test_a_wrong_secret_and_a_stale_clock_are_refused(line: Line) -> None:
    stranger = replace(line.registers, secret="another")
    assert stranger.ask("tax_code", SHOP, number="1", now=clock.now()) == UNAVAILABLE
    late = clock.now() - timedelta(minutes=5)
    assert line.registers.ask("tax_code", SHOP, number="1", now=late) == UNAVAILABLE
    assert line.office.questions() == []


def test_a_message_that_was_changed_on_the_way_is_refused(line: Line) -> None:
    headers = signed_headers("/tax_code", encoded({"name": "A"}), number="1", secret=SECRET, now=clock.now())
    for path, body, expected in (
        ("/tax_code", encoded({"name": "B"}), 401),
        ("/population", encoded({"name": "A"}), 401),
        ("/tax_code", encoded({"name": "A"}), 200),
    ):
        connection = http.client.HTTPConnection(urlsplit(line.registers.url).netloc, timeout=5)
        connection.request("POST", path, body, headers)
        assert connection.getresponse().status == expected
        connection.close()


def test_a_call_that_no_register_knows_is_a_mistake_of_ours(line: Line) -> None:
    with pytest.raises(KeyError):
        line.registers.ask("land", SHOP, number="1", now=clock.now())


def test_nobody_at_the_other_end_is_an_answer_too() -> None:
    registers = HttpRegisters(url="http://127.0.0.1:9", secret=SECRET)
    assert registers.ask("tax_code", SHOP, number="1", now=clock.now()) == UNAVAILABLE


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"<html>",
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"result": "granted"}',
        b'{"result": "ok", "code": 5}',
        b'{"result": "ok", "code": "<b>1</b>"}',
        b'{"result": "ok", "data": {"gender": ["male"]}}',
        b'{"result": "mismatch", "reason": "' + b"x" * 501 + b'"}',
        b'{"result": "ok", "reason": "' + b" " * LARGEST_ANSWER + b'"}',
    ],
    ids=range(11),
)
def test_a_hostile_answer_is_no_answer(body: bytes) -> None:
    app = Flask(__name__)

    @app.post("/tax_code")
    def answer() -> ResponseReturnValue:
        return Response(body, mimetype="application/json")

    with listening(app) as url:
        registers = HttpRegisters(url=url, secret=SECRET, timeout=5)
        assert registers.ask("tax_code", SHOP, number="1", now=clock.now()) == UNAVAILABLE


def test_an_answer_that_points_elsewhere_is_not_followed() -> None:
    app = Flask(__name__)

    @app.post("/tax_code")
    def answer() -> ResponseReturnValue:
        return redirect("/elsewhere")

    with listening(app) as url:
        registers = HttpRegisters(url=url, secret=SECRET, timeout=5)
        assert registers.ask("tax_code", SHOP, number="1", now=clock.now()) == UNAVAILABLE
