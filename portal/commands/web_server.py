"""Gunicorn's settings."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

from portal.processes import die_with_parent

worker_class = "sync"
control_socket_disable = True
timeout = 30
"""Seconds: longer than any page takes; what is slow runs in a worker of the job table."""
graceful_timeout = 10
accesslog = None
"""An access log would keep the secrets of receipts that stand in QR addresses."""
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - memory, or a slow disk stops workers


def post_fork(server: Any, worker: Any) -> None:
    """A worker whose master is killed would hold the port until its next time-out."""
    die_with_parent(signal.SIGTERM, parent_id=worker.ppid)
