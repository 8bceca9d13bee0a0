import pytest
from sqlalchemy import select

from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import CooperativeNotApproved
from marketplace.compliance.services import SamePerson
from marketplace.core.errors import InvalidInput
from marketplace.lots.models import LotListing
from marketplace.moderation import services
from marketplace.moderation.errors import CheckRuns
from marketplace.screening.services import decisions
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import draft_lot, published_lot, seller
from tests.builders.moderation import moderator
from tests.builders.screening import confirmed, dismissed, hit_of_cooperative
from tests.people import actor

WHY = "The licence was taken back by the mining office."


def test_a_suspension_hides_every_lot_and_another_person_brings_them_back(uow: UnitOfWork) -> None:
    lot, *_ = published_lot(uow)
    cooperative = uow.session.get_one(Cooperative, lot.cooperative_id)
    mary = uow.acting_as(actor(uow.session, moderator(uow)))
    peter = uow.acting_as(actor(uow.session, moderator(uow, "peter")))

    assert services.suspend_cooperative(mary, cooperative=cooperative, reason=WHY) == 1
    assert uow.session.scalars(select(LotListing.availability)).all() == ["withheld"]
    with pytest.raises(SamePerson):
        services.lift_suspension(mary, cooperative=cooperative, reason=WHY)

    assert services.lift_suspension(peter, cooperative=cooperative, reason=WHY) == 1
    uow.check_audited()
    assert uow.session.scalars(select(LotListing.availability)).all() == ["available"]
    assert cooperative.state == "approved"


def test_a_suspension_is_not_lifted_while_a_name_is_a_match(uow: UnitOfWork) -> None:
    lot, *_ = published_lot(uow)
    cooperative = uow.session.get_one(Cooperative, lot.cooperative_id)
    hit = hit_of_cooperative(uow, cooperative)
    first, second, third = (uow.acting_as(actor(uow.session, moderator(uow, name))) for name in ("ann", "ben", "cy"))
    confirmed(hit, first, second)

    with pytest.raises(CheckRuns, match="check of this cooperative is not finished") as refused:
        services.lift_suspension(third, cooperative=cooperative, reason=WHY)
    assert hit.reference not in str(refused.value)
    assert (cooperative.state, uow.session.scalars(select(LotListing.availability)).all()) == (
        "suspended",
        ["withheld"],
    )

    decisions.reopen(first, hit=hit, reason=WHY)
    with pytest.raises(CheckRuns):  # undecided again
        services.lift_suspension(third, cooperative=cooperative, reason=WHY)
    dismissed(hit, second, first)
    assert services.lift_suspension(third, cooperative=cooperative, reason=WHY) == 1


def test_a_suspension_says_why(uow: UnitOfWork) -> None:
    lot, *_ = published_lot(uow)
    cooperative = uow.session.get_one(Cooperative, lot.cooperative_id)

    mary = uow.acting_as(actor(uow.session, moderator(uow)))

    with pytest.raises(InvalidInput):
        services.suspend_cooperative(mary, cooperative=cooperative, reason="late")

    assert cooperative.state == "approved"


def test_a_suspended_cooperative_sends_nothing(uow: UnitOfWork) -> None:
    site, secretary = seller(uow)
    lot = draft_lot(uow, seller=(site, secretary))
    cooperative = uow.session.get_one(Cooperative, site.cooperative_id)
    services.suspend_cooperative(uow.acting_as(actor(uow.session, moderator(uow))), cooperative=cooperative, reason=WHY)

    with pytest.raises((CooperativeNotApproved, InvalidInput)):
        services.submit_lot(uow.acting_as(actor(uow.session, secretary)), lot=lot)
