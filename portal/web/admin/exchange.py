"""A definition from another installation, taken in as a draft."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.catalogue import exchange
from portal.catalogue.exchange import Imported
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.unit_of_work import unit_of_work
from portal.web.admin.definition_forms import uploaded_text
from portal.web.admin.layout import admin_page
from portal.web.admin.opened_definition import COMPARE, TEXT
from portal.web.errors import tell
from portal.web.fields import BaseForm, FileField
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.web.translation import ngettext

blueprint = Blueprint("admin_exchange", __name__, url_prefix="/quan-tri/thu-tuc")

HERE = "/quan-tri/thu-tuc"


class ImportForm(BaseForm):
    file = FileField(
        __("Tệp thủ tục"),
        accept=(".yaml", ".yml"),
        hint=__("Tệp YAML tải từ trang một bản thủ tục, ở nơi này hay nơi khác"),
    )


@blueprint.route("/nhap", methods=["GET", "POST"])
def take_in() -> ResponseReturnValue:
    form = ImportForm.from_request()
    if form.is_valid_submission():
        try:
            text = uploaded_text(form.file.data)
            with unit_of_work(actor()) as session:
                imported = exchange.import_definition(session, text, actor=actor(), now=clock.now())
        except InvalidInput as refused:
            tell(form, refused)
        else:
            _tell_what_came(imported)
            section = TEXT if imported.mistakes else COMPARE
            return redirect(url_for("admin_definitions.show", draft_id=imported.draft_id, section=section), 303)
    return admin_page("import.html", form, here=HERE)


def _tell_what_came(imported: Imported) -> None:
    """What the file is, what it would change, and whether anybody has touched it since it was exported."""
    if imported.mistakes:
        count = imported.mistakes
        said = [ngettext("Đã nhập thành bản soạn. Còn %(num)s lỗi.", "Đã nhập thành bản soạn. Còn %(num)s lỗi.", count)]
    elif imported.in_force:
        number = imported.in_force
        said = [_("Đã nhập thành bản soạn. Dưới đây là chỗ khác với bản %(number)s đang dùng.", number=number)]
    else:
        said = [_("Đã nhập thành bản soạn. Ở đây chưa có thủ tục này.")]
    origin = imported.origin
    if origin is not None and origin.is_whole:
        said.append(_("Tệp là bản %(number)s ở nơi xuất, còn nguyên.", number=origin.number))
    elif origin is not None:
        number = origin.number
        said.append(_("Tệp xuất từ bản %(number)s nhưng nội dung đã đổi sau khi xuất. Xem kỹ.", number=number))
    flash(" ".join(said), "notice" if imported.mistakes or (origin and not origin.is_whole) else "success")
