"""Work off what nothing explains: one person says what it is and why, above the threshold another one agrees."""

from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select

from marketplace.accounts.models import Buyer
from marketplace.compliance.models import Cooperative
from marketplace.core.actor import StaffRole
from marketplace.core.errors import Forbidden, InvalidInput, TransitionRefused
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.ledger import rail_recipes
from marketplace.ledger.recipes import Entry
from marketplace.ledger.services import post
from marketplace.payments.models import Payout
from marketplace.payments.payouts.part_moves import words
from marketplace.payments.payouts.transitions import PartState
from marketplace.payments.rail_models import BankEntry, PayoutPart, UnmatchedReceipt
from marketplace.unit_of_work import UnitOfWork

LONGEST_REASON: Final = 300


class Remedy(StrEnum):
    """What finance does with an unmatched entry."""

    SEND_BACK = "send_back"
    CREDIT = "credit"
    OWE_AGAIN = "owe_again"
    BANK_CHARGE = "bank_charge"


class SecondPersonDecides(Forbidden):
    """Above the threshold another person decides."""

    code = "second_person_decides"
    message = N_("Another finance person must agree: you proposed this.")


def remedies_for(entry: BankEntry) -> tuple[Remedy, ...]:
    """Return what is possible: money that arrived can go on, money that left can only be the bank's charge."""
    arrived = (Remedy.SEND_BACK, Remedy.CREDIT, Remedy.OWE_AGAIN)
    return arrived if entry.amount_minor > 0 else (Remedy.BANK_CHARGE,)


def propose(uow: UnitOfWork, *, receipt: UnmatchedReceipt, remedy: str, whose: str, reason: str) -> None:
    """Say what an entry is; below the threshold it is done at once. `whose` is a buyer's e-mail or a payout part."""
    _finance(uow)
    _in_state(uow, receipt, "open", "propose")
    entry = uow.session.get_one(BankEntry, receipt.entry_id)
    if remedy not in remedies_for(entry):
        raise InvalidInput({"remedy": N_("Choose what to do with it.")})
    receipt.reason = words(reason, "reason", most=LONGEST_REASON)
    if remedy == Remedy.CREDIT:
        receipt.buyer_id = _buyer(uow, whose)
    elif remedy == Remedy.OWE_AGAIN:
        receipt.cooperative_id = _cooperative(uow, entry, whose)
    receipt.action, receipt.state = remedy, "proposed"
    receipt.proposed_by, receipt.proposed_at = uow.actor.user_id, uow.now
    uow.record("unmatched_receipt.propose", receipt, remedy=remedy, reason=receipt.reason)
    if not receipt.needs_second:
        _carry_out(uow, receipt, entry)


def agree(uow: UnitOfWork, *, receipt: UnmatchedReceipt) -> None:
    """Carry out a proposal as the second person; raise SecondPersonDecides."""
    _finance(uow)
    _in_state(uow, receipt, "proposed", "agree")
    if receipt.proposed_by == uow.actor.user_id:
        raise SecondPersonDecides
    _carry_out(uow, receipt, uow.session.get_one(BankEntry, receipt.entry_id))


def refuse(uow: UnitOfWork, *, receipt: UnmatchedReceipt) -> None:
    """Put a proposal back: the entry waits as before."""
    _finance(uow)
    _in_state(uow, receipt, "proposed", "refuse")
    receipt.state = "open"
    receipt.action = receipt.buyer_id = receipt.cooperative_id = receipt.proposed_by = receipt.proposed_at = None
    uow.record("unmatched_receipt.refuse", receipt)


def _carry_out(uow: UnitOfWork, receipt: UnmatchedReceipt, entry: BankEntry) -> None:
    receipt.state, receipt.decided_by, receipt.decided_at = "done", uow.actor.user_id, uow.now
    journal = _journal(receipt, entry)
    if journal is not None:
        post(uow, entry=journal, key=f"{receipt.id}:{journal.kind}")
    uow.record("unmatched_receipt.close", receipt, remedy=receipt.action)


def _journal(receipt: UnmatchedReceipt, entry: BankEntry) -> Entry | None:
    """Return what the remedy posts; sending back posts when the bank's statement shows that the money left."""
    amount = Money(abs(entry.amount_minor), entry.currency)
    if receipt.buyer_id is not None:
        return rail_recipes.receipt_credited(receipt.buyer_id, amount)
    if receipt.cooperative_id is not None:
        return rail_recipes.receipt_owed_again(receipt.cooperative_id, amount)
    return rail_recipes.bank_charged(amount) if receipt.action == Remedy.BANK_CHARGE else None


def _buyer(uow: UnitOfWork, company_id: str) -> UUID:
    try:
        buyer = uow.session.get(Buyer, UUID(company_id.strip()))
    except ValueError:
        buyer = None
    if buyer is None:
        raise InvalidInput({"whose": N_("We know no buyer of this number. Copy it from the buyer’s page.")})
    return buyer.id


def _cooperative(uow: UnitOfWork, entry: BankEntry, reference: str) -> UUID:
    """Return who is owed again: the part named must have been confirmed, with exactly this amount."""
    found = (
        select(Payout.cooperative_id)
        .join(PayoutPart, PayoutPart.payout_id == Payout.id)
        .where(
            PayoutPart.reference == reference.strip().upper(),
            PayoutPart.state == PartState.CONFIRMED,
            PayoutPart.amount_minor == entry.amount_minor,
            PayoutPart.currency == entry.currency,
        )
    )
    cooperative_id = uow.session.scalar(found)
    if cooperative_id is None or cooperative_id in uow.actor.memberships:
        raise InvalidInput({"whose": N_("No confirmed part of a payout has this reference and amount.")})
    return uow.session.get_one(Cooperative, cooperative_id).id


def _in_state(uow: UnitOfWork, receipt: UnmatchedReceipt, state: str, action: str) -> None:
    uow.session.refresh(receipt, with_for_update=True)
    if receipt.state != state:
        raise TransitionRefused(receipt.state, action, legal=())


def _finance(uow: UnitOfWork) -> None:
    if not uow.actor.has_role(StaffRole.FINANCE) or uow.actor.user_id is None:
        raise Forbidden
