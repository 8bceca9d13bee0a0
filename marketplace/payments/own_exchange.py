"""Money of our own that the bank exchanged: it closes an open position, and shows what the bank's rate cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from marketplace.core.actor import StaffRole
from marketplace.core.errors import Forbidden, InvalidInput
from marketplace.core.money import EXPONENT, Money
from marketplace.core.numbers import NumberRefused, parse_money
from marketplace.core.text import N_
from marketplace.ledger import chart, exchange
from marketplace.ledger.models import LedgerJournal
from marketplace.ledger.services import post
from marketplace.payments.payout_exchange import MOST_FROM_REFERENCE
from marketplace.payments.quotes import quote
from marketplace.payments.rails import OUR_BANK
from marketplace.unit_of_work import UnitOfWork

LONGEST_PROOF: Final = 80


@dataclass(frozen=True, slots=True)
class Deal:
    """What the bank took and what it gave for it, and the number of its advice."""

    sold: Money
    bought: Money
    proof: str


def read_deal(form: Mapping[str, str]) -> Deal:
    """Return the bank's advice as typed; raise InvalidInput naming every field that is wrong."""
    errors: dict[str, str] = {}
    amounts = {side: _amount(form, side, errors) for side in ("sold", "bought")}
    proof = " ".join(form.get("proof", "").split())
    if not proof or len(proof) > LONGEST_PROOF or "\x00" in proof:
        errors["proof"] = N_("Write the number of the bank’s advice, in at most 80 letters.")
    sold, bought = amounts["sold"], amounts["bought"]
    if sold is None or bought is None or errors:
        raise InvalidInput(errors)
    if sold.currency == bought.currency:
        raise InvalidInput({"bought_currency": N_("Choose another currency than the one we gave.")})
    return Deal(sold, bought, proof)


def exchange_own(uow: UnitOfWork, *, deal: Deal) -> LedgerJournal:
    """Book an exchange at our bank against today's reference rate; one advice is booked once.

    Raises InvalidInput without a rate or far from it, EntryDiffers for an advice that was booked with other amounts.
    """
    if not uow.actor.has_role(StaffRole.FINANCE):
        raise Forbidden
    found = quote(uow.session, deal.sold, deal.bought.currency, on=uow.now.date())
    if found is None:
        raise InvalidInput({"bought_currency": N_("There is no reference rate for this currency today.")})
    worth = found.amount
    if abs(Fraction(deal.bought.minor) - worth.minor) > worth.minor * MOST_FROM_REFERENCE:
        raise InvalidInput({"bought": N_("This is more than 10 % from the reference rate. Check it.")})
    account = chart.bank(OUR_BANK)
    entry = exchange.exchanged_at_bank(account, account, sold=deal.sold, bought=deal.bought, worth=worth)
    return post(uow, entry=entry, key=f"exchanged_at_bank:{deal.proof}", memo=deal.proof, rate_ids=found.rate_ids)


def _amount(form: Mapping[str, str], side: str, errors: dict[str, str]) -> Money | None:
    currency = form.get(f"{side}_currency", "").strip().upper()
    if currency not in EXPONENT:
        errors[f"{side}_currency"] = N_("Write the currency in three letters, such as EUR.")
        return None
    try:
        amount = parse_money(form.get(side, ""), currency)
    except NumberRefused as error:
        errors[side] = error.message
        return None
    if not amount:
        errors[side] = N_("Enter an amount above zero.")
        return None
    return amount
