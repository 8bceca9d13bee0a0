import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.accounts import answers, forms
from marketplace.accounts.answers import AnswerReader, is_plain, searched
from marketplace.core.errors import InvalidInput

GOOD = {
    "email": " Alice@Example.ORG ",
    "name": "  Alice   Meier ",
    "company": "Meier & Töchter",
    "country": "DE",
    "password": "copper lantern seventeen",
}


def test_a_registration_is_read_into_plain_values() -> None:
    read = forms.read_registration(GOOD, language="fr")

    assert (read.email, read.name, read.company, read.language) == (
        "alice@example.org",
        "Alice Meier",
        "Meier & Töchter",
        "fr",
    )
    assert "copper" not in repr(read)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        forms.read_registration({}, language="en")

    assert set(refused.value.fields) == {"email", "name", "company", "country", "password"}


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("email", "alice", answers.NOT_EMAIL),
        ("email", "alice@", answers.NOT_EMAIL),
        ("email", "a@b@example.org", answers.NOT_EMAIL),
        ("email", "alice@example.org\nBcc: bob@example.org", answers.NOT_EMAIL),
        ("email", "a" * 10_000 + "@example.org", answers.NOT_EMAIL),
        ("name", "A" * 121, answers.TOO_LONG),
        ("name", "Al\x00ice", answers.NOT_TEXT),
        ("name", "Alice\u202eecila", answers.NOT_TEXT),
        ("company", "\ud800", answers.NOT_TEXT),
        ("country", "XX", answers.NOT_OFFERED_OF["country"]),
        ("country", "EU", answers.NOT_OFFERED_OF["country"]),
        ("country", "de", answers.NOT_OFFERED_OF["country"]),
    ],
)
def test_a_field_that_cannot_be_used_says_why(field: str, value: str, why: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        forms.read_registration({**GOOD, field: value}, language="en")

    assert {name: error.message for name, error in refused.value.fields.items()} == {field: why}


@pytest.mark.parametrize("typed", ["+255 712 345 678", "+255-712-345-678", "+255712345678", "+255 (712) 345.678"])
def test_a_telephone_number_is_kept_in_one_spelling(typed: str) -> None:
    assert AnswerReader({"phone": typed}).phone() == "+255712345678"


@pytest.mark.parametrize("typed", ["0712345678", "+0712345678", "+255", "+2557123456789012", "+٢٥٥٧١٢٣٤٥٦٧٨"])
def test_a_number_without_its_country_is_refused(typed: str) -> None:
    reader = AnswerReader({"phone": typed})

    assert reader.phone() is None
    assert set(reader.errors) == {"phone"}


@given(st.text(max_size=200))
def test_searched_words_are_always_fit_for_the_database(text: str) -> None:
    assert is_plain(searched(text))
