"""Lots on sale through the queue, and changes of them."""

from collections.abc import Mapping

from marketplace.accounts.models import User
from marketplace.lots import services as lots
from marketplace.lots.models import Lot
from marketplace.moderation import services
from marketplace.moderation.models import ModerationCase
from marketplace.orders.offer_queries import has_open_offer
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import STONE
from tests.builders.moderation import decided, moderator, waiting_lot
from tests.people import actor

# The answers of a step with one thing changed; the first two words of the group have two letters in the wrong order.
SLIP = {"group": "Makret day of 22 August"}


def lot_on_sale(uow: UnitOfWork) -> tuple[Lot, User]:
    """Send a lot and approve it by two people; return it with the secretary who sent it."""
    case, lot, secretary = waiting_lot(uow)
    decided(uow, case, moderator(uow, "Zawadi of sales"))
    return lot, secretary


def changed(uow: UnitOfWork, lot: Lot, step: str, answers: Mapping[str, str]) -> None:
    """Change answers of one step in the draft, as who started it; the others stay as they were typed."""
    secretary = uow.session.get_one(User, lot.created_by)
    typed = lot.draft[step]["typed"]
    lots.save_step(uow.acting_as(actor(uow.session, secretary)), lot=lot, step=step, answers={**typed, **answers})


def edited(uow: UnitOfWork, lot: Lot, step: str, answers: Mapping[str, str]) -> ModerationCase:
    """Change answers of one step and send the lot again."""
    changed(uow, lot, step, answers)
    secretary = uow.session.get_one(User, lot.created_by)
    return services.submit_lot(uow.acting_as(actor(uow.session, secretary)), lot=lot, offers=has_open_offer)


def price(wanted: str) -> dict[str, str]:
    """Return the price step with another amount."""
    return {**STONE["price"], "wanted": wanted}
