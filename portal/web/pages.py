"""Answer with a page: 422 when its form has errors."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.web.fields import BaseForm


def page(
    template: str, form: BaseForm | None = None, *, status: int | None = None, **context: Any
) -> ResponseReturnValue:
    """The rendered template, its form as `form`. `status` replaces the usual 200, or 422 when the form has errors."""
    usual = 422 if form is not None and form.errors else 200
    return render_template(template, form=form, **context), status or usual
