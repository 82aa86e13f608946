"""A trial mail server: takes every letter, delivers none, and shows them on a page of its own.

A process and books of their own. Letters hold personal data: both doors are open on this machine only.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.simulators.ledger import Ledger
from portal.simulators.serving import server
from portal.simulators.smtp import mail_server

_SCHEMA = """
CREATE TABLE IF NOT EXISTS letter (
  id INTEGER PRIMARY KEY AUTOINCREMENT, reference TEXT NOT NULL UNIQUE, taken_at TEXT NOT NULL, content BLOB NOT NULL);
"""
SHOWN = 100
"""Letters of the page, the newest first."""


def run(data_dir: Path, *, port: int, page_port: int) -> None:
    """Take letters at `port` and show them at `page_port` until the process is stopped."""
    box = Box(data_dir / "simulators")
    threading.Thread(target=mail_server(box.take, port=port).serve_forever, daemon=True).start()
    server(mail_app(box), port=page_port).serve_forever()


@dataclass
class Box:
    """The letters, apart from their pages. A letter that comes twice is kept once."""

    folder: Path

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.folder / "mail.sqlite", schema=_SCHEMA)

    def take(self, content: bytes) -> None:
        taken = {"reference": str(_read(content)["Message-ID"]), "at": clock.now().isoformat(), "content": content}
        self.ledger.write(
            "INSERT INTO letter (reference, taken_at, content) VALUES (:reference, :at, :content) "
            "ON CONFLICT DO NOTHING",
            taken,
        )

    def letters(self) -> list[dict[str, Any]]:
        rows = self.ledger.rows(
            "SELECT id, taken_at, content FROM letter ORDER BY id DESC LIMIT :most", {"most": SHOWN}
        )
        return [_shown(row) for row in rows]

    def letter(self, number: int) -> EmailMessage:
        """Ends the request when there is none."""
        row = self.ledger.row("SELECT content FROM letter WHERE id = :id", {"id": number})
        return _read(row["content"]) if row is not None else abort(404)


pages = Blueprint("mail", __name__)


def mail_app(box: Box) -> Flask:
    app = Flask(__name__, template_folder="pages", static_folder="assets")
    app.extensions["box"] = box
    app.register_blueprint(pages)
    return app


def the_box() -> Box:
    box: Box = current_app.extensions["box"]
    return box


@pages.get("/")
def letters() -> ResponseReturnValue:
    return render_template("mail.html", letters=the_box().letters())


@pages.get("/<int:number>")
def letter(number: int) -> ResponseReturnValue:
    found = the_box().letter(number)
    body = found.get_body()
    return render_template(
        "letter.html",
        number=number,
        letter=found,
        body=body.get_content() if body else "",
        papers=[paper.get_filename() for paper in found.iter_attachments()],
    )


@pages.get("/<int:number>/<int:place>.pdf")
def paper(number: int, place: int) -> ResponseReturnValue:
    papers = list(the_box().letter(number).iter_attachments())
    if place >= len(papers):
        abort(404)
    return Response(papers[place].get_content(), mimetype="application/pdf")


def _read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    found = _read(row["content"])
    taken = clock.local(datetime.fromisoformat(row["taken_at"]))
    papers = sum(1 for _ in found.iter_attachments())
    return {"id": row["id"], "to": found["To"], "subject": found["Subject"], "taken": taken, "papers": papers}
