"""Many rows, each in a unit of work of its own: what was done is counted, a row that is refused says why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from flask import flash

from portal.core.errors import PortalError
from portal.web.errors import said

Row = TypeVar("Row")


@dataclass(frozen=True)
class RowResults:
    done: int
    refused: tuple[str, ...]  # a line for each row: whose it is, and why


def for_each_row(rows: Iterable[Row], act: Callable[[Row], object], *, named: Callable[[Row], str]) -> RowResults:
    """Act on every row; one refusal keeps back no other."""
    done, refused = 0, []
    for row in rows:
        try:
            act(row)
        except PortalError as reason:
            refused.append(f"{named(row)}: {said(reason)}")
        else:
            done += 1
    return RowResults(done, tuple(refused))


def tell_results(results: RowResults, *, done: str, refused: str) -> None:
    """Both sentences for the next page, as far as there is something to say; under the second a line for each row."""
    if results.done:
        flash(done, "success")
    if results.refused:
        flash({"text": refused, "lines": results.refused}, "notice")  # type: ignore[arg-type]
