"""BPMN of the processes that are measured at any length."""

from itertools import pairwise

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="drawn" targetNamespace="bench"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><process id="{name}" isExecutable="true">"""
TAIL = "</process></definitions>"


def chain(tasks: int) -> bytes:
    """So many user tasks, one after another."""
    places = ["begin", *(f"step{number}" for number in range(1, tasks + 1)), "finish"]
    drawn = [HEAD.format(name=f"chain_{tasks}"), '<startEvent id="begin"/>', '<endEvent id="finish"/>']
    drawn += [f'<userTask id="{place}" name="{place}"/>' for place in places[1:-1]]
    drawn += [flow(before, after) for before, after in pairwise(places)]
    return "".join([*drawn, TAIL]).encode()


def loop() -> bytes:
    """A first task, then two in turn, until somebody says that it is over.

    SpiffWorkflow looks no deeper than a thousand elements from the start: this draws three for two actions.
    """
    drawn = [
        HEAD.format(name="loop"),
        '<startEvent id="begin"/><userTask id="receive"/><userTask id="desk"/><userTask id="check"/>',
        '<exclusiveGateway id="choice" default="choice_desk"/><endEvent id="finish"/>',
        *(flow(*pair) for pair in (("begin", "receive"), ("receive", "desk"), ("desk", "check"), ("check", "choice"))),
        flow("choice", "desk"),
        '<sequenceFlow id="over" sourceRef="choice" targetRef="finish">',
        '<conditionExpression xsi:type="tFormalExpression">area &gt; 100</conditionExpression></sequenceFlow>',
    ]
    return "".join([*drawn, TAIL]).encode()


def flow(before: str, after: str) -> str:
    return f'<sequenceFlow id="{before}_{after}" sourceRef="{before}" targetRef="{after}"/>'
