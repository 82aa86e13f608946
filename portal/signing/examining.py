"""Examining the signatures of strangers' files, in a process of its own with little memory and time.

Run as a module by `uploads`: the trusted roots by path, the file by path or, as `-`, in standard input. The report is a
line of JSON; of a file in standard input a second line says its QR codes, and is missing when the limits end it there.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

MEMORY = 1 << 30
CPU_SECONDS = 15
STANDARD_INPUT = "-"


def main(arguments: list[str]) -> None:
    """Say what `verify` says."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from portal.signing.codes import codes_in  # after the limits
    from portal.signing.types import Fault
    from portal.signing.verification import verify

    file, roots = arguments[0], Path(arguments[1])
    content = sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()
    report = verify(content, roots=roots.read_bytes() if roots.is_file() else b"")
    _say(json.dumps(report.as_told()))
    if file == STANDARD_INPUT and report.fault is not Fault.NO_PDF:
        _say(json.dumps(codes_in(content)))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
