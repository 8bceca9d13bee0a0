"""Limits as a buyer meets them: on the page before an order, on the account, and in a program's answer."""

import dataclasses
from typing import Any

from flask import Flask

from marketplace.accounts.models import Buyer, User
from marketplace.core.actor import StaffRole
from marketplace.unit_of_work import UnitOfWork
from tests import databases
from tests.builders.compliance import cleared, closed, stone_for
from tests.builders.lots import published_lot
from tests.builders.orders import DELIVERY_FORM, confirmed_order, placed_order
from tests.people import buyer, person
from tests.web.test_orders import KEY, browser

# 6,000 for the cooperative and 5 % on top: 6,300 of the 10,000 of level 2
WANTED = "6,000"


def near_the_limit(uow: UnitOfWork) -> tuple[User, Buyer, str, str]:
    bob, row = buyer(uow, "bob", level=2)
    placed_order(uow, bob=bob, steps=stone_for(WANTED))
    lot, version, _amina = published_lot(uow, steps=stone_for(WANTED), number=2)
    return bob, row, lot.reference, version.sha256


def test_the_page_before_an_order_says_what_is_used_and_what_to_do(app: Flask, uow: UnitOfWork) -> None:
    bob, _row, reference, _sha256 = near_the_limit(uow)

    page = browser(app, uow, bob).get(f"/lots/{reference}/buy").text

    assert "You may buy for US$10,000.00 in 12 months. You used US$6,300.00, and US$3,700.00 is left." in page
    assert "This order costs US$6,300.00." in page
    assert 'href="/account/limit"' in page
    assert "Where to deliver" not in page, "nothing is typed for nothing"


def test_a_program_reads_the_code_and_the_figures(app: Flask, uow: UnitOfWork) -> None:
    bob, _row, reference, sha256 = near_the_limit(uow)
    client = browser(app, uow, bob)

    answer = client.post(
        f"/lots/{reference}/buy",
        data={**KEY, **DELIVERY_FORM, "version": sha256},
        headers={"Accept": "application/json"},
    )

    assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
    told: dict[str, Any] = answer.get_json()
    assert {name: told[name] for name in ("code", "currency")} == {"code": "limit_reached", "currency": "USD"}
    minor = {name: told[f"{name}_minor"] for name in ("limit", "used", "left", "wanted")}
    assert minor == {"limit": 1_000_000, "used": 630_000, "left": 370_000, "wanted": 630_000}


def test_the_account_shows_the_limit_and_takes_the_request_once(app: Flask, uow: UnitOfWork) -> None:
    bob, row, _reference, _sha256 = near_the_limit(uow)
    row.level = 3
    uow.record("buyer.set_level", row)
    client = browser(app, uow, bob)
    page = client.get("/account/limit").text
    for words in ("US$50,000.00", "US$6,300.00", "US$43,700.00", "31 CFR 1027.100"):
        assert words in page

    assert client.post("/account/limit", data=KEY).status_code == 303

    page = client.get("/account/limit").text
    assert "You asked Pact on 29 Sept 2026 for a higher limit" in page or "You asked Pact on 29 Sep 2026" in page
    assert "Ask for a higher limit" not in page


def test_a_cleared_buyer_reads_until_when_and_buys(app: Flask, uow: UnitOfWork) -> None:
    bob, row, reference, sha256 = near_the_limit(uow)
    cleared(uow, row.id, up_to="20000")
    client = browser(app, uow, bob)
    assert "Pact cleared a higher limit for you until" in client.get("/account/limit").text

    answer = client.post(f"/lots/{reference}/buy", data={**KEY, **DELIVERY_FORM, "version": sha256})

    assert answer.status_code == 303, answer.text


def test_a_buyer_nobody_checked_reads_how_to_be_checked(app: Flask, uow: UnitOfWork) -> None:
    dora, _row = buyer(uow, "dora", level=1)

    page = browser(app, uow, dora).get("/account/limit").text

    assert "Ask Pact to check my company" in page
    assert "Used" not in page


def test_force_majeure_is_told_before_buying_and_on_the_order(app: Flask, uow: UnitOfWork) -> None:
    sale = confirmed_order(uow)
    lot, _version, _amina = published_lot(uow, number=2)
    closed(uow, starts_at=uow.now, ends_at=uow.now.replace(day=30, hour=12))

    for user, path in (
        (sale.bob, f"/lots/{lot.reference}/buy"),
        (sale.bob, f"/orders/{sale.order.reference}"),
        (sale.amina, f"/cooperative/orders/{sale.order.reference}"),
    ):
        page = browser(app, uow, user).get(path).text
        assert "Force majeure: Tanzania" in page, path
        assert "The river took the only road." in page


def test_an_account_in_thailand_cannot_hold_a_payment_for_long_enough(tmp_path: Any) -> None:
    found = databases.settings("postgresql://localhost/none", data_dir=tmp_path, PROVIDER_COUNTRY="TH")

    assert found.limits_file.of_hold(found.provider_country).days == 10


def test_where_no_payment_can_be_held_for_long_enough_everybody_reads_it_before_a_form(
    app: Flask, uow: UnitOfWork
) -> None:
    bob, _row = buyer(uow, "bob", level=3)
    lot, _version, amina = published_lot(uow)
    kept = app.extensions["settings"]
    app.extensions["settings"] = dataclasses.replace(kept, provider_country="TH")
    try:
        shown = {
            path: browser(app, uow, user).get(path).text
            for user, path in (
                (bob, f"/lots/{lot.reference}"),
                (amina, "/cooperative/"),
                (bob, f"/lots/{lot.reference}/buy"),
                (bob, f"/lots/{lot.reference}/offer"),
                (bob, f"/lots/{lot.reference}/hold"),
                (person(uow, "mary", StaffRole.MODERATOR), "/staff/holds"),
            )
        }
    finally:
        app.extensions["settings"] = kept

    lot_page, home, buy, offer, hold, staff = shown.values()
    assert "Nobody can buy here now" in lot_page
    assert "Buy this lot" not in lot_page
    assert "Nobody can buy here now" in home
    for page, button in ((buy, "Order and pay"), (offer, "Send the offer"), (hold, "Keep it for me")):
        # 10 days leave 8 for a decision; 7 to confirm, 10 to ship, 20 on the road and 7 to inspect are 44.
        assert "An order takes up to 44 days." in page
        assert button not in page
    assert "An order takes up to 44 days, so nobody can buy." in staff
