"""Two buyers never both have a lot, however they race."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from marketplace.core.clock import SetClock
from marketplace.core.errors import DomainError
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.orders import claims, services
from marketplace.orders.claims import Reserved, ReservedByYou, Taken
from marketplace.orders.models import LotClaim, Order
from marketplace.payments.models import Payment
from marketplace.unit_of_work import UnitOfWork, running
from tests import databases
from tests.builders.lots import published_lot
from tests.builders.orders import delivery, fund, placed_order
from tests.conftest import TODAY
from tests.people import actor, buyer

BUYERS = 16


def take(uow: UnitOfWork, lot_id: object, buyer_id: object, minutes: int = 30) -> LotClaim:
    until = uow.now + timedelta(minutes=minutes)
    return claims.take(uow, lot_id=lot_id, buyer_id=buyer_id, kind="checkout", expires_at=until)  # type: ignore[arg-type]


def test_a_second_buyer_reads_until_when_the_lot_is_reserved(uow: UnitOfWork) -> None:
    lot, _version, _amina = published_lot(uow)
    _bob, first = buyer(uow, "bob")
    _carol, second = buyer(uow, "carol")
    claim = take(uow, lot.id, first.id)

    with pytest.raises(Reserved) as refused:
        take(uow, lot.id, second.id)
    assert refused.value.params == {"until": claim.expires_at}
    with pytest.raises(ReservedByYou):
        take(uow, lot.id, first.id)


def test_an_active_claim_whose_time_is_over_is_replaced(uow: UnitOfWork, clock: SetClock) -> None:
    lot, _version, _amina = published_lot(uow)
    _bob, first = buyer(uow, "bob")
    _carol, second = buyer(uow, "carol")
    old = take(uow, lot.id, first.id)
    clock.advance(timedelta(minutes=30))
    uow.now = clock.now()

    new = take(uow, lot.id, second.id)

    assert (old.state, old.release_reason, new.state) == ("released", "expired", "active")
    uow.check_audited()


def test_a_settling_claim_is_never_taken_over_by_time(uow: UnitOfWork, clock: SetClock) -> None:
    sale = placed_order(uow)
    _carol, row = buyer(uow, "carol")
    clock.advance(timedelta(days=30))
    uow.now = clock.now()

    with pytest.raises(Reserved):
        take(uow, sale.lot.id, row.id)


def test_a_paid_lot_is_taken(uow: UnitOfWork) -> None:
    sale = placed_order(uow)
    _carol, row = buyer(uow, "carol")
    fund(sale)

    with pytest.raises(Taken):
        take(uow, sale.lot.id, row.id)


def test_the_database_itself_refuses_a_second_live_claim(uow: UnitOfWork) -> None:
    sale = placed_order(uow)
    copy = text(
        "INSERT INTO lot_claim (id, lot_id, kind, buyer_id, state, created_at, expires_at) "
        "SELECT gen_random_uuid(), lot_id, kind, buyer_id, 'active', created_at, expires_at FROM lot_claim"
    )

    with pytest.raises(IntegrityError, match="one_live_claim"):
        uow.session.execute(copy)
    uow.session.rollback()
    assert sale.lot is not None


@pytest.mark.slow
def test_sixteen_buyers_at_one_lot_make_one_order(tmp_path: Path) -> None:
    with databases.copy("sixteen") as url:
        app = databases.application(url, data_dir=tmp_path, clock=SetClock(TODAY))
        with app.app_context(), running(make_uow) as uow:
            lot, version, _amina = published_lot(uow)
            people = [buyer(uow, f"buyer {number}")[0] for number in range(BUYERS)]
            actors = [actor(uow.session, user) for user in people]
            reference, sha256 = lot.reference, version.sha256
        outcomes: list[str] = []
        start = threading.Barrier(BUYERS)

        def race(number: int) -> None:
            outcomes.append(_buy(app, actors[number], start, reference=reference, sha256=sha256))

        threads = [threading.Thread(target=race, args=(number,)) for number in range(BUYERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

        assert sorted(outcomes) == ["bought"] + ["reserved"] * (BUYERS - 1)
        with app.app_context():
            session = make_uow().session
            for table in (Order, Payment, LotClaim):
                assert session.scalar(select(func.count()).select_from(table)) == 1
            session.close()
            db.engine.dispose()


def _buy(app: Flask, who: object, start: threading.Barrier, *, reference: str, sha256: str) -> str:
    with app.app_context():
        try:
            with running(lambda: make_uow(who)) as uow:  # type: ignore[arg-type]
                start.wait(timeout=30)
                services.buy(uow, lot_reference=reference, version_sha256=sha256, delivery=delivery())
        except DomainError as error:
            return error.code
        finally:
            db.session.remove()
    return "bought"
