"""Parsing of strangers' files, in a process of its own with little memory and time: run as a script by `kinds`.

It imports nothing of the portal, prints one line of JSON (or the bytes of a picture), and may be killed at any moment.
"""

from __future__ import annotations

import json
import resource
import sys
from io import BytesIO
from typing import Any

MEMORY = 768 << 20
CPU_SECONDS = 8
MOST_PAGES = 400
LAST_BYTES = 1024  # within which readers look for the end of a PDF
MOST_PIXELS = 50_000_000
MOST_OBJECTS = 1_000_000
SCAN_DOTS = 200  # an inch: what Decree 45/2020 asks of a scan is that it is clear; Circular 01/2019/TT-BNV asks for 200
SCAN_PIXELS = 4000  # the longer side at most, whatever size the page says it has
PREVIEW_PIXELS = 1240  # the longer side: an A4 page at 106 dots an inch, legible on a laptop
ACTIVE_KEYS = frozenset({"/JS", "/EF", "/EmbeddedFiles", "/XFA", "/RichMediaContent"})
ACTIVE_ACTIONS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/RichMediaExecute"})


def main(arguments: list[str]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    command, path, *rest = arguments
    if command == "scan":
        sys.stdout.buffer.write(scan(path, page=int(rest[0])))
    elif command == "preview":
        sys.stdout.buffer.write(preview(path, media_type=rest[0], page=int(rest[1])))
    else:
        sys.stdout.write(json.dumps(pdf(path) if rest[0] == "application/pdf" else image(path, rest[0])))


def pdf(path: str) -> dict[str, Any]:
    """Pages of a sound PDF, or why it is refused."""
    import pikepdf  # each kind pays for its own parser only

    try:
        with pikepdf.open(path, suppress_warnings=True) as document:
            if document.is_encrypted:
                return {"refused": "encrypted"}
            if _is_cut_off(path):
                return {"refused": "broken"}
            pages = len(document.pages)
            if not 0 < pages <= MOST_PAGES:
                return {"refused": "too_many_pages" if pages else "broken"}
            if document.attachments or _has_active_content(document):
                return {"refused": "active"}
            return {"pages": pages}
    except pikepdf.PasswordError:
        return {"refused": "encrypted"}
    except MemoryError:
        return {"refused": "too_heavy"}
    except Exception:
        return {"refused": "broken"}


def _is_cut_off(path: str) -> bool:
    """Whether the end of the file is missing: readers mend it by leaving out what they do not find, and say nothing."""
    with open(path, "rb") as content:
        content.seek(max(0, content.seek(0, 2) - LAST_BYTES))
        return b"%%EOF" not in content.read()


def image(path: str, media_type: str) -> dict[str, Any]:
    """One page of a sound picture, or why it is refused."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # asked below, before anything is decoded
    form = {"image/jpeg": "JPEG", "image/png": "PNG"}[media_type]
    try:
        with Image.open(path, formats=[form]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return {"refused": "too_many_pixels"}
            picture.verify()
        with Image.open(path, formats=[form]) as picture:
            picture.draft("L", (picture.width // 8, picture.height // 8))
            picture.load()
        return {"pages": 1}
    except MemoryError:
        return {"refused": "too_heavy"}
    except Exception:
        return {"refused": "broken"}


def preview(path: str, *, media_type: str, page: int) -> bytes:
    """The page as PNG, drawn anew: nothing of the stranger's bytes goes on."""
    from PIL import Image, ImageOps

    if media_type == "application/pdf":
        import pypdfium2

        with pypdfium2.PdfDocument(path) as document:
            sheet = document[page - 1]
            scale = PREVIEW_PIXELS / max(*sheet.get_size(), 1.0)
            picture = sheet.render(scale=scale).to_pil()
    else:
        with Image.open(path, formats=["JPEG", "PNG"]) as source:
            source.draft("RGB", (PREVIEW_PIXELS, PREVIEW_PIXELS))
            picture = ImageOps.exif_transpose(source)
        picture.thumbnail((PREVIEW_PIXELS, PREVIEW_PIXELS))
    drawn = BytesIO()
    picture.convert("RGB").save(drawn, "PNG")
    return drawn.getvalue()


def scan(path: str, *, page: int) -> bytes:
    """The page of a PDF as JPEG, in the resolution of a scan: a picture, and nothing else of the stranger's bytes."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        sheet = document[page - 1]
        scale = min(SCAN_DOTS / 72, SCAN_PIXELS / max(*sheet.get_size(), 1.0))
        picture = sheet.render(scale=scale).to_pil().convert("RGB")
    drawn = BytesIO()
    picture.save(drawn, "JPEG", quality=75, dpi=(SCAN_DOTS, SCAN_DOTS))
    return drawn.getvalue()


def _has_active_content(document: Any) -> bool:
    """Whether any object runs a script, starts a program or carries another file."""
    import pikepdf

    left = MOST_OBJECTS
    waiting = list(document.objects)
    while waiting:
        left -= 1
        if left < 0:
            return True
        found = waiting.pop()
        if isinstance(found, pikepdf.Array):
            waiting.extend(item for item in found if _is_direct_container(item))
        elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            if _is_active(found):
                return True
            waiting.extend(value for _, value in found.items() if _is_direct_container(value))
    return False


def _is_active(found: Any) -> bool:
    if not ACTIVE_KEYS.isdisjoint(found.keys()):
        return True
    return str(found.get("/S", "")) in ACTIVE_ACTIONS or str(found.get("/Type", "")) == "/EmbeddedFile"


def _is_direct_container(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.Array | pikepdf.Dictionary) and not value.is_indirect


if __name__ == "__main__":
    main(sys.argv[1:])
