"""Vietnamese text: kept in one form, found without diacritics, sorted as in a dictionary."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.text import (
    composed,
    folded,
    lowered,
    masked_name,
    masked_number,
    name_key,
    raised,
    sort_key,
    spoken_title,
    with_full_stop,
)

DICTIONARY = """
a à ả ã á ạ ác ai am an ang anh ao au ă ăn ắng ắt â ầm ân ấn âu
ba ba_lô bà bà_con bả bã bá bạ bạc bai bài bảy băm bẩm
ca ca_cao ca_hát cà cá cá_chép cá_rô cạ cải cái cam cảm can cạn càng cành cao cân cần cấp cây
da dì dục đa đà đá đạ đi đĩ đường đứt e ê ếch giáp giấy giấy_phép
la là lả lã lá lạ nga ngã nhà nhà_ở nhân nhấn o ò ó ọ ô ồ ổ ỗ ố ộ ơ ờ ở ỡ ớ ợ
ta tà tả tã tá tạ than thân thơ thủ thư thừa u ù ủ ũ ú ụ ư ừ ử ữ ứ ự y ỳ ỷ ỹ ý ỵ
"""
IN_DICTIONARY_ORDER = [entry.replace("_", " ") for entry in DICTIONARY.split()]

INVISIBLE = [
    *("\u200b", "\u200d", "\u200e", "\u00ad", "\ufeff", "\u202e", "\u2066", "\u061c", "\u2060"),
    *("\u0000", "\u001f", "\u007f", "\u0085"),
]

VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
typed_text = st.text(
    st.sampled_from(VIETNAMESE + VIETNAMESE.upper() + " -\n\u0301\u0323\u200b\u00ad1") | st.characters()
)


def test_words_sort_as_in_a_vietnamese_dictionary() -> None:
    backwards = IN_DICTIONARY_ORDER[::-1]
    assert sorted(backwards, key=sort_key) == IN_DICTIONARY_ORDER


def test_the_key_sorts_by_its_bytes_too_as_postgresql_compares_them() -> None:
    keys = [sort_key(word).encode() for word in IN_DICTIONARY_ORDER]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_sorting_does_not_depend_on_how_letters_are_stored_or_on_case() -> None:
    for word in IN_DICTIONARY_ORDER:
        assert sort_key(unicodedata.normalize("NFD", word)) == sort_key(word)
        assert sort_key(word.upper()) == sort_key(word)


def test_people_sort_by_given_name_first() -> None:
    people = ["Trần Thị Ánh", "Lê Văn Bình", "Nguyễn An", "Đỗ Bình", "Nguyễn Thị Bình", "Phạm Đạt", "Võ Dũng"]
    assert sorted(people, key=name_key) == [
        *("Nguyễn An", "Trần Thị Ánh", "Đỗ Bình", "Lê Văn Bình", "Nguyễn Thị Bình", "Võ Dũng", "Phạm Đạt"),
    ]


@pytest.mark.parametrize("typed", ["xây nhà", "Xây Nhà", "XÂY  NHÀ", "xay-nha", "xâ\u200by nhà", " xây\u00a0nhà. "])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_search_finds_a_word_however_it_was_typed(typed: str, form: str) -> None:
    assert folded(unicodedata.normalize(form, typed)) == "xay nha"  # type: ignore[arg-type]


def test_every_letter_of_the_alphabet_folds_to_a_plain_one() -> None:
    assert set(folded(VIETNAMESE + VIETNAMESE.upper())) == set("abcdeghiklmnopqrstuvxy")
    assert folded("Đường số 3, phường Cái Khế (quận Ninh Kiều)") == "duong so 3 phuong cai khe quan ninh kieu"


@pytest.mark.parametrize("hidden", INVISIBLE)
def test_invisible_and_bidirectional_characters_are_not_kept(hidden: str) -> None:
    assert composed(f"Nguyễn{hidden} Văn A") == "Nguyễn Văn A"


def test_a_mark_that_an_invisible_character_kept_apart_joins_its_letter() -> None:
    assert composed("a\u200b\u0301") == "á"


def test_lines_and_tabs_stay() -> None:
    assert composed("một\r\n\thai") == "một\r\n\thai"


def test_half_a_character_that_no_database_can_keep_is_dropped() -> None:
    assert composed("Hoa \ud83c") == "Hoa "


@given(typed_text)
def test_a_kept_answer_is_in_one_form_and_keeping_it_again_changes_nothing(text: str) -> None:
    kept = composed(text)
    assert unicodedata.is_normalized("NFC", kept)
    assert composed(kept) == kept


@given(typed_text)
def test_search_and_order_are_the_same_for_what_was_typed_and_for_what_is_kept(text: str) -> None:
    assert folded(composed(text)) == folded(text)
    assert folded(folded(text)) == folded(text)
    assert sort_key(composed(text)) == sort_key(text)


def test_a_public_page_shows_little_of_a_name_and_a_number() -> None:
    assert masked_name("Nguyễn Thị Hoa") == "Nguyễn T. H."
    assert masked_name("Hoa") == "Hoa"
    assert masked_name("") == ""
    assert masked_number("092085001234") == "•••••••••234"
    assert masked_number("12") == "12"


def test_words_are_fitted_into_a_sentence() -> None:
    assert raised("họ và tên") == "Họ và tên"
    assert raised("đơn") == "Đơn"
    assert raised("") == ""
    assert lowered("Họ và tên") == "họ và tên"
    assert lowered("UBND quận") == "UBND quận"
    assert spoken_title("CHỦ TỊCH") == "Chủ tịch"
    assert spoken_title("Phó Chủ tịch UBND") == "Phó Chủ tịch UBND"


def test_a_sentence_ends_once() -> None:
    assert with_full_stop("Thiếu bản vẽ") == "Thiếu bản vẽ."
    assert with_full_stop("Thiếu bản vẽ.") == "Thiếu bản vẽ."
    assert with_full_stop("Đã nộp chưa?") == "Đã nộp chưa?"
