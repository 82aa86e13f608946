"""VNPAY's signatures against an independent program, the npm package `vnpay`: tests/oracles/vnpay.mjs asked it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from portal.payments.gateways import Forged, Word
from portal.payments.signature import FIELD, is_genuine, joined, signature, signed_query
from portal.payments.vnpay import ANSWERED, ASKED, REFUND_ASKED, Vnpay

VECTORS: dict[str, Any] = json.loads(Path("tests/oracles/vnpay_vectors.json").read_text(encoding="utf-8"))
SECRET = VECTORS["secret"]
GATEWAY = Vnpay(url="https://bank.test", merchant=VECTORS["merchant"], secret=SECRET, public_url="https://portal.test")


@pytest.mark.parametrize("vector", VECTORS["orders"], ids=lambda vector: vector["order"]["vnp_TxnRef"])
def test_an_order_is_signed_as_the_peer_signs_it(vector: dict[str, Any]) -> None:
    address = urlsplit(vector["url"])
    said = dict(parse_qsl(address.query))
    proof = said.pop(FIELD)
    assert {name: said[name] for name in vector["order"] if name != "vnp_Amount"} == {
        name: str(value) for name, value in vector["order"].items() if name != "vnp_Amount"
    }
    assert said["vnp_Amount"] == str(vector["order"]["vnp_Amount"] * 100)
    assert dict(parse_qsl(signed_query(said, secret=SECRET)))[FIELD] == proof
    assert is_genuine({**said, FIELD: proof}, secret=SECRET)


def test_a_notification_is_believed_when_the_peer_believes_it_and_only_then() -> None:
    believed = []
    for vector in VECTORS["words"]:
        try:
            GATEWAY.read(Word(parameters=list(vector["word"].items())))
        except Forged:
            believed.append(False)
        else:
            believed.append(True)
    assert believed == [vector["genuine"] for vector in VECTORS["words"]]
    assert True in believed
    assert False in believed


def test_questions_and_refunds_are_signed_as_the_peer_signs_them() -> None:
    kinds = {"querydr": ASKED, "refund": REFUND_ASKED}
    for question in VECTORS["questions"]:
        names = kinds[question["vnp_Command"]]
        assert signature(joined(question[name] for name in names), secret=SECRET) == question[FIELD]


def test_an_answer_that_the_peer_believes_is_signed_as_the_portal_reads_it() -> None:
    assert all(vector["genuine"] for vector in VECTORS["answers"])
    for answer in (vector["answer"] for vector in VECTORS["answers"]):
        names = [name for name in ANSWERED if name in answer]
        assert signature(joined(answer[name] for name in names), secret=SECRET) == answer[FIELD]
