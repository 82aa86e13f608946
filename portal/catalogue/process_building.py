"""The steps of a definition become the frozen process that the engine is asked about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from portal.catalogue import conditions, consulting, giving, schema
from portal.catalogue.document_names import DOCUMENTS
from portal.catalogue.place_building import check_fields, check_group, each_of, place, recipient
from portal.catalogue.reading import Path, Reading, text, text_or_none
from portal.catalogue.types import Field, FieldType
from portal.workflow.definition import (
    ASKER,
    Action,
    ActionKind,
    AutomaticCall,
    Branch,
    Condition,
    Duration,
    DurationUnit,
    End,
    Process,
    Step,
    Text,
    Timer,
    TimerEffect,
    Where,
)

_UNITS = {"d": DurationUnit.CALENDAR_DAYS, "wd": DurationUnit.WORKING_DAYS, "h": DurationUnit.WORKING_HOURS}
_WAYS = ("to", "choose", "consult", "join", "end")
_ASKING = (ActionKind.SUPPLEMENT, ActionKind.DRAFT, ActionKind.REJECT)
_NOT_AT_DESKS = (FieldType.GROUP, FieldType.UNIT, FieldType.BOOKING)
"""What no desk can ask: repeating rows, a place, a visit."""

_CORRECTING = (ActionKind.DRAFT, ActionKind.DECLINE, ActionKind.ADVANCE, ActionKind.ASSIGN, ActionKind.SEND_BACK)
"""What may be done at the step that puts a result right."""
_SILENCE = {
    "consent": Text("Không trả lời, coi như đồng ý", "No answer, taken as consent"),
    "refusal": Text("Không trả lời, coi như không đồng ý", "No answer, taken as refusal"),
    None: Text("Hết thời hạn", "Time is up"),
}

LETTER = (
    Field("letter_no", FieldType.TEXT, Text("Số văn bản", "Number of the letter"), required=True, max_length=60),
    Field("letter_date", FieldType.DATE, Text("Ngày văn bản", "Date of the letter"), required=True),
)
"""What is entered with the answer of a body without accounts: the letter that brings it."""


def duration(written: str) -> Duration:
    """12d calendar days, 3wd working days, 4h working hours."""
    number = written.rstrip("dwh")
    return Duration(Decimal(number), _UNITS[written[len(number) :]])


class ProcessBuilder:
    """Builds the process of one definition; targets and conditions that do not exist become findings."""

    def __init__(
        self, reading: Reading, part: schema.ProcessPart, *, papers: Mapping[str, schema.PaperPart] | None = None
    ) -> None:
        self.reading = reading
        self.part = part
        self.papers = papers or {}
        self.named: dict[str, Condition] = {}

    def process(self) -> Process | None:
        before = len(self.reading.findings)
        self.named = {
            name: condition
            for name, source in self.part.conditions.items()
            if (condition := self.reading.compiled(source, ("process", "conditions", name))) is not None
        }
        steps = {name: step for name in self.part.steps if (step := self._step(name)) is not None}
        steps = consulting.checked(self.reading, steps)
        always = tuple(self._action(name, part, ("process", "always", name)) for name, part in self.part.always.items())
        self._check_step(self.part.start, ("process", "start"))
        if self.part.correct is not None:
            self._check_correction(self.part.correct, steps)
        if len(self.reading.findings) > before:
            return None
        ends = {name: End(name, end.state, tuple(end.codes), end.closes_all) for name, end in self.part.ends.items()}
        return Process(self.part.start, steps, ends, always, self.named, self.part.correct)

    def _check_correction(self, name: str, steps: dict[str, Step]) -> None:
        """A correction makes a result anew and decides nothing again."""
        self._check_step(name, ("process", "correct"))
        for action in steps[name].actions if name in steps else ():
            if action.kind not in _CORRECTING:
                path = ("process", "steps", name, "actions", action.id, "kind")
                expected = ", ".join(_CORRECTING)
                self.reading.find(path, "not_one_of", name="kind", expected=expected)

    def _step(self, name: str) -> Step | None:
        path: Path = ("process", "steps", name)
        part = self.reading.part(schema.StepPart, self.part.steps[name], path)
        if part is None:
            return None
        for other in part.differs_from:
            self._check_step(other, (*path, "differs_from"))
        timers = tuple(self._timer(timer, (*path, "timers", at)) for at, timer in enumerate(part.timers))
        return Step(
            id=name,
            name=text(part.name),
            at=place(self.reading, part.at, (*path, "at")),
            role=part.role,
            actions=tuple(self._action(key, item, (*path, "actions", key)) for key, item in part.actions.items()),
            quota=part.hours,
            clock=part.clock,
            timers=timers,
            automatic=AutomaticCall(part.call) if part.call is not None else None,
            state=part.state,
            consultation=part.consultation,
            silence=next((timer.silence for timer in timers if timer.silence), None),
            checklist=tuple(map(text, part.checklist)),
            stop=text_or_none(part.stop),
            same_office=part.same_office,
            opens_after=part.opens_after,
            differs_from=tuple(part.differs_from),
        )

    def _action(self, name: str, part: schema.ActionPart, path: Path) -> Action:
        ways = [way for way in _WAYS if getattr(part, way)]
        proposes = consulting.is_proposal(part)
        if len(ways) != 1 and not proposes:
            self.reading.find((*path, *ways[1:2]), "one_way_on")
        targets = part.choose or part.to
        way = "choose" if part.choose else "to"
        self._check_way(part.join, part.end, path)
        for at, step in enumerate(part.consult or ()):
            self._check_step(step, (*path, "consult", at))
        for step in part.closed_in:
            self._check_step(step, (*path, "closed_in"))
        for at, kind in enumerate(part.documents):
            if kind not in DOCUMENTS:
                self.reading.find((*path, "documents", at), "not_one_of", name=kind, expected=", ".join(DOCUMENTS))
        for key, field in part.form.items():
            if field.type in _NOT_AT_DESKS:
                self.reading.find((*path, "form", key, "type"), "not_at_desks", name=key)
        self._check_batch(part, path)
        if "presence" in part.needs and part.kind is not ActionKind.GIVE:
            self.reading.find((*path, "needs"), "presence_at_give")
        if part.paper_within and part.kind is not ActionKind.HAND_OVER:
            self.reading.find((*path, "paper_within"), "paper_at_hand_over")
        return Action(
            id=name,
            kind=part.kind,
            label=text(part.label),
            branches=(
                *self._branches(targets, (*path, way)),
                *consulting.branches(() if proposes else part.consult or ()),
            ),
            choice=bool(part.choose),
            consults=bool(part.consult) and not proposes,
            proposes=tuple(part.consult or ()) if proposes else (),
            asks=part.kind in _ASKING if part.asks is None else part.asks,
            joins=part.join,
            ends=part.end,
            needs=tuple(part.needs),
            form=self.reading.fields(part.form, (*path, "form"), self.reading.schema)
            + (LETTER if "letter" in part.needs else ())
            + giving.asked_at(part, self.papers, self.reading),
            outcome=part.outcome,
            documents=tuple(part.documents),
            when=self._condition(part.when, part.unless, path),
            times=part.times,
            within=duration(part.within) if part.within else None,
            extends=duration(part.extends) if part.extends else None,
            report_to=recipient(self.reading, part.report_to, (*path, "report_to")) if part.report_to else None,
            paper_within=int(part.paper_within.removesuffix("wd")) if part.paper_within else None,
            cutoff=part.cutoff if part.paper_within else "",
            by=part.by,
            closed_in=tuple(part.closed_in),
            corrects=check_fields(self.reading, part.corrects, (*path, "corrects")),
            decide_each=part.decide_each and check_group(self.reading, part.decide_each, (*path, "decide_each")),
            batch=part.batch.document if part.batch else None,
        )

    def _check_batch(self, part: schema.ActionPart, path: Path) -> None:
        """What is asked of each record for itself cannot be asked for many at once; and somebody must do it."""
        if part.batch is None:
            return
        asked = next((key for key in ("needs", "form", "corrects", "decide_each") if getattr(part, key)), None)
        if asked is not None:
            self.reading.find((*path, asked), "batch_asks", name=asked)
        if part.batch.document in part.documents:
            self.reading.find((*path, "documents"), "batch_document", name=part.batch.document)
        if path[1] == "always" or self._where(str(path[2])) in (Where.APPLICANT, Where.AUTOMATIC):
            self.reading.find((*path, "batch"), "batch_without_desk")

    def _where(self, step: str) -> Where:
        at = self.part.steps[step].get("at") if isinstance(self.part.steps[step], dict) else None
        written = at.get("where", Where.PLACE) if isinstance(at, dict) else at
        return Where(written) if written in set(Where) else Where.PLACE

    def _branches(self, targets: list[schema.TargetPart], path: Path) -> Iterator[Branch]:
        for at, target in enumerate(targets):
            if target.step != ASKER:
                self._check_step(target.step, (*path, at))
            each = each_of(self.reading, target, (*path, at))
            when = self._condition(target.when, target.unless, (*path, at)) if target.each is None else None
            yield Branch(target.step, when, each)

    def _timer(self, part: schema.TimerPart, path: Path) -> Timer:
        written = [name for name in ("after", "before_due", "on") if getattr(part, name) is not None]
        if len(written) != 1:
            self.reading.find(path, "one_moment")
        timer = self._moment(part, path)
        ways = [way for way in (part.to, part.join, part.end) if way]
        if len(ways) != (1 if part.effect is TimerEffect.ACT else 0):
            self.reading.find(path, "one_way_on")
        if not ways:
            return timer
        if part.to is not None:
            self._check_step(part.to, (*path, "to"))
        self._check_way(part.join, part.end, path)
        action = Action(
            id=f"after_{timer.label}",
            kind=ActionKind.AUTOMATIC,
            label=_SILENCE[part.silence],
            branches=(Branch(part.to),) if part.to is not None else (),
            joins=part.join,
            ends=part.end,
            outcome=part.outcome or part.silence,
        )
        return replace(timer, action=action)

    def _moment(self, part: schema.TimerPart, path: Path) -> Timer:
        """The timer without what it does."""
        after = duration(part.after or part.before_due or "0d")
        day = self.reading.compiled(part.on, (*path, "on"), conditions.compile_day) if part.on is not None else None
        return Timer(after, part.effect, silence=part.silence, before_due=part.before_due is not None, day=day)

    def _condition(self, when: str | None, unless: str | None, path: Path) -> Condition | None:
        """A condition by its name in `conditions`, or an expression of its own."""
        found = self._by_name(when, (*path, "if"))
        opposite = self._by_name(unless, (*path, "unless"))
        return conditions.negate(opposite) if opposite is not None else found

    def _by_name(self, source: str | None, path: Path) -> Condition | None:
        if source is None or source in self.part.conditions:
            return self.named.get(source or "")
        return self.reading.compiled(source, path)

    def _check_way(self, join: str | None, end: str | None, path: Path) -> None:
        if join is not None:
            self._check_step(join, (*path, "join"))
        if end is not None and end not in self.part.ends:
            self.reading.unknown((*path, "end"), "unknown_end", end, self.part.ends)

    def _check_step(self, step: str, path: Path) -> None:
        if step not in self.part.steps:
            self.reading.unknown(path, "unknown_step", step, self.part.steps)
