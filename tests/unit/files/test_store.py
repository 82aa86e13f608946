"""The store on a real disk."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pytest

from portal.core.errors import InvalidInput, NotFound
from portal.files.folder import FolderStore
from portal.files.store import MEGABYTE


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


def test_a_file_is_found_again_by_its_content(store: FolderStore) -> None:
    content = "Bản vẽ móng".encode()
    stored = store.save(BytesIO(content), limit_bytes=MEGABYTE)
    assert stored.digest == hashlib.sha256(content).hexdigest()
    assert stored.size == len(content)
    path = store.path(stored.digest)
    assert path.read_bytes() == content
    assert path.relative_to(store.folder).parts == (stored.digest[:2], stored.digest[2:4], stored.digest)


def test_the_same_content_is_stored_once(store: FolderStore) -> None:
    first = store.save(BytesIO(b"one"), limit_bytes=MEGABYTE)
    written = store.path(first.digest).stat().st_ino
    assert store.save(BytesIO(b"one"), limit_bytes=MEGABYTE) == first
    assert store.path(first.digest).stat().st_ino == written
    assert list((store.folder / "incoming").iterdir()) == []


def test_an_empty_file_is_refused_and_leaves_nothing(store: FolderStore) -> None:
    with pytest.raises(InvalidInput, match=r"Tệp trống \(0 byte\)"):
        store.save(BytesIO(), limit_bytes=MEGABYTE)
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_a_file_above_the_limit_is_refused_with_both_sizes(store: FolderStore) -> None:
    with pytest.raises(InvalidInput) as refused:
        store.save(BytesIO(bytes(60 * MEGABYTE)), limit_bytes=50 * MEGABYTE)
    assert refused.value.sentence % refused.value.details == (
        "Tệp 60 MB, lớn hơn mức 50 MB. Giảm độ phân giải hoặc tách thành nhiều tệp."
    )
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_what_is_not_kept_vanishes(store: FolderStore) -> None:
    with store.receive(BytesIO(b"hostile"), limit_bytes=MEGABYTE) as arrived:
        assert arrived.path.read_bytes() == b"hostile"
    assert not arrived.path.exists()
    with pytest.raises(NotFound):
        store.path(arrived.digest)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 64 + "/..", "A" * 64, "0" * 64])
def test_only_a_digest_names_a_file(store: FolderStore, name: str) -> None:
    with pytest.raises(NotFound):
        store.path(name)
