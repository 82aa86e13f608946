"""SpiffWorkflow: the state of an instance is JSON in a row, read and written whole at every transition."""

import os
import time
from pathlib import Path

import psycopg
from answering import answer
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

connection = psycopg.connect(os.environ["BENCH_DATABASE_URL"], autocommit=True)
connection.execute("CREATE TABLE IF NOT EXISTS spiff (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state text)")
parser = BpmnParser()
parser.add_bpmn_file(str(Path(__file__).with_name("ten_tasks.bpmn")))
specification = parser.get_spec("ten_tasks")
serializer = BpmnWorkflowSerializer()


def begin() -> int:
    workflow = BpmnWorkflow(specification)
    workflow.do_engine_steps()
    workflow.get_next_task(state=TaskState.READY, manual=True).data["area"] = 80
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


TASKS = 10


def turn(times: int) -> list[float]:
    seconds = []
    for _ in range(times):
        key = begin()
        for _task in range(TASKS):
            started = time.perf_counter()
            finished = transition(key)
            seconds.append(time.perf_counter() - started)
        if not finished:
            raise AssertionError("the process does not end after ten tasks")
    return seconds


answer(turn)
