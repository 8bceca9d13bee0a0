"""Claims: the exclusive right of one buyer to a lot, or to a part of it.

Of whole lots the partial unique index decides races, not a look before; of parts the conditional update of the stock.
Locks are taken in one order everywhere: claim, lot, listing, stock, offers.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from marketplace.core.errors import Conflict
from marketplace.core.ids import new_id
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.lots.models import Lot
from marketplace.lots.queries import listing_of, lot_by_id
from marketplace.lots.services import mark_available
from marketplace.orders.models import LotClaim, Order
from marketplace.unit_of_work import UnitOfWork

LIVE = ("active", "settling", "consumed")
# Claims that stand for a while without an order.
KEEPING = ("hold", "offer")
_LIVE_WHOLE = "state IN ('active','settling','consumed') AND quantity_mg IS NULL"
_TRIES = 3

# Built once: every purchase sends these.
_KEPT = (
    select(LotClaim)
    .where(
        LotClaim.lot_id == bindparam("lot_id"),
        LotClaim.buyer_id == bindparam("buyer_id"),
        LotClaim.state == "active",
        LotClaim.kind.in_(KEEPING),
        LotClaim.expires_at > bindparam("now"),
    )
    .order_by(LotClaim.expires_at, LotClaim.id)
    .limit(1)
)
_KEPT_LOCKED = _KEPT.with_for_update()
_TAKE = (
    insert(LotClaim)
    .on_conflict_do_nothing(index_elements=["lot_id"], index_where=text(_LIVE_WHOLE))
    .returning(LotClaim)
)


class Reserved(Conflict):
    """Another buyer holds the lot for now."""

    code = "reserved"
    message = N_("Another buyer has this lot now. It is reserved until %(until)s. Come back then.")


class ReservedByYou(Conflict):
    """The buyer already has an order for the lot."""

    code = "reserved_by_you"
    message = N_("You already have an order for this lot. Open it from your orders.")


class HeldByYou(Conflict):
    """The buyer keeps the lot already, without an order."""

    code = "held_by_you"
    message = N_("You keep this lot until %(until)s. You can buy it now.")


class Taken(Conflict):
    """The lot is paid for."""

    code = "taken"
    message = N_("This lot was sold. Choose another one.")


def take(uow: UnitOfWork, *, lot_id: UUID, buyer_id: UUID, kind: str, expires_at: datetime) -> LotClaim:
    """Take the lot for a buyer, or raise Reserved, ReservedByYou or Taken; the caller records it with the lot.

    An active claim whose time is over is replaced in the same transaction; one that is settling never is.
    """
    for _ in range(_TRIES):
        claim = _insert(uow, lot_id=lot_id, buyer_id=buyer_id, kind=kind, expires_at=expires_at)
        if claim is not None:
            return claim
        _make_room(uow, lot_id=lot_id, buyer_id=buyer_id)
    raise Conflict


def take_part(
    uow: UnitOfWork, *, lot_id: UUID, buyer_id: UUID, kind: str, expires_at: datetime, part_mg: int, price: Money
) -> LotClaim:
    """Write down the claim to a part that the stock of the lot has given; `price` is what it took of the lot's."""
    claim = LotClaim(
        id=new_id(),
        lot_id=lot_id,
        quantity_mg=part_mg,
        list_minor=price.minor,
        kind=kind,
        buyer_id=buyer_id,
        state="active",
        created_at=uow.now,
        expires_at=expires_at,
    )
    uow.session.add(claim)
    uow.record("lot_claim.take", claim, kind=kind, lot_id=lot_id, expires_at=expires_at, part_mg=part_mg)
    return claim


def settle(claim: LotClaim, order: Order) -> None:
    """Bind the claim to an order whose payment may start now: from here only the provider's answer frees it.

    The entry that places the order names the claim too.
    """
    claim.state, claim.order_id = "settling", order.id


def consume(uow: UnitOfWork, *, order: Order) -> None:
    """Keep the lot for good: its payment arrived."""
    claim = claim_of(uow.session, order.id)
    claim.state = "consumed"
    uow.record("lot_claim.consume", claim, order)


def release(uow: UnitOfWork, *, claim: LotClaim, reason: str) -> None:
    """Free the lot."""
    claim.state, claim.released_at, claim.release_reason = "released", uow.now, reason
    uow.record("lot_claim.release", claim, reason=reason)


def claim_of(session: Session, order_id: UUID) -> LotClaim:
    """Return the claim of an order, locked."""
    return session.scalars(select(LotClaim).where(LotClaim.order_id == order_id).with_for_update()).one()


def kept_by(session: Session, *, lot_id: UUID, buyer_id: UUID | None, now: datetime, lock: bool) -> LotClaim | None:
    """Return the buyer's own hold or agreement on a lot that still stands, the one that ends first; or None."""
    query = _KEPT_LOCKED if lock else _KEPT
    return session.scalar(query, {"lot_id": lot_id, "buyer_id": buyer_id, "now": now})


def check_free(session: Session, *, lot_id: UUID, buyer_id: UUID | None, now: datetime) -> None:
    """Raise what `take` would raise now for a whole lot; a look only, it decides nothing."""
    found = session.scalar(
        select(LotClaim).where(LotClaim.lot_id == lot_id, LotClaim.state.in_(LIVE), LotClaim.quantity_mg.is_(None))
    )
    if found is not None and not (found.state == "active" and found.expires_at <= now):
        raise _why(found, buyer_id)


def _insert(uow: UnitOfWork, *, lot_id: UUID, buyer_id: UUID, kind: str, expires_at: datetime) -> LotClaim | None:
    # Not by adding a row: a refused insert would need a savepoint, and the loser waits here for the winner's commit.
    row = {
        "id": new_id(),
        "lot_id": lot_id,
        "kind": kind,
        "buyer_id": buyer_id,
        "state": "active",
        "created_at": uow.now,
        "expires_at": expires_at,
    }
    return uow.session.scalar(_TAKE, row)


def _make_room(uow: UnitOfWork, *, lot_id: UUID, buyer_id: UUID) -> None:
    """Release an active claim whose time is over; raise why the lot cannot be had otherwise."""
    found = uow.session.scalar(
        select(LotClaim)
        .where(LotClaim.lot_id == lot_id, LotClaim.state.in_(LIVE), LotClaim.quantity_mg.is_(None))
        .with_for_update()
    )
    if found is None:
        return
    if found.state == "active" and found.expires_at <= uow.now:
        release(uow, claim=found, reason="expired")
        _show_again(uow, lot_by_id(uow.session, lot_id, lock=True))
        return
    raise _why(found, buyer_id)


def _show_again(uow: UnitOfWork, lot: Lot) -> None:
    """Put the lot of an ended hold back on sale; a claim of a checkout never came so far."""
    listing = listing_of(uow.session, lot.id, lock=True)
    if listing is not None and listing.availability == "reserved":
        mark_available(uow, lot=lot)
    uow.session.flush()


def _why(claim: LotClaim, buyer_id: UUID | None) -> Conflict:
    if claim.buyer_id == buyer_id:
        is_kept = claim.state == "active" and claim.kind in KEEPING
        return HeldByYou(until=claim.expires_at) if is_kept else ReservedByYou()
    return Taken() if claim.state == "consumed" else Reserved(until=claim.expires_at)
