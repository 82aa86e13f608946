"""What everybody may read: home, procedures, counters, texts."""

from __future__ import annotations

import re

import pytest

from portal.catalogue.queries import LIFE_EVENTS
from tests.harness.client import heading, page_of, words_of
from tests.harness.database import RungBells
from tests.harness.statements import count_queries
from tests.integration.conftest import Client


@pytest.fixture
def bells(filled_city: RungBells) -> RungBells:
    return filled_city


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("xây nhà", "Xây nhà"),
        ("giay phep xay dung", "Xây nhà"),
        ("MỞ QUÁN", "Mở quán, mở tiệm"),
        ("1.010803", "Thờ cúng liệt sĩ"),
        ("mở quán ăn", "Mở quán ăn, bếp ăn"),
        ("Muốn xây nhà cấp 4", "Xây nhà"),
        ("sao y", "Sao y, chứng thực giấy tờ"),
    ],
)
def test_a_procedure_is_found_as_people_say_it(client: Client, question: str, first: str) -> None:
    response = client.get("/thu-tuc", query_string={"q": question})
    rows = [link for link in page_of(response).iter("a") if link.get("href", "").startswith("/thu-tuc/")]
    assert "".join(rows[0].itertext()) == first


def test_nothing_found_says_what_to_do(client: Client) -> None:
    response = client.get("/thu-tuc", query_string={"q": "bay lên mặt trăng"})
    assert response.status_code == 200
    assert "Chưa thấy 'bay lên mặt trăng'. Thử tên khác hoặc gọi 0292 1022." in words_of(response)


def test_the_nearest_is_shown_as_what_it_is(client: Client) -> None:
    nearest = words_of(client.get("/thu-tuc", query_string={"q": "mở quán bún"}))
    assert "Chưa thấy thủ tục nào có đủ các chữ 'mở quán bún'. Gần nhất:" in nearest
    assert "Xây nhà" not in nearest
    assert "Gần nhất" not in words_of(client.get("/thu-tuc", query_string={"q": "mở quán"}))


@pytest.mark.parametrize("question", ["đăng ký kết hôn", "giấy nhập ngũ"])
def test_what_shares_only_common_words_is_not_offered(client: Client, question: str) -> None:
    assert f"Chưa thấy '{question}'." in words_of(client.get("/thu-tuc", query_string={"q": question}))


def test_the_list_can_be_narrowed_by_level_and_life_event_together(client: Client) -> None:
    response = client.get("/thu-tuc?cap=district&viec=build_a_house&q=nha")
    main = next(page_of(response).iter("main"))
    links = [link.get("href", "") for link in main.iter("a")]
    assert [link for link in links if link.startswith("/thu-tuc/")] == ["/thu-tuc/1.009994", "/thu-tuc/1.009998"]
    assert "/thu-tuc?q=nha&viec=build_a_house" in links
    nothing = words_of(client.get("/thu-tuc?cap=city&viec=marry"))
    assert "Bỏ bớt điều kiện lọc hoặc gọi 0292 1022." in nothing


def test_a_question_comes_back_as_it_was_typed_and_runs_nothing(client: Client) -> None:
    response = client.get("/thu-tuc", query_string={"q": '"><script>alert(1)</script>'})
    assert "<script>alert" not in response.text


def test_the_list_can_be_narrowed_to_a_field_and_back(client: Client) -> None:
    response = client.get("/thu-tuc?linh-vuc=certification")
    text = words_of(response)
    assert "Chứng thực chữ ký" in text
    assert "Mở quán" not in text
    current = [link.get("href") for link in page_of(response).iter("a") if link.get("aria-current") == "true"]
    assert "/thu-tuc?linh-vuc=certification" in current


@pytest.mark.parametrize("code", ["1.009994", "1.001612", "2.000815", "2.000884", "1.010803"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_procedure_has_its_page_in_both_languages(client: Client, code: str, language: str) -> None:
    response = client.get(f"{language}/thu-tuc/{code}")
    assert response.status_code == 200
    assert code in words_of(response)
    assert f'href="{language}/thu-tuc/{code}/bat-dau"' in response.text


def test_the_page_of_a_procedure_answers_the_four_questions(client: Client) -> None:
    text = words_of(client.get("/thu-tuc/1.009994"))
    for said in (
        "Thời gian 15 ngày nộp hôm nay, dự kiến trả ",
        "Lệ phí 75.000 đồng Hộ nghèo được miễn",
        "Nơi quyết định UBND quận, huyện nơi có nhà sẽ xây",
        "Kết quả Giấy phép xây dựng có hiệu lực 12 tháng",
        "Cần chuẩn bị 2 giấy tờ",
        "Tệp PDF, tối đa 50 MB",
        "Căn cứ pháp lý (4 văn bản)",
        "Hồ sơ đi qua những đâu",
        "Thẩm định",
    ):
        assert said in text


def test_a_term_in_stages_and_a_fee_by_the_page_are_said_in_words(client: Client) -> None:
    assert "12 ngày làm việc và 12 ngày" in words_of(client.get("/thu-tuc/1.010803"))
    copies = words_of(client.get("/thu-tuc/2.000815"))
    assert "Trong ngày" in copies
    assert "2.000 đồng một trang" in copies


def test_a_procedure_that_does_not_exist_is_not_found(client: Client) -> None:
    for address in ("/thu-tuc/9.999999", "/thu-tuc/su-kien/khong-co", "/thu-tuc/x"):
        assert client.get(address).status_code == 404


def test_every_life_event_of_the_home_page_opens(client: Client) -> None:
    home = client.get("/")
    for event in LIFE_EVENTS:
        assert f'href="/thu-tuc/su-kien/{event.slug}"' in home.text
        assert heading(client.get(f"/thu-tuc/su-kien/{event.slug}")) == event.name.vi
    assert "Xây nhà" in words_of(client.get("/thu-tuc/su-kien/xay-sua-nha"))


def test_the_lists_name_procedures_with_time_and_fee(client: Client) -> None:
    text = words_of(client.get("/thu-tuc"))
    assert "Mở quán, mở tiệm 3 ngày làm việc · 100.000 đồng" in text
    assert "Thờ cúng liệt sĩ 12 ngày làm việc và 12 ngày · không mất phí" in text
    links = [link.get("href", "") for link in page_of(client.get("/")).iter("a")]
    assert len([link for link in links if re.fullmatch(r"/thu-tuc/\d\.\d{6}", link)]) == 6


def test_every_commune_and_district_has_its_counter_listed(client: Client) -> None:
    response = client.get("/co-quan")
    text = words_of(response)
    assert "Quận Ninh Kiều" in text
    assert "Cái Khế" in text
    groups = [title for title in page_of(response).iter("h2") if "govuk-heading-m" in title.get("class", "")]
    assert len(groups) == 10  # the city and nine districts


@pytest.mark.parametrize("address", ["/huong-dan", "/lien-he", "/du-lieu-ca-nhan", "/ho-tro-tiep-can"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_the_pages_of_text_open(client: Client, address: str, language: str) -> None:
    assert client.get(f"{language}{address}").status_code == 200


@pytest.mark.parametrize(
    ("address", "most"), [("/", 2), ("/thu-tuc?q=nha", 4), ("/thu-tuc/1.009994", 3), ("/lien-he", 0)]
)
def test_public_pages_ask_little_of_the_database(client: Client, address: str, most: int) -> None:
    client.get(address)
    with count_queries() as statements:
        client.get(address)
    assert len(statements) <= most, statements


def test_the_demonstration_shows_who_may_sign_in(client: Client) -> None:
    text = words_of(client.get("/dang-nhap"))
    assert "092085001234" in text
    assert "tp.lr1" in text


def test_words_that_fit_several_procedures_equally_well_are_asked_about(client: Client) -> None:
    page = client.get("/thu-tuc?q=hộ kinh doanh")
    assert "Muốn tìm việc nào?" in words_of(page)
    values = [box.get("value") for box in page_of(page).iter("input") if box.get("name") == "code"]
    assert set(values) == {"1.001266", "1.001570", "1.001612", "2.000720"}
    unsaid = client.get("/thu-tuc?q=hộ kinh doanh&chon=1")
    assert unsaid.status_code == 422
    assert "Chọn một việc" in words_of(unsaid)
    chosen = client.get("/thu-tuc?q=hộ kinh doanh&code=2.000720&chon=1")
    assert (chosen.status_code, chosen.location) == (303, "/thu-tuc/2.000720")
    assert "Muốn tìm việc nào?" not in words_of(client.get("/thu-tuc?q=xây nhà"))
    assert "Muốn tìm việc nào?" not in words_of(client.get("/thu-tuc"))
