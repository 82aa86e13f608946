"""How a simulator listens: on this machine only, several requests at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HERE = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """Writes no line for each request: addresses carry what people pay for."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return


def server(app: WSGIApplication, *, port: int) -> BaseWSGIServer:
    """Listens already; `serve_forever()` answers. Port 0 takes a free one, named by `port` of what is returned."""
    return make_server(HERE, port, app, threaded=True, request_handler=_Quiet)
