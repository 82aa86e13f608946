"""A trial postal operator: it takes orders, carries parcels when it is told to, tells of them, and lies when told to.

A process of its own with books of its own. No postman comes.
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from threading import Event as Signal
from threading import Thread
from typing import Any

from flask import Flask, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.config import Settings
from portal.core import clock
from portal.core.errors import Unavailable
from portal.core.sealed import opened, sealed
from portal.core.wire import post_json
from portal.delivery.operator import NOTIFIED_AT, PARTNER
from portal.delivery.types import ParcelEventKind
from portal.simulators.behaving import NOTHING, told
from portal.simulators.post_books import Behaviour, Event, Parcel, PostBooks
from portal.simulators.serving import server

log = logging.getLogger(__name__)

_NAP = 0.2
"""Seconds between two looks at what has to be delivered."""
FEES = (22_000, 31_000)
"""VND: inside the city, and anywhere else."""
_KINDS = [str(kind) for kind in ParcelEventKind]
_LIES = [lie.name for lie in fields(Behaviour)]
NAMES = {
    ParcelEventKind.COLLECTED: "đã lấy",
    ParcelEventKind.ARRIVED: "đến nơi trung chuyển",
    ParcelEventKind.OUT: "đi phát",
    ParcelEventKind.FAILED: "phát chưa được",
    ParcelEventKind.RETURNING: "chuyển về",
    ParcelEventKind.RETURNED: "đã trả lại quầy",
    ParcelEventKind.DELIVERED: "đã phát",
    ParcelEventKind.LOST: "thất lạc",
}
"""On the page for a person."""
ANSWERS = {
    "00": "đã nhận",
    "01": "không có bưu gửi này",
    "02": "trái với đơn",
    "97": "sai chữ ký",
    "99": "chưa ghi được",
    "unreachable": "không nghe máy",
}
OFFICES = {"collected": "Bưu cục Ninh Kiều", "arrived": "Trung tâm khai thác Cần Thơ", "out": "Bưu cục phát"}
REASONS = {
    "failed": "Gọi không ai nghe máy",
    "returning": "Không ai nhận sau nhiều lần phát",
    "lost": "Thất lạc trên đường",
}


def run(settings: Settings, *, port: int) -> None:
    """Play the operator until the process is stopped."""
    books = PostBooks(settings.data_dir / "simulators")
    post = Post(books, secret=settings.post_secret, notification_url=settings.public_url + NOTIFIED_AT)
    Thread(target=post.deliver_until_stopped, daemon=True).start()
    server(post_app(post), port=port).serve_forever()


@dataclass
class Post:
    """The operator apart from its pages."""

    books: PostBooks
    secret: str = field(repr=False)
    notification_url: str
    stopped: Signal = field(default_factory=Signal)

    def answer(self, what: str, question: Mapping[str, Any]) -> dict[str, str] | None:
        """The sealed answer; None for what is not signed, and for an answer that is lost on the way."""
        asked = opened(question, secret=self.secret)
        if asked is None or asked.get("partner") != PARTNER:
            return None
        wanted = str(asked.get("request"))
        said = {"orders": self._ordered, "cancel": self._cancelled, "tracking": self._tracked}[what](wanted, asked)
        if what == "orders" and random.random() < self.books.behaviour().lose:  # noqa: S311 - no secret
            return None
        return sealed({**said, "request": wanted, "question": asked.get("question")}, secret=self.secret)

    def _ordered(self, wanted: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        receiver = asked["receiver"]
        if self.books.behaviour().refuse and self.books.parcel(wanted) is None:
            return {"status": "refused", "reason": "Bưu cục chưa phát được đến địa chỉ này"}
        fee = FEES[0] if "Cần Thơ" in str(receiver["address"]) else FEES[1]
        taken = self.books.take(
            wanted, reference=str(asked["reference"]), receiver=f"{receiver['name']}, {receiver['address']}", fee=fee
        )
        return {"status": "taken", "number": taken.number, "fee": taken.fee}

    def _cancelled(self, wanted: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        if self.books.parcel(wanted) is None:
            return {"status": "unknown"}
        return {"status": "cancelled" if self.books.cancel(wanted) else "collected"}

    def _tracked(self, wanted: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        parcel = self.books.parcel(wanted)
        events = [_told(event) for event in self.books.events(wanted)]
        return {"status": "known" if parcel else "unknown", "number": parcel.number if parcel else "", "events": events}

    def carry(self, parcel: Parcel, kind: str) -> Event:
        """Something happens to the parcel; words about it are left for delivery as the post now behaves."""
        office, reason = OFFICES.get(kind, "Bưu cục phát"), REASONS.get(kind, "")
        event = self.books.add_event(parcel.request, kind, office=office, reason=reason, at=clock.now())
        for message, insists in self._words(parcel, event, self.books.behaviour()):
            self.books.post(json.dumps(message), insists=insists)
        return event

    def _words(self, parcel: Parcel, event: Event, lies: Behaviour) -> Iterator[tuple[dict[str, str], bool]]:
        said = {"partner": PARTNER, "request": parcel.request, "number": parcel.number, **_told(event)}
        if lies.forge:
            forged = {**said, "event": f"F{event.id}", "kind": str(ParcelEventKind.DELIVERED)}
            yield sealed(forged, secret=self.secret[::-1]), False
        if random.random() < lies.drop:  # noqa: S311 - no secret
            return
        yield sealed(said, secret=self.secret), True
        for _ in range(int(lies.duplicate)):
            yield sealed(said, secret=self.secret), False

    def told(self) -> list[tuple[str, int]]:
        """What the portal answered to words so far, and how often."""
        answered = Counter(str(word["answered"] or "") for word in self.books.deliveries())
        return [(ANSWERS.get(code, "chưa gửi"), count) for code, count in sorted(answered.items())]

    def deliver_until_stopped(self) -> None:
        while not self.stopped.wait(_NAP):
            self.deliver()

    def deliver(self) -> None:
        """Send every word that is due, and note what the portal answered."""
        for delivery in () if self.books.behaviour().away else self.books.due():
            try:
                answered = str(post_json(self.notification_url, json.loads(delivery["message"])).get("result", ""))
            except Unavailable:
                answered = "unreachable"
            log.info("a word of the post was delivered", extra={"answered": answered})
            self.books.note(delivery, answered=answered)


def _told(event: Event) -> dict[str, str]:
    return {"event": f"E{event.id}", "kind": event.kind, "at": event.at, "office": event.office, "reason": event.reason}


def post_app(post: Post) -> Flask:
    """The operator's interface, and the page where it is told what happens and how to behave."""
    app = Flask(__name__, template_folder="pages", static_folder="assets")
    app.jinja_env.filters["dong"] = lambda amount: f"{amount:,}".replace(",", ".")
    _add_control(app, post)
    _add_interface(app, post)

    @app.post("/api/<any(orders, cancel, tracking):what>")
    def api(what: str) -> ResponseReturnValue:
        lies = post.books.behaviour()
        time.sleep(lies.slow)
        if lies.away:
            return jsonify(error="closed"), 503
        question = request.get_json(force=True, silent=True)
        answer = post.answer(what, question if isinstance(question, dict) else {})
        return jsonify(answer) if answer else (jsonify(error="not signed, or lost"), 401)

    return app


def _add_control(app: Flask, post: Post) -> None:
    """The page `/control` for a person."""

    @app.route("/control", methods=["GET", "POST"])
    def control() -> ResponseReturnValue:
        said = told(request.form, _LIES) if request.method == "POST" else NOTHING
        if request.method == "POST" and not said.mistakes:
            post.books.behave(Behaviour(**said.numbers))
            return redirect(url_for("control"), 303)
        rows = [(parcel, post.books.events(parcel.request)) for parcel in post.books.parcels()]
        context = {"behaviour": post.books.behaviour(), "rows": rows, "names": NAMES, "answers": post.told()}
        return render_template("post.html", said=said, **context), 422 if said.mistakes else 200

    @app.post("/control/<number>")
    def carry(number: str) -> ResponseReturnValue:
        parcel, kind = post.books.numbered(number), request.form.get("kind", "")
        if parcel is None or kind not in _KINDS:
            return render_template("unknown.html"), 400
        post.carry(parcel, kind)
        return redirect(url_for("control"), 303)


def _add_interface(app: Flask, post: Post) -> None:
    """The same for a program."""

    @app.route("/api/control", methods=["GET", "PUT"])
    def api_control() -> ResponseReturnValue:
        """The whole behaviour: what is not named is honest."""
        if request.method == "PUT":
            said = told(request.get_json(force=True), _LIES)
            if said.mistakes:
                return jsonify(mistakes=said.mistakes), 400
            post.books.behave(Behaviour(**said.numbers))
        return jsonify(asdict(post.books.behaviour()))

    @app.post("/api/parcels/<number>")
    def api_carry(number: str) -> ResponseReturnValue:
        """`{"kind": "out"}`: what happens to the parcel."""
        parcel, kind = post.books.numbered(number), str(request.get_json(force=True).get("kind"))
        if parcel is None or kind not in _KINDS:
            return jsonify(error="no such parcel, or no such event"), 400
        return jsonify(event=post.carry(parcel, kind).id)

    @app.get("/ledger")
    def ledger() -> ResponseReturnValue:
        parcels = [(parcel.number, [event.kind for event in post.books.events(parcel.request)]) for parcel in
                   post.books.parcels()]  # fmt: skip
        return jsonify(parcels=parcels, deliveries=post.books.deliveries())
