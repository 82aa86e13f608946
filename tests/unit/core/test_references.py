"""Keys that sort by time, codes that people type, secrets that find a slip of the finger."""

from __future__ import annotations

import time
from datetime import date
from itertools import pairwise
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.references import (
    ALPHABET,
    id_of_token,
    is_possible_secret,
    lookup_token,
    new_id,
    receipt_secret,
    record_code,
    tidy_code,
    tidy_secret,
)

KEY = b"a key of the tests"
RECORD = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
ids = st.uuids(version=4)


def test_new_keys_are_version_7_and_say_their_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    key = new_id()
    after = time.time_ns() // 1_000_000
    assert key.version == 7
    assert key.variant == RFC_4122
    assert before <= key.int >> 80 <= after


def test_later_keys_sort_behind_earlier_ones_in_text_and_in_bytes() -> None:
    keys = []
    for _ in range(5):
        keys.append(new_id())
        time.sleep(0.002)
    assert keys == sorted(keys)
    assert [str(key) for key in keys] == sorted(str(key) for key in keys)
    assert len({new_id() for _ in range(10_000)}) == 10_000


def test_a_record_code_has_agency_day_and_number() -> None:
    assert record_code(agency="000.24.15.H13", day=date(2026, 3, 9), number=7) == "000.24.15.H13-260309-0007"


def test_the_ten_thousandth_record_of_a_day_has_a_wider_number() -> None:
    codes = [record_code(agency="H13", day=date(2026, 3, 9), number=number) for number in (9_999, 10_000)]
    assert codes == ["H13-260309-9999", "H13-260309-10000"]


def test_a_code_typed_with_spaces_and_small_letters_is_understood() -> None:
    assert tidy_code(" 000.24.15.h13-260309 - 0007\n") == "000.24.15.H13-260309-0007"


def test_a_secret_is_twelve_characters_in_groups_of_four_without_look_alikes() -> None:
    secret = receipt_secret(RECORD, key=KEY, version=1)
    assert [len(group) for group in secret.split(" ")] == [4, 4, 4]
    assert set(tidy_secret(secret)) <= set(ALPHABET)
    assert set(ALPHABET).isdisjoint("ILOU")


def test_a_secret_depends_on_record_key_and_version_and_on_nothing_else() -> None:
    secret = receipt_secret(RECORD, key=KEY, version=1)
    assert receipt_secret(RECORD, key=KEY, version=1) == secret
    others = {
        receipt_secret(RECORD, key=KEY, version=2),
        receipt_secret(RECORD, key=b"another key", version=1),
        receipt_secret(UUID(int=RECORD.int + 1), key=KEY, version=1),
    }
    assert secret not in others
    assert len(others) == 3


@given(ids, st.integers(1, 99))
def test_every_secret_is_possible_however_it_is_typed(record_id: UUID, version: int) -> None:
    secret = receipt_secret(record_id, key=KEY, version=version)
    assert is_possible_secret(secret)
    assert is_possible_secret(secret.replace(" ", "-").lower())
    assert is_possible_secret(secret.replace("0", "o").replace("1", "l"))
    assert is_possible_secret(secret.replace("1", "i"))


@given(ids)
def test_one_wrong_letter_is_always_found(record_id: UUID) -> None:
    letters = tidy_secret(receipt_secret(record_id, key=KEY, version=1))
    for place, right in enumerate(letters):
        slips = [letters[:place] + wrong + letters[place + 1 :] for wrong in ALPHABET if wrong != right]
        assert not [slip for slip in slips if is_possible_secret(slip)]


@given(ids)
def test_two_letters_in_the_wrong_order_are_always_found(record_id: UUID) -> None:
    letters = tidy_secret(receipt_secret(record_id, key=KEY, version=1))
    for place, (first, second) in enumerate(pairwise(letters)):
        swapped = letters[:place] + second + first + letters[place + 2 :]
        assert is_possible_secret(swapped) == (first == second)


@pytest.mark.parametrize(
    "typed", ["", "0", "0000 0000 000", "0000 0000 0000 0", "UUUU UUUU UUUU", "ệệệệ", "' OR 1=1 --"]
)
def test_what_cannot_be_a_secret_is_known_without_asking_the_database(typed: str) -> None:
    assert not is_possible_secret(typed)


def test_a_secret_of_the_right_form_is_seldom_possible_by_chance() -> None:
    guesses = [f"{number:012d}" for number in range(10**9, 10**9 + 3_100)]
    assert 60 <= sum(map(is_possible_secret, guesses)) <= 140


@given(ids)
def test_a_token_names_its_record_and_is_not_the_secret(record_id: UUID) -> None:
    token = lookup_token(record_id, key=KEY, version=1)
    assert id_of_token(token) == record_id
    assert lookup_token(record_id, key=KEY, version=2)[32:] != token[32:]
    assert lookup_token(record_id, key=b"another key", version=1)[32:] != token[32:]
    assert tidy_secret(receipt_secret(record_id, key=KEY, version=1)) not in token.upper()


@pytest.mark.parametrize(
    "token", ["", "a" * 55, "a" * 57, "g" * 56, "A" * 56, "a" * 56 + "\n", "\u0661" * 56, "../" * 20]
)
def test_what_cannot_be_a_token_names_no_record(token: str) -> None:
    assert id_of_token(token) is None
