"""Two definitions compared in words: each kind of difference, and which of them break something."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest

from portal.catalogue import compared_keys
from portal.catalogue.comparison import Change, Mark, Part, compare
from portal.catalogue.loader import load
from portal.catalogue.service import PROCEDURES
from portal.catalogue.types import FeeRule, Field, Paper, Procedure, Term
from portal.workflow.definition import Action, End, Step

SIGNATURE = (PROCEDURES / "2.000884.yaml").read_text(encoding="utf-8")


def changes(*replacements: tuple[str, str]) -> tuple[Change, ...]:
    """What is said of the definition with these passages replaced."""
    text = SIGNATURE
    for before, after in replacements:
        assert before in text, before
        text = text.replace(before, after)
    return compare(load(SIGNATURE, "before"), load(text, "after"))


def test_a_definition_does_not_differ_from_itself() -> None:
    assert changes() == ()


@pytest.mark.parametrize(
    ("before", "after", "part", "mark", "breaking"),
    [
        ("minutes: 5", "minutes: 6", Part.CARD, Mark.CHANGED, False),
        (
            "minutes: 5",
            "copies_to:\n  - {level: district, function: justice}\nminutes: 5",
            Part.CARD,
            Mark.CHANGED,
            False,
        ),
        ('cutoff: "15:00"', 'cutoff: "14:00"', Part.TERM, Mark.CHANGED, False),
        ("limit: 2, wait", "limit: 1, wait", Part.TERM, Mark.CHANGED, False),
        ("max_files: 20", "max_files: 30", Part.PAPERS, Mark.CHANGED, False),
        ("max_files: 20", "max_files: 5", Part.PAPERS, Mark.CHANGED, True),
        (
            "    required: false\n    replaced_by",
            "    required: true\n    replaced_by",
            Part.PAPERS,
            Mark.CHANGED,
            True,
        ),
        ("10000 * form.texts", "12000 * form.texts", Part.FEES, Mark.CHANGED, False),
        ("vi: Số văn bản", "vi: Số bản cần ký", Part.FORM, Mark.CHANGED, False),
        ("max: 50", "max: 60", Part.FORM, Mark.CHANGED, False),
        ("max: 50", "max: 40", Part.FORM, Mark.CHANGED, True),
        ("role: specialist", "role: head", Part.STEPS, Mark.CHANGED, True),
        ("      hours: 0.25\n      checklist", "      hours: 0.5\n      checklist", Part.STEPS, Mark.CHANGED, False),
        ("Đã ký trước mặt, trình ký", "Đã ký, trình lãnh đạo", Part.ACTIONS, Mark.CHANGED, False),
    ],
)
def test_one_change_is_one_sentence_in_its_part(
    before: str, after: str, part: Part, mark: Mark, breaking: bool
) -> None:
    [change] = changes((before, after))
    assert (change.part, change.mark, change.breaking) == (part, mark, breaking)
    assert change.before is not None
    assert change.after is not None
    assert change.before.vi != change.after.vi
    assert change.before.en
    assert change.after.en


def test_a_field_that_comes_breaks_when_it_must_be_answered() -> None:
    note = "          fingerprint:\n"
    field = "          note:\n            type: text\n            label: {{vi: Ghi chú, en: Note}}\n{}"
    optional = changes((note, field.format("") + note))
    required = changes((note, field.format("            required: true\n") + note))
    assert [(change.mark, change.breaking) for change in optional] == [(Mark.ADDED, False)]
    assert [(change.mark, change.breaking) for change in required] == [(Mark.ADDED, True)]
    assert optional[0].thing.vi == "Những người ký › Ghi chú"


def test_what_goes_breaks() -> None:
    gone = "          fingerprint:\n            type: yes_no\n            label: {vi: Điểm chỉ, en: Finger print}\n"
    [change] = changes((gone, ""))
    assert (change.mark, change.thing.en, change.breaking) == (Mark.REMOVED, "Signers › Finger print", True)


def test_a_choice_that_goes_breaks_and_one_that_comes_does_not() -> None:
    other = "          other: {vi: Văn bản khác, en: Another text}\n"
    [gone] = changes((other, ""))
    [came] = changes((other, other + "          will: {vi: Di chúc, en: A will}\n"))
    assert (gone.about and gone.about.en, gone.breaking) == ("Choices", True)
    assert (came.after and came.after.vi, came.breaking) == (
        "Sơ yếu lý lịch; Giấy ủy quyền; Văn bản khác; Di chúc",
        False,
    )


def test_what_stands_elsewhere_is_moved_and_the_others_are_not() -> None:
    start = SIGNATURE.index("  id:\n    name: {vi: Giấy tờ tùy thân")
    middle = SIGNATURE.index("  text:\n    name: {vi: Văn bản chưa ký")
    end = SIGNATURE.index("fees:")
    identity, text = SIGNATURE[start:middle], SIGNATURE[middle:end]
    found = changes((identity + text, text + identity))
    assert [(change.part, change.mark) for change in found] == [(Part.PAPERS, Mark.MOVED)]


def test_a_check_that_comes_stops_applicants_unless_it_only_warns() -> None:
    check = "      - that: form.texts < 40\n        message: {{vi: Chia làm nhiều lần, en: Split it}}\n{}"
    last = "        fields: [paid]\n"
    stops = changes((last, last + check.format("")))
    warns = changes((last, last + check.format("        warns: true\n")))
    assert [(change.mark, change.breaking) for change in stops] == [(Mark.ADDED, True)]
    assert [(change.mark, change.breaking) for change in warns] == [(Mark.ADDED, False)]


def test_another_amount_from_another_day_is_another_line() -> None:
    line = "[{amount: 10000 * form.texts, from: 2017-01-01, legal_basis: 226/2016/TT-BTC}]"
    both = (
        "[{amount: 10000 * form.texts, from: 2017-01-01, to: 2026-12-31, legal_basis: 226/2016/TT-BTC}, "
        "{amount: 15000 * form.texts, from: 2027-01-01}]"
    )
    found = changes((line, both))
    assert [(change.mark, change.thing.vi) for change in found] == [
        (Mark.CHANGED, "Phí chứng thực chữ ký, từ 1/1/2017"),
        (Mark.ADDED, "Phí chứng thực chữ ký, từ 1/1/2027"),
    ]


def test_a_step_that_comes_changes_the_way_of_the_one_before() -> None:
    text = SIGNATURE.replace(
        "      actions:\n        signed:",
        "      actions:\n        ask: {label: {vi: Hỏi lại, en: Ask}, to: second}\n        signed:",
    ).replace(
        "tests:\n",
        """    second:
      name: {vi: Xem lại, en: Look again}
      at: $owner
      role: head
      hours: 1
      actions:
        back: {label: {vi: Trả lại, en: Back}, kind: send_back, to: witness}
tests:
""",
        1,
    )
    found = compare(load(SIGNATURE, "before"), load(text, "after"))
    assert [(change.part, change.mark, change.thing.vi, change.breaking) for change in found] == [
        (Part.STEPS, Mark.ADDED, "Xem lại", False),
        (Part.ACTIONS, Mark.ADDED, "Người yêu cầu ký trước mặt công chức › Hỏi lại", False),
    ]


@pytest.mark.parametrize("file", sorted(PROCEDURES.glob("*.yaml")), ids=lambda file: file.stem)
def test_every_pair_of_definitions_can_be_compared(file: object) -> None:
    """Nothing in any definition is without words, in either language."""
    own = load(SIGNATURE, "own")
    other = load(file.read_text(encoding="utf-8"), "other")  # type: ignore[attr-defined]
    for change in (*compare(own, other), *compare(other, own)):
        assert change.thing.vi
        for text in (change.about, change.before, change.after):
            assert text is None or text.vi


_SAID_OTHERWISE = {
    Procedure: {"code", "process", "pages", "papers", "fees", "tests", "competent_level"},
    Action: {"id", "branches", "choice", "consults", "proposes", "joins", "ends"},
    Step: {"id", "actions", "timers", "silence"},
    Field: {"id", "fields"},
    Paper: {"id"},
    FeeRule: {"id", "valid_from"},
    End: {"id"},
}
"""Keys that are told by the things that came and went, by where an action leads, or with another key."""


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        (Procedure, (*compared_keys.CARD, *compared_keys.TERM)),
        (Action, compared_keys.ACTION),
        (Step, compared_keys.STEP),
        (Field, compared_keys.FIELD),
        (Paper, compared_keys.PAPER),
        (FeeRule, compared_keys.FEE),
        (End, compared_keys.END),
    ],
)
def test_nothing_that_a_definition_says_is_left_out_of_a_comparison(
    kind: type[Any], attributes: tuple[compared_keys.Attribute, ...]
) -> None:
    seen: set[str] = set()

    class Asked:
        def __getattr__(self, name: str) -> Any:
            seen.add(name)
            return Term(Decimal(1), "working_days") if name == "term" else None

    for attribute in attributes:
        attribute.value(Asked())
    assert {one.name for one in fields(kind)} - seen == _SAID_OTHERWISE[kind]


def test_a_timer_says_where_it_leads() -> None:
    written = "timers: [{after: 4h, to: tax_hand}]"
    business = (PROCEDURES / "1.001612.yaml").read_text(encoding="utf-8")
    assert business.count(written) == 1
    newer = business.replace(written, written.replace("tax_hand", "appraise"))
    [change] = compare(load(business, "x"), load(newer, "x"))
    assert change.before is not None
    assert change.after is not None
    assert "→ Nhập mã số bằng tay" in change.before.vi
    assert "→ Kiểm tra tên" in change.after.vi
