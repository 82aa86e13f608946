"""Drafts follow their procedure to its newest version."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from portal.catalogue.service import PROCEDURES, publish
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import service
from portal.records.drafts import DraftView, get_draft
from portal.records.jobs import KINDS
from tests.integration.records.arranging import NOW, PERMIT, citizen, draft, procedure

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]

SHIPPED = (PROCEDURES / f"{PERMIT}.yaml").read_text(encoding="utf-8")


def publish_next(source: str) -> None:
    with unit_of_work(SYSTEM) as session:
        publish(session, source, actor=SYSTEM, now=NOW)
    with reading(SYSTEM) as session:
        owed = session.execute(text("SELECT arguments FROM job WHERE kind = 'move_drafts'")).scalars().all()
    for arguments in owed:
        KINDS["move_drafts"](arguments, now=NOW)


def begun(**changed: Any) -> DraftView:
    """A draft with every page done."""
    owner = citizen()
    draft_id = draft(owner=owner, **changed)
    with unit_of_work(owner) as session:
        for page in procedure(PERMIT).pages:
            service.save_page(session, draft_id, page.id, {}, is_done=True, actor=owner, now=NOW)
    return read(draft_id)


def read(draft_id: Any) -> DraftView:
    with reading(SYSTEM) as session:
        return get_draft(session, draft_id)


def test_every_answer_that_still_fits_is_kept_and_only_the_changed_page_is_asked_again() -> None:
    before = begun()
    asked = "      site_road:\n        type: text\n        label: {vi: Đường vào, en: Road}\n        required: true\n"
    publish_next(
        SHIPPED.replace("      plot_no:\n        type: text\n", f"{asked}      plot_no:\n        type: text\n", 1)
    )
    after = read(before.id)
    assert after.version_id != before.version_id
    assert after.answers == before.answers
    assert set(before.pages_done) - set(after.pages_done) == {"site"}
    assert [paper.slot for paper in after.papers] == [paper.slot for paper in before.papers]


def test_an_answer_that_fits_no_more_is_asked_again() -> None:
    before = begun()
    grades = "III: {vi: Cấp III, en: Grade III}, IV: {vi: Cấp IV, en: Grade IV}"
    assert grades in SHIPPED
    publish_next(SHIPPED.replace(grades, "III: {vi: Cấp III, en: Grade III}, I: {vi: Cấp I, en: Grade I}"))
    after = read(before.id)
    assert "grade" not in after.answers
    assert "building" not in after.pages_done
    assert {"site", "design"} <= set(after.pages_done)


def test_an_answer_and_a_paper_go_along_under_their_new_names() -> None:
    before = begun()
    publish_next(
        SHIPPED.replace("      months:\n", "      work_months:\n").replace(
            "  land:\n    name:", "  land_paper:\n    name:"
        )
    )
    after = read(before.id)
    assert (after.answers["work_months"], "months" in after.answers) == ("6", False)
    assert sorted(paper.slot for paper in after.papers) == ["drawings", "land_paper"]
    assert set(after.pages_done) == set(before.pages_done)


def test_a_draft_that_was_sent_stays_as_it_was() -> None:
    before = begun()
    with unit_of_work(citizen()) as session:
        service.submit_record(session, before.id, actor=citizen(), now=NOW, receipt_key=b"k" * 32)
    publish_next(SHIPPED.replace("      months:\n", "      work_months:\n"))
    assert read(before.id).version_id == before.version_id
