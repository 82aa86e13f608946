"""A process that must not outlive its parent says so here."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(death_signal: signal.Signals, *, parent_id: int) -> None:
    """Ask the kernel for `death_signal` when the parent ends, however it ends; call it in the child after a fork.

    The kernel watches the parent's *thread*: the parent forks from its main thread only. `parent_id` is the process
    that forked us: when it has gone already, there is nobody left to watch and this process ends.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != parent_id:
        os.kill(os.getpid(), death_signal)
