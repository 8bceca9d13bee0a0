"""What a severe incident stops and lets go again: lots out of sight, goods not yet shipped, payouts.

Services of incidents call `stop_or_go` inside their own change. Lots and orders lock before the cooperative, as a
payout does: one that is being sent ends before, every later one finds the incident.
"""

from sqlalchemy import select

from marketplace.compliance.letters import tell_officers
from marketplace.compliance.models import Cooperative
from marketplace.compliance.staff_forms import Hold
from marketplace.incidents.models import Incident
from marketplace.incidents.queries import is_paused
from marketplace.lots.models import LotVersion
from marketplace.lots.services.site_pauses import Moved, bring_in_line
from marketplace.orders.compliance_checks import INCIDENT, NOT_SHIPPED, lock_cooperative, open_hold
from marketplace.orders.models import Order
from marketplace.orders.overlay_models import ComplianceHold
from marketplace.orders.services.compliance_holds import lift_hold, set_hold
from marketplace.orders.transitions import FINAL
from marketplace.unit_of_work import UnitOfWork


def stop_or_go(uow: UnitOfWork, incident: Incident) -> None:
    """Bring listings and orders of the incident's cooperative in line with its severe incidents.

    Raises SetByYou when the person who stopped an order would let it go again.
    """
    uow.session.flush()
    cooperative = uow.session.get_one(Cooperative, incident.cooperative_id)
    moved = bring_in_line(uow, cooperative=cooperative)
    _tell_cooperative(uow, cooperative, incident, moved)
    for order in _orders(uow, cooperative):
        _one(uow, order, incident)
    lock_cooperative(uow.session, cooperative.id)


def _tell_cooperative(uow: UnitOfWork, cooperative: Cooperative, incident: Incident, moved: Moved) -> None:
    """Write which lots are hidden or shown now, in neutral words: nothing of what was told, nor by whom."""
    base = uow.settings.base_url.rstrip("/")
    for template, lots in (("lots_paused", moved.hidden), ("lots_shown_again", moved.shown)):
        if lots:
            params = {"lots": list(lots), "link": f"{base}/cooperative/incidents/{incident.reference}"}
            tell_officers(uow, cooperative.id, template=template, params=params)


def _one(uow: UnitOfWork, order: Order, incident: Incident) -> None:
    hold = open_hold(uow.session, order.id)
    site = uow.session.get_one(LotVersion, order.version_id).content.get("site_reference")
    stopped = is_paused(uow.session, cooperative_id=order.cooperative_id, site_reference=site)
    if stopped and hold is None and order.state in NOT_SHIPPED:
        reason = f"Severe incident {incident.reference} at the mine site."
        set_hold(uow, order=order, hold=Hold(INCIDENT, reason, stops_cooperative=False))
    elif not stopped and hold is not None and hold.ground == INCIDENT:
        lift_hold(uow, order=order, reason=f"Incident {incident.reference} no longer stops it.")


def _orders(uow: UnitOfWork, cooperative: Cooperative) -> list[Order]:
    """Return the running orders that may have to stop, or are stopped by an incident, in the order of their locks."""
    held = select(ComplianceHold.order_id).where(ComplianceHold.ground == INCIDENT, ComplianceHold.lifted_at.is_(None))
    concerned = Order.state.in_([state.value for state in NOT_SHIPPED]) | Order.id.in_(held)
    wanted = select(Order).where(
        Order.cooperative_id == cooperative.id, concerned, Order.state.not_in([state.value for state in FINAL])
    )
    return list(uow.session.scalars(wanted.order_by(Order.id)))
