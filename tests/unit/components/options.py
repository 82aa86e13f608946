"""From the options of the design system's own macros to the arguments of ours; what ours do not offer is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

Options = Mapping[str, Any]
Arguments = dict[str, Any]


class Unused(Exception):
    """The fixture uses an option that our macro does not offer, because no page needs it."""


def words(options: Any) -> Any:
    """Text or markup of `{text: …}` or `{html: …}`; nothing else may be set beside it."""
    if options is None or isinstance(options, str):
        return options
    rest = set(options) - {"text", "html"}
    if rest:
        raise Unused(sorted(rest))
    return Markup(options["html"]) if options.get("html") else options.get("text")  # noqa: S704 (the design system wrote it)


def without(options: Options, *names: str) -> Options:
    return {key: value for key, value in options.items() if key not in names}


def take(options: Options, names: Mapping[str, str]) -> Arguments:
    """Rename what is known, drop what is empty, refuse the rest."""
    taken: Arguments = {}
    for key, value in options.items():
        if key not in names:
            raise Unused(key)
        if value is not None:
            taken[names[key]] = value
    return taken


def take_texts(options: Options, plain: Mapping[str, str], *, text: str = "text") -> Arguments:
    """As `take`, with the pair text/html of the component itself become the argument `text`."""
    rest = without(options, "text", "html")
    taken = take(rest, plain)
    if "html" in options or "text" in options:
        taken[text] = words({key: options[key] for key in ("text", "html") if key in options})
    return taken


LOOK = {"classes": "classes", "attributes": "attributes"}
FIELD = LOOK | {"name": "name", "id": "id", "value": "value", "describedBy": "described_by"}


def field(options: Options, extra: Mapping[str, str]) -> Arguments:
    """Arguments of a field with one label, a hint and an error."""
    nested = {"label", "hint", "errorMessage", "formGroup"}
    taken = take(without(options, *nested), {**FIELD, **extra})
    taken |= of_label(options.get("label") or {})
    taken |= of_notes(options)
    return taken | of_group(options.get("formGroup") or {})


def of_label(label: Options) -> Arguments:
    taken = take_texts(
        label, {"classes": "label_classes", "isPageHeading": "is_page_heading", "for": "ignored"}, text="label"
    )
    taken.pop("ignored", None)
    if not taken.get("label"):
        raise Unused("a field without a label")
    return taken


def of_notes(options: Options) -> Arguments:
    return {
        ours: words(options[theirs])
        for theirs, ours in (("hint", "hint"), ("errorMessage", "error"))
        if theirs in options
    }


def of_group(group: Options) -> Arguments:
    return take(group, {"classes": "group_classes"})


def of_fieldset(options: Options) -> Arguments:
    fieldset = options.get("fieldset") or {}
    taken = take(without(fieldset, "legend"), {"describedBy": "described_by"})
    legend = fieldset.get("legend") or {}
    if fieldset and not legend:
        raise Unused("a fieldset without a legend")
    return taken | take_texts(legend, {"classes": "legend_classes", "isPageHeading": "is_page_heading"}, text="legend")


def of_choices(options: Options, *, chosen: str) -> Arguments:
    own = without(options, "items", "fieldset", "hint", "errorMessage", "formGroup")
    names = LOOK | {"name": "name", "idPrefix": "id", chosen: chosen, "describedBy": "described_by"}
    taken = take(own, names) | of_notes(options) | of_fieldset(options) | of_group(options.get("formGroup") or {})
    if not all(options["items"]):
        raise Unused("an empty item")
    return taken | {"items": [of_choice(item) for item in options["items"]]}


def of_choice(item: Options) -> Arguments:
    plain = {"value", "id", "name", "disabled", "attributes", "divider", "checked"}
    nested = {key: value for key, value in item.items() if key in ("hint", "conditional", "behaviour")}
    taken = take_texts(without(item, *nested), {key: key for key in plain})
    if taken.get("checked") is False:
        raise Unused("checked: false against the value")
    if "hint" in nested:
        taken["hint"] = words(nested["hint"])
    if "conditional" in nested:
        if not isinstance(nested["conditional"], dict):
            raise Unused("empty conditional")
        taken["conditional"] = words(nested["conditional"])
    if nested.get("behaviour"):
        taken["exclusive"] = True
    return taken


def of_cell(cell: Options) -> Arguments:
    return take_texts(cell, {key: key for key in ("format", "classes", "colspan")})


def of_action(action: Options) -> Arguments:
    return take_texts(action, {"href": "href", "visuallyHiddenText": "of"})


def of_link(link: Options) -> Arguments:
    return take_texts(link, {"href": "href", "labelText": "label"})


def button(options: Options) -> Arguments:
    if options.get("html") and options.get("isStartButton"):
        raise Unused("markup in a start button")
    names = (
        {key: key for key in ("name", "value", "type", "href", "id", "disabled")} | LOOK | {"isStartButton": "start"}
    )
    return take_texts(options, names)


def of_attributes(options: Options, *names: str) -> Arguments:
    """What ours take among `attributes`, because few fields have it."""
    given = {name: options[name] for name in names if name in options}
    words_of = {True: "true", False: "false"}
    told = {name: words_of.get(value, value) for name, value in given.items() if name != "disabled"}
    if given.get("disabled"):
        told["disabled"] = ""
    return {"attributes": told | dict(options.get("attributes") or {})}


RARE = ("inputmode", "autocomplete", "autocapitalize", "pattern", "spellcheck", "disabled")


def input_(options: Options) -> Arguments:
    taken = field(without(options, "prefix", "suffix", "attributes", *RARE), {"type": "type"})
    taken |= of_attributes(options, *RARE)
    return taken | {key: words(options[key]) for key in ("prefix", "suffix") if key in options}


def textarea(options: Options) -> Arguments:
    taken = field(without(options, "attributes", *RARE), {"rows": "rows"})
    return taken | of_attributes(options, *RARE)


def select(options: Options) -> Arguments:
    taken = field(without(options, "items"), {})
    items = [
        take(item, {key: key for key in ("value", "text", "disabled", "selected")})
        for item in options.get("items", ())
        if item
    ]
    if any(item.get("value") in (None, False) or item.get("selected") is False for item in items):
        raise Unused("an option without a value, or not selected against the value")
    chosen = [item["value"] for item in items if item.pop("selected", False)]
    return taken | {"items": items} | ({"value": chosen[0]} if chosen else {})


def date_input(options: Options) -> Arguments:
    own = without(options, "values", "fieldset", "hint", "errorMessage", "namePrefix")
    if not options.get("fieldset"):
        raise Unused("no legend")
    taken = take(own, {"id": "id", "attributes": "attributes"}) | {"name": options.get("namePrefix", "")}
    prefix = f"{taken['name']}-" if taken["name"] else ""
    values = options.get("values") or {}
    taken["values"] = tuple(values.get(f"{prefix}{part}", "") for part in ("day", "month", "year"))
    return taken | of_notes(options) | of_fieldset(options)


def file_upload(options: Options) -> Arguments:
    if "value" in options:
        raise Unused("a value, which browsers ignore")
    return field(options, {"multiple": "multiple"})


def password(options: Options) -> Arguments:
    return field(options, {"autocomplete": "autocomplete"})


def error_summary(options: Options) -> Arguments:
    own = without(options, "titleText", "titleHtml", "descriptionText", "descriptionHtml", "errorList")
    return take(own, LOOK) | {
        "title": words({"text": options.get("titleText"), "html": options.get("titleHtml")}),
        "description": words({"text": options.get("descriptionText"), "html": options.get("descriptionHtml")}),
        "errors": [take_texts(item, {"href": "href"}) for item in options.get("errorList") or ()],
    }


def rows_of(options: Options) -> list[Arguments]:
    rows = []
    for row in options["rows"]:
        if not row:
            raise Unused("an empty row")
        taken = take(without(row, "key", "value", "actions"), {"classes": "classes"})
        actions = take(row.get("actions") or {}, {"items": "items"}).get("items", [])
        rows.append(
            taken | {"key": words(row["key"]), "value": words(row["value"]), "actions": [of_action(a) for a in actions]}
        )
    return rows


def summary_list(options: Options) -> Arguments:
    own = without(options, "rows")
    return take(own, LOOK) | {"rows": rows_of(options)}


def summary_card(options: Options) -> Arguments:
    own = without(options, "rows", "card")
    if own or "card" not in options:
        raise Unused("a list of its own")
    card = dict(options["card"])
    if "title" not in card:
        raise Unused("a card without a title")
    title = dict(card.pop("title"))
    level = title.pop("headingLevel", 2)
    actions = take(card.pop("actions", None) or {}, {"items": "items"}).get("items", [])
    return take(card, LOOK) | {
        "title": words(title),
        "heading_level": level,
        "actions": [of_action(action) for action in actions],
        "rows": rows_of(options),
    }


def table(options: Options) -> Arguments:
    own = without(options, "rows", "head")
    names = LOOK | {
        "caption": "caption",
        "captionClasses": "caption_classes",
        "firstCellIsHeader": "first_cell_is_header",
    }
    if any(not row for row in options["rows"]):
        raise Unused("an empty row")
    taken = take(own, names) | {"rows": [[of_cell(cell) for cell in row] for row in options["rows"]]}
    return taken | ({"head": [of_cell(cell) for cell in options["head"]]} if options.get("head") else {})


def tag(options: Options) -> Arguments:
    taken = take_texts(options, LOOK)
    classes = taken.pop("classes", "")
    if classes and not classes.startswith("govuk-tag--"):
        raise Unused("classes")
    return taken | ({"colour": classes.removeprefix("govuk-tag--")} if classes else {})


def details(options: Options) -> Arguments:
    own = without(options, "summaryText", "summaryHtml")
    summary = words({"text": options.get("summaryText"), "html": options.get("summaryHtml")})
    return take_texts(own, LOOK | {"id": "id", "open": "open"}) | {"summary": summary}


def panel(options: Options) -> Arguments:
    own = without(options, "titleText", "titleHtml")
    if "interruption" in own.get("classes", ""):
        raise Unused("interruption")
    title = words({"text": options.get("titleText"), "html": options.get("titleHtml")})
    return take_texts(own, LOOK | {"headingLevel": "heading_level"}) | {"title": title}


def notification_banner(options: Options) -> Arguments:
    own = without(options, "titleText", "titleHtml", "type", "html")
    if options.get("html") or options.get("type") not in (None, "success"):
        raise Unused("markup or an unknown type")
    taken = take_texts(own, LOOK | {"titleId": "id"})
    if "titleText" in options or "titleHtml" in options:
        taken["title"] = words({"text": options.get("titleText"), "html": options.get("titleHtml")})
    return taken | ({"kind": "success"} if options.get("type") else {})


def pagination(options: Options) -> Arguments:
    own = without(options, "items", "previous", "next")
    taken = take(own, LOOK | {"landmarkLabel": "label"})
    items = [
        take(item, {key: key for key in ("number", "href", "current", "ellipsis")})
        for item in options.get("items") or ()
        if item
    ]
    for side in ("previous", "next"):
        if side in options:
            taken[side] = of_link(options[side])
    return taken | {"items": items}


def task_list(options: Options) -> Arguments:
    own = without(options, "items")
    items = []
    for item in options["items"]:
        if not item:
            raise Unused("an empty item")
        taken = take(without(item, "title", "hint", "status"), {"href": "href"})
        taken |= {"title": words(item["title"])} | ({"hint": words(item["hint"])} if "hint" in item else {})
        items.append(taken | of_status(item["status"]))
    return take(own, LOOK | {"idPrefix": "id"}) | {"items": items}


def of_status(status: Options) -> Arguments:
    if "tag" in status:
        taken = tag(status["tag"])
        if not taken.get("colour") or set(taken) - {"text", "colour"}:
            raise Unused("a status tag without a colour")
        return {"status": taken["text"], "colour": taken["colour"]}
    taken = take_texts(status, {"classes": "classes"})
    classes = taken.pop("classes", None)
    if classes not in (None, "govuk-task-list__status--cannot-start-yet"):
        raise Unused("classes")
    return {"status": taken["text"], "cannot_start": bool(classes)}


def service_navigation(options: Options) -> Arguments:
    if not all(item and item.get("href") for item in options.get("navigation") or [None]):
        raise Unused("no navigation, or an item that is no link")
    own = without(options, "navigation", "collapseNavigationOnMobile")
    taken = take(own, {"classes": "classes", "navigationLabel": "label", "navigationId": "id"})
    items = [take_texts(item, {key: key for key in ("href", "current", "active")}) for item in options["navigation"]]
    return {"label": "Menu", "id": "navigation"} | taken | {"items": items}


def header(options: Options) -> Arguments:
    if "logoText" not in options:
        raise Unused("a picture")
    return take(options, LOOK | {"logoText": "name", "url": "url"})


def back_link(options: Options) -> Arguments:
    return {"href": "#"} | take_texts(options, LOOK | {"href": "href"})


def breadcrumbs(options: Options) -> Arguments:
    own = without(options, "items")
    items = [take_texts(item, {"href": "href"}) for item in options["items"]]
    return take(own, LOOK | {"labelText": "label", "collapseOnMobile": "collapse_on_mobile"}) | {"items": items}


def plain(**extra: str) -> Callable[[Options], Arguments]:
    return lambda options: take_texts(options, LOOK | extra)


def skip_link(options: Options) -> Arguments:
    return {"href": "#content"} | take_texts(options, {"href": "href"})


# Our component: (theirs, how its options become our arguments).
COMPONENTS: dict[str, tuple[str, Callable[[Options], Arguments]]] = {
    "back_link": ("back-link", back_link),
    "breadcrumbs": ("breadcrumbs", breadcrumbs),
    "button": ("button", button),
    "checkboxes": ("checkboxes", lambda options: of_choices(options, chosen="values")),
    "date_input": ("date-input", date_input),
    "details": ("details", details),
    "error_summary": ("error-summary", error_summary),
    "file_upload": ("file-upload", file_upload),
    "header": ("generic-header", header),
    "input": ("input", input_),
    "inset_text": ("inset-text", plain(id="id")),
    "notification_banner": ("notification-banner", notification_banner),
    "pagination": ("pagination", pagination),
    "panel": ("panel", panel),
    "password": ("password-input", password),
    "radios": ("radios", lambda options: of_choices(options, chosen="value")),
    "select": ("select", select),
    "service_navigation": ("service-navigation", service_navigation),
    "skip_link": ("skip-link", skip_link),
    "summary_card": ("summary-list", summary_card),
    "summary_list": ("summary-list", summary_list),
    "table": ("table", table),
    "tag": ("tag", tag),
    "task_list": ("task-list", task_list),
    "textarea": ("textarea", textarea),
    "warning_text": ("warning-text", plain()),
}
