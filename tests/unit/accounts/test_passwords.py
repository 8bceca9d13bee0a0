import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.accounts import passwords

ALICE = ("alice@jewels.example", "Alice Meier", "Meier Schmuck")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", passwords.TOO_SHORT),
        ("x" * 257, passwords.TOO_LONG),
        ("password1234", passwords.GUESSABLE),
        ("P@ssw0rd1234!", passwords.GUESSABLE),
        ("passwordpassword", passwords.GUESSABLE),
        ("iloveyou2026!!", passwords.GUESSABLE),
        ("hakunamatata99", passwords.GUESSABLE),
        ("123456789012", passwords.GUESSABLE),
        ("aaaaaaaaaaaa", passwords.GUESSABLE),
        ("abcabcabcabcabc", passwords.GUESSABLE),
        ("qwertyuiopasdf", passwords.GUESSABLE),
        ("alicemeier2026", passwords.PERSONAL),
        ("marketplace-gold1", passwords.PERSONAL),
    ],
)
def test_passwords_people_guess_are_refused(password: str, why: str) -> None:
    assert passwords.weakness(password, personal=ALICE) == why


@pytest.mark.parametrize(
    "password",
    ["copper lantern seventeen", "Tg7-kw2!pLm9", "mwezi ngalawa kitabu", "žluťoučký kůň úpěl", "🦉🌋 river stone 🪨"],
)
def test_long_unrelated_words_in_any_script_are_taken(password: str) -> None:
    assert passwords.weakness(password, personal=ALICE) is None


def test_a_password_opens_with_either_spelling_of_an_accent() -> None:
    stored = passwords.hash_password("caf\u00e9 on the corner")

    assert passwords.verify(stored, "cafe\u0301 on the corner")
    assert not passwords.verify(stored, "cafe on the corner")


def test_an_unknown_person_costs_the_same_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    real = passwords._HASHER

    class Watched:
        hash = real.hash

        def verify(self, stored: str, text: str) -> bool:
            seen.append(stored)
            return real.verify(stored, text)

    monkeypatch.setattr(passwords, "_HASHER", Watched())

    assert not passwords.verify(None, "nobody has this password")
    assert [stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for stored in seen] == [True]


def test_a_hash_of_older_parameters_is_made_anew() -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("copper lantern seventeen")

    assert passwords.needs_rehash(old)
    assert not passwords.needs_rehash(passwords.hash_password("copper lantern seventeen"))


def test_the_shipped_list_is_of_some_length() -> None:
    assert len(passwords.common_passwords()) > 250


@given(st.text(max_size=300))
def test_no_text_breaks_the_rule(text: str) -> None:
    passwords.weakness(text, personal=ALICE)
