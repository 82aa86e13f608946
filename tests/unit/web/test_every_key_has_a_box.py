"""Whatever the grammar knows can be written without YAML: each of its keys is asked by a page of the editor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

import pytest
from flask import Flask
from pydantic import BaseModel
from werkzeug.datastructures import MultiDict

from portal.catalogue import schema
from portal.catalogue.condition_checking import condition_ground
from portal.catalogue.expansion import SHARED
from portal.catalogue.located import plain, read
from portal.catalogue.service import PROCEDURES
from portal.catalogue.sketching import sketched
from portal.catalogue.source import FILE, Source
from portal.web.admin.editor.parts import ANY
from portal.web.admin.editor.process_parts import FIELDS
from portal.web.admin.editor.questions import Both, Question
from portal.web.admin.editor.registry import COLLECTIONS, PARTS
from portal.web.admin.editor.rows import Rows
from portal.web.admin.process import receiver_fields, target_rows, timer_rows
from portal.web.admin.process.action_forms import ActionForm
from portal.web.admin.process.consultation_forms import ENTERED, OPINION, ConsultationForm
from portal.web.admin.process.place_fields import boxes_of, written_place
from portal.web.admin.process.process_forms import ONE_STOP, OWN, ProcessForm
from portal.web.admin.process.rows import RowsForm
from portal.web.admin.process.step_forms import StepForm

TEXT = (PROCEDURES / "2.000884.yaml").read_text(encoding="utf-8")
SOURCE = Source(TEXT)
PAGES: dict[tuple[str, ...], type[BaseModel]] = {
    (): schema.CardPart,
    ("papers", ANY): schema.PaperPart,
    ("fees", ANY): schema.FeePart,
    ("pages", ANY): schema.PagePart,
    ("pages", ANY, "fields", ANY): schema.FieldPart,
    ("pages", ANY, "checks", ANY): schema.CheckPart,
    ("process", "ends", ANY): schema.EndPart,
}
ELSEWHERE = {"process"}
"""Of the card: the process has its own pages, which are asked below."""

HEAD = {"function": "land", "role": "head", "within": "land"}
BANK = {"vi": "Ngân hàng", "en": "The bank"}
OF_THE_RECORD, OF_A_STEP = {"by", "closed_in"}, {"form"}
"""Keys of an action: those of withdrawal and stop, and the fields that the form builder asks."""


def keys_of(part: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in part.model_fields.items()}


@pytest.mark.parametrize("pattern", list(PAGES), ids="/".join)
def test_each_key_of_a_part_is_asked_on_its_page(in_a_page: Flask, pattern: tuple[str, ...]) -> None:
    part = next(part for part in PARTS if part.pattern == pattern)
    groups = (*part.groups, *(part.more(SOURCE) if part.more else ()))
    questions = [question for group in groups for question in group.questions]
    assert set(without_question(PAGES[pattern], questions, pattern)) <= ELSEWHERE


def test_a_field_of_an_action_and_a_field_in_a_group_are_fields(in_a_page: Flask) -> None:
    patterns = {part.pattern for part in PARTS}
    assert {(*FIELDS, ANY), ("pages", ANY, "fields", ANY, "fields", ANY)} <= patterns
    assert {("process", "ends"), ("process", "always"), FIELDS} <= {one.pattern for one in COLLECTIONS}


def test_each_key_of_a_test_is_asked(in_a_page: Flask) -> None:
    tests = next(one for one in COLLECTIONS if one.pattern == ("tests",))
    assert tests.more is not None
    asked = {question.at for question in tests.more(SOURCE)}
    assert asked | {"facts"} == set(keys_of(schema.TestPart))  # of the facts those are asked that the process looks at


def without_question(part: type[BaseModel], questions: Iterable[Question], pattern: tuple[str, ...]) -> Iterator[str]:
    """The keys that no question is for, as `amounts.from`."""
    asked = [(question.keys, question) for question in questions]
    collections = {collection.pattern for collection in COLLECTIONS}
    for key, annotation in keys_of(part).items():
        own = next((question for keys, question in asked if keys == (key,)), None)
        inner = [_moved(question) for keys, question in asked if keys[:1] == (key,) and len(keys) > 1]
        model = _model_in(annotation)
        if own is None and not inner and (*pattern, key) not in collections:
            yield key
        elif model is not None and not isinstance(own, Both):
            nested = list(own.questions) if isinstance(own, Rows) else inner
            whole = nested and all(question.keys for question in nested)
            yield from (f"{key}.{name}" for name in without_question(model, nested, ("?",))) if whole else ()


def _moved(question: Question) -> Question:
    return type(question)(**{**vars(question), "at": ".".join(question.keys[1:])})


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return None if annotation is schema.TextPart else annotation
    found = (_model_in(part) for part in get_args(annotation))
    return next((model for model in found if model is not None), None)


@pytest.fixture
def given() -> dict[str, Any]:
    return {"sketch": sketched(TEXT, FILE), "ground": condition_ground(TEXT, FILE), "revision": 1}


def said_by(form: RowsForm, known: Iterable[str], **more: Any) -> set[str]:
    """The keys that the form answers for: what it does not know of, it leaves as it is written."""
    written = dict.fromkeys(known, "?")
    return set(form.changes(written, **more))  # type: ignore[attr-defined]


def test_each_key_of_a_step_has_a_box(in_a_page: Flask, given: dict[str, Any]) -> None:
    keys = set(keys_of(schema.StepPart)) - {"actions"}
    form = StepForm.of({"name": {}, "at": "applicant"}, step="x", **given)
    assert keys - said_by(form, keys) == set()


def test_each_key_of_an_action_has_a_box(in_a_page: Flask, given: dict[str, Any]) -> None:
    keys = set(keys_of(schema.ActionPart))
    form = ActionForm.of({}, shared=("draft",), **given)
    assert keys - said_by(form, keys) == OF_THE_RECORD | OF_A_STEP
    always = next(part for part in PARTS if part.pattern == ("process", "always", ANY))
    assert always.more is not None
    assert {question.at for group in always.more(SOURCE) for question in group.questions} >= OF_THE_RECORD


def test_each_key_of_a_process_has_a_box(pages: Flask, given: dict[str, Any]) -> None:
    keys = {*keys_of(schema.ProcessPart), "use", "with"}
    asked: set[str] = set()
    for uses in (ONE_STOP, OWN):
        with pages.test_request_context("/", method="POST", data={"uses": uses, "where": "place"}):
            asked |= said_by(ProcessForm.of({"steps": {}}, **given), keys, ends={})
    assert keys - asked == {"steps", "ends", "always"}  # the table of steps; the page of ends, withdrawal and stop


def test_each_value_of_the_shared_process_has_a_box(in_a_page: Flask, given: dict[str, Any]) -> None:
    parameters = set(shared()["parameters"])
    written = {"use": ONE_STOP, "with": dict.fromkeys(parameters, "?")}
    form = ProcessForm.of({"use": ONE_STOP, "with": {"owner": {"level": "city", "function": "land"}}}, **given)
    said = form.changes(written, ends={})["with"]
    assert {name for name in parameters if said.get(name) == "?"} == set()


@pytest.mark.parametrize("template", [OPINION, ENTERED])
def test_each_value_of_a_template_has_a_box(in_a_page: Flask, given: dict[str, Any], template: str) -> None:
    values = set(re.findall(r"\$(\w+)", str(shared()["templates"][template]))) - {"id"}
    form = ConsultationForm.of({"template": template, "with": {}}, step="x", **given)
    said = form.changes({"template": template, "with": dict.fromkeys(values, "?")})["with"]
    assert {name for name in values if said.get(name) == "?"} == set()


def shared() -> Mapping[str, Any]:
    found: Mapping[str, Any] = plain(read((SHARED / "one_stop.yaml").read_text(encoding="utf-8"), FILE)[0])
    return found


def test_the_rows_of_a_step_say_all_of_a_timer_and_of_a_way_on() -> None:
    assert set(keys_of(schema.TimerPart)) == timer_rows.KEYS
    assert set(keys_of(schema.TargetPart)) == target_rows.KEYS


@pytest.mark.parametrize(
    "place",
    [
        {"level": "city", "function": "land", "within": "land", "by_level": {"district": HEAD}},
        {"where": "field", "field": "form.x", "function": "land"},
        {"where": "external", "body": BANK, "entered_by": {"level": "city", "function": "land"}},
    ],
)
def test_the_boxes_of_a_place_say_all_of_it(place: dict[str, Any]) -> None:
    assert written_place(boxes_of(place), None) == place


def test_between_them_those_places_have_every_key() -> None:
    boxes = {"where", "level", "function", "within", "field", "by_level", "body", "entered_by"}
    assert set(keys_of(schema.AtPart)) == boxes
    assert set(keys_of(schema.PostPart)) == {"function", "role", "within"}


@pytest.mark.parametrize(
    "receiver",
    [
        {"level": "city", "function": "leadership", "within": "land", "if": "form.filer == 'org'"},
        {"where": "field", "field": "form.commune", "function": "tax"},
        {"where": "received", "function": "one_stop"},
        {"where": "external", "body": BANK},
    ],
)
def test_the_boxes_of_who_is_told_say_all_of_it(pages: Flask, given: dict[str, Any], receiver: dict[str, Any]) -> None:
    with pages.test_request_context("/"):
        shown = receiver_fields.ReceiverForm.of(receiver, ground=given["ground"])
        sent = MultiDict({field.name: field.data or "" for field in shown})
    with pages.test_request_context("/", method="POST", data=sent):
        form = receiver_fields.ReceiverForm.of(None, ground=given["ground"])
        assert form.validate(), form.errors
        assert form.written(None) == receiver
        assert form.written({"level": "city", "function": "land"}) == receiver


def test_between_them_those_receivers_have_every_key() -> None:
    assert set(keys_of(schema.RecipientPart)) == {"where", "level", "function", "within", "field", "body", "if"}
