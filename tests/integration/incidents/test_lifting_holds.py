"""What a severe incident holds goes on when the incident ends, and not by a hand of its own."""

import pytest
from flask import Flask

from marketplace.compliance.staff_forms import Hold
from marketplace.core.actor import StaffRole
from marketplace.incidents.transitions import Action
from marketplace.orders.compliance_checks import HeldByIncident, open_hold
from marketplace.orders.services.compliance_holds import lift_hold, set_hold
from marketplace.unit_of_work import UnitOfWork
from tests.builders.incidents import moderator, moved, opened
from tests.builders.orders import funded_order
from tests.integration.incidents.test_incidents import site_of
from tests.people import person
from tests.web.test_orders import browser

WHY = "I spoke with the cooperative."


def test_nobody_lifts_the_hold_of_an_incident_that_runs(uow: UnitOfWork) -> None:
    sale = funded_order(uow)
    mary, john = moderator(uow, "mary"), moderator(uow, "john")
    row = opened(mary, site_of(uow, sale.order.cooperative_id))
    with pytest.raises(HeldByIncident) as refused:
        lift_hold(john, order=sale.order, reason=WHY)
    assert refused.value.params == {"reference": row.reference}
    assert sale.order.frozen_since is not None
    moved(mary, row, Action.DOUBT)
    with pytest.raises(HeldByIncident):
        lift_hold(john, order=sale.order, reason=WHY)
    moved(john, row, Action.CONFIRM)
    assert open_hold(uow.session, sale.order.id) is None


def test_a_hold_of_before_is_not_lifted_past_an_incident(uow: UnitOfWork) -> None:
    sale = funded_order(uow)
    mary, john = moderator(uow, "mary"), moderator(uow, "john")
    set_hold(mary, order=sale.order, hold=Hold("papers", "The permit is not readable.", stops_cooperative=False))
    row = opened(mary, site_of(uow, sale.order.cooperative_id))
    with pytest.raises(HeldByIncident):
        lift_hold(john, order=sale.order, reason=WHY)
    moved(mary, row, Action.DOUBT)
    moved(john, row, Action.CONFIRM)
    hold = open_hold(uow.session, sale.order.id)
    assert hold is not None  # its own reason still counts
    lift_hold(john, order=sale.order, reason=WHY)
    assert sale.order.frozen_since is None


def test_the_page_says_how_the_hold_ends(app: Flask, uow: UnitOfWork) -> None:
    sale = funded_order(uow)
    row = opened(moderator(uow, "mary"), site_of(uow, sale.order.cooperative_id))
    where = f"/staff/checks/{sale.order.reference}"
    client = browser(app, uow, person(uow, "peter", StaffRole.MODERATOR))
    page = client.get(where).text
    assert "Two people must end the incident; the order goes on then." in page
    assert f"/staff/incidents/{row.reference}" in page
    assert "What did you check" not in page
    tried = client.post(f"{where}/lifting", data={"lifting": WHY, "idempotency_key": "lifting-0001"})
    assert tried.status_code == 409
    assert f"A severe incident holds this order: {row.reference}." in tried.text
