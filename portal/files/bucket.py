"""The store in a bucket of an S3 service: the same contents under the same names as in a folder.

Nothing here is asked before a bucket is named: the client library is loaded at the first use.
"""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING, Any

from portal.core.errors import NotFound, Unavailable
from portal.core.text import marked
from portal.files.store import CHUNK, Arrived, Store, place_of
from portal.files.types import Stored

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3.client import S3Client

AWAY = marked("Kho tệp chưa trả lời. Thử lại sau ít phút.")
BUFFER = 64 << 10
_TRIES = 3
_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
_THERE_ALREADY = "PreconditionFailed"
_BEING_WRITTEN = "ConditionalRequestConflict"


@dataclass(frozen=True)
class Bucket:
    """A bucket, and how its contents lie there.

    endpoint: address of a service that is not AWS, or "". encryption: AES256, aws:kms, or "" for what the bucket itself
    does; key_id: the key of aws:kms, or "" for the account's own.
    """

    name: str
    prefix: str = ""
    endpoint: str = ""
    encryption: str = ""
    key_id: str = ""

    @property
    def writing(self) -> dict[str, Any]:
        """What every object is written with."""
        given = {"ServerSideEncryption": self.encryption, "SSEKMSKeyId": self.key_id}
        return {name: value for name, value in given.items() if value}


class BucketStore(Store):
    """Objects of a bucket; `folder` only holds what is being examined. Credentials come from the environment or the
    machine's own role, never from a setting of the portal."""

    def __init__(self, bucket: Bucket, folder: Path) -> None:
        super().__init__(folder)
        self.bucket = bucket
        self._client: S3Client | None = None
        self._process = 0

    def keep(self, arrived: Arrived) -> Stored:
        """Written once: the service refuses a second object of the name, and a body that is not what the name says."""
        checksum = base64.b64encode(bytes.fromhex(arrived.digest)).decode()
        for _turn in range(_TRIES):
            with arrived.path.open("rb") as body, _answers(written=True) as answer:
                self.client.put_object(
                    Bucket=self.bucket.name,
                    Key=self._key(arrived.digest),
                    Body=body,
                    ContentLength=arrived.size,
                    ChecksumSHA256=checksum,
                    IfNoneMatch="*",
                    **self.bucket.writing,
                )
            if not answer.is_busy:
                return Stored(arrived.digest, arrived.size)
        raise Unavailable(AWAY)

    def opened(self, digest: str) -> IO[bytes]:
        key = self._key(digest)
        with _answers():
            size = self.client.head_object(Bucket=self.bucket.name, Key=key)["ContentLength"]

        def fetch(start: int) -> StreamingBody:
            with _answers():
                return self.client.get_object(Bucket=self.bucket.name, Key=key, Range=f"bytes={start}-")["Body"]

        return io.BufferedReader(_Content(fetch, size), BUFFER)

    @contextmanager
    def on_disk(self, digest: str) -> Iterator[Path]:
        with self.opened(digest) as content, NamedTemporaryFile(dir=self.incoming()) as copy:
            while chunk := content.read(CHUNK):
                copy.write(chunk)
            copy.flush()
            yield Path(copy.name)

    def check(self) -> None:
        with _answers(absent=Unavailable(AWAY)):
            self.client.head_bucket(Bucket=self.bucket.name)

    @property
    def client(self) -> S3Client:
        """One for each process: a worker that was forked does not share its parent's connections."""
        if self._client is None or self._process != os.getpid():
            self._client, self._process = _made_client(self.bucket.endpoint), os.getpid()
        return self._client

    def _key(self, digest: str) -> str:
        return f"{self.bucket.prefix}{place_of(digest)}"


class _Content(io.RawIOBase):
    """An object as a file: asked for from where it is read, and only then."""

    def __init__(self, fetch: Callable[[int], StreamingBody], size: int) -> None:
        self._fetch = fetch
        self._size = size
        self._at = 0
        self._body: StreamingBody | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begins = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if begins + offset != self._at:
            self._let_go()
            self._at = max(begins + offset, 0)
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size:
            return 0
        if self._body is None:
            self._body = self._fetch(self._at)
        with _answers():
            content = self._body.read(len(buffer))
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)

    def close(self) -> None:
        self._let_go()
        super().close()

    def _let_go(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


@dataclass
class _Answer:
    is_busy: bool = False
    """Somebody else writes the same object at this moment."""


@contextmanager
def _answers(*, written: bool = False, absent: Exception | None = None) -> Iterator[_Answer]:
    """What the service answers, as errors of the portal. With `written` an object that is there already is right."""
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

    answer = _Answer()
    try:
        yield answer
    except ClientError as refused:
        code = refused.response.get("Error", {}).get("Code", "")
        if written and code in (_THERE_ALREADY, _BEING_WRITTEN):
            answer.is_busy = code == _BEING_WRITTEN
        elif code in _ABSENT:
            raise absent or NotFound() from refused
        else:
            raise Unavailable(AWAY) from refused
    except (BotoCoreError, HTTPClientError) as error:
        raise Unavailable(AWAY) from error


def _made_client(endpoint: str) -> S3Client:
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=3,
        read_timeout=20,
        retries={"mode": "standard", "total_max_attempts": 3},
        # Services beside AWS know the checksum that we name, and not always the one that the library would add.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path" if endpoint else "auto"},
    )
    made: S3Client = boto3.session.Session().client("s3", endpoint_url=endpoint or None, config=config)
    return made
