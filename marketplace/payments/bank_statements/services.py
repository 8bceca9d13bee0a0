"""Import what the bank says: each movement once, matched exactly or left to finance as an unmatched receipt."""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select

from marketplace.core.actor import StaffRole
from marketplace.core.errors import Forbidden
from marketplace.core.ids import new_id, new_reference
from marketplace.core.text import N_
from marketplace.ledger import rail_recipes
from marketplace.ledger.services import post
from marketplace.payments.bank_statements import receipts
from marketplace.payments.bank_statements.camt import read_camt
from marketplace.payments.bank_statements.matching import PartNews, amount_of, ledger_reference, match, reasons
from marketplace.payments.bank_statements.statement import Entry, Statement, StatementRefused
from marketplace.payments.bank_statements.table_file import read_csv
from marketplace.payments.rail_files import our_accounts
from marketplace.payments.rail_models import BankEntry, BankStatement, UnmatchedReceipt
from marketplace.payments.rails import OUR_BANK
from marketplace.unit_of_work import UnitOfWork


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
    receipts.lock_statements(uow)
    if uow.session.scalar(select(BankStatement.id).where(BankStatement.sha256 == digest).limit(1)) is not None:
        return Imported(entries=sum(len(each.entries) for each in found), new=0, matched=0)
    results = [_store(uow, each, digest=digest, place=place, news=news) for place, each in enumerate(found)]
    receipts.look_for_provider(uow, news=news)
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
        opening_minor=statement.opening.minor if statement.opening is not None else None,
        closing_minor=statement.closing.minor if statement.closing is not None else None,
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
    if match(uow, row=row, news=news):
        return True
    _leave_to_finance(uow, row, news)
    return False


def _leave_to_finance(uow: UnitOfWork, row: BankEntry, news: PartNews) -> None:
    amount = amount_of(row)
    journal = rail_recipes.receipt_unmatched(row.account, amount)
    post(uow, entry=journal, key=f"{row.id}:receipt", external_ref=ledger_reference(row))
    why, payment, part = reasons(uow, row=row)
    receipt = UnmatchedReceipt(
        id=new_id(),
        reference=new_reference("SB"),
        entry_id=row.id,
        state="open",
        needs_second=abs(amount.minor) >= uow.settings.second_person_threshold_minor,
        why=why.value,
        order_id=payment.order_id if payment is not None else None,
        part_id=part.id if part is not None else None,
        opened_at=uow.now,
    )
    uow.session.add(receipt)
    uow.record("unmatched_receipt.open", receipt, amount=amount, why=why)
    if payment is not None:
        is_awaited = payment.state in ("creating", "open")
        news.wire_astray(uow, order_id=payment.order_id, amount=amount, is_awaited=is_awaited)
