"""The ways from page to page that people look for."""

from flask import Flask
from flask.testing import FlaskClient

from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import approved_cooperative
from tests.people import buyer, signed_in


def test_somebody_without_a_cooperative_is_led_to_enter_one(app: Flask, uow: UnitOfWork) -> None:
    bobs = signed_in(app, uow, buyer(uow, "bob")[0])

    assert "Sign in to sell" in app.test_client().get("/sell").text
    for page in ("/sell", "/account"):
        assert 'href="/sell/cooperatives"' in bobs.get(page).text
    assert bobs.get("/sell/cooperatives").status_code == 200


def test_a_secretary_finds_the_officers_of_her_cooperative(app: Flask, uow: UnitOfWork) -> None:
    cooperative, _site, amina = approved_cooperative(uow)
    people = f"/sell/cooperatives/{cooperative.reference}/people"
    aminas = signed_in(app, uow, amina)

    for page in ("/cooperative/", people.removesuffix("/people")):
        assert f'href="{people}"' in aminas.get(page).text
    assert aminas.get(people).status_code == 200


def test_every_page_leads_to_prices_and_to_the_description_for_programs(client: FlaskClient) -> None:
    foot = client.get("/help").text.split("<footer", 1)[1]

    for place in ("/prices", "/api/v1/"):
        assert f'href="{place}"' in foot
        assert client.get(place).status_code == 200
