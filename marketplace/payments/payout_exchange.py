"""A payout in another currency: the cooperative gets the reference rate, the bank's rate is ours to bear.

The payable is exchanged at the reference rate of the day. A person of finance enters what the bank really took, its
rate and the proof; what the bank took beyond the payable is a loss of ours (`fx_gain_loss`), what it took less a gain.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.core.errors import Conflict, Forbidden, InvalidInput
from marketplace.core.money import EXPONENT, Money
from marketplace.core.numbers import NumberRefused, parse_money, parse_rate
from marketplace.core.text import N_
from marketplace.ledger import chart, exchange, rail_recipes, recipes
from marketplace.ledger.exchange import Swap, part_of
from marketplace.ledger.recipes import Entry
from marketplace.payments.finance_models import PayoutExchange
from marketplace.payments.models import Payout, PayoutDestination
from marketplace.payments.payouts.transitions import State
from marketplace.payments.quotes import Quote, quote
from marketplace.payments.rail_models import PayoutPart
from marketplace.unit_of_work import UnitOfWork

LONGEST_PROOF: Final = 80
# Banks print few digits of a rate; more than this is a slip of the pen.
MOST_APART: Final = Fraction(1, 1000)
# A bank's rate further from the reference than this is a slip of the pen, or a bank to leave.
MOST_FROM_REFERENCE: Final = Fraction(1, 10)
Read = TypeVar("Read")


class NotToExchange(Conflict):
    """The payout is not approved, or was sent already."""

    code = "not_to_exchange"
    message = N_("An exchange is noted after a payout is approved and before it is sent.")


class FrozenInBatch(Conflict):
    """A batch holds what the cooperative gets already."""

    code = "frozen_in_batch"
    message = N_("This payout waits in a batch. Cancel the batch, note the exchange, then make a new batch.")


class ExchangeMissing(Conflict):
    """The destination is in another currency than what would be sent to it."""

    code = "exchange_missing"
    message = N_("The cooperative’s account is in another currency. Note the exchange into that currency first.")


@dataclass(frozen=True, slots=True)
class BankSlip:
    """What the bank's advice says: units of the paid currency for one of the payable's, what it took, its number."""

    currency: str
    rate: Decimal
    cost: Money
    proof: str


@dataclass(frozen=True, slots=True)
class Part:
    """One transfer of several: its amount of the payable, and what the parts before it sum to."""

    amount: Money
    after: Money


def read_slip(currency: str, rate: str, cost: str, *, payable: str, proof: str) -> BankSlip:
    """Return the bank's advice as typed; raise InvalidInput naming every field that is wrong."""
    errors: dict[str, str] = {}
    if currency not in EXPONENT or currency == payable:
        errors["currency"] = N_("Choose the currency the cooperative receives.")
    read_rate = _read(lambda: parse_rate(rate), "rate", errors)
    taken = _read(lambda: parse_money(cost, payable), "cost", errors)
    proof = " ".join(proof.split())
    if not proof or len(proof) > LONGEST_PROOF or "\x00" in proof:
        errors["proof"] = N_("Write the number of the bank’s advice, in at most 80 letters.")
    if errors or read_rate is None or taken is None:
        raise InvalidInput(errors)
    return BankSlip(currency, read_rate, taken, proof)


def enter(uow: UnitOfWork, *, payout: Payout, slip: BankSlip) -> PayoutExchange:
    """Note the exchange of an approved payout, once or again until it is sent.

    Raises NotToExchange, FrozenInBatch, InvalidInput.
    """
    uow.session.refresh(payout, with_for_update=True)
    if payout.state != State.APPROVED:
        raise NotToExchange
    if uow.session.scalar(_in_batch(payout)) is not None:
        raise FrozenInBatch
    if uow.actor.user_id is None:
        raise Forbidden
    found = offer(uow, payout, slip.currency)
    if found is None:
        raise InvalidInput({"currency": N_("There is no reference rate for this currency today.")})
    _check(found, slip)
    row = exchange_of(uow.session, payout) or PayoutExchange(payout_id=payout.id)
    row.given_minor, row.given_currency = found.swap.given.minor, slip.currency
    row.worth_minor, row.cost_minor = found.swap.worth.minor, slip.cost.minor
    row.bank_rate, row.proof = slip.rate, slip.proof
    row.rate_ids, row.observed_on = list(found.rate_ids), found.observed_on
    row.entered_by, row.entered_at = uow.actor.user_id, uow.now
    uow.session.add(row)
    uow.session.flush()
    uow.record(
        "payout_exchange.enter", row, payout, given=found.swap.given, cost=slip.cost, rate=slip.rate, proof=slip.proof
    )
    return row


def offer(uow: UnitOfWork, payout: Payout, currency: str) -> Quote | None:
    """Return what the cooperative would get in a currency at today's reference rate; None without one."""
    return quote(uow.session, Money(payout.amount_minor, payout.currency), currency, on=uow.now.date())


def exchange_of(session: Session, payout: Payout) -> PayoutExchange | None:
    """Return the exchange of a payout, or None when it is paid in the payable's currency."""
    return session.get(PayoutExchange, payout.id)


def swap_of(payout: Payout, row: PayoutExchange) -> Swap:
    """Return the exchange as the ledger's recipes want it."""
    return Swap(
        agreed=Money(payout.amount_minor, payout.currency),
        given=Money(row.given_minor, row.given_currency),
        worth=Money(row.worth_minor, payout.currency),
    )


def sending(session: Session, payout: Payout, institution: str, *, part: Part | None = None) -> tuple[Entry, list[str]]:
    """Return what sending a payout, or a part of it, posts, and the rates it is valued by."""
    row = exchange_of(session, payout)
    if row is None:
        return recipes.payout_sent(payout.id, payout.rail, institution, _amount(payout, part)), []
    swapped, cost = _portion(payout, row, part)
    return exchange.payout_sent(payout.id, chart.payout_source(payout.rail, institution), swapped, cost), row.rate_ids


def confirming(session: Session, payout: Payout, *, part: Part | None = None) -> tuple[Entry, list[str]]:
    """Return what the proof of receipt posts, and the rates it is valued by."""
    row = exchange_of(session, payout)
    if row is None:
        return recipes.payout_confirmed(payout.id, payout.cooperative_id, _amount(payout, part)), []
    swapped, _ = _portion(payout, row, part)
    return exchange.payout_confirmed(payout.id, swapped), row.rate_ids


def part_failing(session: Session, payout: Payout, institution: str, *, part: Part) -> tuple[Entry, list[str]]:
    """Return what a part that came back posts, and the rates it was valued by."""
    row = exchange_of(session, payout)
    if row is None:
        return rail_recipes.part_failed(payout.id, payout.rail, institution, part.amount), []
    swapped, cost = _portion(payout, row, part)
    return exchange.payout_part_failed(
        payout.id, chart.payout_source(payout.rail, institution), swapped, cost
    ), row.rate_ids


def charged(session: Session, payout: Payout, part: Part) -> Money:
    """Return what our account is charged for a part: what the ledger posts to the bank when it is sent."""
    row = exchange_of(session, payout)
    return part.amount if row is None else _portion(payout, row, part)[1]


def received(session: Session, payout: Payout, part: Part) -> Money:
    """Return what the cooperative gets by a part: what the bank is told to pay."""
    row = exchange_of(session, payout)
    return part.amount if row is None else _portion(payout, row, part)[0].given


def refuse_other_currency(session: Session, payout: Payout) -> None:
    """Raise ExchangeMissing unless what is sent has the destination's currency."""
    row = exchange_of(session, payout)
    sent = payout.currency if row is None else row.given_currency
    if session.get_one(PayoutDestination, payout.destination_id).currency != sent:
        raise ExchangeMissing


def _in_batch(payout: Payout) -> Select[UUID]:
    return select(PayoutPart.id).where(PayoutPart.payout_id == payout.id, PayoutPart.batch_id.is_not(None)).limit(1)


def _amount(payout: Payout, part: Part | None) -> Money:
    return Money(payout.amount_minor, payout.currency) if part is None else part.amount


def _portion(payout: Payout, row: PayoutExchange, part: Part | None) -> tuple[Swap, Money]:
    """Return a part of the exchange and of what the bank took: all parts sum to the whole in every amount."""
    whole, cost = swap_of(payout, row), Money(row.cost_minor, payout.currency)
    if part is None:
        return whole, cost
    of_cost = part_of(Swap(whole.agreed, cost, cost), part.amount, after=part.after)
    return part_of(whole, part.amount, after=part.after), of_cost.given


def _check(found: Quote, slip: BankSlip) -> None:
    """Refuse a rate far from the reference, and an amount that is not the rate's."""
    given, agreed = Fraction(found.swap.given.amount), Fraction(found.swap.agreed.amount)
    by_rate = given / Fraction(slip.rate)
    if abs(by_rate - agreed) > agreed * MOST_FROM_REFERENCE:
        raise InvalidInput({"rate": N_("This is more than 10 % from the reference rate. Check it.")})
    if abs(Fraction(slip.cost.amount) - by_rate) > by_rate * MOST_APART:
        raise InvalidInput({"cost": N_("This amount and the rate do not fit together. Check both.")})


def _read(parse: Callable[[], Read], field: str, errors: dict[str, str]) -> Read | None:
    try:
        return parse()
    except NumberRefused as error:
        errors[field] = error.message
        return None
