"""The text of a definition as a form: pasted, or as a file."""

from __future__ import annotations

import re
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms.validators import StopValidation

from portal.catalogue.located import LONGEST_FILE
from portal.core.errors import InvalidInput
from portal.core.text import composed
from portal.web.fields import BaseForm, FileField, HiddenField, LongTextField, TextField
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

CODE = r"\d\.\d{6}"


class SourceField(LongTextField):
    """YAML: every space at the beginning of a line counts."""

    def cleaned(self, typed: str) -> str:
        return composed(typed.replace("\r\n", "\n").replace("\r", "\n"))

    @property
    def shown_label(self) -> str:
        """Not "(nếu có)": it is this or a file."""
        return str(self.label.text)

    def arguments(self) -> dict[str, Any]:
        attributes = {"spellcheck": "false", "autocomplete": "off", "wrap": "off"}
        return {**super().arguments(), "classes": "source", "attributes": attributes}


class DefinitionForm(BaseForm):
    file = FileField(
        __("Tệp YAML"),
        required=False,
        accept=(".yaml", ".yml"),
        hint=__("Chọn tệp thì nội dung trong ô dưới được thay bằng tệp"),
    )
    source = SourceField(__("Nội dung"), rows=24, max_length=LONGEST_FILE, required=False)
    revision = HiddenField()

    @property
    def seen_revision(self) -> int:
        return int(self.revision.data) if str(self.revision.data or "").isdigit() else 0


class CodeField(TextField):
    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if not re.fullmatch(CODE, self.data):
            raise StopValidation(self.must(_("có dạng 1.009994"), given=self.data))


class BeginningForm(BaseForm):
    code = CodeField(__("Mã thủ tục"), hint=__("Mã quốc gia, ví dụ 1.009994"), width=10, inputmode="decimal")
    name_vi = TextField(__("Tên thủ tục"), max_length=600)
    name_en = TextField(__("Tên thủ tục bằng tiếng Anh"), max_length=600)


class ReturnForm(BaseForm):
    reason = LongTextField(__("Lý do trả lại"), rows=3, max_length=1000)


def typed_text(form: DefinitionForm) -> str:
    """The file when there is one, else what stands in the box. Raises InvalidInput when the file is no text."""
    if form.file.data is None:
        return str(form.source.data or "")
    return uploaded_text(form.file.data)


def uploaded_text(uploaded: FileStorage) -> str:
    """What a file says. Raises InvalidInput when it is no text."""
    content = uploaded.stream.read(LONGEST_FILE * 4 + 1)
    try:
        return composed(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidInput("Tệp không phải văn bản UTF-8. Lưu lại dạng UTF-8 rồi tải lên.", field="file") from error
