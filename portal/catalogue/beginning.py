"""What a procedure that is written from nothing begins with: a process that runs, and the rest to be filled in."""

from __future__ import annotations

from portal.catalogue.source import Source

_TEXT = """\
code: "0.000000"
name: {vi: Thủ tục, en: Procedure}
pages:
  applicant: shared
process:
  use: one_stop
  with:
    owner: {level: commune, function: justice}
    hours: {forward: 2, assign: 2, review: 2, sign: 2, stamp: 2}
    first: appraise
    drafters: [appraise]
  steps:
    appraise:
      name: {vi: Thẩm định hồ sơ, en: Appraise the record}
      stop: {vi: Thẩm định, en: Appraise}
      at: $owner
      role: specialist
      hours: 4
      actions:
        draft:
        supplement:
        reject:
tests:
  - {name: T1, do: [appraise.draft], ends: done, outcome: granted}
  - {name: T2, do: [appraise.reject], ends: done, outcome: rejected}
"""
"""The shared process with one step of its own. Which office decides is to be changed."""


def beginning(code: str, *, name: dict[str, str]) -> str:
    """The text of a new definition with its code and its name in both languages."""
    return Source(_TEXT).put(("code",), code).put(("name",), name).text
