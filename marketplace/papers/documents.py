"""What each paper says, as a document of text and whole numbers, frozen when it is issued. Pure.

Labels are msgids; pages and PDFs translate them for their reader. The lines of a paper sum to its total exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any, Final

import rfc8785

from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.papers.kinds import Kind

GOODS: Final = N_("The goods")
RECEIVED: Final = N_("Payment received, held safely until you accept the goods")
GIVEN_BACK: Final = N_("Payment given back")
SOLD_FOR: Final = N_("The goods were sold for")
WENT_BACK: Final = N_("The cooperative’s part of the money that went back to the buyer")


class LinesDoNotSum(ValueError):
    """The lines of a paper do not sum to its total."""


@dataclass(frozen=True, slots=True)
class Party:
    """Name somebody on a paper: lines of an address, a country's code and a reference."""

    name: str
    reference: str = ""
    address: tuple[str, ...] = ()
    country: str = ""


@dataclass(frozen=True, slots=True)
class Sale:
    """Hold what all papers of an order tell: who sold what to whom. `split` are the frozen lines of the order.

    `settled` are the lines that shared out the rest after a part of the price went back to the buyer; None if none did.
    """

    order: str
    lot: str
    title: str
    version_sha256: str
    seller: Party
    buyer: Party
    price: Money
    split: Sequence[Mapping[str, Any]]
    settled: Sequence[Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one line of a paper; `note` says how it is known or how it was worked out."""

    label: str
    amount: Money
    note: str = ""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """Hold an amount of the price beside what was paid or given back for it, and the rate between them."""

    priced: Money
    paid: Money
    rate: str
    observed_on: date
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaidOut:
    """Hold what a payout was in another currency than the payable, by the reference rate of a day."""

    amount: Money
    observed_on: date


@dataclass(frozen=True, slots=True)
class MemberShare:
    """Hold a member's part of a payout by her code in the cooperative's sharing rule."""

    code: str
    weight: int
    amount: Money


def invoice(sale: Sale, *, on: date, exchanged: Exchanged | None = None) -> dict[str, Any]:
    """Return the cooperative's invoice to the buyer: the goods, a premium and the platform fee."""
    lines = (Line(GOODS, _sum(sale, ("cooperative", "deduction"))), *_lines_of(sale, ("premium", "platform")))
    return {**_document(Kind.INVOICE, sale, lines, total=sale.price, on=on), **_exchange(exchanged)}


def receipt(
    sale: Sale, *, on: date, provider_reference: str, paid: Money | None = None, exchanged: Exchanged | None = None
) -> dict[str, Any]:
    """Return the receipt for the buyer's payment: the price, or what she paid for it in another currency."""
    received = paid or sale.price
    return {
        **_document(Kind.RECEIPT, sale, (Line(RECEIVED, received),), total=received, on=on),
        **_exchange(exchanged),
        "provider_reference": provider_reference,
    }


def credit_note(
    sale: Sale, *, on: date, amount: Money, invoice_number: str, exchanged: Exchanged | None = None
) -> dict[str, Any]:
    """Return the paper that takes back an invoice, or a part of it."""
    document = _document(Kind.CREDIT_NOTE, sale, (Line(GIVEN_BACK, amount),), total=amount, on=on)
    return {**document, **_exchange(exchanged), "refers_to": invoice_number}


def statement(
    sale: Sale,
    *,
    on: date,
    paid: Money,
    payout: str,
    destination: str,
    members: Sequence[MemberShare] = (),
    sharing_rule: str = "",
    paid_out: PaidOut | None = None,
) -> dict[str, Any]:
    """Return what a cooperative was paid and why: the sale, each charge that came off it, and the members' parts.

    With `paid_out` the members share what really arrived, in its currency. Raises LinesDoNotSum.
    """
    document = _document(Kind.STATEMENT, sale, _why_paid(sale), total=paid, on=on)
    shared = paid if paid_out is None else paid_out.amount
    if members and sum((share.amount for share in members), Money.zero(shared.currency)) != shared:
        raise LinesDoNotSum("the members' parts do not sum to what was paid")
    return {
        **document,
        "payout": payout,
        "destination": destination,
        "sharing_rule": sharing_rule,
        **_paid_out(paid_out),
        "members": [
            {"code": share.code, "weight": share.weight, "amount_minor": share.amount.minor} for share in members
        ],
    }


def shares_of(paid: Money, weights: Mapping[str, int]) -> tuple[MemberShare, ...]:
    """Share a payout by the members' weights: exact to the minor unit, largest remainders first."""
    if not weights:
        return ()
    parts = paid.allocate(list(weights.values()))
    return tuple(MemberShare(code, weight, part) for (code, weight), part in zip(weights.items(), parts, strict=True))


def digest_of(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document's canonical bytes (RFC 8785)."""
    return sha256(rfc8785.dumps(dict(document))).hexdigest()


def _document(kind: Kind, sale: Sale, lines: Sequence[Line], *, total: Money, on: date) -> dict[str, Any]:
    if sum((line.amount for line in lines), Money.zero(total.currency)) != total:
        raise LinesDoNotSum(f"the lines of the {kind} of {sale.order} do not sum to {total}")
    return {
        "kind": kind.value,
        "issued_on": on.isoformat(),
        "order": sale.order,
        "lot": sale.lot,
        "title": sale.title,
        "version_sha256": sale.version_sha256,
        "seller": _party(sale.seller),
        "buyer": _party(sale.buyer),
        "currency": total.currency,
        "lines": [{"label": line.label, "amount_minor": line.amount.minor, "note": line.note} for line in lines],
        "total_minor": total.minor,
    }


def _exchange(exchanged: Exchanged | None) -> dict[str, Any]:
    if exchanged is None:
        return {}
    return {
        "exchange": {
            "price_minor": exchanged.priced.minor,
            "price_currency": exchanged.priced.currency,
            "paid_minor": exchanged.paid.minor,
            "paid_currency": exchanged.paid.currency,
            "rate": exchanged.rate,
            "observed_on": exchanged.observed_on.isoformat(),
            "sources": list(exchanged.sources),
        }
    }


def _paid_out(paid_out: PaidOut | None) -> dict[str, Any]:
    if paid_out is None:
        return {}
    return {
        "paid_out": {
            "amount_minor": paid_out.amount.minor,
            "currency": paid_out.amount.currency,
            "observed_on": paid_out.observed_on.isoformat(),
        }
    }


def _why_paid(sale: Sale) -> tuple[Line, ...]:
    """Return the sale, what went back of it, and the charges on the rest: together what the cooperative is paid."""
    gross = _sum(sale, ("cooperative", "deduction"))
    rest = sale if sale.settled is None else replace(sale, split=sale.settled)
    went_back = Line(WENT_BACK, _sum(rest, ("cooperative", "deduction")) - gross)
    charges = (Line(line.label, -line.amount, line.note) for line in _lines_of(rest, ("deduction",)))
    return Line(SOLD_FOR, gross), *(line for line in (went_back, *charges) if line.amount)


def _party(party: Party) -> dict[str, Any]:
    return {**asdict(party), "address": list(party.address)}


def _lines_of(sale: Sale, payees: Sequence[str]) -> tuple[Line, ...]:
    currency = sale.price.currency
    return tuple(
        Line(line["label"], Money(line["amount_minor"], currency), line.get("beneficiary") or "")
        for line in sale.split
        if line["payee"] in payees
    )


def _sum(sale: Sale, payees: Sequence[str]) -> Money:
    found = _lines_of(sale, payees)
    return sum((line.amount for line in found), Money.zero(sale.price.currency))
