"""What opens a paper: the code and the secret that are printed on it, typed by whoever holds it."""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from werkzeug.exceptions import HTTPException

from portal.core.references import tidy_code
from portal.web.fields import TextField
from portal.web.translation import Words

LONGEST = 60


def printed_code(label: Words, *, thing: Words, hint: Words, width: int = 20) -> TextField:
    """The input of a code or a secret, wide enough for `width` characters."""
    return TextField(
        label, thing=thing, hint=hint, max_length=LONGEST, width=width, autocomplete="off", spellcheck=False
    )


def tried(name: str, *, tidy: Callable[[str], str] = tidy_code) -> Callable[[], str]:
    """What counts the tries to open one paper, so that its secret is not guessed from many networks either.

    The same for a paper that exists and for one that does not, and for every spelling that `tidy` makes one. Never
    raises, like `sign_in.account_tried`.
    """

    def key() -> str:
        try:
            return tidy(request.form.get(name, ""))[:LONGEST] or "none"
        except HTTPException:
            return "unreadable"

    return key
