"""What an item of a request for supplement is called: a paper or a field of the definition."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from portal.catalogue.types import Procedure
from portal.web.languages import localized


def item_name(procedure: Procedure, item: Mapping[str, object]) -> str:
    """In the language of the page; as it was written down when the definition does not have it any more."""
    if item["kind"] == "paper":
        names = {paper.id: paper.name for paper in procedure.papers}
    else:
        names = {field.id: field.label for field in chain.from_iterable(page.fields for page in procedure.pages)}
    return localized(names.get(str(item["id"]), item["label"]))
