"""django-viewflow: a row for each task, one transaction with a lock for each transition."""

import os
from urllib.parse import urlsplit

from answering import answer, spent

url = urlsplit(os.environ["BENCH_DATABASE_URL"])

import django  # noqa: E402 - settings come first
from django.conf import settings  # noqa: E402

settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": url.hostname,
            "PORT": url.port,
            "USER": url.username,
            "PASSWORD": url.password,
            "NAME": url.path.removeprefix("/"),
            "CONN_MAX_AGE": None,
        }
    },
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "viewflow", "viewflow.workflow", "desks"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from desks.flows import Loop, TenTasks  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from viewflow.workflow.models import Process, Task  # noqa: E402
from viewflow.workflow.status import STATUS  # noqa: E402

TASKS = 10


def transition(process: Process) -> None:
    task = Task.objects.filter(process_id=process.pk, status=STATUS.NEW).order_by("pk").first()
    task.flow_task.run(task)


def step(process: Process) -> tuple[float, float]:
    return spent(lambda: transition(process), connection.connection.info.backend_pid)


def carried(times: int) -> list[tuple[float, float]]:
    taken = []
    for _ in range(times):
        process = TenTasks.begin.run()
        taken += [step(process) for _task in range(TASKS)]
        check_over(process)
    return taken


grown: dict[int, tuple[Process, int]] = {}


def looped(times: int, history: int) -> list[tuple[float, float]]:
    """Transitions of a process that has seen so many already; a new one when it has seen a tenth more."""
    process, seen = grown.get(history, (None, history * 2))
    if seen + times > max(history * 1.1, history + times):
        process, seen = Loop.begin.run(), history
        for _ in range(history - 1):  # to begin is the first
            transition(process)
    grown[history] = process, seen + times
    return [step(process) for _ in range(times)]


def stored() -> dict[str, float]:
    """Bytes of a process as it begins, and when it is over."""
    process = TenTasks.begin.run()
    first = bytes_of(process)
    for _task in range(TASKS):
        transition(process)
    check_over(process)
    return {"begun": first, "over": bytes_of(process)}


def bytes_of(process: Process) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT pg_column_size(p.*) FROM viewflow_process p WHERE id = %(key)s)
              + (SELECT sum(pg_column_size(t.*)) FROM viewflow_task t WHERE process_id = %(key)s)
              + (SELECT coalesce(sum(pg_column_size(b.*)), 0) FROM viewflow_task_previous b
                 JOIN viewflow_task t ON t.id = b.from_task_id WHERE t.process_id = %(key)s)""",
            {"key": process.pk},
        )
        return int(cursor.fetchone()[0])


def check_over(process: Process) -> None:
    process.refresh_from_db()
    if process.status != STATUS.DONE:
        raise AssertionError("the process does not end after ten tasks")


call_command("migrate", verbosity=0)
answer({"carried": carried, "looped": looped, "stored": stored})
