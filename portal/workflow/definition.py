"""A process as frozen values: steps, actions, branches, timers. Built by `catalogue` from YAML, asked by the engine.

A process is a table of steps. Each step says where it is done (level and function, resolved against the record's place
and date), by which role, in how many working hours, and which actions close its task. Names follow `docs/glossary.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from portal.workflow.splits import Each

Facts = Mapping[str, Any]
"""What conditions may speak about: `form`, `applicant`, `record`, `outcomes`. The engine also asks for `asked` (the
steps that a consulting action names) and `same_office` (the branches that would be asked of the office that asks)."""

ASKER = "@asker"
"""Target of an action that goes back to the step which asked for the supplement."""


@dataclass(frozen=True)
class Text:
    """A text in the two languages of the portal. An empty `en` falls back to `vi`."""

    vi: str
    en: str = ""

    def in_language(self, language: str) -> str:
        return self.en if language == "en" and self.en else self.vi

    def filled(self, **values: str | Text) -> Text:
        """The sentence with its `{name}` replaced, in both languages."""

        def written(language: str) -> str:
            words = {
                name: value.in_language(language) if isinstance(value, Text) else value
                for name, value in values.items()
            }
            return self.in_language(language).format(**words)

        return Text(written("vi"), written("en"))


class DurationUnit(StrEnum):
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    WORKING_HOURS = "working_hours"


@dataclass(frozen=True)
class Duration:
    """A length of time: working days and hours follow the working calendar, calendar days roll forward."""

    value: Decimal
    unit: DurationUnit

    def __str__(self) -> str:
        """As a definition writes it: 12d calendar days, 3wd working days, 4h working hours."""
        return f"{self.value.normalize():f}{_SUFFIXES[self.unit]}"


_SUFFIXES = {DurationUnit.CALENDAR_DAYS: "d", DurationUnit.WORKING_DAYS: "wd", DurationUnit.WORKING_HOURS: "h"}


class ClockRule(StrEnum):
    """Which clock runs while a task of the step is open."""

    RECEPTION = "reception"
    STATUTORY = "statutory"
    PAUSED = "paused"
    NONE = "none"


class Where(StrEnum):
    """How the unit of a step is found."""

    PLACE = "place"  # the unit with the function, at the level, that covers the record's place
    RECEIVED = "received"  # the counter that received the record
    RETURN = "return"  # the counter chosen for the return of the result
    FIELD = "field"  # the unit with the function at the place named in an answer
    EACH = "each"  # the unit with the function at the place that this branch was opened for
    APPLICANT = "applicant"  # nobody's desk: the applicant acts
    AUTOMATIC = "automatic"  # the portal itself acts
    EXTERNAL = "external"  # a body without accounts; its answer is entered by `function` at `level`


@dataclass(frozen=True)
class Post:
    """Who does a step at one level, when it is not the same function and role at every level."""

    function: str
    role: str
    within: str | None = None


@dataclass(frozen=True)
class At:
    """Where a step is done. `within` names the function whose office, or its body, leads, seals or receives.

    Without a level, the level is that of the place; `by_level` says who does the step where it is not the usual one.
    """

    where: Where
    level: str | None = None
    function: str | None = None
    within: str | None = None
    field: str | None = None
    by_level: tuple[tuple[str, Post], ...] = ()
    body: Text | None = None  # the name of a body without accounts

    def post_at(self, level: str) -> Post | None:
        """Who does the step at that level, when it is not the usual one."""
        return dict(self.by_level).get(level)


@dataclass(frozen=True)
class Recipient:
    """Who receives a copy of a document: an office, found as that of a step is, or a body without accounts."""

    at: At
    when: Condition | None = None


@dataclass(frozen=True)
class Condition:
    """A CEL expression with its compiled test; two conditions are equal when their sources are.

    `test` never raises for a missing answer: a missing answer counts as its empty value (false, 0, no text, no rows).
    `negates` is the source of the condition of which this one is the opposite, so that both are explored together.
    """

    source: str
    test: Callable[[Facts], Any] = field(compare=False, repr=False)
    negates: str | None = None


class ActionKind(StrEnum):
    """What an action does beside moving on; `records` applies the effect, `web` chooses the form."""

    ADVANCE = "advance"
    ACCEPT = "accept"  # starts the statutory clock, produces the receipt and appointment
    SUPPLEMENT = "supplement"  # names items the applicant must supply
    REFUSE = "refuse"  # proposes that the record is not accepted
    REJECT = "reject"  # proposes that the result is not granted: outcome rejected
    APPROVE = "approve"
    SEND_BACK = "send_back"  # returns the work to an earlier step, with a reason
    ASSIGN = "assign"  # names the person who does the next step
    CONSULT = "consult"  # asks other agencies
    ANSWER = "answer"  # an asked agency's opinion
    DRAFT = "draft"  # prepares the result: outcome granted
    INITIAL = "initial"
    SIGN = "sign"
    ISSUE = "issue"  # takes the number, seals, ends the statutory clock
    HAND_OVER = "hand_over"  # to another desk or level, with a control slip
    GIVE = "give"  # the result reaches the applicant
    EXTEND = "extend"  # prolongs the term by `Action.extends`, with a reason and a slip
    DECLINE = "decline"  # the issued result stays as it is: there is nothing to put right
    WITHDRAW = "withdraw"  # the applicant takes the record back
    STOP = "stop"  # a leader stops the record
    SUBMIT = "submit"  # the applicant answers
    PAY = "pay"  # the portal goes on by itself once nothing is owed any more
    AUTOMATIC = "automatic"  # an answer of a register or of the portal


@dataclass(frozen=True)
class Branch:
    """One way on: open `step` (or arrive at the join `step`) when the condition holds, or once for each value."""

    step: str
    when: Condition | None = None
    each: Each | None = None


@dataclass(frozen=True)
class Action:
    """One way to close a task. Exactly one of `branches`, `joins`, `ends` says what follows.

    branches: several without conditions = a parallel split; with `choice` only the first whose condition holds.
    joins: the step at which this branch arrives; it opens when no task of the same split is open any more.
    ends: name of the end in `Process.ends`.
    """

    id: str
    kind: ActionKind
    label: Text
    branches: tuple[Branch, ...] = ()
    choice: bool = False
    consults: bool = False  # whoever takes the action ticks which of the branches open: `facts["asked"]` names them
    proposes: tuple[str, ...] = ()  # whom to ask is ticked here, and a step that approves it asks them
    asks: bool = False  # the steps that follow may come back here with ASKER (supplement, draft, reject)
    joins: str | None = None
    ends: str | None = None
    needs: tuple[str, ...] = ()  # reason, items, person, letter, presence
    form: tuple[Any, ...] = ()  # catalogue.types.Field
    outcome: str | None = None  # granted, rejected, opinion verdict …
    documents: tuple[str, ...] = ()  # kinds of documents made: form01, form02, slip, letter …
    when: Condition | None = None
    times: int | None = None
    within: Duration | None = None  # may be taken only so long after acceptance, pauses added
    extends: Duration | None = None  # of an EXTEND: by how much the term grows
    report_to: Recipient | None = None  # who receives a copy of what the action makes: the superior body
    paper_within: int | None = None  # of a HAND_OVER: working days in which the paper follows, its own day the first
    cutoff: str = ""  # handed over after that hour, the first day of the paper is the next working day: 15:00
    by: str | None = None  # of an `always` action: applicant, leader
    closed_in: tuple[str, ...] = ()  # of an `always` action: steps in which it is no longer open
    corrects: tuple[str, ...] = ()  # fields of the applicant's form that are filled in anew with this action
    decide_each: str | None = None  # the repeating answer whose rows are granted or refused one by one
    batch: str | None = None  # many records at once: the kind of document that lists them, one for all

    @property
    def makes(self) -> tuple[str, ...]:
        """Kinds of documents that come of it: those of the record, and the list that it stands in."""
        return self.documents if self.batch is None else (*self.documents, self.batch)


class TimerEffect(StrEnum):
    REMIND = "remind"  # the desk finds it among what is new
    REMIND_APPLICANT = "remind_applicant"  # the applicant gets a message
    ESCALATE = "escalate"  # whoever leads the desk's unit finds it there
    REASSIGN = "reassign"  # it leaves the hands that hold it, for a colleague of the unit to take
    ACT = "act"


@dataclass(frozen=True)
class Timer:
    """When it rings, what it does: remind, escalate, take the task out of its hands, or perform `action`.

    It rings `after` the step (or its consultation) opened; with `before_due` that long before the step is due; with
    `day`, an answer that is a date, when work begins on that day.
    """

    after: Duration
    effect: TimerEffect
    action: Action | None = None
    silence: str | None = None  # consent, refusal: what saying nothing means
    before_due: bool = False
    day: Condition | None = None

    @property
    def label(self) -> str:
        """What tests call it after ⏰: 12d, -4h, @form.from."""
        if self.day is not None:
            return f"@{self.day.source}"
        return f"-{self.after}" if self.before_due else str(self.after)


@dataclass(frozen=True)
class AutomaticCall:
    """A register or service that answers `ok`, `mismatch` …; the actions of the step carry the answers' names."""

    call: str


@dataclass(frozen=True)
class Step:
    """A step of the internal procedure. `quota` is in working hours."""

    id: str
    name: Text
    at: At
    role: str | None
    actions: tuple[Action, ...]
    quota: Decimal = Decimal(0)
    clock: ClockRule = ClockRule.STATUTORY
    timers: tuple[Timer, ...] = ()
    automatic: AutomaticCall | None = None
    state: str | None = None  # the record's state while a task of this step is open, when not the usual one
    consultation: str | None = None  # steps of one consultation share one timer and one opinion
    silence: str | None = None
    checklist: tuple[Text, ...] = ()
    stop: Text | None = None  # name of the stop that citizens see; neighbouring steps of one unit merge
    same_office: str | None = None  # skip: as the first step of a branch, not asked of the office that asks
    opens_after: int | None = None  # of a step where branches meet: so many are enough, the others are cancelled
    differs_from: tuple[str, ...] = ()  # four eyes: steps whose person may not do this one

    def action(self, action_id: str) -> Action:
        """The action of that name; KeyError when the step has none."""
        for action in self.actions:
            if action.id == action_id:
                return action
        raise KeyError(action_id)


@dataclass(frozen=True)
class End:
    """How a record can end, and the national status codes (1 to 10) it stands for."""

    id: str
    state: str  # returned, archived, refused, withdrawn, expired, stopped
    codes: tuple[int, ...] = ()
    closes_all: bool = False  # may be reached inside a branch: the tasks of the other branches are cancelled


@dataclass(frozen=True)
class Process:
    """The internal procedure. `steps` keeps the order of the file, which is the order on pages."""

    start: str
    steps: Mapping[str, Step]
    ends: Mapping[str, End]
    always: tuple[Action, ...] = ()  # withdraw, stop: open at every step until signature
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    correct: str | None = None  # the step that opens when an issued result is to be put right, after the end

    def step(self, step_id: str) -> Step:
        return self.steps[step_id]
