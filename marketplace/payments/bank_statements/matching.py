"""Find what a line of the bank's statement is about: a part of a payout, the provider's payout, money sent back.

Amount and currency must be exact: of an exchanged payout, those of what the exchange takes from our account. A line
that two things could explain goes to the one our reference names; without a reference, only the provider's own payouts
are found, the oldest of the same amount.
"""

from collections.abc import Sequence
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from marketplace.core.money import Money
from marketplace.ledger import rail_recipes
from marketplace.ledger.models import LedgerJournal, LedgerPosting
from marketplace.ledger.services import post
from marketplace.payments import payout_exchange
from marketplace.payments.bank_statements.clues import Why, names_provider, references, why_wire
from marketplace.payments.models import Payment, Payout, ProviderEntry
from marketplace.payments.payouts.part_moves import place_of
from marketplace.payments.payouts.returns import return_of
from marketplace.payments.payouts.transitions import PartState
from marketplace.payments.provider_models import BankPayout
from marketplace.payments.rail_models import BankEntry, BankMatch, PayoutPart, UnmatchedReceipt
from marketplace.payments.rails import OUR_BANK, Rail
from marketplace.payments.sweep import BACK_FROM_OUR_BANK
from marketplace.unit_of_work import UnitOfWork


class PartNews(Protocol):
    """What the bank's answer does to a part and its order; orders implement it."""

    def confirm(self, uow: UnitOfWork, *, payout: Payout, part: PayoutPart, proof: str) -> None:
        """Note a part's proof."""

    def fail(self, uow: UnitOfWork, *, payout: Payout, part: PayoutPart, reason: str) -> None:
        """Note that a part came back."""

    def return_at_bank(
        self, uow: UnitOfWork, *, payout: Payout, part: PayoutPart, reason: str, external_ref: str
    ) -> object:
        """Note that a part came back after it was confirmed."""

    def wire_astray(self, uow: UnitOfWork, *, order_id: UUID, amount: Money, is_awaited: bool) -> None:
        """Tell the buyer that money for her order reached an account that buyers do not pay to."""


# What the provider's payout and its return are called among the matches and in the ledger.
_PROVIDER_KINDS: Final = {True: ("provider_payout", "bank_funded"), False: ("provider_return", "bank_returned")}


def match(uow: UnitOfWork, *, row: BankEntry, news: PartNews) -> bool:
    """Match a line, with what follows from it; return False when nothing explains it."""
    if row.account != OUR_BANK:
        return _match_sent_back(uow, row)
    return _match_part(uow, row, news) or _match_provider(uow, row) or _match_sent_back(uow, row)


def reasons(uow: UnitOfWork, *, row: BankEntry) -> tuple[Why, Payment | None, PayoutPart | None]:
    """Return why an unmatched line is unmatched, with the payment and the part its text names."""
    named = _references(row)
    part = uow.session.scalar(select(PayoutPart).where(PayoutPart.reference.in_(named)).limit(1))
    if part is not None:
        return _why_part(uow, row, part), None, part
    if row.amount_minor < 0:
        return Why.LEFT, None, None
    payment = uow.session.scalar(select(Payment).where(Payment.order_reference.in_(named)).limit(1))
    if payment is None and (names_provider(_texts(row)) or _bank_payouts(uow, named)):
        return Why.PROVIDER_UNKNOWN, None, None
    expected = Money(payment.amount_minor, payment.currency) if payment is not None else None
    state = payment.state if payment is not None else ""
    why = why_wire(amount_of(row), expected=expected, state=state, has_reference=bool(named))
    return why, payment, None


def amount_of(row: BankEntry) -> Money:
    """Return what a line moved: above zero arrived, below zero left."""
    return Money(row.amount_minor, row.currency)


def ledger_reference(row: BankEntry) -> str:
    """Return how journals name a line of the bank."""
    return f"{row.account}:{row.currency}:{row.reference}"


def _match_part(uow: UnitOfWork, row: BankEntry, news: PartNews) -> bool:
    """Match by our reference and the exact amount, while the part is on its way, or once when it comes back later."""
    named = uow.session.scalars(
        select(PayoutPart).where(
            PayoutPart.reference.in_(_references(row)),
            PayoutPart.rail == Rail.BANK,
            PayoutPart.state.in_((PartState.SENT, PartState.CONFIRMED)),
        )
    )
    part = next((each for each in named if _charged(uow, each) == abs(amount_of(row))), None)
    if part is None:
        return False
    payout = uow.session.get_one(Payout, part.payout_id)
    if payout.cooperative_id in uow.actor.memberships:
        return False  # who has a stake in it does not confirm it by her import
    is_return = row.amount_minor > 0
    if part.state == PartState.CONFIRMED:
        if not is_return or not _may_return(uow, payout, part):
            return False
        news.return_at_bank(uow, payout=payout, part=part, reason=_reason(row), external_ref=ledger_reference(row))
    elif is_return:
        news.fail(uow, payout=payout, part=part, reason=_reason(row))
    else:
        news.confirm(uow, payout=payout, part=part, proof=row.reference[:80])
    _keep(uow, row, kind="payout_return" if is_return else "payout", part=part)
    return True


def _charged(uow: UnitOfWork, part: PayoutPart) -> Money:
    payout = uow.session.get_one(Payout, part.payout_id)
    return payout_exchange.charged(uow.session, payout, place_of(uow.session, part))


def _may_return(uow: UnitOfWork, payout: Payout, part: PayoutPart) -> bool:
    is_exchanged = payout_exchange.exchange_of(uow.session, payout) is not None
    return not is_exchanged and return_of(uow.session, part.id) is None


def _match_provider(uow: UnitOfWork, row: BankEntry) -> bool:
    """Match a payout of the provider to our bank, or its return: both are booked by the provider's own books."""
    payouts = _bank_payouts(uow, _references(row))
    if not payouts and not names_provider(_texts(row)):
        return False
    kind, journal_kind = _PROVIDER_KINDS[row.amount_minor > 0]
    booked = _booked(row, journal_kind)
    named = [payout.balance_transaction_id for payout in payouts if payout.balance_transaction_id]
    reference = uow.session.scalar(booked.where(LedgerJournal.external_ref.in_(named))) if named else None
    if reference is None and (not payouts or row.amount_minor < 0):
        reference = uow.session.scalar(booked.order_by(_came_back(), LedgerJournal.event_at, LedgerJournal.id))
    if reference is None:
        return False
    _keep(uow, row, kind=kind, journal_ref=reference)
    return True


def _booked(row: BankEntry, journal_kind: str) -> Select[str | None]:
    """Select the references of journals of exactly this amount that no line was matched with yet."""
    used = select(BankMatch.entry_id).where(BankMatch.journal_ref == LedgerJournal.external_ref)
    return (
        select(LedgerJournal.external_ref)
        .join(LedgerPosting, LedgerPosting.journal_id == LedgerJournal.id)
        .where(
            LedgerJournal.kind == journal_kind,
            LedgerJournal.external_ref.is_not(None),
            LedgerPosting.currency == row.currency,
            LedgerPosting.amount == abs(row.amount_minor),
            ~used.exists(),
        )
        .limit(1)
    )


def _came_back() -> ColumnElement[bool]:
    """Tell of a payout that came back to the provider: it seldom shows on a statement, so others go first."""
    there, back = aliased(ProviderEntry), aliased(ProviderEntry)
    return (
        select(back.id)
        .join(there, there.source_id == back.source_id)
        .where(there.id == LedgerJournal.external_ref, back.type.in_(BACK_FROM_OUR_BANK))
        .exists()
    )


def _bank_payouts(uow: UnitOfWork, named: Sequence[str]) -> Sequence[BankPayout]:
    return uow.session.scalars(select(BankPayout).where(BankPayout.reference.in_(named))).all()


def _match_sent_back(uow: UnitOfWork, row: BankEntry) -> bool:
    used = select(BankMatch.entry_id).where(BankMatch.receipt_id == UnmatchedReceipt.id)
    receipt = uow.session.scalar(
        select(UnmatchedReceipt)
        .join(BankEntry, BankEntry.id == UnmatchedReceipt.entry_id)
        .where(
            UnmatchedReceipt.reference.in_(_references(row)),
            UnmatchedReceipt.state == "done",
            UnmatchedReceipt.action == "send_back",
            BankEntry.amount_minor == -row.amount_minor,
            BankEntry.account == row.account,
            BankEntry.currency == row.currency,
            ~used.exists(),
        )
    )
    if receipt is None:
        return False
    journal = rail_recipes.receipt_sent_back(row.account, -amount_of(row))
    post(uow, entry=journal, key=f"{row.id}:sent_back", external_ref=ledger_reference(row))
    _keep(uow, row, kind="send_back", receipt=receipt)
    return True


def _keep(
    uow: UnitOfWork,
    row: BankEntry,
    *,
    kind: str,
    part: PayoutPart | None = None,
    receipt: UnmatchedReceipt | None = None,
    journal_ref: str | None = None,
) -> None:
    found = BankMatch(
        entry_id=row.id,
        kind=kind,
        part_id=part.id if part else None,
        receipt_id=receipt.id if receipt else None,
        journal_ref=journal_ref,
        matched_at=uow.now,
    )
    uow.session.add(found)
    uow.record("bank_match.make", found, *(each for each in (part, receipt) if each is not None), kind=kind)


def _why_part(uow: UnitOfWork, row: BankEntry, part: PayoutPart) -> Why:
    if uow.session.get_one(Payout, part.payout_id).cooperative_id in uow.actor.memberships:
        return Why.OWN_STAKE
    is_exact = _charged(uow, part) == abs(amount_of(row))
    return Why.PART_NOT_EXPECTED if is_exact else Why.PART_OTHER_AMOUNT


def _references(row: BankEntry) -> tuple[str, ...]:
    return references(_texts(row)[:2])


def _texts(row: BankEntry) -> tuple[str, str, str]:
    return row.end_to_end_id, row.remittance, row.counterparty


def _reason(row: BankEntry) -> str:
    return f"Returned by the bank. {row.remittance}".strip()[:300]
