"""django-viewflow: a row for each task, one transaction with a lock for each transition."""

import os
import time
from urllib.parse import urlsplit

from answering import answer

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

from desks.flows import TenTasks  # noqa: E402
from django.core.management import call_command  # noqa: E402
from viewflow.workflow.models import Task  # noqa: E402
from viewflow.workflow.status import STATUS  # noqa: E402

TASKS = 10


def turn(times: int) -> list[float]:
    seconds = []
    for _ in range(times):
        process = TenTasks.begin.run()
        for _task in range(TASKS):
            started = time.perf_counter()
            task = Task.objects.filter(process_id=process.pk, status=STATUS.NEW).order_by("pk").first()
            task.flow_task.run(task)
            seconds.append(time.perf_counter() - started)
        process.refresh_from_db()
        if process.status != STATUS.DONE:
            raise AssertionError("the process does not end after ten tasks")
    return seconds


call_command("migrate", verbosity=0)
answer(turn)
