"""What a person in authority signs that has its number before: letters to the applicant and between agencies."""

from __future__ import annotations

TO_THE_APPLICANT = frozenset({"apology", "extension", "notice", "stopping"})
"""Circular 03/2025/TT-VPCP, forms 04 and 05."""

BETWEEN_AGENCIES = frozenset({"letter", "opinion", "decision"})
"""An agency asks, answers and sets up a team by documents of its own: the person in authority signs each, the agency
seals it (Decree 30/2020/NĐ-CP, articles 13 and 22)."""

LETTERS = TO_THE_APPLICANT | BETWEEN_AGENCIES
"""Kinds of documents. What the counter hands over itself, receipt, request for supplement and refusal to accept, is
signed by whoever hands it over, and has no seal; lists and minutes are signed on paper by those who draw them up."""
