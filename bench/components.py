"""(e) One page with the portal's macros and with those of govuk-frontend-jinja: CPU of each rendering."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from statistics import median

from flask import Flask

from bench.ground import HERE, PORTAL, Ground
from bench.peer import running_peer
from bench.peers.page_data import PAGE
from bench.rounds import Contestant, interleaved, quotients, spread, table, title, verdict
from bench.visiting import application

OWN = "portal"
PEER = "govuk-frontend-jinja 4.1"
LEAST = 12


def measure(ground: Ground, *, rounds: int, times: int) -> None:
    app = application(ground, PORTAL)
    with running_peer("govuk.py") as govuk:
        contestants = [
            Contestant(OWN, partial(_rendered, app, times)),
            Contestant(PEER, partial(govuk.ask, "printed", times=times // 4)),
        ]
        figures = interleaved(contestants, rounds=rounds)
    title("(e) A page of 12 inputs, radios, select, date, summary list, table of 25 rows, error summary")
    rows = [
        [name, spread(found.rounds, scale=1000), spread(quotients(found, figures[OWN]), digits=1)]
        for name, found in figures.items()
    ]
    table(["", "ms CPU a page", "portal = 1"], rows)
    verdict(
        f"govuk-frontend-jinja takes at least {LEAST} times as long",
        median(quotients(figures[PEER], figures[OWN])) >= LEAST,
    )


def _rendered(app: Flask, times: int) -> Sequence[float]:
    summary = [
        {"key": row["key"], "value": row["value"], "actions": [{"href": row["href"], "text": "Sửa", "of": row["key"]}]}
        for row in PAGE["summary"]
    ]
    context = {**PAGE, "summary": summary}
    seconds = []
    with app.test_request_context("/"):
        template = app.jinja_env.from_string((HERE / "templates" / "page.html").read_text(encoding="utf-8"))
        app.update_template_context(context)
        for _ in range(times):
            started = time.process_time()
            page = template.render(context)
            seconds.append(time.process_time() - started)
            if page.count("govuk-input--error") != 2 or page.count("<tr") != 26:
                raise AssertionError("the page is not whole")
    return seconds
