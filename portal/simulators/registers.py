"""Trial registers that answer as the state's would: tax codes, the population, numbers of newborn children.

A process and books of their own.

Ordinary names get an answer; a business whose name contains "Không khớp" is told that the data do not agree, one with
"Mất mạng" finds the register down. `/control` does the same for everybody.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.integration.signature import NUMBER, is_genuine
from portal.simulators.ledger import Ledger
from portal.simulators.serving import server

_SCHEMA = """
CREATE TABLE IF NOT EXISTS question (
  number TEXT NOT NULL, call TEXT NOT NULL, digest TEXT NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (number, call));
CREATE TABLE IF NOT EXISTS tax_code (id INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS behaviour (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
WAYS = {"honest": "Trả lời đúng", "mismatch": "Báo dữ liệu không khớp", "unavailable": "Không trả lời"}
DISAGREES = {
    "tax_code": "Họ tên chủ hộ không khớp với dữ liệu của cơ quan thuế.",
    "population": "Họ tên không khớp với dữ liệu dân cư.",
    "personal_number": "Họ tên cha hoặc mẹ không khớp với dữ liệu dân cư.",
}

Answer = dict[str, Any]


def run(data_dir: Path, *, secret: str, port: int) -> None:
    """Play the registers until the process is stopped; the books lie in `data_dir`."""
    server(registers_app(Office(data_dir / "simulators", secret=secret)), port=port).serve_forever()


@dataclass
class Office:
    """What the registers know and how they behave, apart from their pages."""

    folder: Path
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.folder / "registers.sqlite", schema=_SCHEMA)

    def behaviour(self) -> str:
        row = self.ledger.row("SELECT value FROM behaviour WHERE name = 'way'")
        return "honest" if row is None else str(row["value"])

    def behave(self, way: str) -> None:
        self.ledger.write(
            "INSERT INTO behaviour VALUES ('way', :way) ON CONFLICT (name) DO UPDATE SET value = :way", {"way": way}
        )

    def known_answer(self, call: str, number: str) -> tuple[str, Answer] | None:
        """The digest of a question that was answered before, and the answer."""
        row = self.ledger.row(
            "SELECT digest, answer FROM question WHERE call = :call AND number = :number",
            {"call": call, "number": number},
        )
        return None if row is None else (row["digest"], json.loads(row["answer"]))

    def keep(self, call: str, number: str, *, digest: str, answer: Answer) -> None:
        self.ledger.write(
            "INSERT INTO question VALUES (:number, :call, :digest, :answer) ON CONFLICT DO NOTHING",
            {"number": number, "call": call, "digest": digest, "answer": json.dumps(answer)},
        )

    def new_tax_code(self, number: str) -> str:
        """Like 32A8010625; the same for the same question."""
        self.ledger.write("INSERT INTO tax_code (number) VALUES (:number) ON CONFLICT DO NOTHING", {"number": number})
        row = self.ledger.row("SELECT id FROM tax_code WHERE number = :number", {"number": number})
        return f"32A8{10_000 + (row or {'id': 0})['id']:06d}"

    def questions(self) -> list[dict[str, Any]]:
        return self.ledger.rows("SELECT number, call, answer FROM question ORDER BY rowid DESC LIMIT 50")


pages = Blueprint("registers", __name__)


def registers_app(office: Office) -> Flask:
    app = Flask(__name__, template_folder="pages", static_folder="assets")
    app.extensions["office"] = office
    app.register_blueprint(pages)
    return app


def the_office() -> Office:
    office: Office = current_app.extensions["office"]
    return office


@pages.post("/<call>")
def question(call: str) -> ResponseReturnValue:
    office, body = the_office(), request.get_data()
    if call not in CALLS:
        return jsonify(error="unknown call"), 404
    if not is_genuine(request.path, body, dict(request.headers), secret=office.secret, now=clock.now()):
        return jsonify(error="not signed"), 401
    digest, number = hashlib.sha256(body).hexdigest(), request.headers[NUMBER]
    known = office.known_answer(call, number)
    if known is not None:
        return jsonify(known[1]) if known[0] == digest else (jsonify(error="another question had this number"), 409)
    asked = json.loads(body)
    if office.behaviour() == "unavailable" or "mất mạng" in _name(asked):
        return jsonify(error="down"), 503
    if office.behaviour() == "mismatch" or "không khớp" in _name(asked):
        return jsonify(result="mismatch", reason=DISAGREES.get(call, DISAGREES["tax_code"]))
    answer = CALLS[call](office, asked, number)
    office.keep(call, number, digest=digest, answer=answer)
    return jsonify(answer)


@pages.route("/control", methods=["GET", "POST"])
def control() -> ResponseReturnValue:
    office = the_office()
    if request.method == "POST":
        way = request.form.get("way", "")
        office.behave(way if way in WAYS else "honest")
        return redirect(url_for("registers.control"), 303)
    return render_template("registers.html", ways=WAYS, way=office.behaviour(), questions=office.questions())


def _name(asked: Mapping[str, Any]) -> str:
    return str(asked.get("name") or asked.get("full_name") or "").lower()


def _tax_code(office: Office, asked: Mapping[str, Any], number: str) -> Answer:
    missing = [word for word in ("name", "owner_id_number") if not asked.get(word)]
    if missing:
        return {"result": "mismatch", "reason": "Thiếu tên hộ kinh doanh hoặc số định danh của chủ hộ."}
    return {"result": "ok", "code": office.new_tax_code(number)}


def _population(office: Office, asked: Mapping[str, Any], number: str) -> Answer:
    """Digits 4 to 6 of an identity number tell century, sex and year of birth (59/2022/NĐ-CP)."""
    digits, born = str(asked.get("id_number", "")), str(asked.get("birth_date", ""))
    if not re.fullmatch(r"[0-9]{12}", digits):
        return {"result": "mismatch", "reason": "Không có người mang số định danh này."}
    year = 1900 + 100 * (int(digits[3]) // 2) + int(digits[4:6])
    if born and not born.startswith(str(year)):
        return {"result": "mismatch", "reason": "Ngày sinh không khớp với số định danh."}
    return {"result": "ok", "data": {"gender": "female" if int(digits[3]) % 2 else "male"}}


def _tax_change(office: Office, asked: Mapping[str, Any], number: str) -> Answer:
    if not asked.get("code"):
        return {"result": "mismatch", "reason": "Thiếu mã số hộ kinh doanh."}
    return {"result": "ok"}


def _tax_status(office: Office, asked: Mapping[str, Any], number: str) -> Answer:
    """A code that ends in 9 belongs to a business that still owes something."""
    if str(asked.get("code", "")).endswith("9"):
        return {"result": "open", "reason": "Hộ kinh doanh còn nợ thuế khoán của quý này."}
    return {"result": "closed"}


def _personal_number(office: Office, asked: Mapping[str, Any], number: str) -> Answer:
    """Twelve digits: province, century and sex, year of birth, six of the register's own (59/2022/NĐ-CP)."""
    born = str(asked.get("birth_date", ""))
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", born) or not asked.get("full_name"):
        return {"result": "mismatch", "reason": "Thiếu họ tên hoặc ngày sinh của trẻ."}
    sex = 2 * (int(born[:4]) // 100 - 19) + (asked.get("gender") == "f")
    own = int(hashlib.sha256(number.encode()).hexdigest(), 16) % 1_000_000
    return {"result": "ok", "code": f"092{sex}{born[2:4]}{own:06d}"}


CALLS: dict[str, Callable[[Office, Mapping[str, Any], str], Answer]] = {
    "tax_code": _tax_code,
    "tax_change": _tax_change,
    "tax_status": _tax_status,
    "population": _population,
    "personal_number": _personal_number,
}
