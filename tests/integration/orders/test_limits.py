"""What a buyer may buy in 12 months, alone and together with whom it belongs to."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import Buyer
from marketplace.compliance.models import BuyerMark
from marketplace.compliance.services import buyer_marks, clearances
from marketplace.compliance.services.oversight import SamePerson
from marketplace.core.clock import SetClock
from marketplace.core.errors import Conflict, DomainError, Forbidden
from marketplace.core.money import Money
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.notifications.models import Message
from marketplace.orders import services
from marketplace.orders.limit_figures import Figures, LimitReached
from marketplace.orders.limit_queries import buyers_to_watch, figures_of_buyer, group_of_buyer
from marketplace.orders.models import Order
from marketplace.orders.transitions import Action
from marketplace.unit_of_work import UnitOfWork, running
from tests import databases
from tests.builders.compliance import cleared, compliance, stone_for
from tests.builders.lots import GOLD, published_lot
from tests.builders.orders import delivery, placed_order
from tests.conftest import TODAY
from tests.people import actor, buyer

# The cooperative wants 6,000 and the buyer pays 5 % on top: 6,300
WANTED, PRICE = "6,000", 630_000


def figures(uow: UnitOfWork, row: Buyer) -> Figures:
    return figures_of_buyer(uow.session, row.id, limits=uow.settings.limits_file, now=uow.now)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def test_the_second_large_order_goes_beyond_the_limit_of_level_2(uow: UnitOfWork) -> None:
    bob, row = buyer(uow, "bob", level=2)
    first = placed_order(uow, bob=bob, steps=stone_for(WANTED))
    assert first.order.price_minor == PRICE
    assert (figures(uow, row).used, figures(uow, row).left) == (usd(630_000), usd(370_000))

    with pytest.raises(LimitReached) as refused:
        placed_order(uow, bob=bob, steps=stone_for(WANTED), number=2)

    assert refused.value.figures == {
        "currency": "USD", "limit_minor": 1_000_000, "used_minor": 630_000, "left_minor": 370_000,
        "wanted_minor": 630_000,
    }  # fmt: skip
    assert uow.session.scalar(select(func.count()).select_from(Order)) == 1


def test_the_page_knows_before_anything_is_typed(uow: UnitOfWork) -> None:
    bob, _row = buyer(uow, "bob", level=2)
    placed_order(uow, bob=bob, steps=stone_for(WANTED))
    lot, version, _amina = published_lot(uow, steps=stone_for(WANTED), number=2)

    refused = services.refusal(uow.acting_as(actor(uow.session, bob)), lot=lot, version=version)

    assert isinstance(refused, LimitReached)


def test_an_order_that_ended_without_a_purchase_gives_its_room_back(uow: UnitOfWork) -> None:
    bob, row = buyer(uow, "bob", level=2)
    sale = placed_order(uow, bob=bob, steps=stone_for(WANTED))
    services.advance(sale.as_buyer(), order=sale.order, action=Action.STOP_PAYMENT)
    assert figures(uow, row).used == usd(630_000), "until the provider closed the page it may still be paid"

    services.advance(sale.as_provider(), order=sale.order, action=Action.ABANDON)

    assert figures(uow, row).used == usd(0)


def test_after_twelve_months_an_order_no_longer_counts(uow: UnitOfWork) -> None:
    bob, row = buyer(uow, "bob", level=2)
    sale = placed_order(uow, bob=bob, steps=stone_for(WANTED))
    made_at = sale.order.created_at

    uow.now = made_at.replace(year=made_at.year + 1) - timedelta(seconds=1)
    assert figures(uow, row).used == usd(630_000)
    uow.now = made_at.replace(year=made_at.year + 1)
    assert figures(uow, row).used == usd(0)


def test_two_accounts_of_one_company_share_one_limit(uow: UnitOfWork) -> None:
    bob, first = buyer(uow, "bob", level=2)
    carol, second = buyer(uow, "carol", level=2)
    mary = compliance(uow, "mary")
    buyer_marks.note_registration(mary, buyer_id=first.id, number="HRB 123-45")
    buyer_marks.note_registration(mary, buyer_id=second.id, number="hrb 12345")
    placed_order(uow, bob=bob, steps=stone_for(WANTED))

    with pytest.raises(LimitReached, match="other accounts share") as refused:
        placed_order(uow, bob=carol, steps=stone_for(WANTED), number=2)

    assert refused.value.figures["left_minor"] == 370_000
    assert (figures(uow, second).own.used_minor, figures(uow, second).related) == (0, 1)
    uow.check_audited()


def test_a_chain_of_marks_makes_one_group_and_other_countries_another(uow: UnitOfWork) -> None:
    rows = [buyer(uow, f"buyer {number}", level=2)[1] for number in range(4)]
    rows[3].country = "CH"
    mary = compliance(uow, "mary")
    buyer_marks.note_registration(mary, buyer_id=rows[0].id, number="HRB 1234")
    buyer_marks.note_registration(mary, buyer_id=rows[1].id, number="HRB 1234")
    buyer_marks.note_registration(mary, buyer_id=rows[3].id, number="HRB 1234")
    buyer_marks.note_payment(uow, buyer_id=rows[1].id, method="card_fingerprint_1")
    buyer_marks.note_payment(uow, buyer_id=rows[2].id, method="card_fingerprint_1")

    assert group_of_buyer(uow.session, rows[0].id) == sorted(row.id for row in rows[:3])
    assert group_of_buyer(uow.session, rows[3].id) == [rows[3].id]
    kept = uow.session.scalars(select(BuyerMark.value).where(BuyerMark.kind == "payment")).all()
    assert "card_fingerprint_1" not in "".join(kept), "of a card only a digest is kept"


def test_a_number_taken_away_parts_the_group(uow: UnitOfWork) -> None:
    _bob, first = buyer(uow, "bob")
    _carol, second = buyer(uow, "carol")
    mary = compliance(uow, "mary")
    mark = buyer_marks.note_registration(mary, buyer_id=first.id, number="HRB 1234")
    buyer_marks.note_registration(mary, buyer_id=second.id, number="HRB 1234")

    buyer_marks.remove(mary, mark_id=mark.id, buyer_id=first.id)

    assert group_of_buyer(uow.session, second.id) == [second.id]
    uow.check_audited()


def test_a_cleared_buyer_buys_up_to_the_higher_limit_until_it_expires(uow: UnitOfWork) -> None:
    bob, row = buyer(uow, "bob", level=2)
    placed_order(uow, bob=bob, steps=stone_for(WANTED))
    clearance = cleared(uow, row.id, up_to="12600", days=10)

    placed_order(uow, bob=bob, steps=stone_for(WANTED), number=2)

    assert (figures(uow, row).limit, figures(uow, row).left) == (usd(1_260_000), usd(0))
    uow.now = clearance.expires_at - timedelta(seconds=1)
    assert not figures(uow, row).is_above
    uow.now = clearance.expires_at
    assert (figures(uow, row).limit, figures(uow, row).is_above) == (usd(1_000_000), True)
    letters = uow.session.scalars(select(Message.template).where(Message.template.startswith("limit_"))).all()
    assert letters == ["limit_cleared"]
    uow.check_audited()


def test_a_clearance_does_not_open_gold_to_a_buyer_without_the_enhanced_check(uow: UnitOfWork) -> None:
    bob, row = buyer(uow, "bob", level=2)
    cleared(uow, row.id, up_to="100000")

    with pytest.raises(DomainError, match="gold"):
        placed_order(uow, bob=bob, steps=GOLD)


def test_one_person_clears_nothing_alone(uow: UnitOfWork) -> None:
    _bob, row = buyer(uow, "bob", level=2)
    clearance = cleared(uow, row.id, up_to="12600")
    clearances.end(compliance(uow, "nina"), clearance_id=clearance.id, reason="The papers were false, it turned out.")
    mary = compliance(uow, "mary")
    terms = clearances.Clearance(usd(2_000_000), uow.now + timedelta(days=9), "Read and found in order.")
    proposed = clearances.propose(mary, buyer_id=row.id, clearance=terms)
    assert figures(uow, row).limit == usd(1_000_000)

    with pytest.raises(SamePerson):
        clearances.confirm(mary, clearance_id=proposed.id)
    with pytest.raises(clearances.ClearanceWaits):
        clearances.propose(compliance(uow, "peter"), buyer_id=row.id, clearance=terms)
    with pytest.raises(Forbidden):
        clearances.propose(uow.acting_as(actor(uow.session, _bob)), buyer_id=row.id, clearance=terms)
    proposed.confirmed_by, proposed.confirmed_at = proposed.proposed_by, uow.now
    with pytest.raises(IntegrityError, match="two_people"):
        uow.session.flush()
    uow.session.rollback()


def test_a_proposal_that_expired_is_not_confirmed_and_bars_no_other(uow: UnitOfWork) -> None:
    _bob, row = buyer(uow, "bob", level=2)
    mary, peter = compliance(uow, "mary"), compliance(uow, "peter")
    terms = clearances.Clearance(usd(2_000_000), uow.now + timedelta(days=1), "Read and found in order.")
    proposed = clearances.propose(mary, buyer_id=row.id, clearance=terms)
    peter.now = mary.now = uow.now = uow.now + timedelta(days=1)

    with pytest.raises(Conflict):
        clearances.confirm(peter, clearance_id=proposed.id)
    later = clearances.Clearance(usd(2_000_000), uow.now + timedelta(days=1), "Read and found in order.")
    again = clearances.propose(mary, buyer_id=row.id, clearance=later)
    clearances.confirm(peter, clearance_id=again.id)

    assert figures(uow, row).limit == usd(2_000_000)
    uow.check_audited()


def test_a_buyer_who_asks_is_seen_and_answered(uow: UnitOfWork) -> None:
    bob, row = buyer(uow, "bob", level=3)
    clearances.ask(uow.acting_as(actor(uow.session, bob)))
    clearances.ask(uow.acting_as(actor(uow.session, bob)))
    limits = uow.settings.limits_file
    assert [each.buyer.id for each in buyers_to_watch(uow.session, limits=limits, now=uow.now)] == [row.id]

    clearances.decline(compliance(uow, "mary"), buyer_id=row.id, reason="Send us the register first.")

    assert row.limit_asked_at is None
    assert buyers_to_watch(uow.session, limits=limits, now=uow.now) == []
    uow.check_audited()


def test_staff_see_who_is_near_with_the_least_room_first(uow: UnitOfWork) -> None:
    near, _row = buyer(uow, "near", level=2)
    far, _other = buyer(uow, "far", level=2)
    most, _most = buyer(uow, "most", level=2)
    placed_order(uow, bob=near, steps=stone_for("8,000"))  # 8,400 of 10,000 are used
    placed_order(uow, bob=far, steps=stone_for("7,000"), number=2)  # 7,350
    placed_order(uow, bob=most, steps=stone_for("9,500"), number=3)  # 9,975

    rows = buyers_to_watch(uow.session, limits=uow.settings.limits_file, now=uow.now)

    assert [row.buyer.company for row in rows] == ["most Jewels", "near Jewels"]


@pytest.mark.slow
@pytest.mark.parametrize("accounts", [1, 2])
def test_of_two_orders_at_the_same_moment_only_one_passes(tmp_path: Path, accounts: int) -> None:
    """One account with two browsers, then two accounts of one company: each order alone would be within the limit."""
    with databases.copy(f"limits_{accounts}") as url:
        app = databases.application(url, data_dir=tmp_path, clock=SetClock(TODAY))
        with app.app_context(), running(make_uow) as uow:
            lots = [published_lot(uow, steps=stone_for(WANTED), number=number)[:2] for number in (1, 2)]
            rows = [buyer(uow, f"buyer {number}", level=2) for number in range(accounts)]
            mary = compliance(uow, "mary")
            for _user, row in rows:
                buyer_marks.note_registration(mary, buyer_id=row.id, number="HRB 1234")
            people = [actor(uow.session, rows[place % accounts][0]) for place in range(2)]
            wanted = [(lot.reference, version.sha256) for lot, version in lots]
        outcomes: list[str] = []
        start = threading.Barrier(2)

        def race(place: int) -> None:
            outcomes.append(_buy(app, people[place], start, wanted[place]))

        threads = [threading.Thread(target=race, args=(place,)) for place in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

        assert sorted(outcomes) == ["bought", "limit_reached"]
        with app.app_context():
            session = make_uow().session
            assert session.scalar(select(func.sum(Order.price_minor))) == PRICE
            session.close()
            db.engine.dispose()


def _buy(app: Flask, who: object, start: threading.Barrier, wanted: tuple[str, str]) -> str:
    with app.app_context():
        try:
            with running(lambda: make_uow(who)) as uow:  # type: ignore[arg-type]
                start.wait(timeout=30)
                services.buy(uow, lot_reference=wanted[0], version_sha256=wanted[1], delivery=delivery())
        except DomainError as error:
            return error.code
        finally:
            db.session.remove()
    return "bought"
