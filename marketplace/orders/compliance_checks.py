"""Which orders compliance stops, and whether a payout may leave."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative
from marketplace.core.errors import Conflict
from marketplace.core.text import N_
from marketplace.incidents.queries import severe_incident_of
from marketplace.orders.models import Order
from marketplace.orders.overlay_models import ComplianceHold

PAGE: Final = 50


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


class PayoutUnderSuspension(PayoutUnderHold):
    """The cooperative is suspended: no money leaves until a second person lifts it."""

    code = "payout_under_suspension"
    message = N_("This cooperative is suspended. Payouts wait until the suspension is lifted.")


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
    """Raise PayoutUnderHold when compliance stops the order or its cooperative, a suspension or an incident does."""
    lock_cooperative(session, order.cooperative_id, share=True)
    stops = (ComplianceHold.order_id == order.id) | (
        ComplianceHold.stops_cooperative & (ComplianceHold.cooperative_id == order.cooperative_id)
    )
    if session.scalar(select(ComplianceHold.id).where(ComplianceHold.lifted_at.is_(None), stops).limit(1)):
        raise PayoutUnderHold
    if session.scalar(select(Cooperative.state).where(Cooperative.id == order.cooperative_id)) == "suspended":
        raise PayoutUnderSuspension
    refuse_under_incident(session, order=order)


def refuse_under_incident(session: Session, *, order: Order) -> None:
    """Raise PayoutUnderIncident while a severe incident of the cooperative runs."""
    incident = severe_incident_of(session, order.cooperative_id)
    if incident is not None:
        raise PayoutUnderIncident(reference=incident)


def lock_cooperative(session: Session, cooperative_id: UUID, *, share: bool = False) -> None:
    """Lock the cooperative: alone for who sets or lifts a hold, together with others for who sends a payout."""
    wanted = select(Cooperative.id).where(Cooperative.id == cooperative_id)
    session.execute(wanted.with_for_update(read=share, key_share=not share))
