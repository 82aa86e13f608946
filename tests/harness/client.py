"""A browser without pictures: every page it is given is checked, and forms are filled in on the page itself."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.harness import html


class PageClient(FlaskClient):
    """Comes from a network of its own, so that one test does not use up the tries of another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = [str(number) for number in secrets.token_bytes(2)]
        self.environ_base["REMOTE_ADDR"] = ".".join(["10", *numbers, "1"])

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)
        response = super().open(*args, **kwargs)
        assert str(response.headers).isascii(), "no server sends such a header: the page would be a fault"
        if response.mimetype == "text/html" and response.data and not 300 <= response.status_code < 400:
            english = (response.request.path + "/").startswith("/en/")
            html.check(response.text, language="en" if english else "vi")
        return response


def page_of(response: TestResponse) -> Element:
    return html.parsed(response.text)


def heading(response: TestResponse) -> str:
    """The page's h1."""
    return html.words(next(page_of(response).iter("h1")))


def words_of(response: TestResponse) -> str:
    """All the text of the page; what stands in different elements is parted by a space."""
    body = next(page_of(response).iter("body"))
    return " ".join(" ".join(body.itertext()).split())


def submit(
    client: FlaskClient,
    url: str,
    fields: Mapping[str, Any] | None = None,
    *,
    button: str | None = None,
    action: str | None = None,
    follow: bool = False,
) -> TestResponse:
    """Open the page, fill in its form and send it, with whatever the page had put into it.

    `button` is the text of the button pressed, `action` the address of the form, when the page has several. A field
    that the page does not have is an error, because no browser could send it.
    """
    opened = client.get(url)
    assert opened.status_code == 200, f"{url} answers {opened.status_code}"
    form, pressed = _form_on(page_of(opened), button=button, action=action)
    values: dict[str, Any] = dict(html.fields_of(form))
    known = {field.get("name") for field in form.iter()}
    unknown = (fields or {}).keys() - known
    assert not unknown, f"the form on {url} has no fields {sorted(unknown)}; it has {sorted(filter(None, known))}"
    values.update(fields or {})
    if pressed is not None and pressed.get("name"):
        values[pressed.get("name", "")] = pressed.get("value", "")
    own = pressed.get("formaction") if pressed is not None else None
    target = own or form.get("action") or urlsplit(url)._replace(fragment="").geturl()
    return client.post(target, data=values, follow_redirects=follow)


def _form_on(page: Element, *, button: str | None, action: str | None) -> tuple[Element, Element | None]:
    found = []
    for form in page.iter("form"):
        if form.get("method", "get").lower() != "post" or (action is not None and form.get("action") != action):
            continue
        buttons = [element for element in form.iter("button") if element.get("type", "submit") == "submit"]
        pressed = next((element for element in buttons if button is None or html.words(element) == button), None)
        if button is None or pressed is not None:
            found.append((form, pressed))
    main = [form for element in page.iter("main") for form in element.iter("form")]
    inside_main = [pair for pair in found if any(pair[0] is form for form in main)]
    candidates = inside_main or found
    assert candidates, f"no form to send (button {button!r}, action {action!r})"
    return candidates[0]
