"""Read ISO 20022 camt.053 (statement) and camt.054 (notice of movements), in any version of the message. Pure.

Hostile files (entities, document types, outside references) are refused by defusedxml. Source: ISO 20022 message
definitions BankToCustomerStatement and BankToCustomerDebitCreditNotification.
"""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from marketplace.core.money import EXPONENT, Money
from marketplace.core.text import N_
from marketplace.payments.bank_statements.statement import (
    LARGEST_FILE,
    LONGEST_TEXT,
    MOST_ENTRIES,
    Entry,
    Statement,
    StatementRefused,
    checked,
)

_KINDS: Final = {"BkToCstmrStmt": ("camt053", "Stmt"), "BkToCstmrDbtCdtNtfctn": ("camt054", "Ntfctn")}
_OPENING: Final = ("OPBD", "PRCD")
_CLOSING: Final = ("CLBD",)
_NOT_PROVIDED: Final = "NOTPROVIDED"


def read_camt(content: bytes) -> tuple[Statement, ...]:
    """Return the statements of a file; raise StatementRefused with the reason."""
    root = _root(content)
    message = next((child for child in root if _name(child) in _KINDS), None)
    if message is None:
        raise StatementRefused(N_("The file is XML, but neither camt.053 nor camt.054."))
    kind, part = _KINDS[_name(message)]
    found = tuple(checked(_statement(each, kind)) for each in _children(message, part))
    if not found:
        raise StatementRefused(N_("The file has no statement in it."))
    return found


def _root(content: bytes) -> Element:
    if len(content) > LARGEST_FILE:
        raise StatementRefused(N_("The file is larger than 5 megabytes. Ask the bank for a shorter one."))
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise StatementRefused(N_("The file has a document type or entities. A bank’s file has none.")) from None
    except (ParseError, ValueError, LookupError, UnicodeError):
        raise StatementRefused(N_("The file is cut off or is not XML. Fetch it again from the bank.")) from None
    return root


def _statement(each: Element, kind: str) -> Statement:
    entries = [entry for node in _children(each, "Ntry") for entry in _entries(node)]
    if len(entries) > MOST_ENTRIES:
        raise StatementRefused(N_("The file has more than %(most)s entries. Ask for a shorter one."), most=MOST_ENTRIES)
    opening, closing = _balance(each, _OPENING), _balance(each, _CLOSING)
    if kind == "camt053" and (opening is None or closing is None):
        raise StatementRefused(N_("A camt.053 statement needs an opening and a closing balance."))
    amounts = [balance for balance, _day in (opening, closing) if balance] if opening and closing else []
    currency = _text(each, "Acct", "Ccy") or next((money.currency for money in amounts), "")
    currency = currency or (entries[0].amount.currency if entries else "")
    if currency not in EXPONENT:
        raise StatementRefused(N_("The file does not say its currency, or in one that we do not use."))
    days = [entry.booked_on for entry in entries]
    if opening and closing:
        days += [opening[1], closing[1]]
    if not days:
        raise StatementRefused(N_("The file has no entries and no dates."))
    last = closing[1] if closing else max(days)
    return Statement(
        kind=kind,
        number=_required(each, "Id")[:LONGEST_TEXT],
        account=(_text(each, "Acct", "Id", "IBAN") or _required(each, "Acct", "Id", "Othr", "Id"))[:LONGEST_TEXT],
        currency=currency,
        first_day=min(days),
        last_day=last,
        opening=opening[0] if opening else None,
        closing=closing[0] if closing else None,
        entries=tuple(entries),
    )


def _balance(each: Element, codes: tuple[str, ...]) -> tuple[Money, date] | None:
    for code in codes:
        for node in _children(each, "Bal"):
            if _text(node, "Tp", "CdOrPrtry", "Cd") == code:
                return _signed(node), _day(node, "Dt")
    return None


def _entries(node: Element) -> list[Entry]:
    """Return an entry, or each of its transactions when they say their amounts; entries not booked yet are left out."""
    status = _text(node, "Sts", "Cd") or _text(node, "Sts")
    if status and status != "BOOK":
        return []
    whole, booked = _signed(node), _day(node, "BookgDt")
    details = [tx for group in _children(node, "NtryDtls") for tx in _children(group, "TxDtls")]
    base = _text(node, "AcctSvcrRef") or _text(node, "NtryRef")
    amounts = [_detail_amount(tx, whole) for tx in details]
    if len(details) > 1 and all(amounts):
        parts = [Money(amount.minor, amount.currency) for amount in amounts if amount]
        if sum(part.minor for part in parts) != whole.minor:
            raise StatementRefused(N_("The transactions of an entry do not sum to it."))
        named = [_text(tx, "Refs", "AcctSvcrRef") or f"{base or _made_up(node)}#{place}"
                 for place, tx in enumerate(details, 1)]  # fmt: skip
        return [_entry(tx, name, booked, part) for tx, name, part in zip(details, named, parts, strict=True)]
    detail = details[0] if len(details) == 1 else node
    own = _text(detail, "Refs", "AcctSvcrRef")
    return [_entry(detail, own or base or _made_up(node), booked, whole)]


def _entry(detail: Element, reference: str, booked: date, amount: Money) -> Entry:
    end_to_end = _text(detail, "Refs", "EndToEndId")
    texts = [" ".join(_own(text).split()) for info in _children(detail, "RmtInf") for text in _children(info, "Ustrd")]
    side = "Dbtr" if amount.minor > 0 else "Cdtr"
    name = _text(detail, "RltdPties", side, "Pty", "Nm") or _text(detail, "RltdPties", side, "Nm")
    return Entry(
        reference=reference[:LONGEST_TEXT],
        booked_on=booked,
        amount=amount,
        end_to_end_id="" if end_to_end == _NOT_PROVIDED else end_to_end[:LONGEST_TEXT],
        remittance=" ".join(texts)[:LONGEST_TEXT],
        counterparty=name[:LONGEST_TEXT],
    )


def _detail_amount(tx: Element, whole: Money) -> Money | None:
    if _find(tx, "Amt") is None:
        return None
    amount = _money(tx)
    sign = _text(tx, "CdtDbtInd") or ("CRDT" if whole.minor > 0 else "DBIT")
    return amount if sign == "CRDT" else -amount


def _made_up(node: Element) -> str:
    """Name an entry without a reference by what stands in it: in every file it has the same name."""
    plain = "|".join(_own(each) for each in node.iter())
    return f"sha256-{sha256(plain.encode()).hexdigest()[:32]}"


def _signed(node: Element) -> Money:
    sign = _required(node, "CdtDbtInd")
    if sign not in ("CRDT", "DBIT"):
        raise StatementRefused(N_("An amount is neither a credit nor a debit."))
    return _money(node) if sign == "CRDT" else -_money(node)


def _money(node: Element) -> Money:
    found = _find(node, "Amt")
    currency = found.get("Ccy", "") if found is not None else ""
    if found is None or currency not in EXPONENT:
        raise StatementRefused(N_("The file has an amount without a currency, or in one that we do not use."))
    try:
        amount = Decimal(_own(found))
    except InvalidOperation:
        raise StatementRefused(N_("The file has an amount that is not a number.")) from None
    if not amount.is_finite() or amount < 0 or abs(amount) >= 10**15:
        raise StatementRefused(N_("The file has an amount that is not a number."))
    minor = amount.scaleb(EXPONENT[currency])
    if minor != int(minor):
        raise StatementRefused(N_("The file has an amount with too many digits after the point."))
    return Money(int(minor), currency)


def _day(node: Element, name: str) -> date:
    text = _text(node, name, "Dt") or _text(node, name, "DtTm") or _text(node, name)
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise StatementRefused(N_("The file has a date that is none.")) from None


def _required(node: Element, *path: str) -> str:
    text = _text(node, *path)
    if not text:
        raise StatementRefused(N_("The file lacks a field: %(field)s."), field="/".join(path))
    return text


def _text(node: Element, *path: str) -> str:
    found: Element | None = node
    for name in path:
        found = _find(found, name) if found is not None else None
    return _own(found) if found is not None else ""


def _find(node: Element, name: str) -> Element | None:
    return next((child for child in node if _name(child) == name), None)


def _children(node: Element, name: str) -> list[Element]:
    return [child for child in node if _name(child) == name]


def _name(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _own(node: Element) -> str:
    return "".join(sign for sign in (node.text or "").strip() if sign.isprintable())
