"""A suspension beside a buyer who takes a part of the same lot: one waits for the other, and neither is ended."""

from pathlib import Path
from threading import Thread
from uuid import UUID

from flask import Flask

from marketplace.accounts.models import User
from marketplace.compliance.models import Cooperative
from marketplace.core.clock import SetClock
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.lots.models import Lot, LotListing
from marketplace.lots.queries import lot_by_id
from marketplace.lots.services import take_part
from marketplace.onboarding.services import standing
from marketplace.orders import services
from marketplace.orders.models import LotClaim
from marketplace.unit_of_work import running
from tests import databases
from tests.builders.offers import DUST, market
from tests.builders.onboarding import acting, moderator
from tests.conftest import TODAY
from tests.integration.onboarding.test_in_parallel import wait_until_somebody_waits
from tests.people import actor, buyer

WHY = "The licence was withdrawn by the ministry today."


def lot_with_a_held_part(app: Flask) -> tuple[UUID, UUID]:
    """Let a buyer hold a part of a lot on sale; return the lot and a moderator."""
    with app.app_context(), running(make_uow) as uow:
        m = market(uow, steps=DUST)
        holder = actor(uow.session, buyer(uow, "holder", level=3)[0])
        services.hold(uow.acting_as(holder), lot_reference=m.lot.reference, part_mg=10_000)
        return m.lot.id, moderator(uow, "mary").id


def test_a_part_is_taken_while_its_cooperative_is_suspended(tmp_path: Path) -> None:
    with databases.copy("suspension") as url:
        app = databases.application(url, data_dir=tmp_path, clock=SetClock(TODAY))
        lot_id, mary = lot_with_a_held_part(app)
        outcomes: list[standing.Stopped] = []

        def suspend() -> None:
            with app.app_context():
                with running(make_uow) as uow:
                    lot = uow.session.get_one(Lot, lot_id)
                    cooperative = uow.session.get_one(Cooperative, lot.cooperative_id)
                    by_mary = acting(uow, uow.session.get_one(User, mary))
                    outcomes.append(standing.suspend(by_mary, cooperative=cooperative, reason=WHY))
                db.session.remove()

        other = Thread(target=suspend)
        with app.app_context():
            with running(make_uow) as uow:
                lot = lot_by_id(uow.session, lot_id, lock=True)
                other.start()
                wait_until_somebody_waits(uow)
                take_part(uow, lot=lot, part_mg=10_000)
            other.join(timeout=60)
            assert outcomes == [standing.Stopped(lots=1, claims=1)]
            claim = db.session.query(LotClaim).one()
            assert (claim.state, claim.release_reason) == ("released", "cooperative_suspended")
            assert db.session.get_one(LotListing, lot_id).availability == "withheld"
            db.session.remove()
            db.engine.dispose()
