"""Commands where something they need is not there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner

from portal.commands import application, main
from portal.config import Settings


def test_a_command_without_a_database_says_so_and_what_to_do(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = replace(settings, database_url="postgresql://portal_app:secret@127.0.0.1:1/portal")
    monkeypatch.setattr(application, "environment", dict)
    monkeypatch.setattr(Settings, "from_environment", lambda _: nowhere)
    result = CliRunner().invoke(main, ["procedures", "check", __file__])
    assert result.exit_code == 1
    assert "The database does not answer. Start the portal first" in result.output
    assert "Traceback" not in result.output
