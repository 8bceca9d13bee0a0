"""A rate that was held back is released or dismissed once, by one person, whatever happens at the same moment."""

from datetime import timedelta
from pathlib import Path
from threading import Thread
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.audit import queries as audit
from marketplace.core.actor import Actor, ActorKind
from marketplace.core.clock import SetClock
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.pricing import queries, services
from marketplace.pricing.models import RateDismissal, ReferenceRate
from marketplace.pricing.services.rates import RateDecided
from marketplace.unit_of_work import UnitOfWork, running
from tests import databases
from tests.builders.rates import NEWEST, observe, series
from tests.conftest import TODAY
from tests.integration.moderation.test_in_parallel import wait_until_somebody_waits


def curator(uow: UnitOfWork, name: str) -> UnitOfWork:
    return uow.acting_as(Actor(kind=ActorKind.PERSON, user_id=uuid4(), name=name))


@pytest.fixture
def held_back(uow: UnitOfWork) -> ReferenceRate:
    """A 5,000 that waits after a 4,100."""
    series(uow)
    observe(uow, "4100", until=NEWEST - timedelta(days=1))
    observe(uow, "5000")
    return queries.quarantined_rates(uow.session)[0]


def test_a_dismissed_rate_waits_no_more_and_its_reason_is_kept(uow: UnitOfWork, held_back: ReferenceRate) -> None:
    dismissal = services.dismiss_rate(curator(uow, "Alice"), rate_id=held_back.id, reason=" A digit too many ")

    assert (dismissal.reason, dismissal.dismissed_at) == ("A digit too many", uow.now)
    assert queries.quarantined_rates(uow.session) == []
    with pytest.raises(RateDecided, match="already dismissed"):
        services.release_rate(curator(uow, "Bob"), rate_id=held_back.id, reason="Looks right")
    with pytest.raises(RateDecided, match="already dismissed"):
        services.dismiss_rate(curator(uow, "Bob"), rate_id=held_back.id, reason="Again")
    uow.check_audited()
    event = audit.history(uow.session, kind="reference_rate", key=str(held_back.id))[0]
    assert (event.action, event.details["reason"]) == ("reference_rate.dismiss", "A digit too many")


def test_a_released_rate_cannot_be_dismissed_and_its_reason_is_kept(uow: UnitOfWork, held_back: ReferenceRate) -> None:
    services.release_rate(curator(uow, "Alice"), rate_id=held_back.id, reason="Seen at two sources")

    with pytest.raises(RateDecided, match="already in force"):
        services.dismiss_rate(curator(uow, "Bob"), rate_id=held_back.id, reason="Wrong")
    event = audit.history(uow.session, kind="reference_rate", key=str(held_back.id))[0]
    assert (event.action, event.details["reason"]) == ("reference_rate.release", "Seen at two sources")
    uow.check_audited()


def test_what_was_never_held_back_cannot_be_decided(uow: UnitOfWork, held_back: ReferenceRate) -> None:
    good = uow.session.scalars(select(ReferenceRate).where(~ReferenceRate.quarantined)).one()

    for decide in (services.release_rate, services.dismiss_rate):
        with pytest.raises(Conflict):
            decide(curator(uow, "Alice"), rate_id=good.id, reason="Why not")
        with pytest.raises(NotFound):
            decide(curator(uow, "Alice"), rate_id=UUID(int=7), reason="Why not")
        with pytest.raises(InvalidInput):
            decide(curator(uow, "Alice"), rate_id=held_back.id, reason=" ")
    assert list(queries.quarantined_rates(uow.session)) == [held_back]


def test_the_reason_of_an_entry_by_hand_is_kept(uow: UnitOfWork, held_back: ReferenceRate) -> None:
    rate = services.enter_rate(
        curator(uow, "Alice"), series="XAU/USD", observed_on=NEWEST, value=held_back.value, source="Paper",
        reason="The feed is down",
    )  # fmt: skip

    event = audit.history(uow.session, kind="reference_rate", key=str(rate.id))[0]
    assert (event.action, event.details["reason"]) == ("reference_rate.enter", "The feed is down")


@pytest.mark.parametrize("late", [services.release_rate, services.dismiss_rate])
def test_of_two_curators_at_the_same_moment_one_wins_and_the_other_is_told(tmp_path: Path, late: object) -> None:
    with databases.copy("rates_parallel") as url:
        app = databases.application(url, data_dir=tmp_path, clock=SetClock(TODAY))
        rate_id, outcomes = prepared(app), []

        def second() -> None:
            with app.app_context():
                try:
                    with running(make_uow) as uow:
                        late(curator(uow, "Bob"), rate_id=rate_id, reason="Looks right")  # type: ignore[operator]
                    outcomes.append("decided")
                except Conflict as error:
                    outcomes.append(error.message)
                finally:
                    db.session.remove()

        other = Thread(target=second)
        with app.app_context():
            with running(make_uow) as uow:
                services.dismiss_rate(curator(uow, "Alice"), rate_id=rate_id, reason="A digit too many")
                uow.session.flush()
                other.start()
                wait_until_somebody_waits(uow)
            other.join(timeout=60)
            dismissals = db.session.scalars(select(RateDismissal.reason)).all()
            released = db.session.scalars(select(ReferenceRate.id).where(ReferenceRate.releases_id == rate_id)).all()
            db.session.remove()
            db.engine.dispose()
        assert outcomes == ["This rate was already dismissed. Nothing was changed by you."]
        assert (list(dismissals), list(released)) == (["A digit too many"], [])


def prepared(app: Flask) -> UUID:
    with app.app_context(), running(make_uow) as uow:
        series(uow)
        observe(uow, "4100", until=NEWEST - timedelta(days=1))
        observe(uow, "5000")
        return queries.quarantined_rates(uow.session)[0].id
