"""What a record's page says of it: the same for its owner and for the public look-up, which knows less."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from portal.catalogue.types import Procedure
from portal.core import clock, wording
from portal.core.errors import NotFound
from portal.core.text import lowered, raised
from portal.records.archive import GIVEN
from portal.records.clocks import kept_due
from portal.records.collecting import Collecting, archived_on, collecting
from portal.records.record_view import EventView, RecordView
from portal.records.replay import ENDINGS
from portal.records.types import CALLED_OFF, COUNTER, ENDED, POST, RecordState, TaskRow
from portal.units.resolution import Directory
from portal.units.types import UnitView, UnresolvedFunction
from portal.web.record_states import (
    ACT,
    APOLOGY,
    CORRECTING,
    ELECTRONIC,
    EXTENDED,
    LATE,
    LATE_LABEL,
    LEVEL_NAMES,
    NOTHING_TO_DO,
    PAY,
    PAY_FIRST,
    PROMISED_AGAIN,
    SILENCES,
    UNANSWERED,
    WAYS,
    WHY_LATE,
    filled,
    words_of,
)
from portal.workflow.date_words import count_days
from portal.workflow.deadlines import Appointment, Extension, Remaining, WorkingCalendar, remaining
from portal.workflow.definition import ActionKind, Text

COMPLAINTS_WITHIN = timedelta(days=90)
"""From the day on which the decision was received: Law on Complaints 02/2011/QH13, article 9."""

_REASONED = {
    RecordState.REFUSED: ActionKind.REFUSE,
    RecordState.NOT_GRANTED: ActionKind.REJECT,
}
_DUE = Text("Hẹn trả", "Due")
_ANSWER = Text("Trả lời tiếp nhận", "Answer to the submission")
_HERE = Text("Đang ở", "It is with")
_BY = Text("Cách nhận", "How to receive")
_IN_PERSON = Text("người nộp hoặc người được ủy quyền phải đến", "in person, or somebody with your authorisation")
_HAND_IN = Text("mang nộp lại: {papers}", "hand in: {papers}")
_POSTED = Text("bản giấy gửi qua bưu điện.", "the paper goes by post.")
_YOU = Text("Người nộp", "The applicant")
_BEFORE = Text("trước {moment}", "before {moment}")
_SINCE = Text("từ {day}", "since {day}")
_LEFT = Text("còn {days}", "{days} left")
_LATE_BY = Text("quá {days}", "{days} late")
_LAST_DAY = Text("hôm nay", "today")
_STANDS = Text("đang tạm dừng", "paused")
_DONE = Text("xong {day}", "done {day}")
_AND = Text(" và ", " and ")
_ITEMS = Text("{count} mục", "{count} items")
_ONE_ITEM = Text("1 mục", "1 item")


@dataclass(frozen=True)
class Fact:
    """One of the facts of the status card."""

    term: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Status:
    """The status card: `kind` is "", "act" (the applicant's turn) or "late"."""

    state: str
    colour: str
    kind: str
    heading: str
    sentence: str
    facts: tuple[Fact, ...]


def status_of(
    view: RecordView,
    procedure: Procedure,
    directory: Directory,
    calendar: WorkingCalendar,
    *,
    now: datetime,
    language: str,
) -> Status:
    """State, what to do now, by whom and until when. What the view does not know stays unsaid."""
    told = _Telling(view, procedure, directory, calendar, now, language)
    row = CORRECTING if told.is_corrected else words_of(view.state, before=view.ended_from)
    label, colour, kind, sentences = row.label, row.colour, row.kind, row.sentences
    if told.is_late:
        label, colour, kind = LATE_LABEL, "red", LATE
    if told.appointment:
        sentences = (APOLOGY, WHY_LATE, PROMISED_AGAIN, *sentences)
    elif told.is_late:
        sentences = (APOLOGY, *sentences)
    elif told.is_extended:
        sentences = (EXTENDED, *sentences)
    elif told.is_unanswered:
        colour, kind, sentences = "red", LATE, (UNANSWERED,)
    heading = row.heading
    if heading is NOTHING_TO_DO and view.unpaid:
        heading, kind = PAY, kind or ACT
    elif view.state == RecordState.GRANTED and view.unpaid and any(fee.moment == "return" for fee in procedure.fees):
        heading, kind, sentences = PAY, kind or ACT, (*PAY_FIRST, *sentences[3:])
    words = told.words()
    return Status(
        state=filled([label], words, language=language),
        colour=colour,
        kind=kind,
        heading=filled([heading], words, language=language) or row.label.in_language(language),
        sentence=raised(filled(sentences, words, language=language)),
        facts=tuple(told.facts()),
    )


@dataclass(frozen=True)
class _Telling:
    """One record, told at one moment in one language."""

    view: RecordView
    procedure: Procedure
    directory: Directory
    calendar: WorkingCalendar
    now: datetime
    language: str

    @property
    def left(self) -> Remaining | None:
        """How much time is left until the result is due, while the clock runs."""
        view = self.view
        if view.due_at is None or view.finished_at or view.closed_at or view.is_paused:
            return None
        return remaining(view.due_at, now=self.now, calendar=self.calendar)

    @property
    def _reception(self) -> datetime:
        """Until when the counter answers: a supplement before acceptance gives it its time again."""
        return max((task.due_at for task in self.view.open_tasks), default=self.view.reception_due_at)

    @property
    def is_late(self) -> bool:
        """A date that was missed stays missed, whatever has been promised since."""
        return self._missed_by is not None

    @property
    def _missed_by(self) -> int | None:
        """Working days since the first date that was not kept, at least one."""
        if self.left is None:
            return None
        missed = kept_due(self.view)
        if missed is None or self.now <= missed:
            return None
        days = self.calendar.working_days_between(clock.local_day(missed), clock.local_day(self.now))
        return max(days, 1)

    @property
    def appointment(self) -> Appointment | None:
        """The new date that an apology named, while the result is awaited."""
        if self.view.finished_at or self.view.closed_at:
            return None
        return next((change for change in self.view.due_changes if isinstance(change, Appointment)), None)

    @property
    def is_corrected(self) -> bool:
        """Whether what is open puts an issued result right."""
        return self.view.finished_at is not None and self.view.state == RecordState.IN_PROGRESS

    @property
    def is_extended(self) -> bool:
        if self.view.finished_at or self.view.closed_at:
            return False
        return any(isinstance(change, Extension) for change in self.view.due_changes)

    @property
    def is_unanswered(self) -> bool:
        """Whether the counter has let its own time pass."""
        return self.view.state == RecordState.SUBMITTED and self._reception < self.now

    def words(self) -> dict[str, str]:
        """Every name that the table of states uses. Empty: not known."""
        view = self.view
        at_work = self._at_work()
        place = self._name(view.return_unit_id)
        ended = view.closed_at or view.finished_at
        return {
            "unit": self._names(task.unit_id for task in at_work),
            "work": self._work(at_work),
            "turn": raised(self._work(at_work)),
            "decider": self._decider(),
            "body": self._body(),
            "reception": wording.moment(self._reception, language=self.language),
            "due": self._due(),
            "asker": self._name(view.supplement.unit_id) if view.supplement else "",
            "items": self._items(),
            "answer_by": self._day(view.supplement.answer_by if view.supplement else None),
            **self._consultation(),
            "task_due": self._day(max((task.due_at for task in view.open_tasks), default=None)),
            "unpaid": wording.vnd(view.unpaid, language=self.language) if view.unpaid else "",
            "place": place,
            **self._result_words(place),
            "way": self._say(WAYS[view.return_by], place=place) if view.return_by in WAYS else "",
            "ended": self._day(ended),
            "missed": self._day(max((t.due_at for t in view.tasks if t.role == "applicant"), default=None)),
            "reason": self._reason(),
            "complain_by": self._day(ended + COMPLAINTS_WITHIN) if ended else "",
            "late": count_days(self._missed_by, self.language) if self._missed_by else "",
            "late_reason": self._late_reason(),
        }

    def _result_words(self, place: str) -> dict[str, str]:
        """Where the result lies, who must come for it, and with what."""
        view = self.view
        given = next((event.at for event in view.events if event.kind == GIVEN), None)
        asked = Collecting() if given else collecting(self.procedure, view.answers, outcome=view.outcome)
        days = [
            archived_on(self.procedure.process, task.step, task.due_at)
            for task in view.open_tasks
            if view.return_by == COUNTER and asked.on_paper
        ]
        is_fetched = not asked.in_person and view.return_by != POST
        return {
            "fetched_at": place if is_fetched and asked.on_paper else "",
            "electronic": self._say(ELECTRONIC) if is_fetched and not asked.on_paper else "",
            "by_post": raised(self._say(_POSTED)) if view.return_by == POST else "",
            "come_to": place if asked.in_person else "",
            "bring": asked.names.in_language(self.language),
            "archived_on": self._day(next(iter(days), None)),
            "kept_at": place if view.return_by == COUNTER and not given else "",
            "given_on": self._day(given),
        }

    def facts(self) -> list[Fact]:
        """When, where, how."""
        return [fact for fact in (self._due_fact(), self._place_fact(), self._way_fact()) if fact]

    def _due_fact(self) -> Fact | None:
        view = self.view
        if view.state in CALLED_OFF:  # nothing is promised any more
            return None
        if view.due_at is None:
            if view.state != RecordState.SUBMITTED:
                return None
            before = self._say(_BEFORE, moment=wording.moment(self._reception, language=self.language))
            return Fact(_ANSWER.in_language(self.language), before)
        return Fact(_DUE.in_language(self.language), self._due(), self._due_note())

    def _due_note(self) -> str:
        if self.view.finished_at:
            return self._say(_DONE, day=wording.short_day(self.view.finished_at, language=self.language))
        if self.left is None:
            return _STANDS.in_language(self.language) if self.view.is_paused else ""
        if self.left.today and not self.left.late:
            return _LAST_DAY.in_language(self.language)
        words = _LATE_BY if self.left.late else _LEFT
        days = count_days(max(self.left.working_days, 1), self.language, working=True)
        return self._say(words, days=days)

    def _place_fact(self) -> Fact | None:
        tasks = self._at_work() or self.view.open_tasks
        if not tasks or self.view.closed_at:
            return None
        first = min(tasks, key=lambda task: task.opened_at)
        since = self._say(_SINCE, day=wording.short_day(first.opened_at, language=self.language))
        unit = self._unit(first.unit_id)
        name = self._names(task.unit_id for task in tasks) or _YOU.in_language(self.language)
        levels = {other.level for task in tasks if (other := self._unit(task.unit_id))}
        level = LEVEL_NAMES[unit.level].in_language(self.language) if unit and len(levels) == 1 else ""
        return Fact(_HERE.in_language(self.language), name, ", ".join(part for part in (level, since) if part))

    def _way_fact(self) -> Fact | None:
        if self.view.return_by not in WAYS or self.view.state in ENDED:
            return None
        way = self._say(WAYS[self.view.return_by], place=self._name(self.view.return_unit_id))
        asked = collecting(self.procedure, self.view.answers, outcome=self.view.outcome)
        notes = [_IN_PERSON.in_language(self.language)] if asked.in_person else []
        notes += [self._say(_HAND_IN, papers=asked.names.in_language(self.language))] if asked.taken_in else []
        return Fact(_BY.in_language(self.language), raised(way), "; ".join(notes))

    def _at_work(self) -> list[TaskRow]:
        """The open tasks that the state speaks of: the asked agencies, the applicant, or whoever has it on the desk."""
        open_tasks = list(self.view.open_tasks)
        if self.view.state == RecordState.CONSULTING:
            return [task for task in open_tasks if task.consultation]
        waiting = [task for task in open_tasks if task.role == "applicant"]
        return waiting or open_tasks

    def _consultation(self) -> dict[str, str]:
        applicants = self.view.state == RecordState.APPLICANT_CONFIRMS
        tasks = [task for task in self.view.open_tasks if task.consultation or (applicants and task in self._at_work())]
        silences = {self.procedure.process.step(task.step).silence or self._silence(task) for task in tasks}
        silence = SILENCES.get(next(iter(silences)) or "") if len(silences) == 1 else None
        return {
            "agencies": self._listed(map(self._asked, tasks)),
            "opinion_by": self._day(max((task.due_at for task in tasks), default=None)),
            "silence": silence.in_language(self.language) if silence else "",
        }

    def _silence(self, task: TaskRow) -> str | None:
        timers = self.procedure.process.step(task.step).timers
        return next((timer.silence for timer in timers if timer.silence), None)

    def _work(self, tasks: list[TaskRow]) -> str:
        if not tasks:
            return ""
        step = self.procedure.process.step(tasks[0].step)
        return lowered((step.stop or step.name).in_language(self.language))

    def _reason(self) -> str:
        """The reason that an official gave for what the record has come to; the look-up does not know it."""
        event = self._deciding_event()
        return event.reason.strip().rstrip(".") if event else ""

    def _late_reason(self) -> str:
        """What the apology says; lists and the look-up do not know it."""
        reasons = [event.reason for event in self.view.events if event.kind == "apology_signed"]
        return reasons[-1].strip().rstrip(".") if reasons else ""

    def _deciding_event(self) -> EventView | None:
        kind = _REASONED.get(RecordState(self.view.state))
        for event in reversed(self.view.events):
            if event.kind in ENDINGS:
                return event
            step = self.procedure.process.steps.get(event.step or "")
            actions = step.actions if step else ()
            if any(action.id == event.action and action.kind is kind for action in actions):
                return event
        return None

    def _decider(self) -> str:
        event = next((event for event in reversed(self.view.events) if event.unit_id), None)
        return self._name(event.unit_id if event else self.view.received_unit_id)

    def _body(self) -> str:
        """The body that decides, which answers for delay and refusal."""
        level = self.procedure.competent_level
        try:
            unit = self.directory.resolve(
                level=level, function="leadership", place=self.view.place, day=clock.local_day(self.now)
            )
        except (UnresolvedFunction, NotFound):
            return self._names(task.unit_id for task in self.view.open_tasks)
        return self.directory.body_of(unit.id).in_language(self.language)

    def _items(self) -> str:
        count = self.view.supplement.items if self.view.supplement else 0
        if not count:
            return ""
        return self._say(_ONE_ITEM if count == 1 else _ITEMS, count=count)

    def _due(self) -> str:
        """The day, with the hour when the term is one of hours or ends the same day."""
        if self.view.due_at is None:
            return ""
        if self.procedure.term.unit in ("same_day", "working_hours"):
            return wording.moment(self.view.due_at, language=self.language)
        return wording.day(self.view.due_at, language=self.language)

    def _day(self, value: date | None) -> str:
        return wording.day(value, language=self.language) if value else ""

    def _unit(self, unit_id: UUID | None) -> UnitView | None:
        return self.directory.unit(unit_id) if unit_id else None

    def _name(self, unit_id: UUID | None) -> str:
        unit = self._unit(unit_id)
        return unit.in_language(self.language) if unit else ""

    def _asked(self, task: TaskRow) -> str:
        """Who is asked: a body without accounts by its own name, not by that of who enters its answer."""
        body = self.procedure.process.step(task.step).at.body
        return body.in_language(self.language) if body else self._name(task.unit_id)

    def _names(self, unit_ids: Iterable[UUID | None]) -> str:
        return self._listed(map(self._name, unit_ids))

    def _listed(self, said: Iterable[str]) -> str:
        names = list(dict.fromkeys(name for name in said if name))
        return _AND.in_language(self.language).join([", ".join(names[:-1]), names[-1]]) if names[1:] else "".join(names)

    def _say(self, words: Text, **values: object) -> str:
        return words.in_language(self.language).format(**values)
