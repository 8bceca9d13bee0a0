"""How the pieces of a parcel belong together is asked for stones of more than one piece, and for nothing else."""

from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from marketplace.pricing import services as pricing
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import STONE, draft_lot, seller
from tests.people import signed_in

QUESTION = "How do the pieces belong together?"


def weight_step(app: Flask, uow: UnitOfWork, **typed: str) -> tuple[FlaskClient, str]:
    """Return a secretary's browser and the address of the weight step of her stone, saved as typed."""
    pricing.import_reference_data(uow)
    site, amina = seller(uow)
    lot = draft_lot(uow, seller=(site, amina), steps={"kind": STONE["kind"], "quality": STONE["quality"]}, photos=0)
    address = f"/cooperative/lots/{lot.reference}/weight"
    hers = signed_in(app, uow, amina)
    send(hers, address, **typed)
    return hers, address


def send(hers: FlaskClient, address: str, **typed: str) -> str:
    page = hers.get(address).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "weight": "34.2", "weight_unit": "ct", **typed}
    return hers.post(address, data=form).headers["Location"]


def test_a_single_stone_is_not_asked(app: Flask, uow: UnitOfWork) -> None:
    hers, address = weight_step(app, uow, pieces="1")

    assert QUESTION not in hers.get(address).text
    assert send(hers, address, pieces="1").endswith("/photos")


def test_several_stones_are_asked_with_one_line_about_each_answer(app: Flask, uow: UnitOfWork) -> None:
    hers, address = weight_step(app, uow, pieces="10")
    page = unescape(hers.get(address).text)

    assert QUESTION in page
    assert "There is more than one piece. Say how the pieces belong together." in page
    assert "Pieces alike in kind, colour, size and quality." in page
    assert 'value="34.2"' in page
    assert 'href="/stones/sorting"' in page
    assert "save, and say how they belong together. Then there is a guide." in page

    assert send(hers, address, pieces="10", parcel="run_of_mine").endswith("/photos")
    again = unescape(hers.get(address).text)
    assert 'value="run_of_mine" checked' in again
    assert "The price book is for sorted stones, and fewer than 5 like unsorted parcels were sold here." in again
    check = unescape(hers.get(address.replace("/weight", "/check")).text)
    assert "Not sorted, as it came from the mine" in check
