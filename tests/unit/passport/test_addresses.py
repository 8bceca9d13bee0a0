"""The addresses that passports and exports name."""

from marketplace.custody.record import Party, Place
from marketplace.passport.addresses import (
    goods_of,
    page_of,
    party_of,
    place_of,
    printed,
    status_list_of,
    version_of,
)
from marketplace.passport.epcis import custody_context

BASE = "https://market.example"


def test_a_passport_its_version_and_what_is_printed() -> None:
    assert page_of(BASE, reference="TZ-1") == "https://market.example/l/TZ-1"
    assert version_of(BASE, reference="TZ-1", number=2) == "https://market.example/l/TZ-1/v/2"
    assert printed(BASE, reference="TZ-1a") == "HTTPS://MARKET.EXAMPLE/L/TZ-1A"


def test_a_list_has_131072_passports() -> None:
    assert status_list_of(BASE, index=0) == "https://market.example/status-lists/0"
    assert status_list_of(BASE, index=131_071) == "https://market.example/status-lists/0"
    assert status_list_of(BASE, index=131_072) == "https://market.example/status-lists/1"


def test_goods_places_and_parties() -> None:
    assert goods_of(BASE, reference="TZ-1/2") == "https://market.example/l/TZ-1/2"
    site = Place(country="TZ", region="Geita", site_reference="MS 1/2")
    assert place_of(BASE, site) == "https://market.example/sites/MS%201%2F2"
    assert place_of(BASE, Place(country="TZ", district="A/b")) == "https://market.example/places/TZ/A%2Fb"
    assert party_of(BASE, Party(role="buyer", name="", country="DE")) == "https://market.example/parties/buyer/DE"
    by_reference = Party(role="cooperative", name="U", reference="CO-1", country="TZ")
    assert party_of(BASE, by_reference) == "https://market.example/parties/cooperative/CO-1"


def test_our_own_terms_of_custody_are_addresses_below_their_version() -> None:
    terms = custody_context(BASE)["@context"]

    assert terms["@version"] == 1.1
    assert terms["custody"] == {"@id": "https://market.example/contexts/custody/v1#", "@prefix": True}
    assert terms["custody:sealNumber"]["@id"] == "https://market.example/contexts/custody/v1#sealNumber"
