"""The empty fields of signatures, put into a PDF before anybody signs, so that signing changes nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pikepdf

from portal.signing.types import Part, Place

PRINTED_AND_LOCKED = 4 | 128
PARTS = "/CTHO_Parts"
"""Our own entry of a field (ISO 32000-1, annex E): what its appearance shows where."""


def with_fields(pdf: bytes, places: Sequence[Place]) -> bytes:
    """The PDF with an empty field at each place, the last one closing the document.

    The fields are part of its structure, and each has an appearance, as ISO 19005-3 asks. The same bytes for the same
    PDF and places.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        widgets = [_add(document, place, places) for place in places]
        document.Root.AcroForm = document.make_indirect(
            pikepdf.Dictionary(Fields=pikepdf.Array(widgets), SigFlags=0, DR=pikepdf.Dictionary())
        )
        written = BytesIO()
        document.save(written, deterministic_id=True)
        return written.getvalue()


def _add(document: pikepdf.Pdf, place: Place, places: Sequence[Place]) -> Any:
    page = document.pages[place.page]
    widget = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Sig,
            T=place.field,
            TU=place.tooltip,
            F=PRINTED_AND_LOCKED,
            Rect=[place.left, place.bottom, place.right, place.top],
            P=page.obj,
            AP=pikepdf.Dictionary(N=_drawing(document, place)),
            Lock=_lock(document, place, places),
        )
    )
    widget[PARTS] = _written(place.parts)
    if "/Annots" not in page.obj:
        page.obj.Annots = pikepdf.Array()
    page.obj.Annots.append(widget)
    page.obj.Tabs = pikepdf.Name.S
    _tag(document, widget, page.obj, place)
    return widget


def _lock(document: pikepdf.Pdf, place: Place, places: Sequence[Place]) -> Any:
    """After the person only the agency's fields may be filled; after the last seal nothing (ISO 32000-2, 12.7.5.5)."""
    lock = pikepdf.Dictionary(Type=pikepdf.Name.SigFieldLock)
    if place is places[-1]:
        lock.Action, lock.P = pikepdf.Name.All, 1
    else:
        later = places[places.index(place) + 1 :]
        lock.Action = pikepdf.Name.Exclude
        lock.Fields = pikepdf.Array([other.field for other in later])
    return document.make_indirect(lock)


def _drawing(document: pikepdf.Pdf, place: Place) -> Any:
    if place.drawing is not None:
        with pikepdf.open(BytesIO(place.drawing)) as drawn:
            return document.make_indirect(document.copy_foreign(drawn.pages[0].as_form_xobject()))
    empty = pikepdf.Stream(document, b"")
    empty.Type, empty.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    empty.BBox = pikepdf.Array([0, 0, place.width, place.height])
    return document.make_indirect(empty)


def _tag(document: pikepdf.Pdf, widget: Any, page: Any, place: Place) -> None:
    """The field as an element of the structure tree, so that it is read aloud with its description."""
    root = document.Root.get("/StructTreeRoot")
    if root is None:
        return
    top = root.K[0] if isinstance(root.K, pikepdf.Array) else root.K
    element = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.StructElem,
            S=pikepdf.Name.Form,
            P=top,
            Pg=page,
            Alt=place.tooltip,
            K=pikepdf.Dictionary(Type=pikepdf.Name.OBJR, Obj=widget, Pg=page),
        )
    )
    below = top.get("/K")
    if isinstance(below, pikepdf.Array):
        below.append(element)
    else:
        top.K = pikepdf.Array([element] if below is None else [below, element])
    numbers = root.ParentTree.Nums
    key = max((int(numbers[at]) for at in range(0, len(numbers), 2)), default=-1) + 1
    numbers.append(key)
    numbers.append(element)
    root.ParentTreeNextKey = key + 1
    widget.StructParent = key


def places_of(pdf: bytes) -> tuple[Place, ...]:
    """The fields for signatures that a PDF of ours has, in their order; empty when it was not made to be signed."""
    with pikepdf.open(BytesIO(pdf)) as document:
        form = document.Root.get("/AcroForm")
        if form is None:
            return ()
        pages = {page.obj.objgen: number for number, page in enumerate(document.pages)}
        return tuple(_read(field, pages) for field in form.Fields if PARTS in field)


def _read(field: Any, pages: dict[tuple[int, int], int]) -> Place:
    left, bottom, right, top = (float(number) for number in field.Rect)
    return Place(
        field=str(field.T),
        page=pages[field.P.objgen],
        left=left,
        bottom=bottom,
        right=right,
        top=top,
        tooltip=str(field.TU),
        parts=tuple(
            Part(str(part[0]), float(part[1]), float(part[2]), float(part[3]), float(part[4])) for part in field[PARTS]
        ),
    )


def _written(parts: Sequence[Part]) -> Any:
    return pikepdf.Array(
        [pikepdf.Array([pikepdf.String(part.name), part.left, part.bottom, part.right, part.top]) for part in parts]
    )
