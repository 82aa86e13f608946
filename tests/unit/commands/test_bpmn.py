"""`portal procedures bpmn FILE`."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from portal.catalogue.service import PROCEDURES
from portal.commands.procedures import procedures


def test_a_file_is_exported_without_a_database() -> None:
    done = CliRunner().invoke(procedures, ["bpmn", str(PROCEDURES / "2.000815.yaml")])
    assert done.exit_code == 0
    assert done.output.startswith("<?xml")
    assert 'id="compare.longer"' in done.output


def test_branches_for_each_row_of_an_answer_are_exported() -> None:
    done = CliRunner().invoke(procedures, ["bpmn", str(PROCEDURES / "1.004873.yaml")])
    assert done.exit_code == 0
    assert 'id="verify_sign.sign"' in done.output


def test_a_broken_file_is_refused_with_its_mistakes(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("code: [", encoding="utf-8")
    done = CliRunner().invoke(procedures, ["bpmn", str(file)])
    assert done.exit_code == 1
    assert "broken.yaml" in done.output
