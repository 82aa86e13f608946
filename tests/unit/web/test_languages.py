"""The address chooses the language; the same views answer both."""

from __future__ import annotations

from flask import Flask, url_for

from portal.web.languages import current_language, localized, other_language_url, path
from portal.workflow.definition import Text


def addresses() -> dict[str, str]:
    return {
        "language": current_language(),
        "other": other_language_url(),
        "own": url_for("show", code="1.009994"),
        "path": path("/tra-cuu"),
        "text": localized(Text(vi="Xây nhà", en="Build a house")),
        "only_vietnamese": localized(Text(vi="Xây nhà")),
        "mapping": localized({"vi": "Xây nhà", "en": "Build a house"}),
    }


def test_a_page_under_en_is_the_same_page_in_english(pages: Flask) -> None:
    pages.add_url_rule("/thu-tuc/<code>", "show", lambda code: addresses())
    client = pages.test_client()
    assert client.get("/thu-tuc/1.009994?q=nh%C3%A0").get_json() == {
        "language": "vi",
        "other": "/en/thu-tuc/1.009994?q=nh%C3%A0",
        "own": "/thu-tuc/1.009994",
        "path": "/tra-cuu",
        "text": "Xây nhà",
        "only_vietnamese": "Xây nhà",
        "mapping": "Xây nhà",
    }
    assert client.get("/en/thu-tuc/1.009994").get_json() == {
        "language": "en",
        "other": "/thu-tuc/1.009994",
        "own": "/en/thu-tuc/1.009994",
        "path": "/en/tra-cuu",
        "text": "Build a house",
        "only_vietnamese": "Xây nhà",
        "mapping": "Build a house",
    }


def test_a_path_that_only_begins_with_the_same_letters_is_not_english(pages: Flask) -> None:
    pages.add_url_rule("/enquiry", "enquiry", lambda: current_language())
    assert pages.test_client().get("/enquiry").text == "vi"
