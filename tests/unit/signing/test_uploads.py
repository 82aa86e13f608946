"""Papers that come signed: the good ones pass, and what is wrong with the others is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.core.errors import InvalidInput
from portal.signing.uploads import CHANGED, check_upload
from tests.harness.signing import TrustedCity
from tests.unit.signing.conftest import NAME, Issued, revised


def test_good_signatures_and_none_are_taken(issued: Issued, trusted: TrustedCity, tmp_path: Path) -> None:
    for pdf in (issued.shown, issued.sealed):
        (tmp_path / "paper.pdf").write_bytes(pdf)
        check_upload(tmp_path / "paper.pdf", roots_file=trusted.services.roots_file)


def test_what_is_wrong_is_said_with_the_name(issued: Issued, trusted: TrustedCity, tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(revised(issued.sealed))
    with pytest.raises(InvalidInput) as refused:
        check_upload(tmp_path / "paper.pdf", roots_file=trusted.services.roots_file)
    assert (refused.value.sentence, refused.value.details) == (CHANGED, {"name": NAME})
