"""Compliance at work: limits cleared by two people, regions closed, long holds seen."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.compliance.models import BuyerMark, ForceMajeure, LimitClearance
from marketplace.core.actor import StaffRole
from marketplace.unit_of_work import UnitOfWork
from tests.builders.compliance import stone_for
from tests.builders.orders import funded_order, placed_order
from tests.people import buyer, person
from tests.web.test_orders import browser

TERMS = {"up_to": "20,000", "expires_on": "2026-12-31", "reason": "The register and the bank letter were read."}
CLOSURE = {
    "country": "TZ",
    "region": "Mahenge",
    "starts_on": "2026-09-28",
    "ends_on": "2026-10-03",
    "reason": "The river took the only road.",
}


def sent(client: FlaskClient, path: str, place: int, **form: str) -> Any:
    return client.post(path, data={"idempotency_key": f"form-number-{place}", **form})


def moderators(app: Flask, uow: UnitOfWork) -> list[FlaskClient]:
    return [browser(app, uow, person(uow, name, StaffRole.MODERATOR)) for name in ("mary", "peter")]


def a_buyer_near_the_limit(uow: UnitOfWork) -> UUID:
    bob, row = buyer(uow, "bob", level=2)
    placed_order(uow, bob=bob, steps=stone_for("8,000"))  # 8,400 of 10,000
    return row.id


def test_a_higher_limit_goes_from_the_list_to_the_second_person(app: Flask, uow: UnitOfWork) -> None:
    where = f"/staff/limits/{a_buyer_near_the_limit(uow)}"
    mary, peter = moderators(app, uow)
    listed = mary.get("/staff/limits").text
    assert "bob Jewels" in listed
    assert "US$8,400.00" in listed
    assert "Near the limit" in listed

    assert sent(mary, f"{where}/clearances", 1, **TERMS).status_code == 303
    row = uow.session.scalars(select(LimitClearance)).one()
    assert "You proposed this. Somebody else must confirm it." in mary.get(where).text
    assert sent(mary, f"{where}/clearances/{row.id}/confirmation", 2).status_code == 403
    assert "Confirm this limit" in peter.get(where).text
    assert sent(peter, f"{where}/clearances/{row.id}/confirmation", 3).status_code == 303

    page = peter.get(where).text
    assert "US$20,000.00" in page
    assert "US$11,600.00" in page, "20,000 less 8,400"
    assert "Confirmed by peter" in page
    assert sent(peter, f"{where}/clearances/{row.id}/confirmation", 4).status_code == 409
    assert sent(mary, f"{where}/clearances/{row.id}/end", 5, end_reason="short").status_code == 422
    reason = "The bank letter turned out to be false."
    assert sent(mary, f"{where}/clearances/{row.id}/end", 6, end_reason=reason).status_code == 303
    assert "US$1,600.00" in mary.get(where).text


def test_a_refused_proposal_keeps_what_was_typed(app: Flask, uow: UnitOfWork) -> None:
    where = f"/staff/limits/{a_buyer_near_the_limit(uow)}"
    mary, _peter = moderators(app, uow)

    answer = sent(
        mary, f"{where}/clearances", 1, up_to="much", expires_on="2026-09-28", reason="I trust him a lot indeed."
    )

    assert answer.status_code == 422
    assert "Enter the amount with digits only" in answer.text
    assert "Choose a day from today on" in answer.text
    assert "I trust him a lot indeed." in answer.text
    assert uow.session.scalars(select(LimitClearance)).all() == []


def test_auditors_read_and_change_nothing(app: Flask, uow: UnitOfWork) -> None:
    where = f"/staff/limits/{a_buyer_near_the_limit(uow)}"
    otto = browser(app, uow, person(uow, "otto", StaffRole.AUDITOR))

    for path in ("/staff/limits", where, "/staff/closures", "/staff/holds"):
        page = otto.get(path)
        assert page.status_code == 200
        assert 'method="post"' not in page.text.replace('action="/account/sign-out"', "").split("<main", 1)[1]
    assert sent(otto, f"{where}/clearances", 1, **TERMS).status_code == 403
    assert sent(otto, "/staff/closures", 2, **CLOSURE).status_code == 403


def test_a_registration_joins_two_buyers_and_taking_it_away_parts_them(app: Flask, uow: UnitOfWork) -> None:
    first = a_buyer_near_the_limit(uow)
    _carol, second = buyer(uow, "carol", level=2)
    second_id = second.id
    mary, _peter = moderators(app, uow)
    assert sent(mary, f"/staff/limits/{first}/registrations", 1, number="X").status_code == 422
    for number, buyer_id in ((2, first), (3, second_id)):
        path = f"/staff/limits/{buyer_id}/registrations"
        assert sent(mary, path, number, number="HRB 1234").status_code == 303

    page = mary.get(f"/staff/limits/{second_id}").text
    assert "bob Jewels" in page
    assert "This is the limit of the company with its other accounts together." in page
    mark = uow.session.scalars(select(BuyerMark.id).where(BuyerMark.buyer_id == second_id)).one()
    assert sent(mary, f"/staff/limits/{second_id}/registrations/{mark}/removal", 4).status_code == 303
    assert "bob Jewels" not in mary.get(f"/staff/limits/{second_id}").text


def test_a_region_is_closed_by_two_and_opened_by_one(app: Flask, uow: UnitOfWork) -> None:
    mary, peter = moderators(app, uow)
    assert sent(mary, "/staff/closures", 1, **CLOSURE).status_code == 303
    row = uow.session.scalars(select(ForceMajeure)).one()
    where = f"/staff/closures/{row.id}"
    # whole days: the 28th begins at midnight, the 3rd is the last one
    assert row.ends_at - row.starts_at == timedelta(days=6)

    assert sent(mary, f"{where}/confirmation", 2).status_code == 403
    assert sent(peter, f"{where}/confirmation", 3).status_code == 303
    page = peter.get("/staff/closures").text
    assert "Tanzania, Mahenge" in page
    assert "Confirmed by peter" in page
    assert sent(mary, f"{where}/end", 4, end_reason="").status_code == 422
    assert sent(mary, f"{where}/end", 5, end_reason="The bridge stands again since today.").status_code == 303
    assert "Ended by mary" in mary.get("/staff/closures").text


def test_a_wrong_declaration_names_every_field(app: Flask, uow: UnitOfWork) -> None:
    mary, _peter = moderators(app, uow)

    answer = sent(
        mary, "/staff/closures", 1, country="XX", starts_on="2026-08-01", ends_on="2026-12-01", reason="flood"
    )

    assert answer.status_code == 422
    for words in ("Choose the country.", "at most 30 days ago", "60 days at most", "at least 20 letters"):
        assert words in answer.text


def test_staff_see_the_last_day_of_a_hold_on_the_order_and_in_the_list(app: Flask, uow: UnitOfWork) -> None:
    sale = funded_order(uow)
    sale.order.funded_at = uow.now - timedelta(days=76)
    uow.record("order.plan", sale.order)
    reference = sale.order.reference
    mary, _peter = moderators(app, uow)

    # 76 of 85 days are over: nine are left, until 8 October
    listed = mary.get("/staff/holds").text
    assert reference in listed
    assert "9 days left" in listed
    assert "It must end by 8 Oct 2026" in mary.get(f"/staff/orders/{reference}").text
