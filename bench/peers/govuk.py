"""The page with the macros of govuk-frontend-jinja: CPU seconds of each rendering."""

import time
from pathlib import Path

from answering import answer
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from page_data import PAGE

environment = Environment(
    loader=ChoiceLoader(
        [
            FileSystemLoader(Path(__file__).parent),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    ),
    autoescape=True,
    undefined=ChainableUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
template = environment.get_template("page.html")


def as_texts(cells: list[str]) -> list[dict[str, str]]:
    return [{"text": cell} for cell in cells]


def given() -> dict[str, object]:
    """The page's words in the shape that these macros take."""
    inputs = [
        {
            "id": field["name"],
            "name": field["name"],
            "label": {"text": field["label"]},
            "hint": {"text": field["hint"]},
            "value": field["value"],
            "errorMessage": {"text": field["error"]} if field["error"] else None,
        }
        for field in PAGE["inputs"]
    ]
    return {
        "crumbs": PAGE["crumbs"],
        "errors": PAGE["errors"],
        "inputs": inputs,
        "radios": {
            "idPrefix": "radios",
            "name": "radios",
            "value": "r2",
            "fieldset": {"legend": {"text": "Chọn một"}},
            "hint": {"text": "Chỉ một"},
            "items": PAGE["radio_items"],
        },
        "select": {
            "id": "select",
            "name": "select",
            "label": {"text": "Phường"},
            "hint": {"text": "Nơi ở"},
            "value": "o3",
            "items": PAGE["options"],
        },
        "date": {
            "id": "date",
            "namePrefix": "date",
            "fieldset": {"legend": {"text": "Ngày sinh"}},
            "hint": {"text": "Ví dụ 6 5 1990"},
            "items": [
                {"name": "day", "classes": "govuk-input--width-2", "value": "6"},
                {"name": "month", "classes": "govuk-input--width-2", "value": "5"},
                {"name": "year", "classes": "govuk-input--width-4", "value": "1990"},
            ],
        },
        "summary": [
            {
                "key": {"text": row["key"]},
                "value": {"text": row["value"]},
                "actions": {"items": [{"href": row["href"], "text": "Sửa", "visuallyHiddenText": row["key"]}]},
            }
            for row in PAGE["summary"]
        ],
        "head": as_texts(PAGE["head"]),
        "rows": [as_texts(row) for row in PAGE["rows"]],
    }


def turn(times: int) -> list[float]:
    context = given()
    seconds = []
    for _ in range(times):
        started = time.process_time()
        page = template.render(context)
        seconds.append(time.process_time() - started)
        if page.count("govuk-input--error") != 2 or page.count("<tr") != 26:
            raise AssertionError("the page is not whole")
    return seconds


answer({"printed": turn})
