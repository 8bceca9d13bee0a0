"""One place has one mark however it is typed; two places have two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.orders.marks import MAIL_PROVIDERS, address_marks, domain_mark, telephone_mark

HAMBURG = {"street": "Hafenstraße 12", "city": "Hamburg", "postcode": "20457", "country": "DE"}


def marks(**changes: str) -> frozenset[str]:
    return address_marks(**{**HAMBURG, **changes})


def test_an_address_is_known_by_its_postcode_and_by_its_town() -> None:
    assert marks() == {"de|postcode|20457|12 hafenstrasse", "de|city|hamburg|12 hafenstrasse"}


@pytest.mark.parametrize(
    "typed",
    [
        {"street": "HAFENSTRASSE 12"}, {"street": "12, Hafenstrasse"}, {"street": " Hafenstr. 12 "},
        {"street": "Hafenstraße No. 12"}, {"city": "HAMBURG", "postcode": "D 20457"}, {"postcode": "204 57"},
        {"postcode": ""}, {"city": "Amburgo"}, {"city": ""}, {"country": "de"},
    ],
)  # fmt: skip
def test_another_spelling_of_an_address_shares_a_mark(typed: dict[str, str]) -> None:
    assert marks() & marks(**typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"street": "5 Main St"}, {"street": "5 Main Street"}), ({"street": "5 Mill Rd."}, {"street": "5 mill road"}),
        ({"street": "5 Elm Av."}, {"street": "5 Elm Ave"}), ({"street": "5 Elm Blvd"}, {"street": "5 Elm Boulevard"}),
        ({"street": "Rue de l'Église 5"}, {"street": "rue de l’eglise, 5"}),
        ({"street": "\uff2dain Street \uff15"}, {"street": "Main Street 5"}),
        ({"street": "улица 5"}, {"street": "УЛИЦА 5"}),
    ],
)  # fmt: skip
def test_abbreviations_accents_and_width_do_not_matter(one: dict[str, str], other: dict[str, str]) -> None:
    assert marks(**one) == marks(**other)


@pytest.mark.parametrize(
    "other",
    [
        {"street": "Hafenstraße 21"}, {"street": "Hafenweg 12"}, {"country": "AT"},
        {"city": "Bremen", "postcode": "28195"},
    ],
)  # fmt: skip
def test_another_address_shares_none(other: dict[str, str]) -> None:
    assert not marks() & marks(**other)


@pytest.mark.parametrize("empty", [{"street": " - "}, {"country": ""}, {"city": "", "postcode": " "}])
def test_an_address_without_street_country_or_place_has_no_mark(empty: dict[str, str]) -> None:
    assert marks(**empty) == frozenset()


@pytest.mark.parametrize(
    "typed",
    ["+255 712 345 678", "0712 345 678", "00255712345678", "+255-(712)-345.678", "712345678", "٠٧١٢٣٤٥٦٧٨"],
)
def test_a_telephone_is_its_last_nine_digits(typed: str) -> None:
    assert telephone_mark(typed) == "712345678"


@pytest.mark.parametrize(
    ("typed", "mark"), [("1234567", "1234567"), ("123456", None), ("", None), (None, None), ("call me", None)]
)
def test_a_number_of_six_digits_tells_no_line(typed: str | None, mark: str | None) -> None:
    assert telephone_mark(typed) == mark


@pytest.mark.parametrize(
    ("email", "mark"),
    [
        ("bob@Meier-Schmuck.de", "meier-schmuck.de"), ("bob@mail.meier.de.", "mail.meier.de"), ("bob@gmail.com", None),
        ("bob@GMAIL.com", None), ("bob@example.org", None), ("bob@pact.example.org", None), ("bob@localhost", None),
        ("bob@notexample.org", "notexample.org"), ("bob@shop.test", None), ("bob@", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_a_domain_is_a_mark_when_it_is_a_company_s_own(email: str | None, mark: str | None) -> None:
    assert domain_mark(email) == mark


def test_mail_providers_are_written_as_they_are_compared() -> None:
    assert all(domain == domain.casefold().strip() and "." in domain for domain in MAIL_PROVIDERS)


@given(street=st.text(max_size=30), city=st.text(max_size=10), postcode=st.text(max_size=8))
def test_any_text_gives_at_most_two_marks_and_spaces_never_matter(street: str, city: str, postcode: str) -> None:
    found = marks(street=street, city=city, postcode=postcode)
    assert len(found) <= 2
    assert found == marks(street=f"  {street} ", city=city, postcode=f"{postcode}-")
