"""A case tells its reviewer of a running hit and of an old screening, and nobody else."""

from datetime import timedelta

from marketplace.compliance.queries import cooperative_by_id
from marketplace.moderation import services
from marketplace.moderation.four_eyes import HIGH
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import draft_lot, seller
from tests.builders.screening import all_lists, hit_of_cooperative
from tests.people import actor


def test_a_running_hit_and_lists_that_are_missing_are_flags_of_the_lots_case(uow: UnitOfWork) -> None:
    site, secretary = seller(uow, "KE")
    hit = hit_of_cooperative(uow, cooperative_by_id(uow.session, site.cooperative_id))
    lot = draft_lot(uow, seller=(site, secretary))
    case = services.submit_lot(uow.acting_as(actor(uow.session, secretary)), lot=lot)

    told = {flag["code"]: flag["evidence"] for flag in case.flags}
    assert told["screening_hit"] == {"hit": hit.reference}
    assert told["screening_stale"]["lists"] == "OFAC, EU, UK"  # that of the United Nations is of yesterday
    assert case.risk == HIGH


def test_a_screening_of_more_than_thirty_days_is_a_flag_with_its_day(uow: UnitOfWork) -> None:
    all_lists(uow)
    site, secretary = seller(uow, "KE")
    cooperative = cooperative_by_id(uow.session, site.cooperative_id)
    lot = draft_lot(uow, seller=(site, secretary))
    cooperative.screened_on = uow.now.date() - timedelta(days=31)
    uow.record("cooperative.change", cooperative)
    case = services.submit_lot(uow.acting_as(actor(uow.session, secretary)), lot=lot)

    told = {flag["code"]: flag["evidence"] for flag in case.flags}
    assert told["screening_stale"] == {"day": cooperative.screened_on.isoformat(), "lists": "–"}
    assert "screening_hit" not in told
