"""Work off what nothing explains: one person says what it is and why, above the threshold another one agrees."""

from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select, text

from marketplace.accounts.models import Buyer
from marketplace.core.actor import StaffRole
from marketplace.core.errors import Forbidden, InvalidInput, TransitionRefused
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.ledger import rail_recipes, return_recipes
from marketplace.ledger.recipes import Entry
from marketplace.ledger.services import post
from marketplace.payments.bank_statements.clues import Why
from marketplace.payments.bank_statements.matching import PartNews, amount_of, match, reasons
from marketplace.payments.models import Payout
from marketplace.payments.payouts import returns
from marketplace.payments.payouts.part_moves import words
from marketplace.payments.payouts.transitions import PartState
from marketplace.payments.rail_models import BankEntry, PayoutPart, PayoutReturn, UnmatchedReceipt
from marketplace.unit_of_work import UnitOfWork

LONGEST_REASON: Final = 300


class Remedy(StrEnum):
    """What finance does with an unmatched entry."""

    SEND_BACK = "send_back"
    CREDIT = "credit"
    OWE_AGAIN = "owe_again"
    BANK_CHARGE = "bank_charge"
    BANK_CORRECTION = "bank_correction"


# What the program itself does: a line is matched after all.
EXPLAINED: Final = "explained"
MOST_AT_ONCE: Final = 200
_LEGAL: Final = {"open": ("propose", "look_again"), "proposed": ("agree", "refuse")}


class SecondPersonDecides(Forbidden):
    """Above the threshold another person decides."""

    code = "second_person_decides"
    message = N_("Another finance person must agree: you proposed this.")


class ReceiptMoved(TransitionRefused):
    """Another person dealt with the entry."""

    code = "receipt_moved"
    message = N_("Another person dealt with this entry just now. Look at it again.")


def remedies_for(entry: BankEntry) -> tuple[Remedy, ...]:
    """Return what is possible: money that arrived can go on, money that left can only be the bank's charge."""
    arrived = (Remedy.SEND_BACK, Remedy.CREDIT, Remedy.OWE_AGAIN, Remedy.BANK_CORRECTION)
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
        _refuse_stake(uow, receipt)
    elif remedy == Remedy.OWE_AGAIN:
        part, receipt.cooperative_id = _returned_part(uow, entry, whose)
        receipt.part_id = part.id
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
    _refuse_stake(uow, receipt)
    _carry_out(uow, receipt, uow.session.get_one(BankEntry, receipt.entry_id))


def refuse(uow: UnitOfWork, *, receipt: UnmatchedReceipt) -> None:
    """Put a proposal back: the entry waits as before."""
    _finance(uow)
    _in_state(uow, receipt, "proposed", "refuse")
    receipt.state = "open"
    receipt.action = receipt.buyer_id = receipt.cooperative_id = receipt.proposed_by = receipt.proposed_at = None
    receipt.reason = None
    uow.record("unmatched_receipt.refuse", receipt)


def look_again(uow: UnitOfWork, *, receipt: UnmatchedReceipt, news: PartNews) -> bool:
    """Try once more to match an open entry; when it is, its first booking is taken back. Return whether it was."""
    _finance(uow)
    lock_statements(uow)
    _in_state(uow, receipt, "open", "look_again")
    entry = uow.session.get_one(BankEntry, receipt.entry_id)
    if not match(uow, row=entry, news=news):
        receipt.why = reasons(uow, row=entry)[0].value
        uow.record("unmatched_receipt.look_again", receipt, why=receipt.why)
        return False
    journal = return_recipes.receipt_explained(entry.account, amount_of(entry))
    post(uow, entry=journal, key=f"{receipt.id}:{journal.kind}")
    receipt.action, receipt.state, receipt.reason = EXPLAINED, "done", "Matched after all."
    receipt.proposed_by = receipt.decided_by = uow.actor.user_id
    receipt.proposed_at = receipt.decided_at = uow.now
    uow.record("unmatched_receipt.close", receipt, remedy=EXPLAINED)
    return True


def look_for_provider(uow: UnitOfWork, *, news: PartNews) -> None:
    """Look again at what the provider paid out before we knew of it."""
    found = select(UnmatchedReceipt).where(
        UnmatchedReceipt.state == "open", UnmatchedReceipt.why == Why.PROVIDER_UNKNOWN
    )
    for receipt in uow.session.scalars(found.order_by(UnmatchedReceipt.id).limit(MOST_AT_ONCE)).all():
        look_again(uow, receipt=receipt, news=news)


def lock_statements(uow: UnitOfWork) -> None:
    """Let one transaction at a time match lines of statements."""
    uow.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('bank_statement'))"))


def _carry_out(uow: UnitOfWork, receipt: UnmatchedReceipt, entry: BankEntry) -> None:
    receipt.state, receipt.decided_by, receipt.decided_at = "done", uow.actor.user_id, uow.now
    # The payout is locked before its money, as everywhere: who waits never waits in a circle.
    if receipt.action == Remedy.OWE_AGAIN:
        part = uow.session.get_one(PayoutPart, receipt.part_id)
        returns.note_receipt(uow, part=part, reason=str(receipt.reason))
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
    if receipt.action == Remedy.BANK_CORRECTION:
        return return_recipes.bank_gave_back(amount)
    return rail_recipes.bank_charged(amount) if receipt.action == Remedy.BANK_CHARGE else None


def _buyer(uow: UnitOfWork, company_id: str) -> UUID:
    try:
        buyer = uow.session.get(Buyer, UUID(company_id.strip()))
    except ValueError:
        buyer = None
    if buyer is None:
        raise InvalidInput({"whose": N_("We know no buyer of this number. Copy it from the buyer’s page.")})
    return buyer.id


def _returned_part(uow: UnitOfWork, entry: BankEntry, reference: str) -> tuple[PayoutPart, UUID]:
    """Return what came back and who is owed it: a confirmed part of exactly this amount that did not return before."""
    back = select(PayoutReturn.id).where(PayoutReturn.part_id == PayoutPart.id)
    found = uow.session.execute(
        select(PayoutPart, Payout.cooperative_id)
        .join(Payout, Payout.id == PayoutPart.payout_id)
        .where(
            PayoutPart.reference == reference.strip().upper(),
            PayoutPart.state == PartState.CONFIRMED,
            PayoutPart.amount_minor == entry.amount_minor,
            PayoutPart.currency == entry.currency,
            ~back.exists(),
        )
    ).one_or_none()
    if found is None or found.cooperative_id in uow.actor.memberships:
        raise InvalidInput({"whose": N_("No confirmed part of a payout has this reference and amount.")})
    return found.PayoutPart, found.cooperative_id


def _refuse_stake(uow: UnitOfWork, receipt: UnmatchedReceipt) -> None:
    """Let nobody agree to money for herself or for her own cooperative."""
    is_hers = receipt.buyer_id is not None and receipt.buyer_id == uow.actor.buyer_id
    if is_hers or receipt.cooperative_id in uow.actor.memberships:
        raise Forbidden


def _in_state(uow: UnitOfWork, receipt: UnmatchedReceipt, state: str, action: str) -> None:
    uow.session.refresh(receipt, with_for_update=True)
    if receipt.state != state:
        raise ReceiptMoved(receipt.state, action, legal=_LEGAL.get(receipt.state, ()))


def _finance(uow: UnitOfWork) -> None:
    if not uow.actor.has_role(StaffRole.FINANCE) or uow.actor.user_id is None:
        raise Forbidden
