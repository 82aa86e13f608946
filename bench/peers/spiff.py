"""SpiffWorkflow: the state of an instance is JSON in a row, read and written whole at every transition."""

import os
from pathlib import Path

import drawn
import psycopg
from answering import answer, spent
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

connection = psycopg.connect(os.environ["BENCH_DATABASE_URL"], autocommit=True)
connection.execute("CREATE TABLE IF NOT EXISTS spiff (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state text)")
parser = BpmnParser()
parser.add_bpmn_file(str(Path(__file__).with_name("ten_tasks.bpmn")))
for xml in (drawn.loop(), drawn.chain(10), drawn.chain(100)):
    parser.add_bpmn_str(xml)
specifications = {name: parser.get_spec(name) for name in ("ten_tasks", "loop", "chain_10", "chain_100")}
serializer = BpmnWorkflowSerializer()


def begin(process: str, *, history: int = 1) -> int:
    """A new instance; with a history, that many transitions have been made in memory, beginning being the first."""
    workflow = BpmnWorkflow(specifications[process])
    workflow.do_engine_steps()
    workflow.get_next_task(state=TaskState.READY, manual=True).data["area"] = 80
    for _ in range(history - 1):
        workflow.get_next_task(state=TaskState.READY, manual=True).run()
        workflow.do_engine_steps()
    state = serializer.serialize_json(workflow)
    return connection.execute("INSERT INTO spiff (state) VALUES (%s) RETURNING id", [state]).fetchone()[0]


def transition(key: int) -> bool:
    """Complete the first task that waits; True when that was the last one."""
    with connection.transaction():
        (state,) = connection.execute("SELECT state FROM spiff WHERE id = %s FOR UPDATE", [key]).fetchone()
        workflow = serializer.deserialize_json(state)
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        task.run()
        workflow.do_engine_steps()
        written = serializer.serialize_json(workflow)
        connection.execute("UPDATE spiff SET state = %s WHERE id = %s", [written, key])
    return workflow.completed


def step(key: int) -> tuple[float, float]:
    return spent(lambda: transition(key), connection.info.backend_pid)


def carried(times: int, process: str = "ten_tasks", tasks: int = 10) -> list[tuple[float, float]]:
    """What each transition took, of so many instances from their first task to their last."""
    taken = []
    for _ in range(times):
        key = begin(process)
        taken += [step(key) for _ in range(tasks - 1)]
        finished = []
        taken.append(spent(lambda key=key, told=finished: told.append(transition(key)), connection.info.backend_pid))
        if finished != [True]:
            raise AssertionError(f"{process} does not end after {tasks} tasks")
    return taken


grown: dict[int, tuple[int, int]] = {}


def looped(times: int, history: int) -> list[tuple[float, float]]:
    """Transitions of an instance that has seen so many already; a new one when it has seen a tenth more."""
    key, seen = grown.get(history, (0, history * 2))
    if seen + times > max(history * 1.1, history + times):
        key, seen = begin("loop", history=history), history
    grown[history] = key, seen + times
    return [step(key) for _ in range(times)]


def stored() -> dict[str, float]:
    """Bytes of an instance of ten tasks as it begins, and when it is over."""
    key = begin("ten_tasks")
    query = "SELECT pg_column_size(spiff.*) FROM spiff WHERE id = %s"
    (first,) = connection.execute(query, [key]).fetchone()
    while not transition(key):
        pass
    (last,) = connection.execute(query, [key]).fetchone()
    return {"begun": first, "over": last}


answer({"carried": carried, "looped": looped, "stored": stored})
