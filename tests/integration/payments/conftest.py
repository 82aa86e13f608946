"""A portal that owes fees, and a trial bank, each listening on this machine."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

import pytest
from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock, database
from portal.core.actor import SYSTEM, Actor
from portal.core.errors import PortalError
from portal.core.unit_of_work import reading, unit_of_work, use
from portal.payments import gateways, queries, service
from portal.payments.gateways import Word
from portal.payments.mobile_money import NOTIFIED_AT as MOBILE_NOTIFIED_AT
from portal.payments.mobile_money import MobileMoney
from portal.payments.models import Capture, FeeLine, Payment, Refund
from portal.payments.signature import signed_query
from portal.payments.types import NOT_KNOWN, Answer, Books, FeeLineValue, PaymentStart
from portal.payments.vnpay import NOTIFIED_AT, PAY_AT, Vnpay
from portal.simulators.bank_books import Behaviour
from portal.simulators.bank_books import Books as BankBooks
from portal.simulators.mobile_money import Telecom
from portal.simulators.payments import VnpayBank, add_telecom, bank_app
from tests.cluster import DatabaseUrls
from tests.integration.listening import listening
from tests.integration.rows import a_citizen, a_record

CODE = "H13.31135-241118-0001"
Owed = Callable[[str], list[dict[str, str]]]
SECRET = "SECRETKEYFORTEST0123456789ABCDEF"
PERMIT = FeeLineValue(
    rule="permit",
    kind="le_phi",
    name="Lệ phí cấp giấy phép xây dựng",
    name_en="Fee for a construction permit",
    amount=75_000,
    legal_basis="23/2024/NQ-HĐND",
    moment="receiving",
)


def fee_lines_of(session: Session, record_id: UUID) -> list[FeeLine]:
    return list(session.scalars(select(FeeLine).where(FeeLine.record_id == record_id)))


def ask(method: str, url: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Status, page and where it sends the browser."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=10)
    body = urlencode(fields) if fields else None
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
    connection.request(method, f"{address.path}?{address.query}", body, headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    return answer.status, page, answer.headers.get("Location", "")


def portal_door() -> Flask:
    """The two pages of the portal to which the bank speaks."""
    app = Flask(__name__)

    @app.route("/thanh-toan/<name>/thong-bao", methods=["GET", "POST"])
    def notification(name: str) -> ResponseReturnValue:
        gateway = gateways.of(name)
        word = Word(parameters=list(request.args.items(multi=True)), body=request.get_data())
        try:
            with unit_of_work(SYSTEM) as session:
                answer = service.receive_notification(session, gateway, word, now=clock.now())
        except PortalError:
            answer = NOT_KNOWN
        return jsonify(gateway.in_its_words(answer))

    return app


@dataclass
class Till:
    """The portal's side of the money."""

    url: str

    def citizen(self) -> Actor:
        with unit_of_work(SYSTEM) as session:
            return a_citizen(session)

    def record(self, owner: Actor, *lines: FeeLineValue) -> UUID:
        """A record that owes the lines, or the permit's fee."""
        with unit_of_work(SYSTEM) as session:
            record_id = a_record(session, owner=owner)
            assert owner.person_id is not None
            owed = lines or (PERMIT,)
            for row in service.fee_rows(owed, record_id=record_id, owner_id=owner.person_id, now=clock.now()):
                session.execute(service.OWE_FEE, row)
        return record_id

    def start(
        self, record_id: UUID, actor: Actor, *, now: datetime | None = None, way: str | None = None
    ) -> PaymentStart:
        with unit_of_work(actor) as session:
            return service.start_payment(
                session,
                record_id,
                record_code=CODE,
                client_address="127.0.0.1",
                actor=actor,
                now=now or clock.now(),
                way=way,
            )

    def notify(self, *pairs: tuple[str, str]) -> Answer:
        with unit_of_work(SYSTEM) as session:
            return service.receive_notification(session, gateways.of("vnpay"), Word(parameters=pairs), now=clock.now())

    def payments(self, record_id: UUID) -> list[Payment]:
        with reading(SYSTEM) as session:
            return list(session.scalars(select(Payment).where(Payment.record_id == record_id)))

    def states(self, record_id: UUID) -> list[str]:
        return sorted(payment.state for payment in self.payments(record_id))

    def captures(self, record_id: UUID) -> list[str]:
        """What became of the money of a record: `matched`, or the cause for which it waits."""
        with reading(SYSTEM) as session:
            found = session.scalars(select(Capture).where(Capture.record_id == record_id)).all()
        return sorted(capture.cause or capture.state for capture in found)

    def refunds(self, record_id: UUID | None) -> list[Refund]:
        with reading(SYSTEM) as session:
            return list(session.scalars(select(Refund).where(Refund.record_id == record_id)))

    def books(self) -> Books:
        with reading(SYSTEM) as session:
            found = queries.books(session)
        assert found.is_balanced, found
        return found

    def matched_and_suspense(self) -> tuple[int, int]:
        """VND that paid fees, and VND that wait to be given back."""
        books = self.books()
        return books.matched, books.suspense


@pytest.fixture
def sessions(database_urls: DatabaseUrls) -> Iterator[None]:
    engine = database.engine(database_urls.app, pool_size=10)
    use(database.sessions(engine))
    yield
    engine.dispose()


@pytest.fixture
def till(sessions: None) -> Iterator[Till]:
    """The portal, with nobody at the other end of the line."""
    before = gateways.offered()
    gateways.use(Vnpay(url="http://127.0.0.1:9", merchant="DEMOTMN1", secret=SECRET, public_url="http://portal"))
    yield Till(url="http://portal")
    gateways.use(*before)


@dataclass
class Town:
    """The portal and the bank, talking to each other."""

    till: Till
    bank: VnpayBank
    bank_url: str
    telecom: Telecom

    def lies(self, **lies: float) -> None:
        self.bank.books.behave(Behaviour(**lies))


@pytest.fixture
def town(sessions: None, tmp_path: Path) -> Iterator[Town]:
    before = gateways.offered()
    with listening(portal_door()) as portal_url:
        bank = VnpayBank(
            BankBooks(tmp_path), secret=SECRET, notification_url=portal_url + NOTIFIED_AT, merchant="DEMOTMN1"
        )
        telecom = Telecom(
            BankBooks(tmp_path, name="mobile"),
            secret=SECRET[::-1],
            notification_url=portal_url + MOBILE_NOTIFIED_AT,
            partner="DEMOTMN1",
        )
        app = bank_app(bank)
        add_telecom(app, telecom)
        with listening(app) as bank_url:
            mobile_url = f"{bank_url}/mobile"
            gateways.use(
                Vnpay(url=bank_url + PAY_AT, merchant="DEMOTMN1", secret=SECRET, public_url=portal_url),
                MobileMoney(url=mobile_url, partner="DEMOTMN1", secret=SECRET[::-1], public_url=portal_url),
            )
            yield Town(till=Till(url=portal_url), bank=bank, bank_url=bank_url, telecom=telecom)
    gateways.use(*before)


@pytest.fixture
def owed() -> Callable[[str], list[dict[str, str]]]:
    """The arguments of the jobs of a kind that are owed."""
    from portal.jobs.models import Job

    def arguments(kind: str) -> list[dict[str, str]]:
        with reading(SYSTEM) as session:
            return list(session.scalars(select(Job.arguments).where(Job.kind == kind).order_by(Job.id)))

    return arguments


def press(town_url: str, reference: str, choice: str = "pay") -> str:
    status, _, way_back = ask("POST", f"{town_url}/pay/{reference}", {"choice": choice})
    assert status == 303
    return way_back


def word(reference: str, *, amount: int = 75_000, code: str = "00", number: str = "14000001") -> list[tuple[str, str]]:
    """A notification as the gateway signs it."""
    said = {
        "vnp_Amount": str(amount * 100),
        "vnp_ResponseCode": code,
        "vnp_TmnCode": "DEMOTMN1",
        "vnp_TransactionNo": number,
        "vnp_TransactionStatus": "00" if code == "00" else "02",
        "vnp_TxnRef": reference,
    }
    return parse_qsl(signed_query(said, secret=SECRET))
