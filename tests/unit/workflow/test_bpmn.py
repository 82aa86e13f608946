"""The exported model as interchange: whole, well formed, readable."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from bpmn_io.cli import main
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator

from portal.catalogue.loader import load
from portal.catalogue.who import lanes_of
from portal.workflow.bpmn import bpmn_of
from portal.workflow.bpmn_branches import build
from portal.workflow.bpmn_graph import Graph, NodeKind
from portal.workflow.bpmn_routing import Drawing, Point, Shape, draw

FILES = sorted((Path(__file__).parents[3] / "portal/catalogue/procedures").glob("*.yaml"))
EVERY = pytest.mark.parametrize(
    ("file", "language"),
    [(file, language) for file in FILES for language in ("vi", "en")],
    ids=lambda part: getattr(part, "stem", part),
)


@lru_cache
def model_of(file: Path, language: str) -> str:
    procedure = load(file.read_text(encoding="utf-8"), file.name)
    lanes, lane_of = lanes_of(procedure.process, language=language)
    name = procedure.name.in_language(language)
    return bpmn_of(procedure.process, code=procedure.code, name=name, lanes=lanes, lane_of=lane_of, language=language)


@lru_cache
def drawings_of(file: Path, language: str) -> list[tuple[Graph, Drawing]]:
    """The whole process first, then its sub-processes."""
    process = load(file.read_text(encoding="utf-8"), file.name).process
    lanes, lane_of = lanes_of(process, language=language)
    graph = build(process, lanes=lanes, lane_of=lane_of, language=language)
    return [(one, draw(one)) for one in graph.every()]


@EVERY
def test_a_model_follows_the_schema_of_the_standard(file: Path, language: str) -> None:
    BpmnValidator().validate(etree.fromstring(model_of(file, language).encode()))


@EVERY
def test_a_model_passes_the_recommended_rules(
    file: Path, language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tmp_path / "model.bpmn"
    model.write_text(model_of(file, language), encoding="utf-8")
    (tmp_path / ".bpmnlintrc").write_text('{"extends": "bpmnlint:recommended"}', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for command in ("lint", "check"):
        code = main([command, str(model)])
        said = "".join(capsys.readouterr()).replace(f"ok: {model}", "").strip()
        assert (code, said) == (0, "")


@EVERY
def test_every_step_and_every_action_is_in_the_model(file: Path, language: str) -> None:
    ids = {element.get("id") for element in ET.fromstring(model_of(file, language)).iter()}  # noqa: S314
    process = load(file.read_text(encoding="utf-8"), file.name).process
    steps = [step for step in process.steps.values() if step.id != process.correct]  # a run of its own, after the end
    assert process.correct is None or process.correct not in ids
    assert ids >= {step.id for step in steps}
    assert ids >= {f"{step.id}.{action.id}" for step in steps for action in step.actions}


@EVERY
def test_no_two_shapes_overlap_and_each_stands_in_its_lane(file: Path, language: str) -> None:
    for graph, drawing in drawings_of(file, language):
        apart = [shape for node, shape in drawing.shapes.items() if graph.nodes[node].kind is not NodeKind.BOUNDARY]
        assert not [pair for pair in combinations(apart, 2) if overlap(*pair)]
        tops = sorted((lane.y, lane.y + lane.height) for lane in drawing.lanes.values())
        assert all(bottom == top for (_, bottom), (top, _) in pairwise(tops))
        for shape in drawing.shapes.values():
            [_] = [lane for lane in drawing.lanes.values() if is_inside(shape, lane)]


@EVERY
def test_no_line_passes_through_a_shape(file: Path, language: str) -> None:
    for graph, drawing in drawings_of(file, language):
        ends = {flow.id: {flow.source, flow.target} for flow in graph.flows}
        ends |= {flow.id: ends[flow.id] | {graph.nodes[flow.source].host} for flow in graph.flows}
        for flow, line in drawing.lines.items():
            for start, end in pairwise(line):
                assert start[0] == end[0] or start[1] == end[1], f"{flow} is not at right angles"
                crossed = {node for node, shape in drawing.shapes.items() if overlap(shape, stretch(start, end))}
                assert crossed <= ends[flow], f"{flow} crosses {crossed - ends[flow]}"


@EVERY
def test_no_two_lines_lie_on_one_another(file: Path, language: str) -> None:
    for _, drawing in drawings_of(file, language):
        stretches = [(flow, pair) for flow, line in drawing.lines.items() for pair in pairwise(line)]
        starts = {flow: line[0] for flow, line in drawing.lines.items()}
        for (flow, one), (other, two) in combinations(stretches, 2):
            if flow != other and starts[flow] != starts[other]:
                assert not lie_on_one_another(one, two), f"{flow} and {other}"


@EVERY
def test_the_usual_way_leads_to_the_right(file: Path, language: str) -> None:
    _, drawing = drawings_of(file, language)[0]
    assert (
        drawing.shapes["receive"].x < drawing.shapes["forward"].x < drawing.shapes["sign"].x < drawing.shapes["give"].x
    )


def test_conditions_of_a_choice_exclude_one_another() -> None:
    """Engines ask the ways out of a choice in an order of their own."""
    model = model_of(next(file for file in FILES if file.stem == "1.009994"), "vi")
    root = ET.fromstring(model)  # noqa: S314
    conditions = [element.text for element in root.iter() if element.tag.endswith("conditionExpression")]
    assert "(record.supplements >= 1)" in conditions
    assert "!((record.supplements >= 1))" in conditions


def test_a_timer_says_what_silence_means() -> None:
    root = ET.fromstring(model_of(next(file for file in FILES if file.stem == "1.009994"), "vi"))  # noqa: S314
    event = next(element for element in root.iter() if element.get("id") == "fire.after_12d-1")
    assert (event.get("name"), event.get("cancelActivity")) == ("12 ngày: Không trả lời, coi như đồng ý", "true")
    assert "".join(event.itertext()).split()[-1] == "P12D"
    reminder = next(element for element in root.iter() if element.get("id") == "fire.after_8d")
    assert reminder.get("cancelActivity") == "false"


def test_a_branch_for_each_row_is_a_sub_process_that_runs_as_often_as_there_are_rows() -> None:
    root = ET.fromstring(model_of(next(file for file in FILES if file.stem == "1.004873"), "en"))  # noqa: S314
    [inner] = root.iter("{http://www.omg.org/spec/BPMN/20100524/MODEL}subProcess")
    said = " ".join("".join(inner.itertext()).split())
    assert 'size(each["verify"])' in said
    assert "each form.periods.commune if row.commune != form.commune" in said
    ids = {element.get("id") for element in inner.iter()}
    assert {"verify", "verify_sign", "pledge"} <= ids
    assert "pledge_elsewhere" not in ids
    planes = [plane.get("bpmnElement") for plane in root.iter() if plane.tag.endswith("BPMNPlane")]
    assert planes == ["pools", inner.get("id")]
    assert "lane.each.commune.leadership" not in {element.get("id") for element in root.iter()}


def is_inside(shape: Shape, lane: Shape) -> bool:
    return lane.y <= shape.y and shape.y + shape.height <= lane.y + lane.height


def overlap(one: Shape, two: Shape) -> bool:
    return (
        one.x < two.x + two.width
        and two.x < one.x + one.width
        and one.y < two.y + two.height
        and two.y < one.y + one.height
    )


def stretch(start: Point, end: Point) -> Shape:
    return Shape(min(start[0], end[0]), min(start[1], end[1]), abs(start[0] - end[0]), abs(start[1] - end[1]))


def lie_on_one_another(one: tuple[Point, Point], two: tuple[Point, Point]) -> bool:
    for along, across in ((0, 1), (1, 0)):
        if one[0][across] == one[1][across] == two[0][across] == two[1][across]:
            low, high = sorted((one[0][along], one[1][along]))
            other_low, other_high = sorted((two[0][along], two[1][along]))
            if low < other_high and other_low < high:
                return True
    return False
