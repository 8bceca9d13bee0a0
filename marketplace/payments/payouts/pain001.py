"""Write a batch as ISO 20022 pain.001.001.09 and as CSV: the same batch gives the same bytes. Pure.

Source: ISO 20022, CustomerCreditTransferInitiationV09; element order as its schema asks.
"""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from xml.sax.saxutils import escape

from marketplace.core.money import Money, total
from marketplace.payments.destination_details import is_iban

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
COLUMNS: Final = ("end_to_end_id", "name", "institution", "number", "bic", "amount", "currency", "remittance")
# What every bank accepts in names and texts (the Latin set of the SWIFT character set X).
_REFUSED: Final = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_MOST_NAME: Final = 140
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Debtor:
    """Our account the money leaves; batches frozen long ago name no currency and are paid in the account's own."""

    name: str
    number: str
    bic: str
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer of a batch; `end_to_end_id` is our reference and comes back on the bank's statement."""

    end_to_end_id: str
    name: str
    institution: str
    number: str
    bic: str
    amount: Money
    remittance: str


@dataclass(frozen=True, slots=True)
class BankOrder:
    """A batch as the bank gets it."""

    message_id: str
    made_at: datetime
    execute_on: date
    debtor: Debtor
    transfers: tuple[Transfer, ...]

    @property
    def total(self) -> Money:
        """Return the sum of all transfers; raise ValueError for none, CurrencyMismatch for several currencies."""
        if not self.transfers:
            raise ValueError("a batch has transfers")
        return total([each.amount for each in self.transfers], currency=self.transfers[0].amount.currency)


def pain_001(order: BankOrder) -> bytes:
    """Return the XML document in UTF-8."""
    count, control = str(len(order.transfers)), f"{order.total.amount:f}"
    made = order.made_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    head = _tag("GrpHdr", _leaf("MsgId", order.message_id), _leaf("CreDtTm", made), _leaf("NbOfTxs", count),
                _leaf("CtrlSum", control), _tag("InitgPty", _leaf("Nm", latin(order.debtor.name))))  # fmt: skip
    payment = _tag(
        "PmtInf",
        _leaf("PmtInfId", order.message_id),
        _leaf("PmtMtd", "TRF"),
        _leaf("NbOfTxs", count),
        _leaf("CtrlSum", control),
        _tag("ReqdExctnDt", _leaf("Dt", order.execute_on.isoformat())),
        _tag("Dbtr", _leaf("Nm", latin(order.debtor.name))),
        _account("DbtrAcct", order.debtor.number, currency=order.debtor.currency or order.total.currency),
        _agent("DbtrAgt", order.debtor.bic, "") or _tag("DbtrAgt", _tag("FinInstnId", _other("NOTPROVIDED"))),
        _leaf("ChrgBr", "SHAR"),
        *(_transfer(each) for each in order.transfers),
    )
    body = _tag("CstmrCdtTrfInitn", head, payment)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{NAMESPACE}">{body}</Document>\n'.encode()


def batch_csv(order: BankOrder) -> bytes:
    """Return the transfers as CSV with named columns, for banks and providers without pain.001."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for each in order.transfers:
        texts = (each.end_to_end_id, each.name, each.institution, _phone_safe(each.number), each.bic)
        row = [*(_no_formula(text) for text in texts[:3]), texts[3], texts[4]]
        writer.writerow([*row, f"{each.amount.amount:f}", each.amount.currency, _no_formula(each.remittance)])
    return out.getvalue().encode()


def latin(text: str) -> str:
    """Return the text in the letters every bank takes, at most 140: accents fall, other signs become a point."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return _REFUSED.sub(".", plain)[:_MOST_NAME].strip() or "."


def _transfer(each: Transfer) -> str:
    amount = f'<InstdAmt Ccy="{each.amount.currency}">{each.amount.amount:f}</InstdAmt>'
    return _tag(
        "CdtTrfTxInf",
        _tag("PmtId", _leaf("InstrId", each.end_to_end_id), _leaf("EndToEndId", each.end_to_end_id)),
        _tag("Amt", amount),
        _agent("CdtrAgt", each.bic, each.institution),
        _tag("Cdtr", _leaf("Nm", latin(each.name))),
        _account("CdtrAcct", each.number),
        _tag("RmtInf", _leaf("Ustrd", latin(each.remittance))),
    )


def _agent(name: str, bic: str, institution: str) -> str:
    if not bic and not institution:
        return ""
    inside = _leaf("BICFI", bic) if bic else _leaf("Nm", latin(institution))
    return _tag(name, _tag("FinInstnId", inside))


def _account(name: str, number: str, *, currency: str = "") -> str:
    identity = _leaf("IBAN", number) if is_iban(number) else _other(number)
    return _tag(name, _tag("Id", identity), _leaf("Ccy", currency) if currency else "")


def _other(identity: str) -> str:
    return _tag("Othr", _leaf("Id", identity))


def _leaf(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def _tag(name: str, *inside: str) -> str:
    return f"<{name}>{''.join(inside)}</{name}>"


def _phone_safe(number: str) -> str:
    """Drop the plus of a telephone number: a spreadsheet would read a formula, and providers take digits."""
    return number.removeprefix("+")


def _no_formula(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
