"""Import what the bank says: each movement once, matched exactly or left to finance as an unmatched receipt."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from sqlalchemy import select, text

from marketplace.core.actor import StaffRole
from marketplace.core.errors import Forbidden
from marketplace.core.ids import new_id, new_reference
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.ledger import rail_recipes
from marketplace.ledger.services import post
from marketplace.payments.bank_statements.camt import read_camt
from marketplace.payments.bank_statements.statement import Entry, Statement, StatementRefused
from marketplace.payments.bank_statements.table_file import read_csv
from marketplace.payments.models import Payout
from marketplace.payments.payouts.transitions import PartState
from marketplace.payments.rail_files import our_accounts
from marketplace.payments.rail_models import BankEntry, BankMatch, BankStatement, PayoutPart, UnmatchedReceipt
from marketplace.payments.rails import OUR_BANK, Rail
from marketplace.unit_of_work import UnitOfWork


class PartNews(Protocol):
    """What the bank's answer does to a part and its order; orders implement it."""

    def confirm(self, uow: UnitOfWork, *, payout: Payout, part: PayoutPart, proof: str) -> None:
        """Note a part's proof."""

    def fail(self, uow: UnitOfWork, *, payout: Payout, part: PayoutPart, reason: str) -> None:
        """Note that a part came back."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: entries that were new, how many of them matched."""

    entries: int
    new: int
    matched: int


def import_file(uow: UnitOfWork, *, content: bytes, news: PartNews) -> Imported:
    """Import a camt or CSV file; the same file, and the same movement in another file, change nothing.

    Raises StatementRefused with the reason; then nothing is imported.
    """
    if not uow.actor.has_role(StaffRole.FINANCE) or uow.actor.user_id is None:
        raise Forbidden
    digest = sha256(content).hexdigest()
    is_xml = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    found = read_camt(content) if is_xml else read_csv(content, account=OUR_BANK)
    # One import at a time: two people with the same file must not both see it as new.
    uow.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('bank_statement'))"))
    if uow.session.scalar(select(BankStatement.id).where(BankStatement.sha256 == digest).limit(1)) is not None:
        return Imported(entries=sum(len(each.entries) for each in found), new=0, matched=0)
    results = [_store(uow, each, digest=digest, place=place, news=news) for place, each in enumerate(found)]
    return Imported(*(sum(column) for column in zip(*results, strict=True)))


def _store(uow: UnitOfWork, statement: Statement, *, digest: str, place: int, news: PartNews) -> tuple[int, int, int]:
    account = _our_account(statement)
    known = set(
        uow.session.scalars(
            select(BankEntry.reference).where(
                BankEntry.account == account,
                BankEntry.currency == statement.currency,
                BankEntry.reference.in_([entry.reference for entry in statement.entries]),
            )
        )
    )
    new = [entry for entry in statement.entries if entry.reference not in known and entry.amount]
    row = BankStatement(
        id=new_id(),
        sha256=digest,
        place=place,
        kind=statement.kind,
        number=statement.number,
        account=account,
        currency=statement.currency,
        first_day=statement.first_day,
        last_day=statement.last_day,
        opening_minor=statement.opening.minor if statement.opening else None,
        closing_minor=statement.closing.minor if statement.closing else None,
        entries=len(statement.entries),
        new_entries=len(new),
        imported_by=uow.actor.user_id,
        imported_at=uow.now,
    )
    uow.session.add(row)
    uow.record("bank_statement.import", row, hashes={"file": digest}, number=statement.number)
    matched = sum(_enter(uow, row, entry, news) for entry in new)
    return len(statement.entries), len(new), matched


def _our_account(statement: Statement) -> str:
    if statement.account == OUR_BANK:
        return OUR_BANK
    solid = "".join(statement.account.split()).upper()
    for each in our_accounts():
        if (each.number, each.currency) == (solid, statement.currency):
            return each.name
    raise StatementRefused(N_("This statement is not about one of our accounts in this currency."))


def _enter(uow: UnitOfWork, statement: BankStatement, entry: Entry, news: PartNews) -> bool:
    row = BankEntry(
        id=new_id(),
        statement_id=statement.id,
        account=statement.account,
        currency=statement.currency,
        reference=entry.reference,
        booked_on=entry.booked_on,
        amount_minor=entry.amount.minor,
        end_to_end_id=entry.end_to_end_id,
        remittance=entry.remittance,
        counterparty=entry.counterparty,
    )
    uow.session.add(row)
    uow.session.flush()
    if _match_part(uow, row, entry, news) or _match_sent_back(uow, row, entry):
        return True
    _leave_to_finance(uow, row, entry.amount)
    return False


def _match_part(uow: UnitOfWork, row: BankEntry, entry: Entry, news: PartNews) -> bool:
    """Match by our reference and the exact amount, and only while the part is on its way."""
    part = uow.session.scalar(
        select(PayoutPart).where(
            PayoutPart.reference == entry.end_to_end_id,
            PayoutPart.rail == Rail.BANK,
            PayoutPart.currency == row.currency,
            PayoutPart.amount_minor == abs(entry.amount.minor),
            PayoutPart.state == PartState.SENT,
        )
    )
    if part is None or row.account != OUR_BANK:
        return False
    payout = uow.session.get_one(Payout, part.payout_id)
    if payout.cooperative_id in uow.actor.memberships:
        return False  # who has a stake in it does not confirm it by her import
    is_return = entry.amount.minor > 0
    if is_return:
        news.fail(uow, payout=payout, part=part, reason=_reason(entry))
    else:
        news.confirm(uow, payout=payout, part=part, proof=entry.reference[:80])
    kind = "payout_return" if is_return else "payout"
    match = BankMatch(entry_id=row.id, kind=kind, part_id=part.id, receipt_id=None, matched_at=uow.now)
    uow.session.add(match)
    uow.record("bank_match.make", match, part)
    return True


def _match_sent_back(uow: UnitOfWork, row: BankEntry, entry: Entry) -> bool:
    receipt = uow.session.scalar(
        select(UnmatchedReceipt)
        .join(BankEntry, BankEntry.id == UnmatchedReceipt.entry_id)
        .where(
            UnmatchedReceipt.reference == entry.end_to_end_id,
            UnmatchedReceipt.state == "done",
            UnmatchedReceipt.action == "send_back",
            BankEntry.amount_minor == -entry.amount.minor,
            BankEntry.account == row.account,
            BankEntry.currency == row.currency,
        )
    )
    used = select(BankMatch.entry_id).where(BankMatch.receipt_id == receipt.id) if receipt else None
    if receipt is None or used is None or uow.session.scalar(used) is not None:
        return False
    journal = rail_recipes.receipt_sent_back(row.account, -entry.amount)
    post(uow, entry=journal, key=f"{row.id}:sent_back", external_ref=_ledger_reference(row))
    match = BankMatch(entry_id=row.id, kind="send_back", part_id=None, receipt_id=receipt.id, matched_at=uow.now)
    uow.session.add(match)
    uow.record("bank_match.make", match, receipt)
    return True


def _leave_to_finance(uow: UnitOfWork, row: BankEntry, amount: Money) -> None:
    journal = rail_recipes.receipt_unmatched(row.account, amount)
    post(uow, entry=journal, key=f"{row.id}:receipt", external_ref=_ledger_reference(row))
    receipt = UnmatchedReceipt(
        id=new_id(),
        reference=new_reference("SB"),
        entry_id=row.id,
        state="open",
        needs_second=abs(amount.minor) >= uow.settings.second_person_threshold_minor,
        opened_at=uow.now,
    )
    uow.session.add(receipt)
    uow.record("unmatched_receipt.open", receipt, amount=amount)


def _ledger_reference(row: BankEntry) -> str:
    return f"{row.account}:{row.currency}:{row.reference}"


def _reason(entry: Entry) -> str:
    return f"Returned by the bank. {entry.remittance}".strip()[:300]
