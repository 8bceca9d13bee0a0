"""Which orders compliance stops, and whether a payout may leave."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative
from marketplace.core.errors import Conflict
from marketplace.core.text import N_
from marketplace.incidents.queries import severe_incident_at, severe_incident_of
from marketplace.lots.models import LotVersion
from marketplace.orders.models import Order
from marketplace.orders.overlay_models import ComplianceHold
from marketplace.orders.transitions import State
from marketplace.screening.standing import running_hit

PAGE: Final = 50
INCIDENT: Final = "incident"
NOT_SHIPPED: Final = (State.PENDING_PAYMENT, State.FUNDING, State.FUNDED, State.CONFIRMED)


class PayoutUnderHold(Conflict):
    """Compliance looks at the order, or at its cooperative: no money leaves."""

    code = "payout_under_hold"
    message = N_("Compliance checks this order or its cooperative. No payout can be sent now.")


class PayoutUnderIncident(PayoutUnderHold):
    """A severe incident of the cooperative runs: no money leaves until it is put right."""

    code = "payout_under_incident"
    message = N_(
        "A severe incident at this cooperative is open: %(reference)s. Payouts wait until it is closed or unfounded."
    )


class HeldByIncident(Conflict):
    """A severe incident holds the order: only its end lifts the hold."""

    code = "held_by_incident"
    message = N_(
        "A severe incident holds this order: %(reference)s. Two people must end the incident; the order goes on then."
    )


class PayoutUnderSuspension(PayoutUnderHold):
    """The cooperative is suspended: no money leaves until a second person lifts it."""

    code = "payout_under_suspension"
    message = N_("This cooperative is suspended. Payouts wait until the suspension is lifted.")


class PayoutUnderScreening(PayoutUnderHold):
    """A name behind the cooperative or the buyer looks like a listed one: no money leaves before it is decided."""

    code = "payout_under_screening"
    message = N_("A name looks like one on a sanctions list: %(reference)s. Payouts wait until it is decided.")


def open_hold(session: Session, order_id: UUID) -> ComplianceHold | None:
    """Return the hold that stops the order, or None."""
    wanted = select(ComplianceHold).where(ComplianceHold.order_id == order_id, ComplianceHold.lifted_at.is_(None))
    return session.scalar(wanted)


def holds_of(session: Session, order_id: UUID) -> Sequence[ComplianceHold]:
    """Return every hold of an order, newest first; for staff only."""
    wanted = select(ComplianceHold).where(ComplianceHold.order_id == order_id).order_by(ComplianceHold.set_at.desc())
    return session.scalars(wanted.limit(PAGE)).all()


def open_holds(session: Session) -> list[tuple[ComplianceHold, Order]]:
    """Return the holds that are open, oldest first, with their orders; for staff only."""
    wanted = (
        select(ComplianceHold, Order)
        .join(Order, Order.id == ComplianceHold.order_id)
        .where(ComplianceHold.lifted_at.is_(None))
        .order_by(ComplianceHold.set_at)
        .limit(PAGE)
    )
    return [(row.ComplianceHold, row.Order) for row in session.execute(wanted)]


def refuse_under_hold(session: Session, *, order: Order) -> None:
    """Raise PayoutUnderHold when a hold, a suspension, an incident or a hit stops the order or its cooperative."""
    lock_cooperative(session, order.cooperative_id, share=True)
    stops = (ComplianceHold.order_id == order.id) | (
        ComplianceHold.stops_cooperative & (ComplianceHold.cooperative_id == order.cooperative_id)
    )
    if session.scalar(select(ComplianceHold.id).where(ComplianceHold.lifted_at.is_(None), stops).limit(1)):
        raise PayoutUnderHold
    if session.scalar(select(Cooperative.state).where(Cooperative.id == order.cooperative_id)) == "suspended":
        raise PayoutUnderSuspension
    refuse_under_incident(session, order=order)
    hit = running_hit(session, cooperative_id=order.cooperative_id, buyer_id=order.buyer_id)
    if hit is not None:
        raise PayoutUnderScreening(reference=hit)


def refuse_under_incident(session: Session, *, order: Order) -> None:
    """Raise PayoutUnderIncident while a severe incident of the cooperative runs."""
    incident = severe_incident_of(session, order.cooperative_id)
    if incident is not None:
        raise PayoutUnderIncident(reference=incident)


def incident_holding(session: Session, order: Order, hold: ComplianceHold) -> str | None:
    """Return the severe incident that keeps an order stopped, or None.

    Before the goods are sent it keeps any hold, also one that somebody set for another reason before.
    """
    if hold.ground != INCIDENT and order.state not in NOT_SHIPPED:
        return None
    site = session.get_one(LotVersion, order.version_id).content.get("site_reference")
    return severe_incident_at(session, cooperative_id=order.cooperative_id, site_reference=site)


def lock_cooperative(session: Session, cooperative_id: UUID, *, share: bool = False) -> None:
    """Lock the cooperative: alone for who sets or lifts a hold, together with others for who sends a payout."""
    wanted = select(Cooperative.id).where(Cooperative.id == cooperative_id)
    session.execute(wanted.with_for_update(read=share, key_share=not share))
