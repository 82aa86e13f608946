"""What every test may ask for: databases and a bell. A test that asks for none of it starts no server."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from tests.cluster import Cluster, DatabaseUrls, running_cluster, running_valkey

CLUSTER = pytest.StashKey[Cluster]()
STARTED = pytest.StashKey[ExitStack]()
STEPPED_ASIDE = pytest.StashKey[bool]()
JOURNEYS = "tests/journeys/"
LONG = (
    JOURNEYS,
    "tests/unit/workflow/test_bpmn_in_another_engine.py",
    "tests/integration/test_supervisor.py",
    "tests/integration/records/test_killed.py",
    "tests/integration/demonstration/",
    "tests/integration/web/official/test_verification.py",
    "tests/integration/test_every_route.py",
    "tests/integration/records/test_walks.py",
    "tests/integration/web/admin/",
    "tests/unit/signing/",
    "tests/unit/web/test_process_forms.py",
    "tests/unit/catalogue/test_source.py",
    "tests/integration/records/",
)
"""What takes ten seconds and more, the longest first."""
GARBAGE = 50_000
"""Objects after which it is looked for; ten times as many as usual, as what was imported and collected stays."""
STEP_ASIDE = 10
"""Added to the niceness of the processes that do not begin with the journeys: those are the longest chain."""


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """With xdist the controller starts the server and tells each worker where it is."""
    node.workerinput["cluster"] = the_cluster(node.config).told()  # type: ignore[attr-defined]


class ModuleByModule(LoadFileScheduling):  # type: ignore[misc]
    """A module stays with one worker, which makes its fixtures once; so do the journeys, which share one portal."""

    def _split_scope(self, nodeid: str) -> str:
        return JOURNEYS if nodeid.startswith(JOURNEYS) else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ModuleByModule:
    return ModuleByModule(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Each process decides with its first test. A browser left open keeps an event loop running: nobody could sign."""
    if not item.nodeid.startswith(JOURNEYS):
        with pytest.raises(RuntimeError, match="no running event loop"):
            asyncio.get_running_loop()
    if STEPPED_ASIDE not in item.config.stash and hasattr(item.config, "workerinput"):
        item.config.stash[STEPPED_ASIDE] = not item.nodeid.startswith(JOURNEYS)
        os.nice(STEP_ASIDE if item.config.stash[STEPPED_ASIDE] else 0)


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(GARBAGE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is long begins: in the end only short modules are left, and no process waits long for another."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    return next((turn for turn, place in enumerate(LONG) if item.nodeid.startswith(place)), len(LONG))


def the_cluster(config: pytest.Config) -> Cluster:
    """The server of this run, started at the first call; `pytest_unconfigure` stops it."""
    told = getattr(config, "workerinput", {}).get("cluster")
    if told:
        return Cluster(**told)
    if CLUSTER not in config.stash:
        config.stash[STARTED] = ExitStack()
        config.stash[CLUSTER] = config.stash[STARTED].enter_context(running_cluster())
    return config.stash[CLUSTER]


def pytest_unconfigure(config: pytest.Config) -> None:
    if STARTED in config.stash:
        config.stash[STARTED].close()


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest) -> Cluster:
    return the_cluster(request.config)


@pytest.fixture(scope="session")
def shared_database(cluster: Cluster) -> Iterator[DatabaseUrls]:
    """The database of this process: its tests roll back what they write."""
    name = f"shared_{uuid4().hex}"
    yield cluster.clone(name)
    cluster.drop(name)


@pytest.fixture
def own_database(cluster: Cluster) -> Iterator[DatabaseUrls]:
    """A database of this one test, which may commit."""
    name = f"own_{uuid4().hex}"
    yield cluster.clone(name)
    cluster.drop(name)


@pytest.fixture
def database_urls(request: pytest.FixtureRequest) -> DatabaseUrls:
    """The database to work in: its own for a test marked `committed`, else the one of this process."""
    committed = request.node.get_closest_marker("committed") is not None
    urls: DatabaseUrls = request.getfixturevalue("own_database" if committed else "shared_database")
    return urls


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The bell of this process, shared by its tests."""
    with running_valkey() as url:
        yield url


@pytest.fixture
def own_redis_url() -> Iterator[str]:
    """A bell of this one test, which may destroy it."""
    with running_valkey() as url:
        yield url
