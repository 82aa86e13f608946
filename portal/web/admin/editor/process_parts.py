"""What a process has beside its steps' own pages: the fields of an action, how a record ends, withdrawal and stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal.catalogue.sketching import sketched
from portal.catalogue.source import FILE, Path, Source
from portal.catalogue.step_writing import action_path
from portal.web.admin.draft_view import OpenedDraft
from portal.web.admin.editor import tables
from portal.web.admin.editor.form_builder import DESK_QUESTIONS
from portal.web.admin.editor.papers_and_fees import named
from portal.web.admin.editor.parts import ANY, Collection, Part
from portal.web.admin.editor.questions import Both, Condition, Group, Lines, Many, Pick, Tick
from portal.web.admin.opened_definition import STEPS
from portal.web.admin.process import choices
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

PROCESS = ("process",)
ENDS, ALWAYS = ("process", "ends"), ("process", "always")
FIELDS = ("process", "steps", ANY, "actions", ANY, "form")


@dataclass(frozen=True)
class Codes(Lines):
    """Whole numbers, one a line."""

    def written(self, data: Any) -> Any:
        lines = super().written(data)
        if not isinstance(lines, list):
            return lines
        return [int(line) if line.isascii() and line.isdigit() else line for line in lines]


_END = (
    Group(
        __("Kết thúc"),
        (
            Pick("state", __("Hồ sơ khi đó là"), optional=False, choices=tables.END_STATES),
            Codes("codes", __("Mã trạng thái quốc gia"), __("Mỗi dòng một mã: trả kết quả là 9 rồi 10"), rows=2),
            Tick("closes_all", __("Đến được từ trong một nhánh: các nhánh khác đóng theo")),
        ),
    ),
)


def _always(source: Source) -> tuple[Group, ...]:
    process = sketched(source.text, FILE).process
    return (
        Group(
            __("Việc của cả hồ sơ"),
            (
                Both("label", __("Tên nút"), optional=False),
                Pick("kind", __("Loại"), optional=False, choices=tables.ENDING_KINDS),
                Pick("by", __("Ai làm"), optional=False, choices=tables.ENDING_PERSONS),
                Pick("end", __("Kết thúc"), optional=False, choices=choices.ends(process)),
                Many("needs", __("Người làm phải ghi"), choices=[("reason", _("Lý do"))]),
                Many(
                    "closed_in",
                    __("Không làm được nữa khi đang ở bước"),
                    __("Thường là từ lúc đóng dấu: kết quả đã ký thì không rút, không dừng"),
                    choices=choices.steps(process),
                ),
                Condition("if", __("Chỉ khi"), __("Ví dụ record.supplements == 0")),
                Condition("unless", __("Trừ khi")),
                Many("documents", __("Văn bản được tạo"), choices=choices.documents()),
            ),
        ),
    )


def _field_name(path: Path, entry: Any) -> str:
    return named(entry, "label", path[-1])


def _takes_over(source: Source, path: Path) -> Source:
    """An action that says nothing of its own is the shared one of its name, and stays that with fields of its own."""
    around = path[:-1]
    return source if isinstance(source.get(around), dict) else source.put(around, {"as": str(around[-1])})


PARTS = (
    Part((*FIELDS, ANY), STEPS, _field_name, (Group(__("Trường phải ghi"), DESK_QUESTIONS),)),
    Part((*ENDS, ANY), STEPS, lambda path, _entry: str(choices.END_NAMES.get(str(path[-1]), path[-1])), _END),
    Part((*ALWAYS, ANY), STEPS, _field_name, more=_always),
)
COLLECTIONS = (
    Collection(
        FIELDS,
        STEPS,
        __("Thêm trường"),
        DESK_QUESTIONS[:2],
        names_it="label",
        prepared=_takes_over,
    ),
    Collection(
        ENDS,
        STEPS,
        __("Thêm kết thúc"),
        (Pick("state", __("Hồ sơ khi đó là"), optional=False, choices=tables.END_STATES),),
        names_it="state",
    ),
    Collection(
        ALWAYS,
        STEPS,
        __("Thêm việc của cả hồ sơ"),
        (
            Both("label", __("Tên nút"), optional=False),
            Pick("kind", __("Loại"), optional=False, choices=tables.ENDING_KINDS),
            Pick("by", __("Ai làm"), optional=False, choices=tables.ENDING_PERSONS),
        ),
        names_it="label",
        beginning={"needs": ["reason"]},
    ),
)


def upward_of(opened: OpenedDraft, path: Path) -> dict[str, str]:
    """The page of the action whose fields they are, or that of the ends."""
    if path[:2] == ("process", "steps"):
        step, action = str(path[2]), str(path[4])
        entry = opened.source.get(action_path(step, action)) if opened.source is not None else None
        href = url_for("admin_actions.show", draft_id=opened.draft.id, step=step, action=action)
        return {"href": f"{href}#cac-truong", "text": named(entry, "label", f"{step}.{action}")}
    return {"href": url_for("admin_endings.show", draft_id=opened.draft.id), "text": _("Kết thúc, rút và dừng")}
