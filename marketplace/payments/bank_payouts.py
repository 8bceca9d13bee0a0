"""Money from our balance at the provider to our own bank: asked for by finance, followed until it arrived."""

from typing import Final

from sqlalchemy import select

from marketplace.core.errors import InvalidInput
from marketplace.core.ids import new_reference
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.ledger import provider_recipes, recipes
from marketplace.ledger.services import post
from marketplace.payments import provider_recipients
from marketplace.payments.commands import write
from marketplace.payments.findings import APPLIED, NOT_OURS, NOT_YET, Outcome
from marketplace.payments.problems import Kind, open_problem
from marketplace.payments.provider_models import BankPayout
from marketplace.payments.rails import OUR_BANK
from marketplace.unit_of_work import UnitOfWork

# How far a payout has come; a bank may send it back even after it said that it arrived.
_RANK: Final = {"decided": 0, "pending": 1, "in_transit": 2, "paid": 3, "failed": 4, "canceled": 4}
_CAME_BACK: Final = frozenset({"failed", "canceled"})


def request_bank_payout(uow: UnitOfWork, *, amount: Money) -> BankPayout:
    """Ask to move available money to our bank account."""
    if amount.minor <= 0:
        raise InvalidInput({"amount": N_("Write an amount above zero.")})
    payout = BankPayout(
        reference=new_reference("BP"),
        state="decided",
        amount_minor=amount.minor,
        currency=amount.currency,
        requested_by=uow.actor.user_id,
        created_at=uow.now,
    )
    uow.session.add(payout)
    uow.session.flush()
    uow.record("bank_payout.request", payout, amount=amount)
    request = {"amount_minor": amount.minor, "currency": amount.currency, "reference": payout.reference}
    write(uow, kind="bank_payout", subject=payout, key=f"bank_payout:{payout.id}", request=request)
    return payout


def apply_bank_payout(uow: UnitOfWork, found: provider_recipients.BankPayout) -> Outcome:
    """Note how a payout stands, and post both its lines of the provider's books; any amount of ours must fit."""
    if found.balance_transaction_id is None:
        return NOT_YET
    payout = _payout_of(uow, found)
    if payout is not None and found.amount != Money(payout.amount_minor, payout.currency):
        open_problem(uow, kind=Kind.OTHER_AMOUNT, subject=found.id, detail=f"payout {found.amount}")
        return Outcome("quarantined", Kind.OTHER_AMOUNT.value)
    if found.status in _CAME_BACK and found.failure_balance_transaction_id is None:
        return NOT_YET
    _book(uow, found)
    if payout is None:
        return NOT_OURS  # the provider's own schedule; its lines are booked all the same
    if payout.balance_transaction_id is None:
        payout.balance_transaction_id = found.balance_transaction_id
        uow.record("bank_payout.book", payout, external_ref=found.balance_transaction_id)
    _advance(uow, payout, found)
    return APPLIED


def refuse_bank_payout(uow: UnitOfWork, *, payout: BankPayout, reason: str) -> None:
    """Note that the provider did not pay out: the money never left."""
    if payout.state == "decided":
        payout.state, payout.failure, payout.done_at = "failed", reason[:300], uow.now
        uow.record("bank_payout.fail", payout, reason=payout.failure)


def _book(uow: UnitOfWork, found: provider_recipients.BankPayout) -> None:
    # The same keys as the sweep's: whoever comes first posts.
    post(
        uow,
        entry=recipes.bank_funded(OUR_BANK, found.amount),
        key=f"bank_funded:{found.balance_transaction_id}",
        external_ref=found.balance_transaction_id,
    )
    if found.failure_balance_transaction_id is not None:
        post(
            uow,
            entry=provider_recipes.bank_returned(OUR_BANK, found.amount),
            key=f"bank_returned:{found.failure_balance_transaction_id}",
            external_ref=found.failure_balance_transaction_id,
        )


def _advance(uow: UnitOfWork, payout: BankPayout, found: provider_recipients.BankPayout) -> None:
    if _RANK.get(found.status, 0) <= _RANK[payout.state]:
        return
    payout.state, payout.provider_ref, payout.arrival = found.status, found.id, found.arrival
    payout.failure = found.failure
    payout.done_at = uow.now if found.status in ("paid", *_CAME_BACK) else None
    uow.record("bank_payout.advance", payout, state=payout.state)
    if payout.state == "failed":
        open_problem(uow, kind=Kind.RETURNED, subject=f"bank payout {payout.id}", detail=found.failure or "")


def _payout_of(uow: UnitOfWork, found: provider_recipients.BankPayout) -> BankPayout | None:
    known = uow.session.scalar(select(BankPayout).where(BankPayout.provider_ref == found.id).with_for_update())
    if known is not None or found.reference is None:
        return known
    return uow.session.scalar(select(BankPayout).where(BankPayout.reference == found.reference).with_for_update())
