"""A secretary lists a lot on her phone."""

import io
import re

from flask import Flask
from flask.testing import FlaskClient

from marketplace.lots.models import Lot
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import STONE, draft_lot, photo, seller
from tests.people import signed_in

KEY = "a-key-of-this-form"


def fields_of(page: str) -> dict[str, str]:
    """Return the hidden fields of the last form on a page."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def send(client: FlaskClient, address: str, **typed: str) -> tuple[int, str]:
    """Post a form as the browser does; return status and where it leads."""
    answer = client.post(address, data={"idempotency_key": KEY, **typed})
    return answer.status_code, answer.headers.get("Location", "")


def start(app: Flask, uow: UnitOfWork) -> tuple[FlaskClient, str, str]:
    """Sign a secretary in and start a draft; return her browser, the lot's address and her site."""
    site, amina = seller(uow)
    reference, cooperative = site.reference, uow.session.get_one(type(site), site.id).cooperative_id
    from marketplace.compliance.models import Cooperative

    name = uow.session.get_one(Cooperative, cooperative).reference
    client = signed_in(app, uow, amina)
    status, where = send(client, "/cooperative/lots", cooperative=name)
    assert status == 303
    return client, where.removesuffix("/kind"), reference


def test_a_lot_goes_from_nothing_to_pact_in_seven_steps(app: Flask, uow: UnitOfWork) -> None:
    client, lot, site = start(app, uow)
    steps = {**STONE, "origin": {**STONE["origin"], "site": site, "tag_number": "tz-104 882"}}
    for step, following in (
        ("kind", "weight"), ("weight", "photos"), ("quality", "origin"), ("origin", "price"), ("price", "check"),
    ):  # fmt: skip
        page = client.get(f"{lot}/{step}")
        assert page.status_code == 200, step
        hidden = fields_of(page.text)
        assert send(client, f"{lot}/{step}", revision=hidden["revision"], **steps[step]) == (303, f"{lot}/{following}")
    files = {slot: (io.BytesIO(photo(number)), f"{slot}.jpg") for number, slot in enumerate(("front", "side", "scale"))}
    sent = client.post(f"{lot}/photos", data={"idempotency_key": KEY, **files})
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{lot}/quality")

    check = client.get(f"{lot}/check").text
    assert "3.42 carats, that is 0.684 g" in check
    assert "You receive US$930.00 after the sale." in check
    assert send(client, f"{lot}/check", declared="yes") == (303, lot)

    tasks = client.get(lot).text
    assert "Being checked" in tasks
