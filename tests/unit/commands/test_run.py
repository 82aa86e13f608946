"""What `portal run` tells the processes that it starts."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from portal.commands.data_folder import DataFolder
from portal.commands.run import CHILDREN, own_settings
from portal.jobs.types import QUEUES
from portal.web.admin.job_words import QUEUES as QUEUE_WORDS


def test_the_token_that_is_made_here_is_the_one_that_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who has a token of his own for other work has told SoftHSM where it is."""
    monkeypatch.setenv("SOFTHSM2_CONF", "softhsm2.conf of another token")
    (tmp_path / "var" / "secrets").mkdir(parents=True)
    made = own_settings(DataFolder(tmp_path / "var"), address="http://127.0.0.1:8000")
    assert made["SOFTHSM2_CONF"].startswith(str(tmp_path))


def test_every_queue_has_a_worker_here_and_in_the_containers_and_a_name_for_the_administrator() -> None:
    services = yaml.safe_load(Path("compose.yaml").read_text(encoding="utf-8"))["services"].values()
    for started in (list(CHILDREN.values()), [service.get("command") for service in services]):
        assert [words[-1] for words in started if words and words[0] == "worker"] == list(QUEUES)
    assert list(QUEUE_WORDS) == list(QUEUES)
