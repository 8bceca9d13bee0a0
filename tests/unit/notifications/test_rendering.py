from datetime import UTC, date, datetime

import pytest
from jinja2 import UndefinedError

from marketplace.core.crypto import SealBroken
from marketplace.core.money import Money
from marketplace.notifications.params import packed, sealed, unpacked, unsealed, without_token
from marketplace.notifications.rendering import render

KEY = b"k" * 32
AT = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)
RESET = {"name": "Alice", "expires_at": AT, "base_url": "https://market.example", "token": "T0KEN"}


def test_the_first_line_is_the_subject_and_the_rest_the_letter() -> None:
    letter = render("reset_password", RESET, language="en")

    assert letter.subject == "Choose a new password"
    assert letter.body.startswith("Hello Alice,\n\nSomeone asked")
    assert "\nhttps://market.example/account/reset/T0KEN\n" in letter.body
    assert "until 29 Sept 2026, 09:00 UTC" in letter.body
    assert "\n\n\n" not in letter.body


def test_a_parameter_that_is_missing_is_an_error_and_no_gap() -> None:
    with pytest.raises(UndefinedError):
        render("reset_password", {"name": "Alice"}, language="en")


@pytest.mark.parametrize("language", ["en", "sw", "fr", "es"])
def test_every_language_has_a_letter(language: str) -> None:
    assert "T0KEN" in render("reset_password", RESET, language=language).body


def test_a_subject_stays_one_line_whatever_a_name_holds() -> None:
    params = {
        "organisation": "Mama\nBcc: x@example.org",
        "name": "Bob",
        "inviter": "",
        "expires_at": AT,
        "base_url": "https://market.example",
        "token": "T",
    }

    assert "\n" not in render("invitation", params, language="en").subject


def test_money_days_and_times_keep_their_kind_in_the_database() -> None:
    params = {"price": Money(124000, "USD"), "on": date(2026, 9, 29), "at": AT, "n": 3, "names": ["a", "b"], "x": None}

    assert unpacked(packed(params)) == params


def test_a_letter_cannot_be_given_what_it_cannot_show() -> None:
    with pytest.raises(TypeError):
        packed({"rate": 1.5})


def test_the_token_is_sealed_and_can_be_thrown_away() -> None:
    params = sealed("T0KEN", key=KEY)

    assert "T0KEN" not in str(params)
    assert unsealed(params, key=KEY) == {"token": "T0KEN"}
    assert unsealed(without_token(params), key=KEY) == {}
    assert "sealed" in without_token(params), "the letter still says that it had a link"
    with pytest.raises(SealBroken):
        unsealed(params, key=b"x" * 32)
