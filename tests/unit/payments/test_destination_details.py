"""What a signatory types about where to pay."""

import pytest

from marketplace.core.errors import InvalidInput
from marketplace.payments.destination_details import is_iban, read_details

BANK = {"rail": "bank", "holder": "Mama Madini", "bank": "Bank of Dodoma", "account": "0150-4411 200", "bic": ""}
MOBILE = {"rail": "mobile_money", "holder": "Mama Madini", "provider": "mpesa", "phone": "+255 712 345 678"}


def test_a_bank_account_is_kept_without_spaces_and_shown_masked() -> None:
    details = read_details(BANK)
    assert (details.number, details.institution, details.masked) == ("01504411200", "Bank of Dodoma", "•••• 1200")


@pytest.mark.parametrize("typed", ["+255 712 345 678", "00255712345678", "+255-712-345.678", "+255 (712) 345678"])
def test_a_telephone_number_is_read_as_people_write_it(typed: str) -> None:
    assert read_details({**MOBILE, "phone": typed}).number == "+255712345678"


def test_the_check_digits_of_an_iban_find_a_swapped_pair() -> None:
    # DE89 3704 0044 0532 0130 00 is the example of ISO 13616: modulo 97 gives 1.
    assert is_iban("DE89370400440532013000")
    assert not is_iban("DE89370400440523013000")
    with pytest.raises(InvalidInput) as refused:
        read_details({**BANK, "account": "DE89 3704 0044 0523 0130 00"})
    assert set(refused.value.fields) == {"account"}


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({}, {"rail", "holder"}),
        ({"rail": "cheque", "holder": "Mama"}, {"rail"}),
        ({"rail": "bank"}, {"holder", "bank", "account"}),
        ({"rail": "mobile_money"}, {"holder", "provider", "phone"}),
        ({**MOBILE, "provider": "pigeon"}, {"provider"}),
        ({**MOBILE, "phone": "0712 345 678"}, {"phone"}),
        ({**BANK, "account": "12"}, {"account"}),
        ({**BANK, "bic": "NOTABIC1X"}, {"bic"}),
        ({**BANK, "holder": "x" * 101}, {"holder"}),
        ({**BANK, "holder": "Mama\x07Madini"}, {"holder"}),
    ],
)
def test_every_wrong_field_is_named_at_once(form: dict[str, str], wrong: set[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_details(form)
    assert set(refused.value.fields) == wrong
