"""A procedure as frozen values: card, papers, fees, form, process, results. What other domains see of a definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from portal.workflow.definition import Condition, Duration, Process, Recipient, Text


class FieldType(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    UNIT = "unit"  # the code of a commune (place) or unit
    GROUP = "group"  # repeating rows of `fields`
    MONEY = "money"  # VND
    BOOKING = "booking"  # day and hour of a visit to the counter that receives


@dataclass(frozen=True)
class Check:
    """A condition that must hold; `message` says what to do when it does not. `warns` lets the applicant go on."""

    condition: Condition
    message: Text
    fields: tuple[str, ...] = ()
    warns: bool = False


@dataclass(frozen=True)
class Choice:
    value: str
    label: Text


@dataclass(frozen=True)
class Field:
    id: str
    type: FieldType
    label: Text
    required: bool = False
    hint: Text | None = None
    suffix: Text | None = None
    choices: tuple[Choice, ...] = ()
    several: bool = False
    when: Condition | None = None
    fields: tuple[Field, ...] = ()  # of a GROUP
    row_name: Text | None = None  # what one row of a GROUP is called: "tầng"
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_length: int | None = None
    prefill: str | None = None  # e.g. applicant.full_name
    level: str | tuple[str, ...] | None = None  # of a UNIT field: which level, or levels, may be chosen
    kind: str | None = None  # id_number, phone, email, tax_code: a known format


@dataclass(frozen=True)
class Page:
    id: str
    title: Text
    fields: tuple[Field, ...]
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class Paper:
    """A typed slot for papers. `when` says when it is asked; `replaced_by` names the register that spares it."""

    id: str
    name: Text
    required: bool = True
    when: Condition | None = None
    formats: tuple[str, ...] = ("pdf", "jpg", "png")
    max_mb: int = 10
    max_files: int = 10
    copies: str = "O1"  # O = original, C = copy, P = presented and given back; with their number
    hint: Text | None = None
    replaced_by: str | None = None
    mode: str = "submit"  # submit, present, surrender
    one_of: str | None = None  # papers of the same set: one of them is enough
    signed: bool = False  # only a PDF whose electronic signatures hold is taken


@dataclass(frozen=True)
class Reduction:
    """Who pays another amount, or nothing, from a day to a day: online applicants, a group, everybody for a while."""

    when: Condition | None  # None: everybody
    amount: Condition | int
    note: Text
    legal_basis: str = ""
    valid_from: date | None = None
    valid_to: date | None = None  # the last day

    def is_valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class FeeRule:
    """A fee line: `amount` in VND is a number or a CEL expression over the facts, owed at `moment`."""

    id: str
    kind: str  # phi, le_phi
    name: Text
    amount: Condition | int  # Condition.test returns the amount when it is an expression
    moment: str = "receiving"  # receiving, supplement, return
    exempt_if: Condition | None = None
    legal_basis: str = ""
    note: Text | None = None
    valid_from: date | None = None  # amounts are dated facts: a procedure may have several lines of one id
    valid_to: date | None = None  # the last day
    refund_if: Condition | None = None  # asked when a record ends without a result
    refund_note: Text | None = None
    reductions: tuple[Reduction, ...] = ()  # the first that is in force and holds is taken

    def reductions_on(self, day: date) -> tuple[Reduction, ...]:
        """The reductions in force on that day."""
        return tuple(reduction for reduction in self.reductions if reduction.is_valid_on(day))

    def is_valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Term:
    """The statutory term. `same_day` with `cutoff`: accepted after that hour, due on the next working day.

    With `stages` each level has its own term, one after the other; `value` is then 0 and `unit` is stages.
    """

    value: Decimal
    unit: str  # working_days, calendar_days, working_hours, same_day, stages
    cutoff: str = "15:00"
    stages: tuple[Stage, ...] = ()
    tight: Text | None = None  # why the quotas may be longer than the term around long holidays


@dataclass(frozen=True)
class Stage:
    level: str
    value: Decimal
    unit: str
    tight: Text | None = None


@dataclass(frozen=True)
class Result:
    """What the procedure issues: the template that draws it, the number series, how long it is valid."""

    template: str
    name: Text
    series: str  # GPXD, …; the number is <n>/<series>
    action: str = "issue"  # issue; amend, replace, revoke: of the older result whose number the answer `of` gives
    validity_months: int | Condition | None = None  # Condition.test returns the months
    signs_as: str = "unit"  # unit, office: whose seal
    when: Condition | None = None  # of a further result: whether this record has it
    each: str | None = None  # the repeating answer of which each row has a document and a number of its own
    scan: str | None = (
        None  # the question of those rows, yes or no: whether the original is scanned and the scan certified
    )
    of: str | None = None  # the answer that names the older result
    of_day: str | None = None  # the answer that gives its day, where numbers begin anew each year
    found_by: str | None = (
        None  # the answer, of the form or of an action, under which it is found instead of its number
    )


@dataclass(frozen=True)
class Duty:
    """What the applicant must do after the result: so long after its day, or on the day of an answer."""

    id: str
    name: Text
    after: Duration | None = None
    months: int | None = None
    day: Condition | None = None  # Condition.test returns a moment


@dataclass(frozen=True)
class LegalBasis:
    number: str
    title: Text
    article: str = ""


@dataclass(frozen=True)
class SequenceTest:
    """The administrator's own test: actions in order, and how the record must end."""

    name: str
    steps: tuple[str, ...]  # "appraise.ask", "fire.⏰12d"
    ends: str
    outcome: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SupplementRule:
    limit: int = 2
    wait: Duration | None = None
    clock: str = "add"  # add, restart


FORM_NAME = Text("Tờ khai", "Application form")
"""What is filled in where the law gives it no title of its own."""


@dataclass(frozen=True)
class Procedure:
    """One version of a procedure. Everything a page, the engine or a document needs to know about it."""

    code: str
    name: Text
    everyday_name: Text  # "Xây nhà"; leads on pages
    summary: Text
    field: str  # lĩnh vực: construction, business, certification, merit …
    field_name: Text
    competent_level: str
    decided_by: Text
    receivers: tuple[str, ...]  # levels whose counters receive, the usual one first
    term: Term
    result: Result
    process: Process
    pages: tuple[Page, ...]
    papers: tuple[Paper, ...] = ()
    not_needed: tuple[Text, ...] = ()
    fees: tuple[FeeRule, ...] = ()
    legal_basis: tuple[LegalBasis, ...] = ()
    requirements: tuple[Text, ...] = ()
    search_words: tuple[str, ...] = ()
    life_events: tuple[str, ...] = ()
    audience: tuple[str, ...] = ("citizen",)
    minutes: int = 15  # about how long filling in takes
    supplement: SupplementRule = SupplementRule()
    subject: Text | None = None  # pattern of the record's title: "Giấy phép xây dựng nhà tại {form.address}"
    place_field: str = "form.plot_commune"  # the answer that says where the matter lies
    tests: tuple[SequenceTest, ...] = ()
    reception_hours: Decimal = Decimal(8)  # answer to a submission, in working hours; a setting
    after: tuple[Duty, ...] = ()
    extension: Text | None = None  # what pages say about a lawful extension of the term
    competent_levels: tuple[str, ...] = ()  # more than one when an answer says which office decides
    further_results: tuple[Result, ...] = ()  # numbered in their own books when the result is
    copies_to: tuple[Recipient, ...] = ()  # who receives the issued result for information
    form_name: Text = FORM_NAME  # title of what the applicant fills in: "Đơn đề nghị cấp giấy phép xây dựng"

    def fees_on(self, day: date) -> tuple[FeeRule, ...]:
        """The fee lines in force on that day."""
        return tuple(rule for rule in self.fees if rule.is_valid_on(day))
