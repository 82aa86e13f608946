"""Papers as files. What a file is and how large it may be is decided where it is stored, by its content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import FileStorage

from portal.web.fields.base import PortalField
from portal.web.translation import Words, gettext


class FileField(PortalField):
    """One file; `data` is a werkzeug FileStorage, or None. accept: what the file chooser offers first."""

    macro = "file_upload"
    several = False

    def __init__(self, label: Words, *arguments: Any, accept: Sequence[str] = (), **given: Any) -> None:
        super().__init__(label, *arguments, **given)
        self.accept = tuple(accept)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        files = [value for value in valuelist if isinstance(value, FileStorage) and value.filename]
        self.data = files if self.several else (files[0] if files else None)

    def is_empty(self) -> bool:
        return not self.data

    def missing(self) -> str:
        return gettext("Tải lên %(thing)s", thing=self.thing)

    def arguments(self) -> dict[str, Any]:
        attributes = {"accept": ",".join(self.accept)} if self.accept else None
        return {**super().arguments(), "multiple": self.several, "attributes": attributes}


class FilesField(FileField):
    """Several files of one paper; `data` is a list of FileStorage."""

    several = True

    @property
    def told_errors(self) -> list[str]:
        """Each file has an error of its own."""
        return [str(sentence) for sentence in self.errors]
