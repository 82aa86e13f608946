"""What is typed into the boxes of the editor becomes what the grammar reads."""

from __future__ import annotations

import pytest

from portal.web.admin.editor.questions import Amount


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("75.000", 75000),
        ("1 500 000", 1500000),
        ("20.000 * form.m2", "20000 * form.m2"),
        ("1.5 * form.m2", "1.5 * form.m2"),
        ("0.250 * form.m2", "0.250 * form.m2"),
        ("form.copies * 10000", "form.copies * 10000"),
    ],
)
def test_thousands_in_an_amount_are_read_as_people_part_them(typed: str, written: object) -> None:
    assert Amount("amount", "Số tiền").written(typed) == written
