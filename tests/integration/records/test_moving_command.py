"""`portal procedures migrate`, `mapping`, `migration`, `export`: as an administrator types them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from portal.catalogue import queries as catalogue
from portal.catalogue.service import publish
from portal.commands import moving as commands
from portal.commands import procedures as definitions
from portal.commands.procedures import procedures
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from tests.integration.records.arranging import NOW, PERMIT, at_desk
from tests.integration.records.test_moving import publish_next, renamed, with_question, work

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database", "same_application")]


@pytest.fixture
def same_application(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands meet the test's database instead of wiring one by settings."""

    @contextmanager
    def already() -> Iterator[None]:
        yield

    for module in (commands, definitions):
        monkeypatch.setattr(module, "application", already)


def portal(*words: str) -> Result:
    return CliRunner().invoke(procedures, list(words))


def test_records_are_rehearsed_moved_reported_and_led_back() -> None:
    walk = at_desk()
    old, _ = publish_next(renamed)
    rehearsed = portal("migrate", PERMIT, "--from", "1", "--to", "2", "--dry-run")
    assert rehearsed.output == "1 records would be moved, 0 would stay; nothing was changed\n"
    moving_id = UUID(portal("migrate", PERMIT, "--from", "1", "--to", "2").output.split(":")[0])
    work("move_records", moving_id)
    assert "total 1, waiting 0, moved 1, refused 0" in portal("migration", str(moving_id)).output
    portal("migration", str(moving_id), "--revert")
    work("restore_records", moving_id)
    assert "reverted 1" in portal("migration", str(moving_id)).output
    assert walk.file().record.version_id == old.version_id


def test_a_rehearsal_says_why_a_record_would_stay() -> None:
    code = at_desk().file().record.code
    publish_next(with_question)
    said = portal("migrate", PERMIT, "--from", "1", "--to", "2", "--dry-run").output
    assert f"{code}: The new version also asks: Enter road to the plot." in said


def test_a_mapping_can_be_corrected_in_a_file(tmp_path: Path) -> None:
    at_desk()
    publish_next(renamed)
    file = tmp_path / "mapping.yaml"
    proposed = portal("mapping", PERMIT, "--from", "1", "--to", "2").output
    assert "appraise: examine" in proposed
    file.write_text(proposed.replace("appraise: examine", "appraise: nowhere"), encoding="utf-8")
    refused = portal("migrate", PERMIT, "--from", "1", "--to", "2", "--mapping", str(file))
    assert refused.exit_code == 1
    assert "steps: appraise: The newer version has no nowhere. Choose again." in refused.output
    file.write_text("steps: [", encoding="utf-8")
    assert "This is not YAML" in portal("migrate", PERMIT, "--from", "1", "--to", "2", "--mapping", str(file)).output


def test_an_exported_definition_is_the_same_in_another_installation() -> None:
    exported = portal("export", PERMIT).output
    with reading(SYSTEM) as session:
        before = catalogue.get_procedure(session, PERMIT)
    with unit_of_work(SYSTEM) as session:
        again = publish(session, exported, actor=SYSTEM, now=NOW)
    assert again.version_id == before.version_id
    changed = exported.replace("minutes: 20", "minutes: 25")
    with unit_of_work(SYSTEM) as session:
        assert publish(session, changed, actor=SYSTEM, now=NOW).number == before.number + 1


def test_unknown_versions_and_moves_are_said_to_be_so() -> None:
    assert f"{PERMIT} has no such version." in portal("migrate", PERMIT, "--from", "1", "--to", "9").output
    assert "no such move" in portal("migration", "00000000-0000-0000-0000-000000000000").output
