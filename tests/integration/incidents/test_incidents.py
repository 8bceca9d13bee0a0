"""An incident from the first word to the end, by two people, and what a severe one stops meanwhile."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.queries import unmet_of
from marketplace.compliance.services.oversight import SamePerson
from marketplace.core.errors import Conflict, InvalidInput, TransitionRefused
from marketplace.incidents.answers import Step
from marketplace.incidents.models import IncidentNote
from marketplace.incidents.queries import Counts, counts, overdue, stops_of
from marketplace.incidents.sealing import opened as unsealed
from marketplace.incidents.services import incidents
from marketplace.incidents.services.incidents import PlanEmpty, StepsOpen
from marketplace.incidents.transitions import Action
from marketplace.lots import services as lots
from marketplace.lots.checks import LotIncomplete
from marketplace.lots.queries import listing_of
from marketplace.lots.services.site_pauses import SitePaused
from marketplace.moderation import services as moderation
from marketplace.orders.compliance_checks import PayoutUnderIncident, open_hold
from marketplace.orders.services import settlement
from marketplace.orders.services.incident_effects import stop_or_go
from marketplace.unit_of_work import UnitOfWork
from tests.builders.incidents import WORDS, moderator, moved, opened, remedied
from tests.builders.lots import draft_lot, published_lot, seller
from tests.builders.orders import funded_order
from tests.builders.payments import prepared_payout, releasing_order
from tests.people import actor


def site_of(uow: UnitOfWork, cooperative_id: object) -> MineSite:
    return uow.session.scalars(select(MineSite).where(MineSite.cooperative_id == cooperative_id)).one()


def test_what_happened_is_sealed_in_the_database(uow: UnitOfWork) -> None:
    site, _ = seller(uow)
    row = opened(moderator(uow, "mary"), site)

    assert WORDS.encode() not in row.told_sealed
    assert unsealed(row.told_sealed, key=uow.settings.field_key) == WORDS


def test_a_severe_incident_hides_the_lots_of_its_site_until_two_people_close_it(uow: UnitOfWork) -> None:
    site, secretary = seller(uow)
    lot, _version, _ = published_lot(uow, of=(site, secretary))
    mary, john = moderator(uow, "mary"), moderator(uow, "john")

    row = opened(mary, site)
    listing = listing_of(uow.session, lot.id)
    assert listing is not None
    assert listing.availability == "withheld"

    remedied(uow, row, mary, john)
    with pytest.raises(SamePerson):
        moved(mary, row, Action.AGREE)
    assert listing.availability == "withheld"
    moved(john, row, Action.AGREE)

    uow.session.refresh(listing)
    assert (row.state, listing.availability) == ("closed", "available")
    uow.check_audited()


def test_lots_of_another_site_stay_on_sale(uow: UnitOfWork) -> None:
    site, _ = seller(uow)
    other, _version, _ = published_lot(uow)

    opened(moderator(uow, "mary"), site)

    listing = listing_of(uow.session, other.id)
    assert listing is not None
    assert listing.availability == "available"


def test_an_incident_that_is_not_severe_stops_nothing(uow: UnitOfWork) -> None:
    sale = funded_order(uow)
    opened(moderator(uow, "mary"), site_of(uow, sale.order.cooperative_id), severity="medium", code="D1")

    assert open_hold(uow.session, sale.order.id) is None


def test_an_order_not_yet_shipped_stops_and_goes_on_when_the_incident_is_unfounded(uow: UnitOfWork) -> None:
    sale = funded_order(uow)
    mary, john = moderator(uow, "mary"), moderator(uow, "john")
    row = opened(mary, site_of(uow, sale.order.cooperative_id))
    hold = open_hold(uow.session, sale.order.id)
    assert hold is not None
    assert hold.ground == "incident"
    assert sale.order.frozen_since is not None

    moved(mary, row, Action.DOUBT)
    with pytest.raises(SamePerson):
        moved(mary, row, Action.CONFIRM)
    moved(john, row, Action.CONFIRM)

    assert row.state == "unfounded"
    assert open_hold(uow.session, sale.order.id) is None
    assert sale.order.frozen_since is None


def test_a_payout_is_not_approved_while_a_severe_incident_runs(uow: UnitOfWork) -> None:
    sale = releasing_order(uow)
    payout = prepared_payout(sale)
    mary, john = moderator(uow, "mary"), moderator(uow, "john")
    row = opened(mary, site_of(uow, sale.order.cooperative_id))

    with pytest.raises(PayoutUnderIncident) as refused:
        settlement.approve_payout(sale.as_staff("felix"), payout=payout)
    assert refused.value.params == {"reference": row.reference}

    moved(mary, row, Action.DOUBT)
    moved(john, row, Action.CONFIRM)
    settlement.approve_payout(sale.as_staff("felix"), payout=payout)
    assert payout.state == "approved"


def test_nothing_of_a_stopped_site_is_published(uow: UnitOfWork) -> None:
    site, secretary = seller(uow)
    mary = moderator(uow, "mary")
    lot = draft_lot(uow, seller=(site, secretary))
    version = lots.submit(uow.acting_as(actor(uow.session, secretary)), lot=lot)
    opened(mary, site)

    with pytest.raises(SitePaused):
        lots.publish(mary, lot=lot, version=version)


def test_the_gate_names_a_severe_incident_and_child_labour(uow: UnitOfWork) -> None:
    site, _ = seller(uow)
    opened(moderator(uow, "mary"), site, severity="low", code="A3")
    stops = stops_of(uow.session, cooperative_id=site.cooperative_id, site_reference=site.reference)
    found = unmet_of(
        uow.session,
        cooperative_id=site.cooperative_id,
        site_reference=site.reference,
        goods=None,
        today=uow.now.date(),
        **stops._asdict(),
    )

    assert [each.code for each in found if each.code.startswith("incident")] == ["incident_child_labour"]


def test_lifting_a_suspension_does_not_show_what_an_incident_hides(uow: UnitOfWork) -> None:
    site, secretary = seller(uow)
    lot, _version, _ = published_lot(uow, of=(site, secretary))
    mary, john = moderator(uow, "mary"), moderator(uow, "john")
    cooperative = uow.session.get_one(Cooperative, site.cooperative_id)
    opened(mary, site)
    moderation.suspend_cooperative(mary, cooperative=cooperative, reason="The papers are in doubt.")
    moderation.lift_suspension(john, cooperative=cooperative, reason="The papers are in order.")

    listing = listing_of(uow.session, lot.id)
    assert listing is not None
    assert listing.availability == "withheld"


def test_who_opened_a_severe_incident_does_not_substantiate_it(uow: UnitOfWork) -> None:
    site, _ = seller(uow)
    mary = moderator(uow, "mary")
    severe, light = opened(mary, site), opened(mary, site, severity="low", code="F1")

    with pytest.raises(SamePerson):
        moved(mary, severe, Action.SUBSTANTIATE)
    moved(mary, light, Action.SUBSTANTIATE)
    assert light.state == "substantiated"


def test_remediation_needs_steps_and_closing_needs_them_done(uow: UnitOfWork) -> None:
    site, _ = seller(uow)
    mary = moderator(uow, "mary")
    row = opened(mary, site, severity="low", code="F1")
    moved(mary, row, Action.SUBSTANTIATE)
    with pytest.raises(PlanEmpty):
        moved(mary, row, Action.PLAN)
    incidents.add_step(mary, incident=row, step=Step("Pay the royalty", "The chair", uow.now.date()))
    moved(mary, row, Action.PLAN)

    with pytest.raises(StepsOpen):
        moved(mary, row, Action.CLOSE)
    with pytest.raises(TransitionRefused):
        moved(mary, row, Action.AGREE)


def test_a_step_due_yesterday_is_refused_and_one_of_today_is_late_tomorrow(uow: UnitOfWork) -> None:
    site, _ = seller(uow)
    mary = moderator(uow, "mary")
    row = opened(mary, site, severity="low", code="F1")
    today = uow.now.date()
    with pytest.raises(Conflict):
        incidents.add_step(mary, incident=row, step=Step("Pay", "The chair", today))
    moved(mary, row, Action.SUBSTANTIATE)
    with pytest.raises(InvalidInput):
        incidents.add_step(mary, incident=row, step=Step("Pay", "The chair", today - timedelta(days=1)))
    incidents.add_step(mary, incident=row, step=Step("Pay", "The chair", today))
    uow.session.flush()

    assert overdue(uow.session, today=today) == frozenset()
    assert overdue(uow.session, today=today + timedelta(days=1)) == {row.id}


def test_new_evidence_opens_a_closed_incident_and_stops_trade_again(uow: UnitOfWork) -> None:
    site, secretary = seller(uow)
    lot, _version, _ = published_lot(uow, of=(site, secretary))
    mary, john = moderator(uow, "mary"), moderator(uow, "john")
    row = opened(mary, site)
    remedied(uow, row, mary, john)
    moved(john, row, Action.AGREE)

    moved(john, row, Action.REOPEN)

    listing = listing_of(uow.session, lot.id)
    assert listing is not None
    uow.session.refresh(listing)
    assert (row.state, listing.availability, row.ended_at) == ("open", "withheld", None)
    assert [note.action for note in uow.session.scalars(select(IncidentNote).order_by(IncidentNote.id))] == [
        "substantiate", "plan", "close", "agree", "reopen",
    ]  # fmt: skip


def test_only_another_person_makes_a_severe_incident_lighter(uow: UnitOfWork) -> None:
    site, _ = seller(uow)
    mary, john = moderator(uow, "mary"), moderator(uow, "john")
    row = opened(mary, site)

    with pytest.raises(SamePerson):
        incidents.regrade(mary, incident=row, severity="low", words=WORDS, stop_or_go=stop_or_go)
    incidents.regrade(john, incident=row, severity="low", words=WORDS, stop_or_go=stop_or_go)

    assert (row.severity, row.stopped_by) == ("low", None)


def test_the_indicator_counts_what_was_opened_substantiated_and_put_right(uow: UnitOfWork) -> None:
    site, _ = seller(uow)
    mary, john = moderator(uow, "mary"), moderator(uow, "john")
    done, doubtful = opened(mary, site, severity="low"), opened(mary, site, severity="low", code="F1")
    opened(mary, site, severity="low", code="D1")
    # Put right after 5 days, unfounded after 2: the median of 2 and 5 is 3.5, 3 whole days.
    done.opened_at, doubtful.opened_at = uow.now - timedelta(days=5), uow.now - timedelta(days=2)
    uow.session.flush()
    remedied(uow, done, mary, john)
    moved(john, done, Action.AGREE)
    moved(mary, doubtful, Action.DOUBT)
    uow.session.flush()

    found = counts(uow.session, since=uow.now - timedelta(days=5), until=uow.now + timedelta(seconds=1))
    assert found == Counts(opened=3, substantiated=1, remediated=1, median_days_open=3)
    later = counts(uow.session, since=uow.now + timedelta(seconds=1), until=uow.now + timedelta(days=1))
    assert later == Counts(0, 0, 0, None)


def test_a_draft_says_that_an_incident_keeps_it_from_being_sent(uow: UnitOfWork) -> None:
    site, secretary = seller(uow)
    lot = draft_lot(uow, seller=(site, secretary))
    opened(moderator(uow, "mary"), site)

    with pytest.raises(LotIncomplete) as refused:
        lots.submit(uow.acting_as(actor(uow.session, secretary)), lot=lot)
    assert "A severe incident is open. It must be put right first." in [each.message for each in refused.value.missing]
