"""The map of a procedure: its usual way as stops, with the ways aside that some records take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from portal.workflow.date_words import count_days, working_length
from portal.workflow.definition import ActionKind, ClockRule, DurationUnit, Process, Step, TimerEffect, Where
from portal.workflow.lane_merging import Named, merged, name_of
from portal.workflow.lane_route import (
    Aside,
    Leg,
    Parallel,
    asides,
    drafts,
    gives_result,
    is_counter,
    is_reception,
    lane_of,
    route_from,
)
from portal.workflow.lane_stops import APPLICANT, Fork, LaneLevel, Stop, StopState, Trip, Way
from portal.workflow.lane_words import capital, say


@dataclass(frozen=True)
class _Placed:
    """A step with the lane in which it is drawn."""

    leg: Leg
    lane: str
    counter: bool
    reception: bool


@dataclass(frozen=True)
class MapMaker:
    """Everything that the map of one procedure needs to know."""

    process: Process
    levels: Sequence[LaneLevel]
    language: str
    receiver: str
    minutes: int | None = None
    every_step: bool = False
    asides: Mapping[str, tuple[Aside, ...]] = field(default_factory=dict)

    def way(self) -> Way:
        route = route_from(self.process, self.process.start)
        maker = MapMaker(
            self.process, self.levels, self.language, self.receiver, self.minutes, self.every_step,
            asides(self.process, route),
        )  # fmt: skip
        return maker._with_returns((maker._submit(), *maker._parts(route)))

    def _with_returns(self, way: Way) -> Way:
        """The way with what is sent back to an earlier stop in other hands: the picture has a line for it."""
        return tuple(
            self._with_return(part, way[:number]) if isinstance(part, Stop) else part for number, part in enumerate(way)
        )

    def _with_return(self, stop: Stop, before: Way) -> Stop:
        places = {step: number for number, part in enumerate(before) if isinstance(part, Stop) for step in part.steps}
        for target in self._sent_back(stop):
            earlier = before[places[target]] if target in places else None
            if isinstance(earlier, Stop) and earlier.lane not in (stop.lane, APPLICANT):
                said = self._say("sent_back", name=earlier.name)
                return replace(stop, back=places[target], details=(*stop.details, said))
        return stop

    def _sent_back(self, stop: Stop) -> Iterable[str]:
        for step_id in stop.steps:
            for action in self.process.step(step_id).actions:
                if action.kind is ActionKind.SEND_BACK:
                    yield from (branch.step for branch in action.branches)

    def _say(self, key: str, **values: object) -> str:
        return say(key, self.language, **values)

    def _submit(self) -> Stop:
        line = self._say("about_minutes", minutes=self.minutes) if self.minutes else ""
        return self._stop(APPLICANT, self._say("submit"), line, details=(capital(line),) if line else ())

    def _parts(self, route: Iterable[Leg | Parallel]) -> list[Stop | Fork]:
        parts: list[Stop | Fork] = []
        waiting: list[_Placed] = []
        lane = self.receiver
        for part in route:
            if isinstance(part, Leg):
                placed = self._placed(part, lane)
                lane = placed.lane
                waiting.append(placed)
            else:
                parts += self._stops(waiting)
                waiting = []
                parts.append(self._fork(part, lane))
        return parts + self._stops(waiting)

    def _placed(self, leg: Leg, lane: str) -> _Placed:
        own = lane_of(leg.step, receiver=self.receiver, before=lane)
        return _Placed(leg, own, is_counter(leg.step), is_reception(leg.step))

    def _fork(self, part: Parallel, lane: str) -> Fork:
        branches = []
        for legs in part.branches:
            placed: list[_Placed] = []
            for leg in legs:
                placed.append(self._placed(leg, placed[-1].lane if placed else lane))
            branches.append(tuple(self._stops(placed, in_fork=True)))
        return Fork(self._together([branch for branch in branches if branch]))

    def _together(self, branches: Sequence[tuple[Stop, ...]]) -> tuple[tuple[Stop, ...], ...]:
        """The list says of each further branch beside what it runs."""
        said = (self._say("together", name=branches[0][0].name),)
        others = ((replace(branch[0], details=branch[0].details + said), *branch[1:]) for branch in branches[1:])
        return (branches[0], *others)

    def _stops(self, placed: Sequence[_Placed], *, in_fork: bool = False) -> list[Stop]:
        if self.every_step:
            return [self._merged_stop([item], in_fork=in_fork) for item in placed]
        kept = [item for item in placed if item.leg.step.at.where is not Where.AUTOMATIC]
        # A step that only some records have stands alone; in a fork the whole branch is theirs.
        runs = merged(
            kept,
            applicant=APPLICANT,
            apart=lambda item: gives_result(item.leg.step) or (item.leg.optional and not in_fork),
        )
        return [self._merged_stop(run, in_fork=in_fork) for run in runs]

    def _merged_stop(self, run: Sequence[_Placed], *, in_fork: bool) -> Stop:
        steps = [item.leg.step for item in run]
        if gives_result(steps[0]) and not self.every_step:
            return self._give(steps[0])
        name = name_of(Named(self._name(step), step.quota, drafts=drafts(step)) for step in steps)
        line, detail = self._length(steps)
        optional = all(item.leg.optional for item in run)
        details = [f"{self._level(run[0].lane)}: {detail}" if detail else self._level(run[0].lane)]
        details += self._silence(steps)
        details += [self._say("if_needed")] if optional else []
        trip, said = self._trip(steps, run[0].lane, in_fork=in_fork)
        return self._stop(
            run[0].lane, name, self._say("if_needed") if optional else line,
            details=tuple(capital(text) for text in details if text) + said, optional=optional, trip=trip,
            steps=tuple(step.id for step in steps),
        )  # fmt: skip

    def _stop(
        self,
        lane: str,
        name: str,
        line: str,
        *,
        details: tuple[str, ...],
        optional: bool = False,
        trip: Trip | None = None,
        steps: tuple[str, ...] = (),
    ) -> Stop:
        return Stop(
            lane, name, name, StopState.PLAN, line, details=details, optional=optional, trip=trip, steps=steps
        )  # fmt: skip

    def _give(self, step: Step) -> Stop:
        if any("presence" in action.needs for action in step.actions):
            line, detail = self._say("result_in_person"), self._say("result_in_person_long")
        elif step.at.where is Where.RETURN or not step.at.level:
            line, detail = self._say("result_anywhere"), self._say("result_anywhere_long")
        else:
            line, detail = self._say("result_at"), self._say("result_at_long", level=self._level(step.at.level))
        name = step.stop.in_language(self.language) if step.stop else self._say("receive_result")
        return self._stop(APPLICANT, name, line, details=(detail,))

    def _name(self, step: Step) -> str:
        text = step.name if self.every_step or step.stop is None else step.stop
        return text.in_language(self.language)

    def _level(self, lane: str) -> str:
        return next((level.name.in_language(self.language) for level in self.levels if level.id == lane), "")

    def _length(self, steps: Sequence[Step]) -> tuple[str, str]:
        """The time that a stop may take: short for the box, whole for the list."""
        for step in steps:
            if step.clock is ClockRule.NONE:  # how long a result may lie there is no time that a step takes
                continue
            for timer in step.timers:
                if timer.effect is TimerEffect.ACT and step.at.where is not Where.APPLICANT:
                    working = timer.after.unit is not DurationUnit.CALENDAR_DAYS
                    if timer.after.unit is DurationUnit.WORKING_HOURS:
                        length = whole = working_length(timer.after.value, self.language)
                    else:
                        length = count_days(timer.after.value, self.language)
                        whole = count_days(timer.after.value, self.language, working=working)
                    return self._say("at_most", length=length), self._say("at_most", length=whole)
        hours = sum((step.quota for step in steps), Decimal(0))
        if not hours:
            return "", ""
        if is_reception(steps[0]) and not self.every_step:
            hours = steps[0].quota
            short = working_length(hours, self.language) if hours < 8 else f"{hours:f} {_HOURS[self.language == 'en']}"
            whole = f"{hours:f} {_WORKING_HOURS[self.language == 'en']}" if hours >= 8 else short
            return self._say("within", length=short), self._say("within", length=whole)
        return working_length(hours, self.language), working_length(hours, self.language, whole=True)

    def _silence(self, steps: Sequence[Step]) -> list[str]:
        meanings = [step.silence for step in steps] + [timer.silence for step in steps for timer in step.timers]
        said = next((meaning for meaning in meanings if meaning), None)
        return [self._say(f"silence_{said}")] if said in ("consent", "refusal") else []

    def _trip(self, steps: Sequence[Step], lane: str, *, in_fork: bool) -> tuple[Trip | None, tuple[str, ...]]:
        """The way aside that is drawn, and what the list says of all of them."""
        drawn: Trip | None = None
        said: list[str] = []
        for aside in (item for step in steps for item in self.asides.get(step.id, ())):
            target = aside.step
            target_lane = lane_of(target, receiver=self.receiver, before=lane)
            name = self._name(target)
            if target_lane == APPLICANT:
                before = is_reception(self.process.step(aside.leaves))
                said.append(self._say("trip_before" if before else "trip_supplement"))
            else:
                said.append(self._say("trip_other", name=name))
            if drawn is None and target_lane != lane and not in_fork:
                line = "if_missing" if target_lane == APPLICANT else "if_needed"
                drawn = Trip(target_lane, name, self._say(line))
        return drawn, tuple(dict.fromkeys(said))


_HOURS = ("giờ", "hours")
_WORKING_HOURS = ("giờ làm việc", "working hours")
