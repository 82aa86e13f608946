"""A trial opened for its page: the draft, what it is played on, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.catalogue import administration
from portal.catalogue.administration import DefinitionDraftView
from portal.catalogue.types import SequenceTest
from portal.core import clock
from portal.core.errors import InvalidInput, NotFound
from portal.core.unit_of_work import reading
from portal.trials import service
from portal.trials.happenings import OpenTask, Trial
from portal.trials.playing import play
from portal.trials.service import KeptTrial
from portal.trials.stage import TrialGround
from portal.web.languages import current_language
from portal.web.sign_in import actor
from portal.workflow.definition import Action


@dataclass(frozen=True)
class OpenedTrial:
    """`trial` is None before one was begun, and when the draft has changed so that it cannot be begun as it was."""

    draft: DefinitionDraftView
    ground: TrialGround
    kept: KeptTrial | None
    trial: Trial | None
    now: datetime

    @property
    def walked(self) -> Walked | None:
        """The same, when it has been begun."""
        return Walked(self.draft, self.ground, self.kept, self.trial) if self.kept and self.trial else None

    def test(self, name: str | None) -> SequenceTest | None:
        """One of the definition's own tests."""
        return next((test for test in self.ground.procedure.tests if test.name == name), None)


@dataclass(frozen=True)
class Walked:
    """A trial that has been begun."""

    draft: DefinitionDraftView
    ground: TrialGround
    kept: KeptTrial
    trial: Trial

    def offered(self, task: int, action_id: str) -> tuple[OpenTask, Action] | None:
        met = self.trial.open_task(task)
        found = (action for action in met.actions if action.id == action_id) if met else iter(())
        action = next(found, None)
        return (met, action) if met and action else None


def opened_trial(draft_id: UUID) -> OpenedTrial:
    """Raises NotFound, and DefinitionError when the text of the draft cannot be built."""
    now = clock.now()
    with reading(actor()) as session:
        draft = administration.get_definition_draft(session, draft_id)
        ground = service.ground_of_draft(session, draft_id, now=now, language=current_language())
        kept = service.find_trial(session, draft_id, actor=actor())
    try:
        trial = play(ground, kept.start, kept.moves) if kept else None
    except InvalidInput:
        trial = None
    return OpenedTrial(draft, ground, kept, trial, now)


def walked(draft_id: UUID) -> Walked:
    """As `opened_trial`. Raises NotFound also when no trial has been begun."""
    found = opened_trial(draft_id).walked
    if found is None:
        raise NotFound("Chưa có lượt thử nào của bản soạn này. Bắt đầu một lượt.")
    return found
