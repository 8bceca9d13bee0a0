"""A secretary lists a lot on her phone."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.compliance.models import Cooperative
from marketplace.core.actor import StaffRole
from marketplace.lots.queries import photos_of
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import STONE, draft_lot, photo, published_lot, seller
from tests.people import buyer, person, signed_in

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
    reference = site.reference
    name = uow.session.get_one(Cooperative, site.cooperative_id).reference
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


def test_a_wrong_weight_is_kept_and_shown_with_its_error(app: Flask, uow: UnitOfWork) -> None:
    client, lot, _site = start(app, uow)

    assert send(client, f"{lot}/weight", weight="1.2.3", weight_unit="ct") == (303, f"{lot}/weight")

    page = client.get(f"{lot}/weight").text
    assert 'value="1.2.3"' in page
    assert "Use one comma or point only" in page
    assert "<title>Error:" in page


def test_an_unfinished_step_can_be_left_for_later(app: Flask, uow: UnitOfWork) -> None:
    client, lot, _site = start(app, uow)

    assert send(client, f"{lot}/origin", group="Market day", later="1") == (303, lot)
    assert 'value="Market day"' in client.get(f"{lot}/origin").text
    assert "Incomplete" in client.get(lot).text


def test_a_second_window_shows_both_answers_and_loses_none(app: Flask, uow: UnitOfWork) -> None:
    client, lot, _site = start(app, uow)
    old = fields_of(client.get(f"{lot}/origin").text)["revision"]
    send(client, f"{lot}/origin", group="Morning", revision=old)

    answer = client.post(f"{lot}/origin", data={"group": "Evening", "revision": old})

    assert answer.status_code == 409
    assert "Morning" in answer.text
    assert 'value="Evening"' in answer.text
    again = send(client, f"{lot}/origin", group="Evening", revision=fields_of(answer.text)["revision"])
    assert again[0] == 303
    assert 'value="Evening"' in client.get(f"{lot}/origin").text


def test_a_change_from_the_last_page_leads_back_to_it(app: Flask, uow: UnitOfWork) -> None:
    client, lot, _site = start(app, uow)
    send(client, f"{lot}/kind", form="rough")
    page = client.get(f"{lot}/weight?back=check").text

    assert fields_of(page)["back"] == "check"
    assert send(client, f"{lot}/weight", back="check", **STONE["weight"]) == (303, f"{lot}/check")


def test_another_cooperatives_lot_is_not_there(app: Flask, uow: UnitOfWork) -> None:
    lot = draft_lot(uow, seller=seller(uow))
    address = f"/cooperative/lots/{lot.reference}"
    photo_address = f"/photos/{photos_of(uow.session, lot.id)['front'].sha256}/320.webp"
    _site, bertha = seller(uow, "KE")
    client = signed_in(app, uow, bertha)

    for path in ("", "/kind", "/weight", "/photos", "/check", "/guidance"):
        assert client.get(address + path).status_code == 404, path
    for path in ("/kind", "/photos", "/photos/front", "/photos/front/removal", "/check", "/withdrawal"):
        assert send(client, address + path)[0] == 404, path
    assert client.get(photo_address).status_code == 404


@pytest.mark.parametrize("path", ["/kind", "/check", ""])
def test_a_buyer_has_no_business_here(app: Flask, uow: UnitOfWork, path: str) -> None:
    lot = draft_lot(uow, seller=seller(uow))
    address = f"/cooperative/lots/{lot.reference}"
    bob, _company = buyer(uow, "bob")

    assert signed_in(app, uow, bob).get(address + path).status_code == 403


def test_a_photo_is_for_its_owners_and_staff_until_the_lot_is_on_sale(app: Flask, uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    lot = draft_lot(uow, seller=(site, amina), number=1)
    hidden = f"/photos/{photos_of(uow.session, lot.id)['front'].sha256}/800.webp"
    on_sale, _version, _amina = published_lot(uow, of=(site, amina), number=2)
    shown = f"/photos/{photos_of(uow.session, on_sale.id)['front'].sha256}/800.webp"
    mary = person(uow, "mary", StaffRole.MODERATOR)
    of_mary, of_amina = signed_in(app, uow, mary), signed_in(app, uow, amina)
    of_nobody = app.test_client()

    assert [each.get(hidden).status_code for each in (of_nobody, of_amina, of_mary)] == [404, 200, 200]
    public = of_nobody.get(shown)
    assert (public.status_code, public.content_type) == (200, "image/webp")
    assert "immutable" in public.headers["Cache-Control"]
    assert "private" in of_amina.get(hidden).headers["Cache-Control"]
    assert of_nobody.get(shown.replace("800", "801")).status_code == 404
    assert of_nobody.get("/photos/..%2f..%2fetc/800.webp").status_code == 404


def test_photos_sent_together_are_each_kept_or_named(app: Flask, uow: UnitOfWork) -> None:
    client, lot, _site = start(app, uow)
    files = {"front": (io.BytesIO(photo()), "front.jpg"), "side": (io.BytesIO(b"no photo"), "side.jpg")}

    sent = client.post(f"{lot}/photos", data={"idempotency_key": KEY, **files})

    assert sent.status_code == 303
    page = client.get(f"{lot}/photos").text
    assert "1 of 3 photos saved." in page
    assert "This is not a photo we can read" in page


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "empty"), (b"<html>", "not a photo"), (b"\xff\xd8\xff\xe0", "broken")]
)
def test_one_photo_that_is_none_is_refused_and_the_draft_stays(
    app: Flask, uow: UnitOfWork, content: bytes, words: str
) -> None:
    client, lot, _site = start(app, uow)
    send(client, f"{lot}/kind", form="rough")

    sent = client.post(f"{lot}/photos/front", data={"idempotency_key": KEY, "front": (io.BytesIO(content), "a.jpg")})

    assert sent.status_code == 422
    assert words in sent.text
    assert "Incomplete" not in client.get(lot).text


def test_a_photo_sent_twice_on_a_weak_network_is_kept_once(app: Flask, uow: UnitOfWork) -> None:
    client, lot, _site = start(app, uow)
    answers = [
        client.post(f"{lot}/photos/front", data={"idempotency_key": KEY, "front": (io.BytesIO(photo()), "a.jpg")})
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert client.post(f"{lot}/photos/front/removal", data={"idempotency_key": KEY}).status_code == 303
    assert "0 of 3 photos saved." in client.get(f"{lot}/photos").text


def test_the_guide_follows_what_is_typed_and_keeps_nothing(app: Flask, uow: UnitOfWork) -> None:
    client, lot, _site = start(app, uow)
    send(client, f"{lot}/kind", form="rough")

    piece = client.get(f"{lot}/guidance?part=price&weight=3,42&weight_unit=ct&wanted=930&wanted_currency=USD").text

    assert "3.42 carats, that is 0.684 g" in piece
    assert "You receive US$930.00 after the sale." in piece
    assert "<html" not in piece
    assert 'value="3,42"' not in client.get(f"{lot}/weight").text
    assert client.get(f"{lot}/guidance?weight=%00&wanted=1e9&form=x").status_code == 200


def test_an_incomplete_lot_is_not_sent_and_every_gap_is_linked(app: Flask, uow: UnitOfWork) -> None:
    client, lot, _site = start(app, uow)

    answer = client.post(f"{lot}/check", data={"idempotency_key": KEY, "declared": "yes"})

    assert answer.status_code == 422
    for step in ("kind", "weight", "photos", "quality", "origin", "price"):
        assert f'href="{lot}/{step}?back=check#f-' in answer.text


def test_nothing_is_sent_without_the_declaration(app: Flask, uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    lot = f"/cooperative/lots/{draft_lot(uow, seller=(site, amina)).reference}"
    client = signed_in(app, uow, amina)

    assert send(client, f"{lot}/check")[0] == 422
    assert "Draft" in client.get(lot).text
    assert [send(client, f"{lot}/check", declared="yes") for _ in range(2)] == [(303, lot), (303, lot)]


def test_a_lot_taken_back_lies_on_its_own_shelf(app: Flask, uow: UnitOfWork) -> None:
    client, lot, _site = start(app, uow)

    assert send(client, f"{lot}/withdrawal") == (303, "/cooperative/")
    assert lot.rsplit("/", 1)[1] not in client.get("/cooperative/").text
    assert lot.rsplit("/", 1)[1] in client.get("/cooperative/?shelf=closed").text
    assert send(client, f"{lot}/kind", form="cut")[0] == 409


@pytest.mark.parametrize("query", ["?after=x", "?after=2026-01-01_1", "?shelf=nowhere", "?after=2026-01-01T00:00:00_x"])
def test_a_mangled_address_of_the_list_starts_from_the_top(app: Flask, uow: UnitOfWork, query: str) -> None:
    client, _lot, _site = start(app, uow)

    assert client.get(f"/cooperative/{query}").status_code == 200
