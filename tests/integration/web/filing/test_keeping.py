"""What the script of a page sends while somebody is still typing, and when the sign-in is over."""

from __future__ import annotations

from werkzeug.test import TestResponse

from tests.harness.client import PageClient, words_of
from tests.integration.web.filing.filling import CAI_KHE, begin, box_on, draft_of, fill_all, token_on, values_on


def typed(client: PageClient, address: str, **fields: str) -> TestResponse:
    """What the page's own script sends while somebody is still typing."""
    page = client.get(address)
    hidden = {name: box_on(page, name).get("value", "") for name in ("csrf_token", "asked")}
    return client.post(address, data={**hidden, "keep": "yes", **fields})


def test_what_is_typed_is_kept_meanwhile_right_or_wrong(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    answer = typed(citizen, f"{draft}/site", plot_no="245", plot_m2="chín mươi")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["time"].count(":") == 1
    page = citizen.get(f"{draft}/site")
    assert values_on(page)["plot_no"] == "245"
    assert values_on(page)["plot_m2"] == "chín mươi"
    assert "Có 1 chỗ cần sửa" not in words_of(page)
    assert "site" not in draft_of(draft).pages_done


def test_a_page_that_was_done_stays_done_while_it_is_right(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    fill_all(citizen, draft, "1.009994")
    site = {"plot_no": "246", "plot_m2": "96,5", "plot_commune": CAI_KHE, "tenure": "owned", "adjacent": "no",
            "planning_zone": "yes"}  # fmt: skip
    typed(citizen, f"{draft}/site", **site)
    assert draft_of(draft).answers["plot_no"] == "246"
    assert "site" in draft_of(draft).pages_done
    typed(citizen, f"{draft}/site", **{**site, "plot_m2": ""})
    assert "site" not in draft_of(draft).pages_done


def test_questions_that_an_answer_opens_are_handed_to_the_page(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    address = f"{draft}/design"
    assert "data-opens" in citizen.get(address).text
    assert "data-opens" not in citizen.get(f"{draft}/building").text
    answer = typed(citizen, address, designer="firm").json
    assert answer is not None
    assert answer["asked"] == ["designer", "designer_name", "certificate_no", "months"]
    assert answer["opened"].count("data-question=") == 2
    assert 'name="certificate_no"' in answer["opened"]
    assert "govuk-error-message" not in answer["opened"]
    assert answer["told"] == "Có thêm câu hỏi: Tên bên thiết kế; Số chứng chỉ."
    there = typed(citizen, address, designer="firm", designer_name="Mẫu Phù Sa", certificate_no="CC-1").json
    assert there is not None
    assert (there["opened"], there["told"]) == ("", "")
    closed = typed(citizen, address, designer="self", designer_name="Mẫu Phù Sa", certificate_no="CC-1").json
    assert closed is not None
    assert closed["asked"] == ["designer", "months"]
    again = typed(citizen, address, designer="person").json
    assert again is not None
    assert 'value="Mẫu Phù Sa"' in again["opened"]


def test_nothing_is_kept_for_whoever_is_not_signed_in_or_has_another_token(
    citizen: PageClient, client: PageClient
) -> None:
    draft = begin(citizen, "1.009994")
    address = f"{draft}/site"
    before = draft_of(draft).answers
    sent = {"asked": "plot_no", "plot_no": "245", "keep": "yes"}
    assert citizen.post(address, data={**sent, "csrf_token": "another"}).status_code == 403
    assert client.post(address, data={**sent, "csrf_token": token_on(client, "/dang-nhap")}).status_code == 403
    assert draft_of(draft).answers == before


def test_after_signing_in_again_the_same_page_opens(citizen: PageClient, client: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    sent = {"asked": "plot_no", "plot_no": "245", "csrf_token": "old"}
    assert client.post(f"{draft}/site", data=sent).status_code == 403
    held = client.post(f"{draft}/site", data={**sent, "held": "yes"})
    assert held.status_code == 303
    assert held.location.endswith(f"/dang-nhap?next={draft}/site")
    assert "phần vừa điền vẫn còn trên máy này" in words_of(client.get(held.location))
