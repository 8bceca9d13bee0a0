"""Every example of the description is what the program answers, but for names drawn by lot."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from marketplace.api.v1 import examples
from marketplace.pricing.services import import_reference_data
from marketplace.unit_of_work import UnitOfWork
from tests.api.conftest import Program
from tests.builders.checks import checked
from tests.builders.lots import GOLD, draft_lot, photo, published_lot, seller
from tests.builders.moderation import decided, moderator, waiting_lot
from tests.builders.offers import market
from tests.builders.orders import shipped_order

# References, UUIDs and digests are new in every run.
DRAWN = re.compile(
    r"\b[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}\b|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}"
)


def plain(document: Any) -> Any:
    return json.loads(DRAWN.sub("…", json.dumps(document)))


def assert_is(answer: TestResponse, example: Any, *, status: int = 200) -> None:
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert plain(answer.get_json()) == plain(example)


@pytest.fixture
def prices(uow: UnitOfWork) -> UnitOfWork:
    import_reference_data(uow)
    uow.commit()
    return uow


def test_prices_rates_and_guidance(prices: UnitOfWork, anybody: Program) -> None:
    assert_is(anybody.get("/reference-prices"), examples.REFERENCE_PRICES)
    assert_is(anybody.get("/rates"), examples.SERIES_LIST)
    assert_is(anybody.get("/rates/XAU-USD"), examples.RATE)
    history = anybody.get("/rates/XAU-USD/history?from=2026-09-27&to=2026-09-29")
    assert_is(history, examples.RATE_HISTORY)
    assert_is(anybody.send("POST", "/guidance", json=examples.GUIDANCE_QUESTION), examples.GUIDANCE)


def test_a_lot(prices: UnitOfWork, anybody: Program) -> None:
    lot, version, _amina = published_lot(prices, steps=GOLD)
    checked(prices, version, words="Colour and clarity are as described. The weight on the scale fits.")
    prices.commit()

    assert_is(anybody.get("/lots"), examples.LOT_PAGE)
    assert_is(anybody.get(f"/lots/{lot.reference}"), examples.LOT)
    assert_is(anybody.get(f"/lots/{lot.reference}/guidance"), examples.STORED_GUIDANCE)


def test_a_journey(prices: UnitOfWork, anybody: Program) -> None:
    case, lot, _amina = waiting_lot(prices)
    decided(prices, case, moderator(prices))
    prices.commit()

    assert_is(anybody.get(f"/lots/{lot.reference}/journey"), examples.JOURNEY)
    assert anybody.get("/lots/TZ-0000-0000/journey").status_code == 404


def test_a_draft(prices: UnitOfWork, program: Any) -> None:
    _site, amina = seller(prices)
    hers = program(amina)
    assert_is(hers.get("/me"), examples.ME)
    made = hers.make("/drafts", examples.NEW_DRAFT)
    assert made.status_code == 201
    path = f"/drafts/{made.get_json()['reference']}"

    changed = hers.send("PATCH", path, json=examples.DRAFT_CHANGE, headers={"If-Match": made.headers["ETag"]})
    assert_is(changed, examples.DRAFT)
    assert_is(hers.get("/drafts"), examples.DRAFT_PAGE)
    put = hers.send("PUT", f"{path}/photos/front", data=photo(1), content_type="image/jpeg")
    assert_is(put, examples.DRAFT_PHOTO)
    assert hers.send("DELETE", f"{path}/photos/front").status_code == 204


def test_a_submission(app: Flask, prices: UnitOfWork, program: Any) -> None:
    site, amina = seller(prices)
    lot = draft_lot(prices, seller=(site, amina))
    hers = program(amina)
    version = {"If-Match": hers.get(f"/drafts/{lot.reference}").headers["ETag"]}

    answer = hers.make(f"/drafts/{lot.reference}/submission", examples.DECLARATION, **version)
    assert_is(answer, examples.SUBMISSION, status=201)


def test_offers(prices: UnitOfWork, program: Any) -> None:
    bazaar = market(prices)
    bazaar.as_buyer()
    his, hers = program(bazaar.buyers["bob"]), program(bazaar.amina)
    wanted = {**examples.NEW_OFFER, "lot": bazaar.lot.reference, "version_sha256": bazaar.version.sha256}

    made = his.make("/offers", wanted)
    assert_is(made, examples.NEGOTIATION, status=201)
    path = made.headers["Location"].removeprefix("/api/v1")
    assert_is(his.get(path), examples.NEGOTIATION)
    assert_is(his.get("/offers"), examples.NEGOTIATION_PAGE)
    assert_is(his.make(f"{path}/withdrawal", {}), examples.WITHDRAWN_NEGOTIATION)
    assert his.make("/offers", {**wanted, "amount_minor": 90_000}).status_code == 201
    assert_is(hers.make(f"{path}/counter", examples.COUNTER_OFFER), examples.COUNTERED_NEGOTIATION)
    assert_is(his.make(f"{path}/acceptance", {}), examples.ACCEPTED_NEGOTIATION)


def test_an_offer_that_is_declined(prices: UnitOfWork, program: Any) -> None:
    bazaar = market(prices)
    talk = bazaar.offer(900)
    hers = program(bazaar.amina)

    assert_is(hers.make(f"/offers/{talk.reference}/refusal", {}), examples.DECLINED_NEGOTIATION)


def test_an_order(prices: UnitOfWork, program: Any) -> None:
    sale = shipped_order(prices, level=3)
    his = program(sale.bob)

    assert_is(his.get("/orders"), examples.ORDER_PAGE)
    assert_is(his.get(f"/orders/{sale.order.reference}"), examples.ORDER)
