"""The form that all others extend: a token in every one, errors as one list, never a lost answer."""

from __future__ import annotations

import hmac
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any, Self, cast

from flask import current_app, request, session
from markupsafe import Markup
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import Form, ValidationError
from wtforms.csrf.core import CSRFTokenField
from wtforms.csrf.session import SessionCSRF
from wtforms.meta import DefaultMeta

from portal.web.translation import lazy_gettext as _


class Token(SessionCSRF):
    """The token of a visitor: the same in every form and without an end, because a page may stay open for days."""

    def validate_csrf_token(self, form: Any, field: CSRFTokenField) -> None:
        if not hmac.compare_digest(str(field.current_token), str(field.data or "")):
            raise ValidationError(_("Trang này mở từ lần đăng nhập trước. Các câu trả lời vẫn còn. Gửi lại lần nữa."))


@dataclass(frozen=True)
class FormError:
    """One line of the error summary; `href` leads to the field, or is empty when the error is of the whole form."""

    text: str
    href: str = ""


class BaseForm(Form):
    """A form without fields of its own is what a page's plain buttons need: the token alone."""

    class Meta(DefaultMeta):
        csrf = True
        csrf_class = Token
        csrf_time_limit = None

        @property
        def csrf_secret(self) -> bytes:  # type: ignore[override]
            key = current_app.secret_key
            return key.encode() if isinstance(key, str) else bytes(key or b"")

        @property
        def csrf_context(self) -> MutableMapping[str, Any]:  # type: ignore[override]
            return session

    @classmethod
    def from_request(cls, obj: object | None = None, *, prefix: str = "", **values: Any) -> Self:
        """The form as it was sent, or, on a GET, as `obj` and `values` fill it."""
        sent: MultiDict[str, Any] | None = None
        if request.method == "POST":
            sent = CombinedMultiDict[str, Any]([request.files, request.form])
        return cls(formdata=sent, obj=obj, prefix=prefix, **values)

    def is_valid_submission(self) -> bool:
        """Was it sent, with the right token, and is every answer right?"""
        return request.method == "POST" and self.validate()

    @property
    def answers(self) -> dict[str, Any]:
        """Name and value of every field, without the token."""
        return {field.short_name: field.data for field in self if not isinstance(field, CSRFTokenField)}

    @property
    def error_list(self) -> list[FormError]:
        """For the summary at the top of the page: errors of the whole form first, then fields in reading order."""
        listed = [FormError(str(sentence)) for sentence in self.form_errors]
        for field in self:
            if field.errors:
                href = "" if isinstance(field, CSRFTokenField) else f"#{getattr(field, 'error_id', field.id)}"
                told = getattr(field, "told_errors", field.errors[:1])
                listed += [FormError(str(sentence), href) for sentence in told]
        return listed

    def fields(self) -> list[Any]:
        """The fields in order, without the token: `{% for field in form.fields() %}{{ field() }}{% endfor %}`."""
        return [field for field in self if not isinstance(field, CSRFTokenField)]


def csrf_field() -> Markup:
    """The hidden token of a form that is only a button."""
    token = cast(CSRFTokenField, BaseForm()["csrf_token"])
    return Markup('<input type="hidden" name="{}" value="{}">').format(token.name, token.current_token)
