"""What is asked when a result is given: who came for it, and the old papers that are taken in.

Whoever comes to a counter shows who he is, for a refusal too; `needs: [presence]` leaves no other way than to come
(civil-status acts, Luật Hộ tịch 60/2014/QH13). A paper with `mode: surrender` needs no word at the action: every action
that gives the result asks for it, unless it is a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from portal.catalogue import conditions, schema
from portal.catalogue.expressions import ExpressionError
from portal.catalogue.reading import Reading, text
from portal.catalogue.types import Choice, Field, FieldType
from portal.workflow.definition import ActionKind, Condition, Text

AT_COUNTER = "record.return_by == 'counter'"
GRANTED = "record.outcome != 'rejected'"

CAME = "came"
SELF, AUTHORISED = "self", "authorised"
IDENTITY_PAPER, IDENTITY_NUMBER = "identity_paper", "identity_no"
PASSPORT = "passport"
AUTHORISED_FIELDS = ("came_name", "authorisation", "authorisation_no")
"""What is asked of an authorised person, and of nobody else."""

TAKEN = "taken_"
"""Begins the name of the field of a paper that is taken in."""

_PRESENCE = (
    Field(
        CAME,
        FieldType.CHOICE,
        Text("Người đến nhận", "Who came"),
        required=True,
        choices=(
            Choice(SELF, Text("Chính người nộp", "The applicant")),
            Choice(AUTHORISED, Text("Người được ủy quyền", "An authorised person")),
        ),
    ),
    Field(
        IDENTITY_PAPER,
        FieldType.CHOICE,
        Text("Giấy tờ tùy thân đã xem", "Identity paper seen"),
        required=True,
        choices=(
            Choice("card", Text("Thẻ căn cước hoặc căn cước công dân", "Identity card")),
            Choice(PASSPORT, Text("Hộ chiếu", "Passport")),
            Choice("electronic", Text("Căn cước điện tử trên VNeID", "Electronic identity in VNeID")),
        ),
    ),
    Field(
        IDENTITY_NUMBER,
        FieldType.TEXT,
        Text("Số trên giấy tờ đã xem", "Number on that paper"),
        required=True,
        max_length=20,
        hint=Text(
            "Của người nộp thì đối chiếu với hồ sơ rồi không lưu",
            "Of the applicant it is compared with the record and not kept",
        ),
    ),
    Field(
        "came_name",
        FieldType.TEXT,
        Text("Họ và tên người được ủy quyền", "Name of the authorised person"),
        max_length=100,
        kind="person_name",
    ),
    Field(
        "authorisation",
        FieldType.CHOICE,
        Text("Giấy ủy quyền", "Paper of authorisation"),
        choices=(
            Choice("certified", Text("Có chứng thực", "Certified")),
            Choice("notarised", Text("Có công chứng", "Notarised")),
            Choice("introduction", Text("Giấy giới thiệu của tổ chức", "Letter of introduction of the organisation")),
            Choice("relative", Text("Người thân, có giấy tờ chứng minh quan hệ", "A relative, with proof")),  # [m]
        ),
    ),
    Field(
        "authorisation_no",
        FieldType.TEXT,
        Text("Số giấy ủy quyền hoặc giấy tờ quan hệ", "Number of that paper"),
        max_length=60,
    ),
)
_TAKEN = (
    Choice("taken", Text("Đã thu bản chính", "The original was taken in")),
    Choice("lost", Text("Đã mất, người nhận viết cam kết", "Lost; a written declaration was taken in")),  # [m]
)


def asked_at(action: schema.ActionPart, papers: Mapping[str, schema.PaperPart], reading: Reading) -> tuple[Field, ...]:
    """The fields that an action has beside its own form: none unless it gives the result."""
    if action.kind is not ActionKind.GIVE:
        return ()
    taken = [(name, paper) for name, paper in papers.items() if paper.mode == "surrender"]
    return (
        *(replace(field, when=_compiled(AT_COUNTER, reading)) for field in _PRESENCE),
        *(_taken(name, paper, _granted(paper.when, reading)) for name, paper in taken),
    )


def _taken(name: str, paper: schema.PaperPart, when: Condition | None) -> Field:
    label = text(paper.name)
    return Field(
        f"{TAKEN}{name}",
        FieldType.CHOICE,
        Text(f"Thu lại: {label.vi}", f"Taken in: {label.en}"),
        required=paper.required,
        when=when,
        choices=_TAKEN,
    )


def _granted(asked_when: str | None, reading: Reading) -> Condition | None:
    """Only where the paper is asked for, and the result is no refusal."""
    return _compiled(f"({asked_when}) && {GRANTED}" if asked_when else GRANTED, reading)


def _compiled(source: str, reading: Reading) -> Condition | None:
    try:
        return conditions.compile_condition(source, reading.schema)
    except ExpressionError:
        return None  # the mistake is reported where the paper says it
