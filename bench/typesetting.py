"""The receipt by WeasyPrint as the portal prints it, and the same words on the same page by typst and by reportlab."""

from __future__ import annotations

import time
from base64 import b64decode
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import pikepdf

from bench.composed import words_of
from bench.peer import Peer, running_peer
from bench.rounds import Contestant, interleaved, quotients, spread, table
from bench.sealing import Receipt, gathered
from portal.documents import rendering

HELP_NUMBER = "0292 1022"
OWN, TYPST, REPORTLAB = "portal (WeasyPrint 70)", "typst 0.15", "reportlab 5.1"
WHAT_IS_MADE = {OWN: "PDF/A-3a, tagged", TYPST: "PDF/A-3a, tagged", REPORTLAB: "neither PDF/A nor tagged"}
MARK = b"pdfaid"


def compare(receipt: Receipt, key: bytes, *, rounds: int, times: int) -> None:
    """The same words on the same page. Each time another code, so that nothing is set from memory."""
    content = gathered(receipt)
    codes = (f"{content['record_code'][:-4]}{number:04d}" for number in range(1_000_000))
    qr = rendering.check_drawing(receipt.document_id)
    words = words_of(content, record_id=receipt.record_id, key=key, qr=qr, help_number=HELP_NUMBER)
    with running_peer("typst_receipt.py") as typst, running_peer("reportlab_receipt.py") as reportlab:
        contestants = [
            Contestant(OWN, lambda: _own(content, receipt, [next(codes) for _ in range(times)])),
            Contestant(TYPST, lambda: _asked(typst, words, [next(codes) for _ in range(times)], archivable=True)),
            Contestant(REPORTLAB, lambda: _asked(reportlab, words, [next(codes) for _ in range(times)])),
        ]
        figures = interleaved(contestants, rounds=rounds)
    rows = [
        [
            name,
            spread(found.rounds, scale=1000, digits=1),
            spread(quotients(figures[OWN], found), digits=1),
            WHAT_IS_MADE[name],
        ]
        for name, found in figures.items()
    ]
    table(["a receipt, unsigned", "ms CPU", "times as fast as the portal", "makes"], rows)


def _own(content: Mapping[str, Any], receipt: Receipt, codes: Sequence[str]) -> Sequence[float]:
    taken = []
    for code in codes:
        started = time.process_time()
        pdf = rendering.render(
            "receipt", {**content, "record_code": code}, title=receipt.title, record_id=receipt.record_id
        )
        taken.append(time.process_time() - started)
    _check(pdf, archivable=True)
    return taken


def _asked(peer: Peer, words: Mapping[str, Any], codes: Sequence[str], *, archivable: bool = False) -> Sequence[float]:
    answered = peer.ask("set", words=[{**words, "code": code} for code in codes])
    _check(b64decode(answered["pdf"]), archivable=archivable)
    seconds: Sequence[float] = answered["seconds"]
    return seconds


def _check(pdf: bytes, *, archivable: bool) -> None:
    with pikepdf.open(BytesIO(pdf)) as document:
        if len(document.pages) != 1:
            raise AssertionError("the receipt is not one page")
        if archivable and ("/StructTreeRoot" not in document.Root or MARK not in document.Root.Metadata.read_bytes()):
            raise AssertionError("the receipt is not archivable")
