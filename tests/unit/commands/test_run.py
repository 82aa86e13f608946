"""What `portal run` tells the processes that it starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.commands.data_folder import DataFolder
from portal.commands.run import own_settings


def test_the_token_that_is_made_here_is_the_one_that_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who has a token of his own for other work has told SoftHSM where it is."""
    monkeypatch.setenv("SOFTHSM2_CONF", "softhsm2.conf of another token")
    (tmp_path / "var" / "secrets").mkdir(parents=True)
    made = own_settings(DataFolder(tmp_path / "var"), address="http://127.0.0.1:8000")
    assert made["SOFTHSM2_CONF"].startswith(str(tmp_path))
