"""A Flask application that really listens on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask

from portal.simulators.serving import server


@contextmanager
def listening(app: Flask) -> Iterator[str]:
    """The address at which the application answers, in threads of its own."""
    listener = server(app, port=0)
    thread = Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.port}"
    finally:
        listener.shutdown()
        thread.join()
        listener.server_close()
