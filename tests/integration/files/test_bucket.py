"""The store in a bucket, before a real S3 server spoken to over HTTP: the same promises as the folder's."""

from __future__ import annotations

import hashlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import text

from portal.config import Settings
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.errors import InvalidInput, NotFound, Unavailable
from portal.core.unit_of_work import reading, unit_of_work
from portal.files import service as files
from portal.files import store
from portal.files.bucket import Bucket, BucketStore
from portal.files.store import MEGABYTE
from portal.files.types import FileFacts
from portal.web.sent_files import whole_file
from portal.wiring import store_of
from tests.harness.client import PageClient
from tests.harness.database import RungBells

NAME = "city-papers"
CONTENT = bytes(range(256)) * 1024
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A server of its own process on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "the S3 server has ended"
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the S3 server does not answer")


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture
def service(endpoint: str, credentials: None) -> Iterator[Any]:
    """The bucket as its owner sees it, empty at the beginning."""
    import boto3

    client = boto3.client("s3", endpoint_url=endpoint)
    client.create_bucket(Bucket=NAME)
    yield client
    for listed in client.list_objects_v2(Bucket=NAME).get("Contents", []):
        client.delete_object(Bucket=NAME, Key=listed["Key"])
    client.delete_bucket(Bucket=NAME)
    client.close()


@pytest.fixture
def bucket(endpoint: str, service: Any, tmp_path: Path) -> Iterator[BucketStore]:
    kept = BucketStore(Bucket(NAME, prefix="portal/", endpoint=endpoint, encryption="AES256"), tmp_path)
    yield kept
    kept.client.close()


@pytest.fixture
def used(bucket: BucketStore) -> Iterator[BucketStore]:
    """The portal keeps its files there."""
    before = store.the_store()
    store.use(bucket)
    yield bucket
    store.use(before)


@pytest.fixture
def away(tmp_path: Path) -> Iterator[BucketStore]:
    """A service that nobody runs, named to the portal."""
    before = store.the_store()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    store.use(BucketStore(Bucket(NAME, endpoint=f"http://127.0.0.1:{port}"), tmp_path))
    yield store.the_store()  # type: ignore[misc]
    store.use(before)


def names(service: Any) -> list[str]:
    return [listed["Key"] for listed in service.list_objects_v2(Bucket=NAME).get("Contents", [])]


def picture() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "white").save(drawn, "PNG")
    return drawn.getvalue()


def test_a_content_is_kept_under_its_digest_encrypted_and_once(bucket: BucketStore, service: Any) -> None:
    key = f"portal/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}"
    first = bucket.save(BytesIO(CONTENT), limit_bytes=MEGABYTE)
    written = service.head_object(Bucket=NAME, Key=key)
    assert (first.digest, first.size) == (DIGEST, len(CONTENT))
    assert bucket.save(BytesIO(CONTENT), limit_bytes=MEGABYTE) == first
    assert names(service) == [key]
    assert written["ServerSideEncryption"] == "AES256"
    assert service.head_object(Bucket=NAME, Key=key)["LastModified"] == written["LastModified"]
    assert list(bucket.incoming().iterdir()) == []


def test_an_object_that_is_there_is_never_written_over(bucket: BucketStore, service: Any) -> None:
    key = f"portal/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}"
    service.put_object(Bucket=NAME, Key=key, Body=b"older")
    bucket.save(BytesIO(CONTENT), limit_bytes=MEGABYTE)
    assert service.get_object(Bucket=NAME, Key=key)["Body"].read() == b"older"


def test_a_content_is_read_from_where_it_is_asked_for(bucket: BucketStore) -> None:
    bucket.save(BytesIO(CONTENT), limit_bytes=MEGABYTE)
    with bucket.opened(DIGEST) as content:
        content.seek(100_000)
        assert content.read(5) == CONTENT[100_000:100_005]
        content.seek(-3, 2)
        assert content.read() == CONTENT[-3:]
        content.seek(0)
        assert content.read() == CONTENT
    with bucket.on_disk(DIGEST) as path:
        assert path.read_bytes() == CONTENT
    assert list(bucket.incoming().iterdir()) == []


def test_what_is_not_kept_never_reaches_the_bucket(bucket: BucketStore, service: Any) -> None:
    with bucket.receive(BytesIO(CONTENT), limit_bytes=MEGABYTE) as arrived:
        assert arrived.path.read_bytes() == CONTENT
    with pytest.raises(InvalidInput, match="Tệp trống"):
        bucket.save(BytesIO(), limit_bytes=MEGABYTE)
    assert (names(service), list(bucket.incoming().iterdir())) == ([], [])
    for name in (DIGEST, "../../etc/passwd"):
        with pytest.raises(NotFound):
            bucket.opened(name)


def test_a_browser_gets_the_whole_or_the_part_that_it_asks_for(app: Flask, used: BucketStore) -> None:
    used.save(BytesIO(CONTENT), limit_bytes=MEGABYTE)
    facts = FileFacts(DIGEST, len(CONTENT), "application/pdf", 1)
    with app.test_request_context():
        whole = whole_file(facts, file_name="Bản vẽ.pdf")
        assert (whole.status_code, whole.content_length, whole.accept_ranges) == (200, len(CONTENT), "bytes")
        assert b"".join(whole.iter_encoded()) == CONTENT
        whole.close()
    with app.test_request_context(headers={"Range": "bytes=1000-1999"}):
        part = whole_file(facts, file_name="Bản vẽ.pdf")
        assert (part.status_code, part.content_length) == (206, 1000)
        assert b"".join(part.iter_encoded()) == CONTENT[1000:2000]
        part.close()
    with app.test_request_context(headers={"If-None-Match": f'"{DIGEST}"'}):
        known = whole_file(facts, file_name="Bản vẽ.pdf")
        assert known.status_code == 304
        known.close()


def test_an_upload_is_examined_kept_and_drawn_from_the_bucket(used: BucketStore, bells: RungBells) -> None:
    with unit_of_work(SYSTEM) as session:
        kept = files.keep_upload(
            session, BytesIO(picture()), file_name="a.png", formats=("png",), max_mb=1, now=clock.now()
        )
    facts = FileFacts(kept.digest, kept.size, kept.media_type, kept.pages)
    assert files.preview(facts).startswith(b"\x89PNG")


def test_when_the_bucket_is_away_nothing_is_written_and_the_portal_says_that_it_is_not_ready(
    away: BucketStore, client: PageClient
) -> None:
    with pytest.raises(Unavailable), unit_of_work(SYSTEM) as session:
        files.keep_upload(session, BytesIO(picture()), file_name="a.png", formats=("png",), max_mb=1, now=clock.now())
    with reading(SYSTEM) as session:
        assert session.scalar(text("SELECT count(*) FROM file")) == 0
    assert client.get("/healthz").status_code == 503


def test_a_bucket_that_is_not_there_is_not_ready(bucket: BucketStore) -> None:
    bucket.check()
    with pytest.raises(Unavailable):
        BucketStore(replace(bucket.bucket, name="another"), bucket.folder).check()


def test_the_setting_names_bucket_and_prefix(settings: Settings, endpoint: str) -> None:
    chosen = store_of(replace(settings, files_bucket="city-papers/portal", files_endpoint=endpoint))
    assert isinstance(chosen, BucketStore)
    assert chosen.bucket == Bucket("city-papers", prefix="portal/", endpoint=endpoint)
    assert not isinstance(store_of(settings), BucketStore)
