"""What charges depend on besides the sale is asked where it matters, kept, used and frozen."""

from html import unescape

from flask import Flask
from sqlalchemy import select

from marketplace.lots.models import Lot, LotVersion
from marketplace.moderation import services as moderation
from marketplace.pricing.services import import_rates, import_rules
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import GOLD, STONE, draft_lot, seller
from tests.people import actor
from tests.web.test_listing_a_lot import send
from tests.web.test_orders import browser

DIAMOND = {**STONE, "quality": {**STONE["quality"], "variety": "diamond", "treatment": "N"}}


def drafted(uow: UnitOfWork, country: str, steps: object) -> tuple[Lot, object]:
    import_rates(uow)
    import_rules(uow)
    of = seller(uow, country)
    return draft_lot(uow, seller=of, steps=steps), of[1]  # type: ignore[arg-type]


def test_a_rough_diamond_of_sierra_leone_is_charged_on_its_highest_valuation(app: Flask, uow: UnitOfWork) -> None:
    lot, amina = drafted(uow, "SL", DIAMOND)
    client = browser(app, uow, amina)  # type: ignore[arg-type]
    address = f"/cooperative/lots/{lot.reference}/price"
    page = client.get(address).text
    assert 'name="government_valuation"' in page
    assert 'name="exported"' not in page
    assert "until the Government and an independent valuer have valued it" in unescape(page)

    typed = {**DIAMOND["price"], "government_valuation": "12,000", "independent_valuation": "11,500.50"}
    assert send(client, address, **typed)[0] == 303
    page = unescape(client.get(address).text)
    assert "3 % of the highest valuation, US$12,000.00." in page
    assert 'value="12,000"' in page
    assert "Valued by the independent valuer" in client.get(f"/cooperative/lots/{lot.reference}/check").text

    assert send(client, address, **{**typed, "government_valuation": "a lot"})[0] == 303
    page = client.get(address).text
    assert 'value="a lot"' in page
    assert 'href="#f-government_valuation"' in page


def test_gold_of_mali_is_charged_within_the_first_kilograms_of_a_month(app: Flask, uow: UnitOfWork) -> None:
    lot, amina = drafted(uow, "ML", GOLD)
    client = browser(app, uow, amina)  # type: ignore[arg-type]
    address = f"/cooperative/lots/{lot.reference}/price"
    page = client.get(address).text
    assert 'name="exported"' in page
    assert 'name="government_valuation"' not in page

    typed = {**GOLD["price"], "exported": "50", "exported_unit": "kg"}
    assert send(client, address, **typed)[0] == 303
    assert "3 % of US$0.00, the part within the first kilograms" in unescape(client.get(address).text)
    assert send(client, address, **{**typed, "exported": "0"})[0] == 303
    assert "3 % of US$0.00" not in unescape(client.get(address).text)
    for wrong in ({"exported": "much"}, {"exported": "1", "exported_unit": "lb"}):
        send(client, address, **{**typed, **wrong})
        assert 'href="#f-exported' in client.get(address).text


def test_other_countries_are_asked_neither(app: Flask, uow: UnitOfWork) -> None:
    lot, amina = drafted(uow, "TZ", GOLD)
    page = browser(app, uow, amina).get(f"/cooperative/lots/{lot.reference}/price").text  # type: ignore[arg-type]

    assert 'name="exported"' not in page
    assert 'name="government_valuation"' not in page


def test_what_was_exported_is_frozen_with_the_version_and_its_base_beside_each_charge(uow: UnitOfWork) -> None:
    steps = {**GOLD, "price": {**GOLD["price"], "exported": "49.9", "exported_unit": "kg", "reason": "Tested."}}
    lot, amina = drafted(uow, "ML", steps)
    moderation.submit_lot(uow.acting_as(actor(uow.session, amina)), lot=lot)  # type: ignore[arg-type]
    price = uow.session.scalars(select(LotVersion)).one().content["price"]

    assert price["exported_mg"] == 49_900_000
    assert price["valuations_minor"] == {"government": None, "independent": None}
    tax = next(line for line in price["lines"] if line["code"] == "export_tax")
    weight_mg = uow.session.scalars(select(LotVersion)).one().content["weight_mg"]
    assert tax["basis"] == "first_mass"
    # 100 g of the 50 kg are left
    assert tax["base_minor"] == round(price["gross_minor"] * min(100_000, weight_mg) / weight_mg)
