"""Letters to the applicant that a person in authority signs: they have their number before they are signed."""

from __future__ import annotations

LETTERS = frozenset({"apology", "extension", "notice", "stopping"})
"""Kinds of documents (Circular 03/2025/TT-VPCP, forms 04 and 05; Decree 30/2020/NĐ-CP). What the counter hands over
itself, receipt, request for supplement and refusal to accept, is signed by whoever hands it over, and has no seal."""
