"""Higher limits for single buyers: asked for, proposed by one person, confirmed by another, ended early or by time."""

from uuid import UUID

from sqlalchemy import select

from marketplace.accounts.models import Buyer
from marketplace.compliance.models import LimitClearance
from marketplace.compliance.services.oversight import SamePerson
from marketplace.compliance.staff_forms import Clearance
from marketplace.core.actor import StaffRole
from marketplace.core.errors import Conflict, Forbidden, NotFound
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.notifications.services import tell
from marketplace.unit_of_work import UnitOfWork


class ClearanceWaits(Conflict):
    """A proposal for this buyer waits for a second person."""

    code = "clearance_waits"
    message = N_("A higher limit for this buyer waits for a second person already. Confirm it or end it first.")


def ask(uow: UnitOfWork) -> None:
    """Note that the buyer who acts wants a higher limit; asking again changes nothing."""
    buyer = uow.session.scalar(select(Buyer).where(Buyer.id == uow.actor.buyer_id).with_for_update())
    if buyer is None:
        raise NotFound
    if buyer.limit_asked_at is None:
        buyer.limit_asked_at = uow.now
        uow.record("buyer.ask_for_limit", buyer)


def propose(uow: UnitOfWork, *, buyer_id: UUID, clearance: Clearance) -> LimitClearance:
    """Propose a higher limit; it counts once somebody else confirmed it. Raises ClearanceWaits."""
    buyer = _buyer(uow, buyer_id)
    person = _moderator(uow, buyer)
    if _waiting(uow, buyer_id) is not None:
        raise ClearanceWaits
    row = LimitClearance(
        buyer_id=buyer_id,
        up_to_minor=clearance.up_to.minor,
        currency=clearance.up_to.currency,
        reason=clearance.reason,
        expires_at=clearance.expires_at,
        proposed_by=person,
        proposed_at=uow.now,
    )
    uow.session.add(row)
    uow.record(
        "limit_clearance.propose",
        row,
        buyer,
        up_to=clearance.up_to,
        expires=clearance.expires_at,
        reason=clearance.reason,
    )
    return row


def confirm(uow: UnitOfWork, *, clearance_id: UUID) -> LimitClearance:
    """Put a proposed limit into force, as the second person; the buyer is told."""
    row, buyer = _locked(uow, clearance_id)
    person = _moderator(uow, buyer)
    if row.proposed_by == person:
        raise SamePerson
    if row.confirmed_at is not None or row.ended_at is not None or row.expires_at <= uow.now:
        raise Conflict
    row.confirmed_by, row.confirmed_at = person, uow.now
    buyer.limit_asked_at = None
    up_to = Money(row.up_to_minor, row.currency)
    uow.record("limit_clearance.confirm", row, buyer, up_to=up_to, expires=row.expires_at)
    params = {"company": buyer.company, "limit": up_to, "until": row.expires_at}
    tell(uow, template="limit_cleared", user_id=buyer.user_id, params=params)
    return row


def end(uow: UnitOfWork, *, clearance_id: UUID, reason: str) -> LimitClearance:
    """End a higher limit, or take a proposal back; one person may, because it only makes the limit smaller."""
    row, buyer = _locked(uow, clearance_id)
    person = _moderator(uow, buyer)
    if row.ended_at is not None or row.expires_at <= uow.now:
        raise Conflict
    row.ended_by, row.ended_at = person, uow.now
    uow.record("limit_clearance.end", row, buyer, reason=reason, was_in_force=row.confirmed_at is not None)
    if row.confirmed_at is not None:
        tell(uow, template="limit_ended", user_id=buyer.user_id, params={"company": buyer.company})
    return row


def decline(uow: UnitOfWork, *, buyer_id: UUID, reason: str) -> None:
    """Answer a buyer who asked: the limit stays; she reads the reason."""
    buyer = _buyer(uow, buyer_id)
    _moderator(uow, buyer)
    if buyer.limit_asked_at is None:
        raise Conflict
    buyer.limit_asked_at = None
    uow.record("buyer.decline_limit", buyer, reason=reason)
    params = {"company": buyer.company, "reason": reason}
    tell(uow, template="limit_stays", user_id=buyer.user_id, params=params)


def _moderator(uow: UnitOfWork, buyer: Buyer) -> UUID:
    person = uow.actor.user_id
    if person is None or not uow.actor.has_role(StaffRole.MODERATOR) or person == buyer.user_id:
        raise Forbidden
    return person


def _buyer(uow: UnitOfWork, buyer_id: UUID) -> Buyer:
    row = uow.session.scalar(select(Buyer).where(Buyer.id == buyer_id).with_for_update(key_share=True))
    if row is None:
        raise NotFound
    return row


def _locked(uow: UnitOfWork, clearance_id: UUID) -> tuple[LimitClearance, Buyer]:
    """Lock the buyer before its clearance, as every purchase does."""
    found = uow.session.get(LimitClearance, clearance_id)
    if found is None:
        raise NotFound
    buyer = _buyer(uow, found.buyer_id)
    uow.session.refresh(found, with_for_update=True)
    return found, buyer


def _waiting(uow: UnitOfWork, buyer_id: UUID) -> UUID | None:
    """Return the proposal that waits; one that expired unconfirmed is closed for good, so that it bars no other."""
    found = uow.session.scalar(
        select(LimitClearance).where(
            LimitClearance.buyer_id == buyer_id,
            LimitClearance.confirmed_at.is_(None),
            LimitClearance.ended_at.is_(None),
        )
    )
    if found is not None and found.expires_at <= uow.now and uow.actor.user_id is not None:
        found.ended_by, found.ended_at = uow.actor.user_id, uow.now
        uow.record("limit_clearance.end", found, reason="it expired unconfirmed", was_in_force=False)
        return None
    return found.id if found is not None else None
