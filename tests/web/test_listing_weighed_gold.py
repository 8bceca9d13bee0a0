"""A secretary weighs her gold in water, and everybody sees how far that goes."""

from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from marketplace.core.actor import StaffRole
from marketplace.lots.models import LotVersion
from marketplace.lots.queries import lot_by_id
from marketplace.moderation import services as moderation
from marketplace.pricing import services as pricing
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import GOLD, draft_lot, published_lot, seller
from tests.people import actor, person, signed_in

WEIGHTS = {"weight_in_air": "250,00", "weight_in_water": "236.20", "balance_step": "0.01", "water_celsius": "25"}
QUALITY = {**GOLD["quality"], "fineness": "920", "fineness_method": "water_test", "report_number": "", **WEIGHTS}
WEIGHED = {**GOLD, "quality": QUALITY}


def read(client: FlaskClient, address: str) -> str:
    """Open a page."""
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.text)


def test_the_step_asks_for_the_weights_and_the_guide_follows_them(app: Flask, uow: UnitOfWork) -> None:
    pricing.import_rates(uow)
    site, amina = seller(uow)
    lot = draft_lot(uow, seller=(site, amina), steps={**GOLD, "quality": {**GOLD["quality"]}})
    address = f"/cooperative/lots/{lot.reference}"
    client = signed_in(app, uow, amina)

    page = read(client, f"{address}/quality")
    assert "The weights in water (optional)" in page
    assert 'href="/gold/water-test"' in page
    assert 'name="weight_in_air"' in page

    typed = "&".join(f"{name}={value}" for name, value in {**QUALITY, "fineness": ""}.items())
    guide = read(client, f"{address}/guidance?part=guide&{typed}")
    assert "By the weights in water: 916 to 941 ‰, most likely 930 ‰." in guide
    # 250 g × 0.916 × 132.7536622793 × 0.95 = 28,880.56 to 250 g × 0.941 × 132.7536622793 = 31,230.30
    assert "US$28,880.56 to US$31,230.30" in guide
    light = read(client, f"{address}/guidance?{typed}".replace("250,00", "4.9").replace("236.20", "4.62"))
    assert "The piece is too light for this balance." in light


def test_a_fineness_the_weights_do_not_allow_is_refused_and_everything_kept(app: Flask, uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    lot = draft_lot(uow, seller=(site, amina), steps=GOLD)
    address = f"/cooperative/lots/{lot.reference}/quality"
    client = signed_in(app, uow, amina)

    assert client.post(address, data={**QUALITY, "fineness": "980"}).headers["Location"] == address

    page = read(client, address)
    assert "By the weights in water it is 916 to 941 ‰. Check the fineness, or weigh again." in page
    for value in ("980", "250,00", "236.20"):
        assert f'value="{value}"' in page
    assert client.post(address, data={**QUALITY, "fineness": ""}).headers["Location"].endswith("/origin")


def test_the_weights_are_on_the_check_page_for_the_moderator_and_for_buyers(app: Flask, uow: UnitOfWork) -> None:
    pricing.import_rates(uow)
    site, amina = seller(uow)
    waiting = draft_lot(uow, seller=(site, amina), steps=WEIGHED, number=1)
    check = f"/cooperative/lots/{waiting.reference}/check"
    on_sale, version, _ = published_lot(uow, of=(site, amina), steps=WEIGHED, number=2)
    case = moderation.submit_lot(uow.acting_as(actor(uow.session, amina)), lot=lot_by_id(uow.session, waiting.id))
    case_id, public = case.id, f"/lots/{on_sale.reference}"
    assert version.content["water_test"]["low_permille"] == 916
    mary = person(uow, "mary", StaffRole.MODERATOR)
    of_amina, of_mary = signed_in(app, uow, amina), signed_in(app, uow, mary)

    page = read(of_amina, check)
    assert "916 to 941 ‰" in page
    assert "250 g in air, 236.2 g in water of 25 °C, on a balance with steps of 0.01 g" in page
    assert "250.00 g → 236.20 g (0.01 g), 25 °C: 916–941 ‰" in read(of_mary, f"/staff/moderation/{case_id}")
    shown = read(app.test_client(), public)
    assert "measured by the cooperative: weighed in water, 916 to 941 ‰" in shown


def test_an_older_version_without_the_weights_still_shows(app: Flask, uow: UnitOfWork) -> None:
    plain = {**GOLD, "quality": {**QUALITY, **dict.fromkeys(WEIGHTS, "")}}
    lot, version, _ = published_lot(uow, steps=plain)
    reference = lot.reference
    assert "water_test" not in uow.session.get_one(LotVersion, version.id).content
    uow.commit()

    page = read(app.test_client(), f"/lots/{reference}")
    assert "measured by the cooperative" in page
    assert "weighed in water," not in page
