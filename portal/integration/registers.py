"""Asking state registers: the tax office for a code, the population register about a person."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from portal.core.errors import Unavailable
from portal.core.wire import encoded, post_bytes
from portal.integration.signature import signed_headers
from portal.integration.types import UNAVAILABLE, AnswerKind, RegisterAnswer
from portal.workflow.definition import Facts

log = logging.getLogger(__name__)


class Registers(Protocol):
    """Whoever answers for the registers."""

    def ask(self, call: str, facts: Facts, *, number: str, now: datetime) -> RegisterAnswer:
        """Ask what `call` names about the facts of a record; a register that is down is an answer, not an error.

        `number` is the portal's own for this question: a register that hears it again gives the same answer and does
        nothing a second time. Raises KeyError for a call that no register knows.
        """


@dataclass(frozen=True, kw_only=True)
class HttpRegisters:
    """Registers behind the state's data platform: signed JSON over HTTP."""

    url: str
    secret: str = field(repr=False)
    timeout: float = 15.0
    """Seconds."""

    def ask(self, call: str, facts: Facts, *, number: str, now: datetime) -> RegisterAnswer:
        body = encoded(MESSAGES[call](facts))
        path = f"/{call}"
        headers = signed_headers(path, body, number=number, secret=self.secret, now=now)
        try:
            said = post_bytes(self.url + path, body, headers=headers, timeout=self.timeout)
            return _answer(said)
        except (Unavailable, ValidationError) as failure:
            log.warning("a register does not answer", extra={"call": call, "error": type(failure).__name__})
            return UNAVAILABLE


class _Said(BaseModel):
    """What a register may answer. Anything else is no answer."""

    model_config = ConfigDict(strict=True)

    result: str = Field(pattern="^(ok|mismatch|closed|open)$")
    code: str = Field(default="", max_length=40, pattern=r"^[0-9A-Za-z.\-]*$")
    reason: str = Field(default="", max_length=500)
    data: dict[str, str] = Field(default_factory=dict, max_length=40)


def _answer(said: Mapping[str, Any]) -> RegisterAnswer:
    checked = _Said.model_validate(said)
    return RegisterAnswer(AnswerKind(checked.result), code=checked.code, reason=checked.reason, data=checked.data)


def _household_business(facts: Facts) -> dict[str, Any]:
    """What the tax office needs to give a household business its code, and nothing more."""
    form = facts["form"]
    return {
        "name": form.get("name", ""),
        "address": form.get("place", ""),
        "commune": form.get("place_commune", ""),
        "industries": [line.get("vsic", "") for line in form.get("lines") or ()],
        "start_date": str(form.get("start_date", "")),
        "owner_id_number": form.get("id_no", ""),
        "owner_name": form.get("full_name", ""),
    }


def _person(facts: Facts) -> dict[str, Any]:
    form = facts["form"]
    return {
        "id_number": form.get("id_no", ""),
        "full_name": form.get("full_name", ""),
        "birth_date": str(form.get("birth_date", "")),
    }


def _business_code(facts: Facts) -> dict[str, Any]:
    """Which business it is: the tax office knows the rest."""
    form = facts["form"]
    return {"code": form.get("code", ""), "name": form.get("name", ""), "owner_id_number": form.get("id_no", "")}


def _business_change(facts: Facts) -> dict[str, Any]:
    """What has changed, beside the code."""
    form = facts["form"]
    changed = {"items": form.get("items") or [], "changed_on": str(form.get("changed_on", ""))}
    return {**_business_code(facts), **changed, "commune": form.get("place_commune", "")}


def _birth(facts: Facts) -> dict[str, Any]:
    """What the population register needs to give a newborn child a personal number."""
    form = facts["form"]
    return {
        "full_name": " ".join(part for part in (form.get(name) for name in ("surname", "middle", "given")) if part),
        "birth_date": str(form.get("dob", "")),
        "gender": form.get("gender", ""),
        "commune": form.get("register_at", ""),
    }


MESSAGES: dict[str, Callable[[Facts], dict[str, Any]]] = {
    "tax_code": _household_business,
    "tax_change": _business_change,
    "tax_status": _business_code,
    "population": _person,
    "personal_number": _birth,
}
"""Calls that a definition may name -> what is sent."""


_registers: Registers | None = None


def use(registers: Registers) -> None:
    """Name the registers of this process."""
    global _registers
    _registers = registers


def ask(call: str, facts: Facts, *, number: str, now: datetime) -> RegisterAnswer:
    """As `Registers.ask`, of the registers of this process."""
    if _registers is None:
        raise RuntimeError("no registers have been named: call integration.registers.use first")
    return _registers.ask(call, facts, number=number, now=now)
