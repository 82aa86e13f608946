"""What the books of an office have in common: one unit, and a stretch of days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from portal.core.errors import InvalidInput
from portal.core.text import marked
from portal.workflow.working_time import midnight

NOT_YOURS = marked("Không thấy sổ của đơn vị này. Mở sổ của đơn vị mình.")
WRONG_WAY = marked("Ngày cuối phải từ ngày đầu trở đi")
TOO_LONG = marked("Chọn trong một năm trở lại")
LONGEST = timedelta(days=366)


def bounds(first_day: date, last_day: date) -> dict[str, datetime]:
    """The moments `since` and `until` of a stretch, both days included. Raises InvalidInput for days that make none."""
    if last_day < first_day:
        raise InvalidInput(WRONG_WAY, field="last_day")
    if last_day - first_day > LONGEST:
        raise InvalidInput(TOO_LONG, field="last_day")
    return {"since": midnight(first_day), "until": midnight(last_day + timedelta(days=1))}
