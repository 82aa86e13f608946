"""A definition written part by part, without YAML."""

from __future__ import annotations

from typing import Any

import pytest

from portal.catalogue.service import PROCEDURES
from portal.catalogue.source import Source
from tests.harness import html
from tests.harness.client import PageClient, page_of, submit, words_of
from tests.integration.web.admin.writing import FIRST, SECOND, SIGNATURE, draft, send, write
from tests.integration.web.official.conftest import AsOfficial

WRITTEN = """\
code: "1.999999"
name: {vi: Cho thuê vỉa hè, en: Renting a pavement}
everyday_name: {vi: Thuê vỉa hè, en: Rent a pavement}
summary: {vi: "Dành cho người cần chỗ bán hàng, có thu phí.", en: For whoever needs a place to sell.}
field: roads
field_name: {vi: Đường bộ, en: Roads}
competent_level: commune
decided_by: {vi: "UBND phường, xã", en: People's Committee of the commune}
receivers: [commune, district]
subject: Vỉa hè {form.street}
place_field: form.place
term: {unit: working_days, value: 5}
result:
  template: road_works_permit
  name: {vi: Giấy phép, en: Permit}
  series: GPVH
  validity_months: 6
legal_basis:
  - number: 100/2013/NĐ-CP
    title: {vi: Nghị định về đường bộ, en: Decree on roads}
    article: Điều 25
requirements:
  - {vi: Vỉa hè rộng từ 3 m, en: The pavement is 3 m wide}
search_words: [thuê vỉa hè, "thue via he, cho ban hang"]
pages:
  applicant: shared
  vi_tri:
    title: {vi: Vị trí, en: Location}
    fields:
      place:
        type: unit
        label: {vi: "Phường, xã", en: Commune}
        required: true
        level: commune
      street:
        type: text
        label: {vi: Đường, en: Street}
        required: true
        max_length: 100
      use:
        type: choice
        label: {vi: Để làm gì, en: What for}
        choices:
          sell: {vi: Bán hàng, en: Sell}
          other: {vi: Việc khác, en: Other}
      stalls:
        type: group
        label: {vi: Các quầy, en: Stalls}
        when: form.use == 'sell'
        row_name: {vi: quầy, en: stall}
        fields:
          area:
            type: decimal
            label: {vi: Diện tích, en: Area}
            suffix: m²
            min: 0.5
    checks:
      - that: size(form.stalls) < 5
        message: {vi: Nhiều nhất 4 quầy., en: At most 4 stalls.}
        warns: true
papers:
  so_do:
    name: {vi: Sơ đồ, en: Sketch}
    when: form.use == 'sell'
    formats: [pdf]
    max_mb: 20
fees:
  thue_cho:
    kind: phi
    name: {vi: Thuê chỗ, en: Rent}
    amounts:
      - {amount: 20000 * size(form.stalls), from: 2024-01-01}
    note: {vi: 20.000 đồng một quầy, en: "20,000 VND a stall"}
"""
"""All but the process, which stands between pages and papers."""


def save(browser: PageClient, address: str, fields: dict[str, Any] | None = None, *, presses: str = "") -> Any:
    """Fill in the form of the page and send it; `presses` are buttons before that, by name and value."""
    page = page_of(browser.get(address, follow_redirects=True))
    form = next(one for one in page.iter("form") if "editor" in (one.get("class") or ""))
    action, values = form.get("action") or address, html.fields_of(form)
    for button in presses.split():
        name, _equals, value = button.partition("=")
        answer = browser.post(action, data=values | {name: value})
        assert answer.status_code == 200, words_of(answer)
        form = next(one for one in page_of(answer).iter("form") if "editor" in (one.get("class") or ""))
        values = html.fields_of(form)
    known = {field.get("name") for field in form.iter()}
    assert not (fields or {}).keys() - known, sorted(filter(None, known))
    return browser.post(action, data=values | (fields or {}))


def both(name: str, vietnamese: str, english: str) -> dict[str, str]:
    return {f"q-{name}-vi": vietnamese, f"q-{name}-en": english}


def begin(browser: PageClient) -> str:
    fields = {"code": "1.999999", "name_vi": "Cho thuê vỉa hè", "name_en": "Renting a pavement"}
    answer = submit(browser, "/quan-tri/ban-soan/bat-dau", fields)
    assert answer.status_code == 303
    return str(answer.headers["Location"]).removesuffix("/thong-tin")


def add(browser: PageClient, address: str, fields: dict[str, Any]) -> str:
    """The page of what was added."""
    answer = save(browser, address, fields)
    assert answer.status_code == 303, words_of(answer)
    return str(answer.headers["Location"])


def test_a_procedure_is_written_wholly_in_the_browser(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    address = begin(browser)
    process = Source(draft().source).get(("process",))
    card = {
        **both("everyday_name", "Thuê vỉa hè", "Rent a pavement"),
        **both("summary", "Dành cho người cần chỗ bán hàng, có thu phí.", "For whoever needs a place to sell."),
        "q-field": "roads",
        **both("field_name", "Đường bộ", "Roads"),
        "q-competent_level-0-value": "commune",
        **both("decided_by", "UBND phường, xã", "People's Committee of the commune"),
        "q-receivers-0-value": "commune",
        "q-receivers-1-value": "district",
        "q-subject-vi": "Vỉa hè {form.street}",
        "q-place_field": "form.place",
        "q-term-unit": "working_days",
        "q-term-value": "5",
        "q-result-template": "road_works_permit",
        **both("result-name", "Giấy phép", "Permit"),
        "q-result-series": "GPVH",
        "q-result-validity_months": "6",
        "q-legal_basis-0-number": "100/2013/NĐ-CP",
        **both("legal_basis-0-title", "Nghị định về đường bộ", "Decree on roads"),
        "q-legal_basis-0-article": "Điều 25",
        **both("requirements-0-value", "Vỉa hè rộng từ 3 m", "The pavement is 3 m wide"),
        "q-search_words": "thuê vỉa hè\nthue via he, cho ban hang",
    }
    rows = "competent_level receivers receivers legal_basis requirements"
    pressed = " ".join(f"row-add=q-{name}" for name in rows.split())
    assert save(browser, f"{address}/thong-tin", card, presses=pressed).status_code == 303

    add(browser, f"{address}/them/pages", both("title", "Vị trí", "Location"))
    fields = f"{address}/them/pages/vi_tri/fields"
    place = add(browser, fields, {"q-type": "unit", **both("label", "Phường, xã", "Commune"), "q-_name": "place"})
    save(browser, place, {"q-required": "yes", "q-level-0-value": "commune"}, presses="row-add=q-level")
    street = add(browser, fields, {"q-type": "text", **both("label", "Đường", "Street"), "q-_name": "street"})
    save(browser, street, {"q-required": "yes", "q-max_length": "100"})
    use = add(browser, fields, {"q-type": "choice", **both("label", "Để làm gì", "What for"), "q-_name": "use"})
    choices = {
        "q-choices-0-key": "sell",
        **both("choices-0-value", "Bán hàng", "Sell"),
        "q-choices-1-key": "other",
        **both("choices-1-value", "Việc khác", "Other"),
    }
    save(browser, use, choices, presses="row-add=q-choices row-add=q-choices")
    stalls = add(browser, fields, {"q-type": "group", **both("label", "Các quầy", "Stalls"), "q-_name": "stalls"})
    inner = f"{address}/them/pages/vi_tri/fields/stalls/fields"
    area = add(browser, inner, {"q-type": "decimal", **both("label", "Diện tích", "Area"), "q-_name": "area"})
    save(browser, area, {"q-suffix-vi": "m²", "q-min": "0,5"})
    save(browser, stalls, {"q-when": "form.use == 'sell'", **both("row_name", "quầy", "stall")})
    message = both("message", "Nhiều nhất 4 quầy.", "At most 4 stalls.")
    add(
        browser,
        f"{address}/them/pages/vi_tri/checks",
        {"q-that": "size(form.stalls) < 5", **message, "q-warns": "yes"},
    )

    paper = add(browser, f"{address}/them/papers", both("name", "Sơ đồ", "Sketch"))
    save(browser, paper, {"q-when": "form.use == 'sell'", "q-formats": ["pdf"], "q-max_mb": "20"})
    fee = add(browser, f"{address}/them/fees", {"q-kind": "phi", **both("name", "Thuê chỗ", "Rent")})
    amounts = {
        "q-amounts-0-amount": "20000 * size(form.stalls)",
        "q-amounts-0-from-day": "1",
        "q-amounts-0-from-month": "1",
        "q-amounts-0-from-year": "2024",
        **both("note", "20.000 đồng một quầy", "20,000 VND a stall"),
    }
    save(browser, fee, amounts, presses="row-add=q-amounts")

    text = draft().source
    assert [line for line in WRITTEN.splitlines() if line not in text.splitlines()] == []
    assert Source(text).get() == Source(WRITTEN).get() | {"process": process, "tests": Source(text).get(("tests",))}
    assert without(text, "process", "tests") == WRITTEN
    assert draft().mistakes == 0
    assert "Diện tích" in words_of(browser.get(f"{address}/bieu-mau"))
    assert submit(browser, f"{address}/tep", button="Gửi người thứ hai duyệt").status_code == 303


def without(text: str, *sections: str) -> str:
    for section in sections:
        text = Source(text).remove((section,)).text
    return text


def test_an_unchanged_page_changes_nothing(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    text = (PROCEDURES / "1.009994.yaml").read_text(encoding="utf-8")
    address = write(browser, text)
    source = Source(text)
    pages = [("pages", name) for name in source.names(("pages",)) if name != "applicant"]
    fields = [(*page, "fields", name) for page in pages for name in source.names((*page, "fields"))]
    parts = [*(("papers", name) for name in source.names(("papers",))), ("fees", *source.names(("fees",))[:1])]
    done = ("process", "steps", "site", "actions", "done", "form", "as_filed")
    for path in [*parts, *pages, *fields, (*pages[0], "checks", "0"), ("tests", "0"), done]:
        where = "/".join(path)
        if path[-2:] == ("checks", "0") and not source.get((*pages[0], "checks")):
            continue
        assert save(browser, f"{address}/sua/{where}").status_code == 303, where
    assert save(browser, f"{address}/thong-tin").status_code == 303
    assert draft().source == text
    assert draft().revision == 1


def test_a_part_of_a_shipped_definition_is_changed_and_the_rest_stays(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    assert submit(browser, "/quan-tri/thu-tuc/2.000884", button="Soạn bản mới").status_code == 303
    address = f"/quan-tri/ban-soan/{draft().id}"
    assert draft().source == SIGNATURE
    save(browser, f"{address}/sua/papers/text", {"q-max_files": "7", "q-_name": "paper"})
    save(browser, f"{address}/sua/pages/signature/fields/texts", {"q-max": "90"})
    answer = submit(browser, f"{address}/bieu-mau", button="Xuống Loại văn bản")
    assert answer.status_code == 303
    changed = SIGNATURE.replace("  text:\n    name", "  paper:\n    name").replace("max_files: 20", "max_files: 7")
    changed = changed.replace("max: 50", "max: 90")
    head, _, rest = changed.partition("      kind:\n")
    kind, _, after = rest.partition("      paid:\n")
    paid, _, after = after.partition("      texts:")
    assert draft().source == f"{head}      paid:\n{paid}      kind:\n{kind}      texts:{after}"
    assert draft().mistakes == 0
    page = browser.get(f"{address}/xoa/papers/paper")
    assert "Xóa Văn bản chưa ký" in words_of(page)
    submit(browser, f"{address}/xoa/papers/paper", button="Xóa")
    assert Source(draft().source).names(("papers",)) == ("id",)


def test_the_shared_page_about_the_applicant_is_taken_out_and_comes_back(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    address = write(browser, SIGNATURE)
    submit(browser, f"{address}/xoa/pages/applicant", button="Xóa")
    assert Source(draft().source).names(("pages",)) == ("signature",)
    submit(browser, f"{address}/bieu-mau", button="Thêm trang người đề nghị dùng chung")
    assert draft().source == SIGNATURE


def test_what_was_saved_elsewhere_meanwhile_is_not_overwritten(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    address = write(browser, SIGNATURE)
    page = page_of(browser.get(f"{address}/sua/papers/text"))
    form = next(one for one in page.iter("form") if "editor" in (one.get("class") or ""))
    stale = html.fields_of(form) | {"q-max_files": "3"}
    save(browser, f"{address}/sua/papers/text", {"q-max_files": "9"})
    before = draft().source
    refused = browser.post(f"{address}/sua/papers/text", data=stale)
    assert refused.status_code == 409
    assert "Bản soạn vừa đổi lúc" in words_of(refused)
    assert "Nội dung vừa nhập vẫn ở dưới." in words_of(refused)
    form = next(one for one in page_of(refused).iter("form") if "editor" in (one.get("class") or ""))
    assert html.fields_of(form)["q-max_files"] == "3"
    assert draft().source == before
    moved = browser.post(f"{address}/chuyen/papers/text", data=stale | {"doing": "up"}, follow_redirects=True)
    assert "Bản soạn vừa đổi lúc" in words_of(moved)
    assert draft().source == before


@pytest.mark.parametrize(
    ("where", "field", "typed", "sentence"),
    [
        ("pages/signature/fields/paid", "q-when", "form.kin == 'mandate'", "Biểu thức nhắc đến form.kin"),
        ("pages/signature/checks/0", "q-that", "form.kind ==", "Biểu thức dừng giữa chừng"),
        ("fees/signature", "q-amounts-0-amount", "10000 * form.kind", "Không dùng * giữa"),
        ("papers/id", "q-copies", "O1", ""),
    ],
)
def test_a_mistake_stands_at_its_input_and_nothing_is_lost(
    as_official: AsOfficial, where: str, field: str, typed: str, sentence: str
) -> None:
    browser = as_official(FIRST)
    address = write(browser, SIGNATURE)
    answer = save(browser, f"{address}/sua/{where}", {field: typed})
    shown = browser.get(answer.headers["Location"])
    if not sentence:
        assert answer.headers["Location"].endswith("/giay-to#muc-papers-id")
        return
    assert answer.headers["Location"].endswith(f"/sua/{where}")
    page = page_of(shown)
    error = next(one for one in page.iter("p") if one.get("id") == f"{field}-error")
    assert sentence in html.words(error)
    form = next(one for one in page.iter("form") if "editor" in (one.get("class") or ""))
    assert html.fields_of(form)[field] == typed
    assert draft().mistakes == 1
    save(browser, f"{address}/sua/{where}", {field: "form.kind == 'mandate'" if field != "q-amounts-0-amount" else "5"})
    assert draft().mistakes == 0


def test_what_cannot_be_written_is_refused_with_everything_typed(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    address = write(browser, SIGNATURE)
    answer = save(browser, f"{address}/sua/papers/text", {"q-max_files": "nhiều", "q-_name": "id"})
    assert answer.status_code == 422
    assert "Vừa nhập nhiều." in words_of(answer)
    answer = save(browser, f"{address}/sua/papers/text", {"q-_name": "id"})
    assert answer.status_code == 422
    assert "Mã id đã có." in words_of(answer)
    answer = save(browser, f"{address}/them/papers", {})
    assert answer.status_code == 422
    assert "Nhập tên, hoặc mã trong tệp" in words_of(answer)
    assert draft().source == SIGNATURE


def test_rows_are_added_moved_and_removed_without_losing_what_was_typed(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    address = write(browser, SIGNATURE)
    where = f"{address}/sua/pages/signature/fields/kind"
    save(browser, where, presses="row-down=q-choices-0 row-remove=q-choices-2")
    source = Source(draft().source)
    assert source.names(("pages", "signature", "fields", "kind", "choices")) == ("mandate", "cv")
    assert draft().source == SIGNATURE.replace(
        """          cv: {vi: Sơ yếu lý lịch, en: CV}
          mandate: {vi: Giấy ủy quyền, en: Mandate}
          other: {vi: Văn bản khác, en: Another text}
""",
        """          mandate: {vi: Giấy ủy quyền, en: Mandate}
          cv: {vi: Sơ yếu lý lịch, en: CV}
""",
    )


def test_a_rare_key_is_written_as_yaml(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    address = write(browser, SIGNATURE)
    where = f"{address}/viet/papers/text"
    answer = save(browser, where, {"text": "name: {vi: Văn bản"})
    assert answer.status_code == 422
    assert "Dòng 2: Thiếu dấu phẩy, hoặc ngoặc" in words_of(answer)
    answer = save(browser, where, {"text": "name: {vi: Văn bản, en: Text} # mine\nmax_files: 20"})
    assert answer.status_code == 303
    assert "    name: {vi: Văn bản, en: Text} # mine\n    max_files: 20\nfees:" in draft().source


def test_nobody_changes_a_draft_of_another_or_one_that_is_sent(as_official: AsOfficial) -> None:
    address = send(as_official(FIRST))
    second = as_official(SECOND)
    assert second.get(f"{address}/sua/papers/text").status_code == 303
    page = page_of(second.get(f"{address}/giay-to"))
    assert not [link for link in page.iter("a") if "/sua/" in (link.get("href") or "")]
    token = html.fields_of(next(one for one in page.iter("form")))
    moving = token | {"revision": "2", "doing": "up"}
    assert second.post(f"{address}/chuyen/papers/text", data=moving).status_code == 403
    first = as_official(FIRST)
    own = html.fields_of(next(one for one in page_of(first.get(f"{address}/tep")).iter("form")))
    assert (
        first.post(f"{address}/chuyen/papers/text", data=own | {"doing": "up"}, follow_redirects=True).status_code
        == 200
    )
    assert draft().state == "sent"


def test_the_pages_speak_english_too(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    address = write(browser, SIGNATURE)
    for where, words in (("thong-tin", "Who receives and who decides"), ("bieu-mau", "Add a question")):
        assert words in words_of(browser.get(f"/en{address}/{where}"))
    assert "Kind of text" in words_of(browser.get(f"/en{address}/sua/pages/signature/fields/kind"))
