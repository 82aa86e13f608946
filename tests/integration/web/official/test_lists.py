"""Books and lists have a page that names, for each official, what opens for him and nothing else."""

from __future__ import annotations

import pytest

from tests.harness.client import page_of
from tests.integration.web.official.conftest import AsOfficial

LISTS = "/can-bo/so-va-danh-sach"


@pytest.mark.parametrize(
    ("login", "named", "hidden"),
    [
        ("ck.lr1", "/can-bo/xin-loi", "/can-bo/so-tien"),
        ("stc.sp1", "/can-bo/so-tien", "/can-bo/xin-loi"),
    ],
)
def test_every_door_opens_and_those_of_others_are_not_shown(
    as_official: AsOfficial, login: str, named: str, hidden: str
) -> None:
    browser = as_official(login)
    lists = [group for group in page_of(browser.get(LISTS)).iter("ul") if group.get("class") == "rows"]
    doors = [str(link.get("href")) for group in lists for link in group.iter("a")]
    assert named in doors
    assert hidden not in doors
    for door in doors:
        active = [
            link.get("href") for link in page_of(browser.get(door)).iter("a") if link.get("aria-current") == "true"
        ]
        assert active == [LISTS], door
