"""What the forms of a process offer to choose from, in the words of the page's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from portal.catalogue import words
from portal.catalogue.document_names import DOCUMENT_NAMES
from portal.core.text import raised
from portal.web.languages import localized
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.definition import ASKER, ActionKind, ClockRule, Process, Text

Choice = tuple[str, str]

OWNER, KEPT = "owner", "kept"
"""Places that are no `where` of the grammar: the office that decides, and one written in the file in another way."""


def levels() -> list[Choice]:
    return _of(words.LEVELS)


def functions() -> list[Choice]:
    return _of(words.FUNCTIONS)


def roles() -> list[Choice]:
    return [choice for choice in _of(words.ROLES) if choice[0] != "administrator"]


def clocks() -> list[Choice]:
    return [(str(rule), raised(localized(words.CLOCKS[rule]))) for rule in ClockRule]


def kinds() -> list[Choice]:
    every = ((str(kind), words.word(words.KINDS, kind)) for kind in ActionKind)
    left_out = (ActionKind.WITHDRAW, ActionKind.STOP)  # of the whole record, not of a step
    return [(kind, raised(localized(text))) for kind, text in every if kind not in left_out]


def places() -> list[Choice]:
    return [
        (OWNER, _("Cơ quan quyết định (owner)")),
        ("place", _("Cấp và chức năng ghi dưới đây")),
        ("received", _("Bộ phận một cửa đã tiếp nhận")),
        ("return", _("Bộ phận một cửa trả kết quả")),
        ("field", _("Cơ quan ở nơi ghi trong tờ khai")),
        ("each", _("Cơ quan ở nơi của từng nhánh")),
        ("applicant", _("Người nộp")),
        ("automatic", _("Cổng tự làm")),
        ("external", _("Cơ quan ngoài Cổng, cán bộ nhập trả lời")),
    ]


def places_without_owner() -> list[str]:
    """For a process of its own, which has no office that all of it belongs to."""
    return [where for where, _said in places() if where != OWNER]


def states() -> list[Choice]:
    return [
        ("submitted", _("Chờ tiếp nhận")),
        ("supplement_before_acceptance", _("Cần bổ sung trước khi tiếp nhận")),
        ("accepted", _("Đã tiếp nhận")),
        ("in_progress", _("Đang giải quyết")),
        ("consulting", _("Chờ cơ quan góp ý")),
        ("applicant_confirms", _("Chờ người nộp xác nhận")),
        ("supplement", _("Cần bổ sung")),
        ("fee_due", _("Chờ nộp phí")),
        ("result", _("Đã có kết quả")),
    ]


def needs() -> list[Choice]:
    return [
        ("reason", _("Lý do")),
        ("items", _("Các mục phải bổ sung")),
        ("person", _("Người làm bước sau")),
        ("presence", _("Ai đến nhận kết quả")),
        ("letter", _("Số và ngày văn bản")),
        ("form", _("Các trường ghi dưới đây")),
    ]


def documents(others: Iterable[str] = ()) -> list[Choice]:
    """The documents that the portal can make, and those of the definition that it does not know."""
    named = {"result": (_("Kết quả đã ký số, đóng dấu"), "")} | {
        name: (localized(Text(*said)), name) for name, said in DOCUMENT_NAMES.items()
    }
    return [(name, said[0]) for name, said in named.items()] + [(name, name) for name in others if name not in named]


def steps(process: Process) -> list[Choice]:
    return [(step.id, f"{localized(step.name)} ({step.id})") for step in process.steps.values()]


def targets(process: Process) -> list[Choice]:
    return [*steps(process), (ASKER, _("Về bước đã hỏi"))]


END_NAMES: Mapping[str, Words] = {
    "done": __("Đã trả kết quả"),
    "archived": __("Đưa vào lưu, không ai nhận"),
    "refused": __("Không tiếp nhận"),
    "withdrawn": __("Đã rút"),
    "expired": __("Hết hạn chờ người nộp"),
    "stopped": __("Dừng giải quyết"),
}
"""The ends of the shared process."""


def ends(process: Process) -> list[Choice]:
    return [(name, f"{END_NAMES[name]} ({name})" if name in END_NAMES else name) for name in process.ends]


def _of(table: Mapping[str, Text]) -> list[Choice]:
    return [(name, raised(localized(text))) for name, text in table.items()]
