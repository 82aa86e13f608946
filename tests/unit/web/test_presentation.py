"""What the templates may use."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask, render_template, render_template_string
from jinja2 import UndefinedError

from portal import paths
from portal.calendars.rules import standard_calendar
from portal.core.actor import Actor
from portal.web import languages, presentation
from portal.web.application import Portal
from portal.web.official.deadlines import deadline_tag
from portal.web.public.procedure_words import validity_words
from portal.workflow.working_time import VIETNAM

ERRORS = ("403", "404", "405", "409", "413", "422", "429", "500", "503")


def test_filters_speak_the_language_of_the_page(pages: Flask) -> None:
    with pages.test_request_context("/thu-tuc"):
        assert render_template_string("{{ 75000|vnd }}") == "75.000 đồng"
    # The application sees the path as the prefix left it.
    with pages.test_request_context("/thu-tuc", environ_overrides={"SCRIPT_NAME": "/en"}):
        assert render_template_string("{{ 75000|vnd }}") == "75,000 VND"


@pytest.mark.parametrize(("months", "words"), [(6, "6 tháng"), (12, "12 tháng"), (36, "3 năm"), (60, "5 năm")])
def test_how_long_a_result_is_valid_is_said_in_years_from_two_on(in_a_page: Flask, months: int, words: str) -> None:
    assert validity_words(months) == f"có hiệu lực {words}"


def test_a_misspelt_name_is_an_error_but_a_key_left_out_is_empty(in_a_page: Flask) -> None:
    with pytest.raises(UndefinedError):
        render_template_string("{% if misspelt %}{% endif %}")
    with pytest.raises(UndefinedError):
        render_template_string("{{ record.misspelt }}", record=object())
    assert render_template_string("{% if item.hint %}x{% endif %}{{ item.hint }}", item={"text": "a"}) == ""


def test_a_mapping_gives_its_key_before_its_method() -> None:
    templates = Portal("portal").jinja_env
    assert templates.from_string("{{ item.items }}").render(item={"items": "three papers"}) == "three papers"
    assert templates.from_string("{{ item.items()|length }}").render(item={"text": "a"}) == "1"


def test_the_address_of_an_asset_changes_with_its_content(in_a_page: Flask) -> None:
    address = render_template_string('{{ asset("portal.css") }}')
    assert re.fullmatch(r"/static/portal\.css\?v=[0-9a-f]{10}", address)


@pytest.mark.parametrize("code", ERRORS)
def test_an_error_page_says_what_to_do(in_a_page: Flask, code: str) -> None:
    page = render_template(f"errors/{code}.html")
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert heading
    assert title
    assert title[1].startswith(heading[1])
    assert "style=" not in page


@pytest.mark.parametrize("code", ERRORS)
def test_only_the_page_of_a_fault_asks_for_nobody(code: str) -> None:
    def away() -> Actor:
        raise ConnectionError("the database is away")

    app = Flask("pages", template_folder=str(paths.TEMPLATES), static_folder=str(paths.STATIC))
    languages.register(app, translations=paths.TRANSLATIONS)
    presentation.register(app, actor=away, help_number="0292 1022")
    with app.test_request_context("/thu-tuc"):
        if code in ("500", "503"):
            assert "<h1" in render_template(f"errors/{code}.html")
        else:
            with pytest.raises(ConnectionError):
                render_template(f"errors/{code}.html")


def test_what_waits_for_a_script_stays_hidden_whatever_its_class() -> None:
    assert "}[hidden]{display:none !important}" in paths.STATIC.joinpath("portal.css").read_text()


def test_no_template_has_a_style_or_a_script_of_its_own() -> None:
    printed = paths.TEMPLATES / "documents" / "fields"  # drawn into a PDF, to the point; no browser is sent it
    for template in paths.TEMPLATES.rglob("*.html"):
        text = template.read_text() if template.parent != printed else ""
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", text), template


@pytest.mark.parametrize(("now", "words"), [("2026-11-22T19:30", "Quá hạn"), ("2026-11-20T17:00:30", "Quá hạn")])
def test_a_deadline_that_was_missed_by_no_working_time_is_not_said_to_be_missed_by_minutes(
    in_a_page: Flask, now: str, words: str
) -> None:
    due, moment = (datetime.fromisoformat(text).replace(tzinfo=VIETNAM) for text in ("2026-11-20T17:00", now))
    assert deadline_tag(due, now=moment, calendar=standard_calendar()).text == words
