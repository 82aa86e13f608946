"""The grammar of a definition: pydantic models of its parts. `loader` reads them one by one and builds the values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator

from portal.catalogue.types import FieldType
from portal.workflow.definition import ActionKind, ClockRule, TimerEffect, Where
from portal.workflow.engine import STEP_STATES

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=600, strip_whitespace=True)]
Expression = Annotated[str, StringConstraints(min_length=1)]
Months = Annotated[str, StringConstraints(pattern=r"^\d+m$")]
Length = Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)?(d|wd|h)$")]
WorkingDays = Annotated[str, StringConstraints(pattern=r"^[1-9]wd$")]
Hour = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Level = Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")]
Levels = Annotated[
    list[Level], Field(min_length=1), BeforeValidator(lambda given: given if isinstance(given, list) else [given])
]
"""One level, or several in a list: the same to whoever reads it, so that a mistake is found once."""

Hours = Annotated[Decimal, Field(ge=0, le=2000)]


class Part(BaseModel):
    """Any part of a definition: unknown keys are mistakes, and no text turns silently into a number."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TextPart(Part):
    vi: Sentence
    en: Sentence


class FieldPart(Part):
    type: Annotated[FieldType, Field(strict=False)]
    label: TextPart
    required: bool = False
    hint: TextPart | None = None
    suffix: TextPart | Sentence | None = None  # a sign of measure (m²) is the same in both languages
    choices: dict[str, TextPart] = {}
    several: bool = False
    when: Expression | None = None
    fields: dict[Name, FieldPart] = {}
    row_name: TextPart | None = None
    min: Annotated[Decimal | None, Field(strict=False)] = None
    max: Annotated[Decimal | None, Field(strict=False)] = None
    max_length: int | None = None
    prefill: str | None = None
    level: Level | list[Level] | None = None
    kind: Literal["id_number", "phone", "email", "tax_code", "person_name", "year", "number"] | None = None


class CheckPart(Part):
    that: Expression
    message: TextPart
    fields: list[str] = []
    warns: bool = False


class PagePart(Part):
    title: TextPart
    fields: dict[Name, FieldPart]
    checks: list[CheckPart] = []


class PaperPart(Part):
    name: TextPart
    required: bool = True
    when: Expression | None = None
    formats: list[Literal["pdf", "jpg", "png"]] = ["pdf", "jpg", "png"]
    max_mb: Annotated[int, Field(ge=1, le=200)] = 10
    max_files: Annotated[int, Field(ge=1, le=50)] = 10
    copies: Annotated[str, StringConstraints(pattern=r"^[OCP][1-9]$")] = "O1"
    hint: TextPart | None = None
    replaced_by: Name | None = None
    mode: Literal["submit", "present", "surrender"] = "submit"
    one_of: Name | None = None
    signed: bool = False


Sum = Annotated[int, Field(ge=0, le=10**12)]
"""VND: what nobody pays at once is a slip of the pen."""


class AmountPart(Part):
    amount: Sum | Expression
    from_: Annotated[date | None, Field(alias="from", strict=False)] = None
    to: Annotated[date | None, Field(strict=False)] = None
    legal_basis: str = ""


class ReductionPart(Part):
    when: Annotated[Expression | None, Field(alias="if")] = None
    amount: Sum | Expression = 0
    from_: Annotated[date | None, Field(alias="from", strict=False)] = None
    to: Annotated[date | None, Field(strict=False)] = None
    legal_basis: str = ""
    note: TextPart


class RefundPart(Part):
    when: Annotated[Expression, Field(alias="if")]
    note: TextPart


class FeePart(Part):
    kind: Literal["phi", "le_phi"]
    name: TextPart
    amounts: Annotated[list[AmountPart], Field(min_length=1)]
    moment: Literal["receiving", "supplement", "return"] = "receiving"
    exempt_if: Expression | None = None
    reductions: list[ReductionPart] = []
    note: TextPart | None = None
    refund: RefundPart | None = None


class StagePart(Part):
    level: Level
    value: Annotated[Decimal, Field(gt=0, strict=False)]
    unit: Literal["working_days", "calendar_days", "working_hours"]
    tight: TextPart | None = None


class TermPart(Part):
    value: Annotated[Decimal, Field(gt=0, strict=False)] = Decimal(0)
    unit: Literal["working_days", "calendar_days", "working_hours", "same_day", "stages"]
    cutoff: Hour = "15:00"
    stages: list[StagePart] = []
    tight: TextPart | None = None


class ResultPart(Part):
    template: Name
    name: TextPart
    series: str
    each: str | None = None
    scan: Name | None = None
    action: Literal["issue", "amend", "replace", "revoke"] = "issue"
    validity_months: int | Expression | None = None
    of: str | None = None
    of_day: str | None = None
    found_by: Name | None = None
    signs_as: Literal["unit", "office"] = "unit"


class FurtherResultPart(ResultPart):
    when: Annotated[Expression | None, Field(alias="if")] = None


class DutyPart(Part):
    id: Name
    name: TextPart
    due: Length | Months | Expression


class LegalPart(Part):
    number: str
    title: TextPart | Sentence  # a text alone is the same in both languages
    article: str = ""


class SupplementPart(Part):
    limit: Annotated[int, Field(ge=1, le=9)] = 2
    wait: Length = "30d"
    clock: Literal["add", "restart"] = "add"


class TestPart(Part):
    name: str
    facts: dict[str, Any] = {}
    do: Annotated[list[str], Field(min_length=1)]
    ends: str
    outcome: Literal["granted", "rejected"] | None = None


class OfficePart(Part):
    level: Level
    function: Name


class PostPart(Part):
    function: Name
    role: Name
    within: Name | None = None


class WherePart(Part):
    where: Annotated[Where, Field(strict=False)] = Where.PLACE
    level: Level | None = None
    function: Name | None = None
    within: Name | None = None
    field: str | None = None
    body: TextPart | None = None


class AtPart(WherePart):
    by_level: dict[Name, PostPart] = {}
    entered_by: OfficePart | None = None


class RecipientPart(WherePart):
    when: Annotated[Expression | None, Field(alias="if")] = None


class TargetPart(Part):
    step: str
    each: str | None = None
    when: Annotated[Expression | None, Field(alias="if")] = None
    unless: Expression | None = None


class BatchPart(Part):
    document: Literal["list"]


class ActionPart(Part):
    label: TextPart
    kind: Annotated[ActionKind, Field(strict=False)] = ActionKind.ADVANCE
    to: list[TargetPart] = []
    choose: list[TargetPart] = []
    consult: Annotated[list[str], Field(min_length=1)] | None = None
    join: str | None = None
    end: str | None = None
    when: Annotated[Expression | None, Field(alias="if")] = None
    unless: Expression | None = None
    needs: list[Literal["reason", "items", "person", "letter", "presence", "form"]] = []
    form: dict[Name, FieldPart] = {}
    outcome: str | None = None
    documents: list[Name] = []
    times: Annotated[int | None, Field(ge=1)] = None
    within: Length | None = None
    extends: Length | None = None
    report_to: RecipientPart | None = None
    paper_within: WorkingDays | None = None
    cutoff: Hour = "15:00"
    asks: bool | None = None
    by: Literal["applicant", "leader"] | None = None
    closed_in: list[str] = []
    corrects: list[str] = []
    decide_each: str | None = None
    batch: BatchPart | None = None

    @field_validator("to", "choose", mode="before")
    @classmethod
    def _as_targets(cls, value: Any) -> Any:
        targets = value if isinstance(value, list) else [value]
        return [{"step": target} if isinstance(target, str) else target for target in targets]


class TimerPart(Part):
    after: Length | None = None
    before_due: Length | None = None
    on: Expression | None = None
    effect: Annotated[TimerEffect, Field(strict=False)] = TimerEffect.ACT
    silence: Literal["consent", "refusal"] | None = None
    to: str | None = None
    join: str | None = None
    end: str | None = None
    outcome: str | None = None


class StepPart(Part):
    name: TextPart
    at: AtPart
    role: Name | None = None
    hours: Annotated[Hours, Field(strict=False)] = Decimal(0)
    clock: Annotated[ClockRule, Field(strict=False)] = ClockRule.STATUTORY
    timers: list[TimerPart] = []
    call: Name | None = None
    state: str | None = None
    consultation: Name | None = None
    checklist: list[TextPart] = []
    stop: TextPart | None = None
    same_office: Literal["skip"] | None = None
    opens_after: Annotated[int | None, Field(ge=1)] = None
    differs_from: list[str] = []
    actions: dict[Name, ActionPart] = {}

    @field_validator("at", mode="before")
    @classmethod
    def _as_place(cls, value: Any) -> Any:
        return {"where": value} if isinstance(value, str) else value

    @field_validator("state")
    @classmethod
    def _is_known(cls, value: str | None) -> str | None:
        if value is not None and value not in STEP_STATES:
            raise ValueError(", ".join(sorted(STEP_STATES)))
        return value


class EndPart(Part):
    state: Literal["returned", "archived", "refused", "withdrawn", "expired", "stopped"]
    codes: list[int] = []
    closes_all: bool = False


class ProcessPart(Part):
    start: str
    correct: str | None = None
    steps: dict[Name, Any]
    ends: dict[Name, EndPart]
    always: dict[Name, ActionPart] = {}
    conditions: dict[Name, Expression] = {}


class CardPart(Part):
    """The whole file; the parts typed Any are read one by one, so that a mistake in one hides none in another."""

    code: Annotated[str, StringConstraints(pattern=r"^\d\.\d{6}$")]
    name: TextPart
    everyday_name: TextPart
    form_name: TextPart | None = None
    summary: TextPart
    field: Name
    field_name: TextPart
    competent_level: Levels
    decided_by: TextPart
    receivers: Annotated[list[Level], Field(min_length=1)]
    term: TermPart
    result: ResultPart
    further_results: list[FurtherResultPart] = []
    copies_to: list[RecipientPart] = []
    subject: TextPart | str  # a text alone is the same in both languages
    place_field: str
    legal_basis: list[LegalPart] = []
    requirements: list[TextPart] = []
    not_needed: list[TextPart] = []
    extension: TextPart | None = None
    search_words: list[Sentence] = []
    life_events: list[Name] = []
    audience: list[Literal["citizen", "business"]] = ["citizen"]
    minutes: Annotated[int, Field(ge=1, le=240)] = 15
    supplement: SupplementPart = SupplementPart()
    reception_hours: Annotated[Decimal, Field(gt=0, strict=False)] = Decimal(8)
    papers: dict[Name, Any] = {}
    fees: dict[Name, Any] = {}
    after: list[DutyPart] = []
    pages: dict[Name, Any]
    process: Any
    tests: list[TestPart] = []


def keys() -> tuple[str, ...]:
    """Every key of the grammar, for suggestions and for the page that documents it."""
    parts = (part for part in globals().values() if isinstance(part, type) and issubclass(part, Part))
    named = {field.alias or name for part in parts for name, field in part.model_fields.items()}
    return tuple(sorted(named))
