"""The tests of a definition: what is known of the record, what is done with it, and how it must end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.catalogue.administration import TestResult
from portal.catalogue.sequences import CLOCK_SIGN
from portal.catalogue.sketching import sketched
from portal.catalogue.source import FILE, Path, Source
from portal.web.admin.draft_view import OpenedDraft
from portal.web.admin.editor import tables
from portal.web.admin.editor.fact_questions import fact_groups
from portal.web.admin.editor.parts import ANY, Collection, Part
from portal.web.admin.editor.questions import Group, Lines, Pick, Question, Text
from portal.web.admin.opened_definition import CHECK
from portal.web.admin.process import choices
from portal.web.admin.process_names import taken_words
from portal.web.languages import localized
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.definition import Action, Process, TimerEffect

_NAME = Text("name", __("Tên phép thử"), __("Ví dụ T4"), optional=False, width=20)


@dataclass(frozen=True)
class Doing(Lines):
    """What is done in a test. What is wrong with the whole of it is told here."""

    def targets(self, name: str, path: Path, value: Any) -> Iterator[tuple[Path, str]]:
        yield path, name
        yield path[:-1], name


_DO = Doing(
    "do",
    __("Làm lần lượt"),
    __(
        "Mỗi dòng một việc: bước.hành động, theo danh sách bên dưới. Tiếp nhận, chuyển, phân công và ký, đóng dấu, "
        "trả kết quả tự đi khi bỏ qua; SUP là cả đường bổ sung."
    ),
    optional=False,
    rows=8,
)


def _questions(source: Source) -> tuple[Question, ...]:
    ends = choices.ends(sketched(source.text, FILE).process)
    return (
        _NAME,
        _DO,
        Pick("ends", __("Phải kết thúc ở"), optional=False, choices=[*ends, ("open", _("Chưa kết thúc (open)"))]),
        Pick("outcome", __("Kết quả phải là"), choices=tables.OUTCOMES),
    )


def _groups(source: Source) -> tuple[Group, ...]:
    return (Group(__("Phép thử"), _questions(source)), *fact_groups(source))


def _name(path: Path, entry: Any) -> str:
    name = entry.get("name") if isinstance(entry, dict) else None
    return str(name or _("Phép thử %(number)s", number=int(path[-1]) + 1))


@dataclass(frozen=True)
class WrittenAction:
    """An action or timer as a test calls it, and in words."""

    code: str
    words: str


def _told(opened: OpenedDraft, path: Path) -> dict[str, Any]:
    """How the test went, and every action that it may take."""
    sketch = sketched(opened.draft.source, FILE).process
    result = result_of(opened, int(path[-1]))
    return {
        "result": result,
        "failed": failure_words(sketch, result) if result else "",
        "way": way_words(sketch, result.way) if result else [],
        "actions": [(name, actions) for name, actions in _actions_of(sketch) if actions],
        "always": [WrittenAction(action.id, localized(action.label)) for action in _always(opened)],
    }


def _always(opened: OpenedDraft) -> tuple[Action, ...]:
    procedure = opened.definition.procedure
    return procedure.process.always if procedure is not None else ()


def _actions_of(process: Process) -> Iterator[tuple[str, list[WrittenAction]]]:
    for step in process.steps.values():
        names = [_as_taken(action) for action in step.actions]
        names += [f"{CLOCK_SIGN}{timer.label}" for timer in step.timers if timer.effect is TimerEffect.ACT]
        said = localized(step.name)
        words = (taken_words(process, step.id, name).removeprefix(f"{said}: ") for name in names)
        yield said, [WrittenAction(f"{step.id}.{name}", one) for name, one in zip(names, words, strict=True)]


def _as_taken(action: Action) -> str:
    """A consulting action names whom it asks: `ask(fire+land)`."""
    return f"{action.id}({'+'.join(branch.step for branch in action.branches)})" if action.consults else action.id


def way_words(process: Process, way: tuple[str, ...]) -> list[str]:
    """What was taken, in words."""
    whole = {action.id: localized(action.label) for action in process.always} | {"SUP": _("Cả đường bổ sung")}
    return [taken_words(process, *item.split(".", 1)) if "." in item else whole.get(item, item) for item in way]


def end_word(end: str) -> str:
    return str(choices.END_NAMES.get(end, end))


def failure_words(process: Process, result: TestResult) -> str:
    """Why a test fails; nothing when it does not."""
    if result.passed:
        return ""
    if not result.failed_at:
        return _("Kết thúc là %(end)s", end=" · ".join(filter(None, (end_word(result.end), result.outcome))))
    steps = [localized(process.steps[name].name) if name in process.steps else name for name in result.open_steps]
    failed = way_words(process, (result.failed_at,))[0]
    return _(
        "Không làm được %(action)s. Đang mở: %(open)s", action=failed, open=", ".join(steps) or _("không bước nào")
    )


def result_of(opened: OpenedDraft, number: int) -> TestResult | None:
    """How the test went; None while the definition cannot be read."""
    results = opened.definition.test_results
    return results[number] if number < len(results) else None


PARTS = (
    Part(
        ("tests", ANY),
        CHECK,
        _name,
        more=_groups,
        beside="admin/editor/test_beside.html",
        tell=_told,
    ),
)
COLLECTIONS = (Collection(("tests",), CHECK, __("Thêm phép thử"), (), more=_questions),)
