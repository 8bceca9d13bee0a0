"""What sanctions screening stops: payouts, large orders, and buyers who are on a list.

Buyers and cooperatives read neutral words: telling somebody of a suspicion (tipping off) is an offence in many places.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, exists

from marketplace.compliance.models import Cooperative
from marketplace.core.errors import DomainError
from marketplace.core.text import N_
from marketplace.orders.compliance_checks import PayoutUnderHold, PayoutUnderScreening
from marketplace.orders.models import Order
from marketplace.screening.models import ScreeningHit
from marketplace.screening.standing import is_fresh, list_ages, running_hit
from marketplace.unit_of_work import UnitOfWork


class ScreeningStale(PayoutUnderHold):
    """The names behind the cooperative were not compared with the lists in force."""

    code = "screening_stale"
    message = N_(
        "This cooperative was not screened against the lists in force. "
        "Press “Screen now” on its screening page, then approve."
    )


class ListsTooOld(PayoutUnderHold):
    """A large payout waits for current lists."""

    code = "lists_too_old"
    message = N_("This order is large, and sanctions lists are missing or too old: %(lists)s. Import them first.")


class AccountStopped(DomainError):
    """The buyer is on a list: nothing is sold to her, and she does not read why."""

    code = "account_stopped"
    message = N_("Your account cannot buy at the moment. Write to us, and we will look into it.")


class LargeOrderWaits(DomainError):
    """Lists are too old, or a name waits for a decision: large orders are not taken."""

    code = "large_order_waits"
    message = N_("We cannot take an order of this size today. Try again tomorrow, or write to us.")


def refuse_unscreened_payout(uow: UnitOfWork, *, order: Order) -> None:
    """Raise PayoutUnderScreening, ScreeningStale or ListsTooOld unless the cooperative's part may leave."""
    hit = running_hit(uow.session, cooperative_id=order.cooperative_id, buyer_id=order.buyer_id)
    if hit is not None:
        raise PayoutUnderScreening(reference=hit)
    cooperative = uow.session.get_one(Cooperative, order.cooperative_id)
    if not is_fresh(uow.session, cooperative=cooperative, settings=uow.settings, now=uow.now):
        raise ScreeningStale
    old = _old_lists(uow) if order.needs_second_person else ""
    if old:
        raise ListsTooOld(lists=old)


def is_on_a_list(buyer_id: SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    """Tell of a buyer whom two people found on a list; part of a statement that is sent anyway."""
    return exists().where(ScreeningHit.buyer_id == buyer_id, ScreeningHit.state == "match")


def refuse_large_order(uow: UnitOfWork, *, buyer_id: UUID, cooperative_id: UUID) -> None:
    """Raise LargeOrderWaits while lists are too old, or a name of either side waits for a decision (fail closed)."""
    if _old_lists(uow) or running_hit(uow.session, cooperative_id=cooperative_id, buyer_id=buyer_id) is not None:
        raise LargeOrderWaits


def _old_lists(uow: UnitOfWork) -> str:
    ages = list_ages(uow.session, settings=uow.settings, today=uow.now.date())
    return ", ".join(age.kind.value.upper() for age in ages if age.is_too_old)
