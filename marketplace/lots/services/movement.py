"""Move a lot by its table; the one place that writes its state."""

from marketplace.core.actor import Actor, StaffRole
from marketplace.core.errors import Conflict, Forbidden
from marketplace.core.text import N_
from marketplace.lots.models import Lot, LotListing, LotStock
from marketplace.lots.queries import listing_of, stock_of
from marketplace.lots.transitions import Action, Row, Who, row_for
from marketplace.unit_of_work import UnitOfWork


class LotClaimed(Conflict):
    """A buyer has the lot: it stays as it is."""

    code = "lot_claimed"
    message = N_("A buyer has this lot now. It cannot be changed.")


def advance(uow: UnitOfWork, lot: Lot, action: Action) -> None:
    """Apply a row of the table to a locked lot; raises TransitionRefused or Forbidden."""
    lot.state = check_move(uow, lot, action).target.value


def check_move(uow: UnitOfWork, lot: Lot, action: Action) -> Row:
    """Return the row that `advance` would apply, or raise why not; for changes that may still be refused."""
    row = row_for(lot.state, action, on_sale=lot.published_version_id is not None)
    check_who(uow.actor, lot, row.who)
    return row


def check_who(actor: Actor, lot: Lot, who: Who) -> None:
    """Raise Forbidden unless the actor is the party a row asks for; orders call on behalf of whoever ends them."""
    is_allowed = {
        Who.WRITER: actor.may_write_for(lot.cooperative_id),
        Who.MODERATOR: actor.has_role(StaffRole.MODERATOR),
        Who.ORDER: True,
    }
    if not is_allowed[who]:
        raise Forbidden


def refuse_if_claimed(uow: UnitOfWork, lot: Lot) -> LotListing | None:
    """Return the locked listing of a lot, None without one; raise LotClaimed while a buyer has any of it or had it."""
    listing, stock = _shelf(uow, lot)
    if stock is not None and stock.free_mg < stock.whole_mg:
        raise LotClaimed
    return listing


def refuse_if_on_its_way(uow: UnitOfWork, lot: Lot) -> LotListing | None:
    """Return the locked listing of a lot, None without one; raise LotClaimed while an order of any of it is open."""
    listing, stock = _shelf(uow, lot)
    if stock is not None and stock.free_mg + stock.sold_mg < stock.whole_mg:
        raise LotClaimed
    return listing


def _shelf(uow: UnitOfWork, lot: Lot) -> tuple[LotListing | None, LotStock | None]:
    """Return listing and stock of a lot, locked; raise LotClaimed when nothing of it is free."""
    listing = listing_of(uow.session, lot.id, lock=True)
    if listing is not None and listing.availability in {"reserved", "sold"}:
        raise LotClaimed
    return listing, stock_of(uow.session, lot.id, lock=True)
