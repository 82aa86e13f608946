"""The accounts that the sign-in page, the README and `portal demo accounts` show."""

from __future__ import annotations

import pytest

from portal.demonstration.accounts import SHOWN, list_accounts


@pytest.mark.parametrize("language", ["vi", "en"])
def test_whoever_is_shown_is_named_by_hand(language: str) -> None:
    assert {login for login, *_words in SHOWN} <= {login for login, _who in list_accounts(language)}
