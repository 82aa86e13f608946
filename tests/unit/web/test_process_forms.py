"""The forms of a process say all of what the shipped definitions say: sent back as they stand, they change nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, session
from werkzeug.datastructures import MultiDict

from portal.catalogue.condition_checking import ConditionGround, condition_ground
from portal.catalogue.loader import canonical, load
from portal.catalogue.service import PROCEDURES
from portal.catalogue.shared_process import shared_actions, usual_ends
from portal.catalogue.sketching import Sketch, sketched
from portal.catalogue.source import FILE, Source
from portal.catalogue.step_writing import (
    STEP_KEYS,
    action_path,
    change_action,
    change_entry,
    change_process,
    step_path,
)
from portal.web.admin.process.action_forms import ActionForm, as_written
from portal.web.admin.process.consultation_forms import ConsultationForm
from portal.web.admin.process.process_forms import ProcessForm
from portal.web.admin.process.rows import RowsForm
from portal.web.admin.process.step_forms import StepForm
from portal.web.lane_views import procedure_map
from tests.harness import html

Shown = tuple[str, Callable[[], RowsForm], Callable[[Any], Source]]
DEFINITIONS = sorted(PROCEDURES.glob("*.yaml"))
EACH_CONSTRUCT = ("1.001193", "1.004873", "1.009994", "1.010803", "2.000620", "2.000635", "2.000884")
"""Between them they use every construct: what the applicant confirms, branches for each place, opinions,
bodies without accounts, named conditions, fees that are waited for, places named in an answer, a tail elsewhere."""

HEAD_OF_LAND = {"function": "land", "role": "head", "within": "land"}


@pytest.mark.parametrize("code", EACH_CONSTRUCT)
def test_a_form_that_is_sent_back_as_it_stands_changes_nothing(pages: Flask, code: str) -> None:
    _changes_nothing(pages, (PROCEDURES / f"{code}.yaml").read_text(encoding="utf-8"))


def test_nor_does_one_of_a_version_with_the_shared_process_written_out(pages: Flask) -> None:
    text = (PROCEDURES / "2.000884.yaml").read_text(encoding="utf-8")
    _changes_nothing(pages, canonical(text, "2.000884.yaml"))


def test_nor_does_one_with_timers_of_every_kind_and_an_action_for_many_records(pages: Flask) -> None:
    text = (PROCEDURES / "1.009994.yaml").read_text(encoding="utf-8")
    timers = [
        {"on": "form.birth_date", "effect": "remind"},
        {"before_due": "4h", "effect": "remind"},
        {"after": "2wd", "effect": "reassign"},
        {"after": "3wd", "silence": "refusal", "join": "conclude", "outcome": "disagree"},
    ]
    at = {"where": "field", "field": "form.commune", "function": "land", "by_level": {"district": HEAD_OF_LAND}}
    source = Source(text).put(("process", "steps", "site", "timers"), timers)
    source = source.put(("process", "steps", "site", "at"), at)
    _changes_nothing(pages, source.put((*action_path("ask_ok", "send"), "batch"), {"document": "list"}).text)


def _changes_nothing(pages: Flask, text: str) -> None:
    source = Source(text)
    count = 0
    for name, form, change in _forms(source, sketched(source.text, FILE), condition_ground(source.text, FILE)):
        with pages.test_request_context("/"):
            sent = _sent(form())
            token = dict(session)
        with pages.test_request_context("/", method="POST", data=sent):
            session.update(token)
            answered = form()
            assert answered.validate(), (name, [error.text for error in answered.error_list])
            assert change(answered).text == source.text, name
        count += 1
    assert count > len(source.names(("process", "steps")))


@pytest.mark.parametrize("file", DEFINITIONS, ids=lambda file: file.stem)
def test_a_sketch_of_a_finished_definition_is_its_picture(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    picture = procedure_map(load(text, file.name), language="vi", every_step=True)
    assert sketched(text, FILE).picture(language="vi") == picture


def _forms(source: Source, sketch: Sketch, ground: ConditionGround) -> Iterator[Shown]:
    frame, shared = source.get(("process",)), shared_actions(sketch.uses)
    yield (
        "frame",
        lambda: ProcessForm.of(frame, sketch=sketch, ground=ground, revision=1),
        lambda form: change_process(source, form.changes(frame, ends=usual_ends())),
    )
    for step in source.names(("process", "steps")):
        entry = source.get(step_path(step))
        kind = ConsultationForm if "template" in entry else StepForm
        yield (
            step,
            partial(kind.of, entry, sketch=sketch, ground=ground, step=step, revision=1),
            partial(_step_written, source, step, entry),
        )
        for action in source.names((*step_path(step), "actions")):
            written = as_written(source.get(action_path(step, action)), action)
            yield (
                f"{step}.{action}",
                partial(ActionForm.of, written, sketch=sketch, ground=ground, shared=shared, revision=1),
                partial(_action_written, source, step, action, written),
            )


def _sent(form: RowsForm) -> MultiDict[str, str]:
    """What a browser sends of the form as it is printed."""
    fields = [*form, *(field for part in form.parts for field in part.fields())]
    page = html.parsed(f"<!DOCTYPE html><title>x</title><form>{''.join(str(field()) for field in fields)}</form>")
    return MultiDict(html.fields_of(next(page.iter("form"))))


def _step_written(source: Source, step: str, entry: Any, form: Any) -> Source:
    return change_entry(source, step_path(step), form.changes(entry), order=STEP_KEYS)


def _action_written(source: Source, step: str, action: str, written: Any, form: Any) -> Source:
    return change_action(source, step, action, form.changes(written))
