"""The table of rails: what is possible where, and which mistakes it refuses."""

import pytest

from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.payments.destination_details import read_details
from marketplace.payments.rail_files import our_account, rail_table
from marketplace.payments.rail_table import TableRefused, read_table
from marketplace.payments.rails import Rail

ROW = """
[[rail]]
country = "KE"
currency = "KES"
rail = "mobile_money"
provider = "mpesa"
per_transaction = 250
per_day = 500
needs = ["phone"]
source = "a paper"
evidence = "S"
on = 2026-09-29
"""
MOBILE = {"rail": "mobile_money", "holder": "Mama Madini", "provider": "mpesa", "phone": "+255 712 345 678"}


def test_the_row_of_the_country_and_currency_counts_before_the_general_one() -> None:
    table = rail_table()
    kenya = table.row_for(country="KE", currency="KES", rail="mobile_money", provider="mpesa")
    assert kenya is not None
    assert (kenya.per_transaction, kenya.per_day) == (Money(25_000_000, "KES"), Money(50_000_000, "KES"))
    cash = table.row_for(country="KE", currency="USD", rail="cash")
    assert cash is not None
    assert cash.per_transaction == Money(1_000_000, "USD")
    assert table.row_for(country="KE", currency="GBP", rail="cash").per_transaction is None  # type: ignore[union-attr]
    assert table.row_for(country="KE", currency="KES", rail="mobile_money", provider="nequi") is None


def test_what_is_only_remembered_is_not_verified() -> None:
    tanzania = rail_table().row_for(country="TZ", currency="TZS", rail="mobile_money", provider="mpesa")
    assert tanzania is not None
    assert not tanzania.is_verified
    assert read_table(ROW).rows[0].is_verified


def test_a_country_knows_its_rails_and_providers() -> None:
    assert rail_table().rails_of("KE") == (Rail.BANK, Rail.MOBILE_MONEY, Rail.CASH)
    assert rail_table().rails_of("DE") == (Rail.BANK, Rail.CASH, Rail.STRIPE)
    assert rail_table().providers_of("KE") == ("airtel_money", "mpesa")
    assert rail_table().country_named("KE").calling_code == "254"  # type: ignore[union-attr]
    assert rail_table().country_named("XX") is None
    assert our_account("operating", "USD") is not None
    assert our_account("operating", "XOF") is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"KES"', '"XXX"', "rail 1: currency"),
        ('"KE"', '"Kenya"', "rail 1: country"),
        ('"mobile_money"', '"pigeon"', "rail 1: rail"),
        ('"mpesa"', '"nobody"', "rail 1: provider"),
        ('["phone"]', "[]", "rail 1: needs"),
        ('["phone"]', '["beard"]', "rail 1: needs"),
        ('"S"', '"T"', "rail 1: evidence"),
        ('"a paper"', '""', "rail 1: source"),
        ("2026-09-29", '"today"', "rail 1: on"),
        ("= 250", "= 501", "more than a day"),
        ("= 250", "= 0", "whole number above zero"),
        ("= 250", "= 2.5", "whole number above zero"),
        ("[[rail]]", "[[rail]", "not a TOML file"),
    ],
)
def test_a_mistake_is_named_with_its_row(old: str, new: str, words: str) -> None:
    with pytest.raises(TableRefused, match=words):
        read_table(ROW.replace(old, new))


def test_no_row_and_no_country_stands_twice() -> None:
    with pytest.raises(TableRefused, match="twice: KE"):
        read_table(ROW + ROW)
    with pytest.raises(TableRefused, match="country 1: mobile"):
        read_table('[[country]]\ncode = "KE"\ncalling_code = "254"\nmobile = "("')


@pytest.mark.parametrize(
    ("number", "is_mobile"),
    [("+255712345678", True), ("+255222345678", False), ("+25571234567", False), ("+49301234567", True)],
)
def test_a_mobile_number_follows_its_country(number: str, is_mobile: bool) -> None:
    assert rail_table().is_mobile_number(number) is is_mobile


@pytest.mark.parametrize(
    ("form", "country", "wrong"),
    [
        ({**MOBILE, "phone": "+255 222 345 678"}, "TZ", {"phone"}),
        ({**MOBILE, "provider": "nequi"}, "TZ", {"provider"}),
        ({"rail": "cash", "holder": "Amina", "id_number": "12"}, "TZ", {"id_number"}),
        ({"rail": "stripe", "holder": "Amina", "stripe_account": "acct_12345678"}, "TZ", {"rail"}),
        ({"rail": "stripe", "holder": "Amina", "stripe_account": "x"}, "DE", {"stripe_account"}),
    ],
)
def test_a_destination_is_checked_by_the_country(form: dict[str, str], country: str, wrong: set[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_details(form, country=country, rail_table=rail_table())
    assert set(refused.value.fields) == wrong


def test_cash_has_a_named_receiver_whose_paper_is_shown_masked() -> None:
    details = read_details({"rail": "cash", "holder": "Amina Juma", "id_number": "1990-0101 1234"}, country="TZ")
    assert (details.holder, details.number, details.masked) == ("Amina Juma", "199001011234", "•••• 1234")
